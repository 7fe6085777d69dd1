"""Credentials are taken out of presentations so that their seals can still be verified, and those of presentations."""

from __future__ import annotations

from io import BytesIO

import pytest

from mcbridge.conversion.intake import Intake, Reading, Tally
from mcbridge.conversion.opening import Opened
from mcbridge.losses import SEAL
from mcbridge.mappers import writer
from mcbridge.model import Credential, SealState
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.golden.cases import FOLDER
from tests.unit.seals.xades_signing import CREDENTIAL, presentation, sealed

pytest.importorskip("cryptography", reason="without cryptography no seal is verified")

OTHER = CREDENTIAL.replace("Žofija", "Ljerka").replace("9c1f7f0e", "9c1f7f0f")


def states(document: bytes) -> list[SealState | None]:
    """The state of the seal of each record, by the way of a whole run."""
    luggage = Luggage("canonical")
    intake = Intake(Reading(tables=Tables()), luggage, Tally())
    found = list(intake.records([Opened(Source("p.xml", document), named=True)]))
    records = [each.record for each in found if isinstance(each.record, Credential)]
    lost = {each.record for each in luggage.losses if each.code == SEAL}
    assert lost == {each.id for each in records if each.seal is not None}
    return [None if each.seal is None else each.seal.state for each in records]


def test_the_seal_of_a_credential_holds_wherever_it_stands() -> None:
    one, two = sealed().decode(), sealed(OTHER).decode()
    assert states(one.encode()) == [SealState.EMBEDDED]
    document = presentation(one, two)
    assert states(document.encode()) == [SealState.EMBEDDED, SealState.EMBEDDED]
    assert states(document.replace("Ljerka", "Ljerko").encode()) == [SealState.EMBEDDED, SealState.INVALID]


def test_the_seal_of_a_presentation_is_that_of_credentials_that_have_none() -> None:
    document = sealed(presentation(CREDENTIAL, OTHER)).decode()
    assert states(document.encode()) == [SealState.EMBEDDED, SealState.EMBEDDED]
    assert states(document.replace("Ljerka", "Ljerko").encode()) == [SealState.INVALID, SealState.INVALID]


def test_the_seal_of_a_credential_is_looked_at_where_its_presentation_is_sealed_too() -> None:
    document = sealed(presentation(sealed().decode())).decode()
    assert states(document.encode()) == [SealState.EMBEDDED]
    assert states(document.replace("Žofija", "Sofija").encode()) == [SealState.INVALID]


def test_a_presentation_without_seals_has_none() -> None:
    assert states(presentation(CREDENTIAL, OTHER).encode()) == [None, None]


def test_nothing_that_is_written_carries_the_seal_over() -> None:
    document = (FOLDER / "edc-xml" / "minimal" / "input.xml").read_text(encoding="utf-8")
    tables, luggage, sink = Tables(), Luggage("edc"), BytesIO()
    intake = Intake(Reading(tables=tables), luggage, Tally())
    (read,) = intake.records([Opened(Source("p.xml", sealed(document)), named=True)])
    assert isinstance(read.record, Credential)
    assert read.record.seal is not None
    assert writer("edc", tables, {"form": "bare"}).write([read], sink, luggage) == 1
    assert b"Signature" not in sink.getvalue()
    assert b'"proof"' not in sink.getvalue()
    assert SEAL in {each.code for each in luggage.losses}
