"""The bundled data shows what it is there to show, and nobody in it exists."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from lxml import etree

from mcbridge import demo
from mcbridge.diagnostics import Severity
from mcbridge.mappers import detect, reader
from mcbridge.model import Credential, Specification
from mcbridge.origins import Luggage, Read, Source
from mcbridge.register.judge import judge
from mcbridge.register.select import select
from mcbridge.register.verdict import Verdict
from mcbridge.tables import Tables
from tests.conformance.test_elmo_xsd import folder, published

__all__ = ["folder", "published"]  # fixtures

TABLES = Tables()
PROVIDERS = ({"schac": "example.edu"}, {"schac": "ogledno.example.org"})
TABLE = demo.table().read_bytes()
TRANSCRIPT = demo.transcript().read_bytes()
REFUSALS = {
    "MK-201": {"eligibility/ects-range", "register/ects-not-whole"},
    "MK-202": {"eligibility/ects-range"},
    "MK-203": {"eligibility/level-missing"},
    "MK-204": {"eligibility/level-range", "register/provider-unknown"},
    "MK-205": {"register/contradiction", "eligibility/ects-contradiction"},
    "MK-206": {"register/ects-not-whole"},
    "MK-207": {"register/assessment-missing"},
    "MK-208": {"eligibility/ects-missing"},
    "MK-209": {"eligibility/ects-boundary", "register/ects-not-whole"},
    "MK-210": {"register/personal-data"},
    "MK-211": {"eligibility/level-range"},
    "MK-212": {"eligibility/ects-range"},
    "MK-213": {"register/provider-unknown"},
    "MK-303": {"eligibility/ects-missing"},
    "MK-304": {"eligibility/level-missing"},
    "SM-7": {"eligibility/full-degree", "eligibility/ects-missing", "register/assessment-missing"},
    "SM-7-01": {"eligibility/part-of-degree"},
    "SM-7-02": {"eligibility/part-of-degree"},
    None: {"register/identifier-missing"},
}
"""Last part of the key → why the register does not get it. MK-214 has no key: nothing identifies its provider."""


def read(name: str, data: bytes) -> tuple[list[Read], Luggage]:
    luggage = Luggage()
    source = Source(name, data=data)
    return list(reader(detect(source, TABLES), TABLES, {}).read(source, luggage)), luggage


@pytest.fixture(scope="module")
def sheet() -> tuple[list[Read], Luggage]:
    return read("microcredentials.csv", TABLE)


@pytest.fixture(scope="module")
def verdicts(sheet: tuple[list[Read], Luggage]) -> list[Verdict]:
    reads = [*sheet[0], *read("transcript.xml", TRANSCRIPT)[0]]
    return list(judge(select(reads, TABLES), TABLES.register_policy("deqar"), TABLES, PROVIDERS))


def offers(reads: list[Read]) -> list[Specification]:
    records = [each.record for each in reads]
    found = [claim.specification for each in records if isinstance(each, Credential) for claim in each.achievements]
    return [each for each in found if each]


def test_the_sheet_is_written_as_a_spreadsheet_in_croatia_writes_it(sheet: tuple[list[Read], Luggage]) -> None:
    with pytest.raises(UnicodeDecodeError):
        TABLE.decode("utf-8")
    text = TABLE.decode("cp1250")
    assert text.startswith("Šifra;Ime;Prezime;Datum rođenja;E-pošta;")
    assert set("čćžšđČĆŽŠĐ") <= set(text)
    assert text.count("\r\n") > 50
    assert sheet[1].report.by_rule()["csv/encoding-assumed"] == 1


def test_there_are_learners_and_offers_enough(sheet: tuple[list[Read], Luggage]) -> None:
    reads, _ = sheet
    learners = {each.record.learner for each in reads if isinstance(each.record, Credential)}
    codes = Counter(offer.identifiers[0].value for offer in offers(reads))
    assert len(learners) >= 40
    assert len(codes) >= 12
    assert max(codes.values()) >= 4, "many learners reach the same offer"


def test_each_way_in_which_a_row_goes_wrong_is_named(sheet: tuple[list[Read], Luggage]) -> None:
    reads, luggage = sheet
    found = {each.rule.id for each in luggage.report if each.level is Severity.ERROR}
    assert found == {
        "csv/broken-row",
        "csv/date-impossible",
        "csv/date-serial",
        "csv/level-range",
        "csv/negative-number",
        "csv/not-a-number",
        "csv/ragged-row",
        "csv/required-empty",
        "csv/spreadsheet-error",
        "csv/unknown-word",
    }
    assert (len(reads), luggage.refused) == (51, 10)


def test_what_can_be_published_is_and_every_refusal_has_its_reason(verdicts: list[Verdict]) -> None:
    assert tuple(each.key for each in verdicts if each.publishable) == demo.PUBLISHABLE
    refused = {
        each.key and each.key.rpartition("/")[2]: {found.rule.id for found in each.refusals}
        for each in verdicts
        if not each.publishable
    }
    assert refused == REFUSALS


def test_nobody_who_is_named_in_a_text_reaches_a_provision(verdicts: list[Verdict]) -> None:
    """The remark with a name is ignored; the outcomes with one block their offer."""
    text = TABLE.decode("cp1250")
    assert "Potvrda poslana poštom zajedno s onom za: Ćirilo Nepostojić" in text
    assert "kao u radu: Žuža Žigmundović" in text
    going = "".join(repr(each.provision) for each in verdicts if each.provision)
    assert going
    assert not [word for word in ("Nepostojić", "Žigmundović", "Izmišljotinović", "@") if word in going]


def test_the_transcript_is_valid_by_the_published_schema(published: etree.XMLSchema) -> None:
    assert published.validate(etree.fromstring(TRANSCRIPT)), published.error_log


def test_the_transcript_is_read_without_a_complaint() -> None:
    reads, luggage = read("transcript.xml", TRANSCRIPT)
    assert len(reads) == 1
    assert luggage.report.to_json() == []
    assert [data[:5] for data in luggage.contents.values()] == [b"%PDF-"]


def test_all_addresses_are_reserved_for_examples() -> None:
    text = TABLE.decode("cp1250") + TRANSCRIPT.decode()
    hosts = set(re.findall(r"(?:@|https?://)([a-z0-9.-]+)", text))
    ours = {host for host in hosts if re.fullmatch(r"(?:[a-z0-9-]+\.)*example\.(?:edu|org|com)", host)}
    assert hosts - ours == {"data.europa.eu", "github.com"}
