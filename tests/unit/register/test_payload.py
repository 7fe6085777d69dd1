"""A provision in DEQAR's words: what goes where, what is left out, and what blocks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mcbridge.errors import ConfigError
from mcbridge.model import (
    Answer,
    Certification,
    Concept,
    Credit,
    Field,
    Framework,
    Identifier,
    LearningOutcome,
    Level,
    Note,
    Organisation,
    Provision,
    SourceRef,
    Text,
)
from mcbridge.register.base import Payload
from mcbridge.register.payload import PayloadWriter
from mcbridge.register.verdict import Candidate, Verdict
from tests.publishing import DEMO, TABLES, config, demo, verdict
from tests.unit.records import cycle, eqf

ESCO = "http://data.europa.eu/esco/skill/77f109c4-3107-4d2a-a512-5160ac103933"


def writer(**tables: Any) -> PayloadWriter:
    return PayloadWriter(config("https://register.example", Path(), **tables), TABLES)


def body(provision: Provision | None = None, **tables: Any) -> dict[str, Any]:
    written = writer(**tables).write(verdict(provision or demo()))
    assert isinstance(written, Payload), written
    return written.body


def programme(**fields: Any) -> dict[str, Any]:
    [found] = body(demo(**fields))["programmes"]
    assert isinstance(found, dict)
    return found


def reasons(provision: Provision, **tables: Any) -> list[str]:
    written = writer(**tables).write(verdict(provision))
    assert isinstance(written, tuple), written
    return [found.rule.id for found in written]


def test_a_whole_report() -> None:
    offer = demo(
        levels=(
            *eqf("7"),
            Level(framework=Framework.NQF, value="7.1", country="HR", labels=(Text("razina 7.1", "hr"),)),
        ),
        fields=(
            Field(scheme="isced-f", code="06"),
            Field(scheme="isced-f", code="0612"),
            Field(scheme="x", code="99999"),
        ),
        learning_outcomes=(
            LearningOutcome(
                title=(Text("planira", "hr"), Text("plans", "en")), esco_skills=(Concept(code=ESCO), Concept(code=ESCO))
            ),
            LearningOutcome(title=(Text("čuva", "hr"),)),
        ),
        identifiers=(
            Identifier(value="MC-1", type="local"),
            Identifier(value="10.1/x", type="doi"),
            Identifier(value="10.1/y", type="doi"),
            Identifier(value="MC-1", type="other"),
        ),
        alt_titles=(Text("Data Stewardship 1", "de"), Text("Datenpflege", "de")),
    )
    assert body(offer) == {
        "agency": "DEMOQA",
        "local_identifier": "demo-uni.example/MC-1",
        "activities": [{"id": "10"}],
        "status": "1",
        "decision": "1",
        "valid_from": "2025-01-15",
        "date_format": "%Y-%m-%d",
        "report_files": [
            {
                "original_location": "https://example.edu/report.pdf",
                "display_name": "Review report",
                "report_language": ["en"],
            }
        ],
        "institutions": [{"deqar_id": "DEQARINST0012"}],
        "programmes": [
            {
                "name_primary": "Data Stewardship 1",
                "alternative_names": [
                    {"name_alternative": "Upravljanje podacima 1"},
                    {"name_alternative": "Datenpflege"},
                ],
                "identifiers": [
                    {"identifier": "MC-1"},
                    {"identifier": "10.1/x", "resource": "doi"},
                    {"identifier": "10.1/y", "resource": "doi 2"},
                ],
                "workload_ects": 5,
                "qf_ehea_level": "2",
                "nqf_level": "razina 7.1",
                "degree_outcome": "no",
                "assessment_certification": "2",
                "field_study": "0612",
                "learning_outcomes": [ESCO],
                "learning_outcome_description": "plans\nčuva",
            }
        ],
    }


def test_what_we_do_not_have_is_left_out_rather_than_empty() -> None:
    found = programme(
        identifiers=(), learning_outcomes=(), alt_titles=(), title=(Text("T", "en"),), fields=(), homepages=()
    )
    assert sorted(found) == [
        "assessment_certification",
        "degree_outcome",
        "name_primary",
        "qf_ehea_level",
        "workload_ects",
    ]

    def empty(value: object) -> bool:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return value in (None, "", [], {}) or any(map(empty, inner))

    assert not empty(body(demo()))


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        (eqf("5"), "0"),
        (eqf("6"), "1"),
        (eqf("7"), "2"),
        (eqf("8"), "3"),
        (cycle("short"), "0"),
        (cycle("third"), "3"),
        ((*eqf("7"), *cycle("second")), "2"),
    ],
)
def test_a_level_becomes_the_number_of_its_cycle_and_never_that_of_eqf(levels: tuple[Level, ...], code: str) -> None:
    assert programme(levels=levels)["qf_ehea_level"] == code


@pytest.mark.parametrize("levels", [(), eqf("4"), eqf("9")])
def test_a_level_without_a_cycle_blocks(levels: tuple[Level, ...]) -> None:
    assert reasons(demo(levels=levels)) == ["register/not-spelt"]


@pytest.mark.parametrize("points", ["5", "5.0", "5.00", "59"])
def test_whole_credits_are_sent_as_a_plain_number(points: str) -> None:
    found = programme(credits=(Credit(scheme="ECTS", points=Decimal(points)),))["workload_ects"]
    assert (found, type(found)) == (int(Decimal(points)), int)


@pytest.mark.parametrize(
    "credits_",
    [(), (Credit(scheme="ects", points=Decimal("2.5")),), (Credit(scheme="ecvet", points=Decimal(5)),)],
)
def test_credits_that_the_register_cannot_be_told_block(credits_: tuple[Credit, ...]) -> None:
    assert reasons(demo(credits=credits_)) == ["register/not-spelt"]


@pytest.mark.parametrize(
    ("certification", "code"),
    [(Certification.ATTENDANCE, "1"), (Certification.ASSESSMENT, "2"), (Certification.NONE, "3")],
)
def test_what_it_ends_in_is_spelt_as_the_register_does(certification: Certification, code: str) -> None:
    assert programme(certification=certification)["assessment_certification"] == code


def test_what_is_not_known_has_no_spelling_and_blocks() -> None:
    assert reasons(demo(certification=Certification.UNKNOWN)) == ["register/not-spelt"]
    assert reasons(demo(full_degree=Answer.UNKNOWN)) == ["register/not-spelt"]


def test_an_unknown_provider_blocks_the_second_as_well_as_the_first() -> None:
    other = Organisation(id="other", identifiers=(Identifier(value="elsewhere.example", type="schac"),))
    assert reasons(demo(organisations=(other,), provider="other")) == ["register/provider-unknown"]
    assert reasons(demo(organisations=(DEMO, other), other_providers=("other",))) == ["register/provider-unknown"]
    assert reasons(demo(organisations=(), provider="nobody")) == ["register/provider-unknown"]


def test_several_providers_are_named_once_each() -> None:
    second = Organisation(id="second", identifiers=(Identifier(value="second-uni.example", type="schac"),))
    again = Organisation(id="again", identifiers=(Identifier(value="demo-uni.example", type="schac"),))
    providers = [
        {"match": {"schac": "demo-uni.example"}, "deqar_id": "DEQARINST0012"},
        {"match": {"schac": "second-uni.example"}, "deqar_id": "DEQARINST0013"},
    ]
    offer = demo(organisations=(DEMO, second, again), other_providers=("second", "again"))
    report = REPORT | {"joint_activity": "11"}
    assert body(offer, provider=providers, report=report)["institutions"] == [
        {"deqar_id": "DEQARINST0012"},
        {"deqar_id": "DEQARINST0013"},
    ]


def test_other_providers_alone_are_never_part_of_an_obligatory_system() -> None:
    other = [{"match": {"schac": "demo-uni.example"}, "deqar_id": "DEQARINST0015", "kind": "other-provider"}]
    assert reasons(demo(), provider=other) == ["register/status-not-voluntary"]
    report = REPORT | {"status": "voluntary"}
    assert body(demo(), provider=other, report=report)["status"] == "2"


REPORT: dict[str, Any] = {
    "agency": "DEMOQA",
    "activity": "10",
    "status": "1",
    "decision": "positive",
    "valid_from": date(2025, 1, 15),
}


@pytest.mark.parametrize(
    ("key", "written", "sent"),
    [
        ("status", "part of obligatory EQA system", "1"),
        ("status", "Voluntary", "2"),
        ("status", "2", "2"),
        ("decision", "positive with conditions or restrictions", "2"),
        ("decision", "4", "4"),
    ],
)
def test_words_of_the_configuration_are_understood_in_both_spellings(key: str, written: str, sent: str) -> None:
    assert body(demo(), report=REPORT | {key: written})[key] == sent


def test_an_activity_is_named_by_number_or_by_its_own_name() -> None:
    assert body(demo(), report=REPORT | {"activity": "demo_mc"})["activities"] == [{"local_identifier": "demo_mc"}]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"status": "obligatory"}, "report.status"),
        ({"decision": "maybe"}, "report.decision"),
        ({"valid_from": date(25, 1, 15)}, "report.valid_from"),
        ({"files": [{"url": "file:///etc/passwd"}]}, "report.files[0].url"),
        ({"files": [{"url": "https://example.edu/" + "x" * 500}]}, "report.files[0].url"),
        ({"files": [{"url": "https://example.edu/a%23b.pdf"}]}, "report.files[0].url"),
        ({"files": [{"url": "https://example.edu/a.pdf", "languages": ["klingon"]}]}, "report.files[0].languages"),
    ],
)
def test_a_report_that_cannot_be_said_is_a_fault_of_the_configuration(change: dict[str, Any], where: str) -> None:
    with pytest.raises(ConfigError) as caught:
        writer(report=REPORT | change)
    assert caught.value.where == f"sync.toml: {where}"


def test_without_a_report_there_is_nothing_to_publish_under() -> None:
    given = config("https://register.example", Path())
    with pytest.raises(ConfigError, match=r"\[report\]"):
        PayloadWriter(msgspec.structs.replace(given, report=None), TABLES)


@pytest.mark.parametrize(("code", "sent"), [("eng", "en"), ("en", "en"), ("ger", "de"), ("deu", "de"), ("HR", "hr")])
def test_a_language_is_written_as_the_register_takes_it(code: str, sent: str) -> None:
    files = [{"url": "https://example.edu/r.pdf", "languages": [code]}]
    assert body(demo(), report=REPORT | {"files": files})["report_files"][0]["report_language"] == [sent]


def test_outcomes_are_told_in_the_language_of_the_title_else_in_theirs() -> None:
    summary = Note(texts=(Text("Sažetak", "hr"), Text("Summary", "en")))
    found = programme(
        title=(Text("Naslov", "hr"),),
        outcome_summary=summary,
        learning_outcomes=(LearningOutcome(title=(Text("plans", "en"),)), LearningOutcome(title=(Text(" ", "hr"),))),
    )
    assert found["learning_outcome_description"] == "Sažetak\nplans"


def test_a_national_level_without_a_label_is_told_by_its_value() -> None:
    levels = (*eqf("6"), Level(framework=Framework.NQF), Level(framework=Framework.NQF, value="6.st"))
    assert programme(levels=levels)["nqf_level"] == "6.st"


def test_identifiers_of_one_resource_are_told_apart() -> None:
    named = [Identifier(value=f"v{at}", type="local identifier") for at in range(2)]
    own = [Identifier(value="a", type="local"), Identifier(value="b", type="local"), Identifier(value=" ")]
    found = programme(identifiers=(*own, *named))["identifiers"]
    assert found == [
        {"identifier": "a"},
        {"identifier": "b", "resource": "local"},
        {"identifier": "v0", "resource": "local identifier 2"},
        {"identifier": "v1", "resource": "local identifier 3"},
    ]


def test_a_name_of_a_resource_that_is_too_long_gives_way_to_the_type() -> None:
    odd = Identifier(value="v", type="doi", scheme_name="x" * 300)
    assert programme(identifiers=(odd,))["identifiers"] == [{"identifier": "v", "resource": "doi"}]
    assert programme(identifiers=(msgspec.structs.replace(odd, type="y" * 300),))["identifiers"] == [
        {"identifier": "v", "resource": "identifier"}
    ]


def test_the_same_provision_gives_the_same_bytes_from_whatever_document() -> None:
    one, other = (
        writer().write(verdict(demo(sources=sources))) for sources in ((), (SourceRef(document="another", path="x"),))
    )
    assert isinstance(one, Payload)
    assert one == other


def test_what_was_held_back_stays_back() -> None:
    held = Verdict(Candidate("k", "T", None, ()))
    assert writer().write(held) == ()


def test_a_mapping_may_put_a_field_elsewhere(tmp_path: Path) -> None:
    """The paths are the mapping's: another register of this kind can spell its fields otherwise."""
    from mcbridge.resources import data_root
    from mcbridge.tables import Tables

    ours = (data_root("mappings") / "registers" / "deqar.toml").read_text(encoding="utf-8")
    (tmp_path / "registers").mkdir()
    changed = ours.replace('"programmes[].nqf_level"', '"national.level"').replace(
        '"specification.outcomes" = "programmes[].learning_outcome_description"\n', ""
    )
    (tmp_path / "registers" / "deqar.toml").write_text(changed, encoding="utf-8")
    made = PayloadWriter(config("https://register.example", Path()), Tables(tmp_path))
    offer = demo(levels=(*eqf("7"), Level(framework=Framework.NQF, value="7.1")))
    written = made.write(verdict(offer))
    assert isinstance(written, Payload)
    assert written.body["national"] == {"level": "7.1"}
    assert "learning_outcome_description" not in written.body["programmes"][0]
