"""What ``inspect`` says in words reads like words."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mcbridge.model import Activity, Assessment
from mcbridge.model.codec import encode
from tests.unit.cli.command import run
from tests.unit.conversion.records import credential


def test_one_of_a_kind_is_said_in_the_singular(tmp_path: Path) -> None:
    made = msgspec.structs.replace(
        credential(1, count=1), activities=(Activity(),), assessments=(Assessment(), Assessment())
    )
    (tmp_path / "one.json").write_bytes(encode(made))
    done = run("inspect", "one.json", folder=tmp_path)
    assert done.code == 0, done.err
    assert "1 activity, 2 assessments" in done.out
