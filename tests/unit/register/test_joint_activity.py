"""A provision of several providers needs an activity that takes several."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from mcbridge.model import Identifier, Organisation, Text
from mcbridge.register.base import Payload
from mcbridge.register.config import SyncConfig
from mcbridge.register.payload import PayloadWriter
from tests.publishing import DEMO, TABLES, config, demo, verdict

SECOND = Organisation(
    id="second",
    names=(Text("Second Demo University", "en"),),
    identifiers=(Identifier(value="second-uni.example", type="schac"),),
)
JOINT = demo(1, other_providers=("second",), organisations=(DEMO, SECOND))


def said(folder: Path, joint: str | None) -> SyncConfig:
    plain = config(
        None,
        folder,
        provider=[
            {"match": {"schac": "demo-uni.example"}, "deqar_id": "DEQARINST0012"},
            {"match": {"schac": "second-uni.example"}, "deqar_id": "DEQARINST0013"},
        ],
    )
    assert plain.report is not None
    assert plain.report.valid_from == date(2025, 1, 15)
    return msgspec.structs.replace(plain, report=msgspec.structs.replace(plain.report, joint_activity=joint))


def test_without_one_it_is_blocked_and_the_reason_says_what_to_add(tmp_path: Path) -> None:
    found = PayloadWriter(said(tmp_path, None), TABLES).write(verdict(JOINT))
    assert isinstance(found, tuple)
    assert [each.rule.id for each in found] == ["register/joint-activity-missing"]
    assert "joint_activity under [report]" in found[0].hint


def test_with_one_it_is_published_under_it_and_others_are_not(tmp_path: Path) -> None:
    writer = PayloadWriter(said(tmp_path, "11"), TABLES)
    joint, single = writer.write(verdict(JOINT)), writer.write(verdict(demo(2)))
    assert isinstance(joint, Payload)
    assert isinstance(single, Payload)
    assert (joint.body["activities"], len(joint.body["institutions"])) == ([{"id": "11"}], 2)
    assert (single.body["activities"], len(single.body["institutions"])) == ([{"id": "10"}], 1)
