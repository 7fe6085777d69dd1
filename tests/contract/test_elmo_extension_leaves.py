"""There is no third place: a changed leaf of a record comes back from ELMO, or the ledger names it."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from mcbridge.diagnostics import JsonLocation
from mcbridge.losses import Loss
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.model import Credential, Identifier, Link
from mcbridge.model.codec import decode
from mcbridge.model.leaves import names
from mcbridge.origins import Contents, Luggage, Origin, Read, Source
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT
from tests.contract.leaf_changes import Changes, steps
from tests.everything import contents, everything

TABLES = Tables()
MAPPER = ElmoMapper(TABLES, {})
GOLDEN = CHECKOUT / "tests" / "golden"

MADE_ANEW = {"id", "document.id", "document.format", "document.position", "document.count"}
"""Where a record comes from is another place after it was written."""


def demanded() -> Credential:
    """The record with everything, from another format and with what ELMO demands of an institution."""
    record = everything()
    given = tuple(map(complete, record.organisations))
    document = record.document
    assert document is not None
    return replace(record, organisations=given, document=replace(document, format="csv"))


def there_and_back(record: Credential, kept: Contents) -> tuple[Any, list[Loss]]:
    """The record that is read again, nothing where it was refused; and the losses."""
    luggage, sink = Luggage("elmo"), io.BytesIO()
    luggage.contents = kept
    MAPPER.write([Read(record, Origin(JsonLocation("record.json")))], sink, luggage)
    if not sink.getvalue():
        return None, list(luggage.losses)
    (again,) = MAPPER.read(Source("d.xml", sink.getvalue()), Luggage("canonical"))
    return again.record, list(luggage.losses)


def covers(lost: Loss, path: str) -> bool:
    return path == lost.field or path.startswith((f"{lost.field}.", f"{lost.field}["))


def at(record: Any, path: str) -> Any:
    """What stands at a path; an exception where there is no such place."""
    value = record
    for step in steps(path):
        if isinstance(step, int):
            value = value[step]
        else:
            shape: type[msgspec.Struct] = type(value)
            value = getattr(value, {written: name for name, written in names(shape)}[step])
    return value


class Account:
    """What became of each leaf of a record."""

    def __init__(self, record: Credential, kept: Contents) -> None:
        self.back: list[str] = []
        self.named: list[str] = []
        self.refused: list[str] = []
        self.unaccounted: list[str] = []
        self.claimed_lost: list[str] = []
        again, _ = there_and_back(record, kept)
        assert again is not None, "the record itself is written"
        for change in Changes(record, kept, TABLES):
            if change.path in MADE_ANEW:
                continue
            again, losses = there_and_back(change.record, kept)
            lost = [one for one in losses if one.field and covers(one, change.path)]
            if again is None:
                self.refused.append(change.path)
                continue
            try:
                same = at(again, change.path) == at(change.record, change.path)
            except (IndexError, TypeError, AttributeError):
                same = False
            if lost:
                self.named.append(change.path)
                if same and not any(one.changed for one in lost):
                    self.claimed_lost.append(change.path)
            elif same:
                self.back.append(change.path)
            else:
                self.unaccounted.append(change.path)

    def __str__(self) -> str:
        total = len(self.back) + len(self.named) + len(self.refused) + len(self.unaccounted)
        return (
            f"{total} leaves changed: {len(self.back)} came back, {len(self.named)} in the ledger, "
            f"{len(self.refused)} refused with their record, {len(self.unaccounted)} unaccounted for"
        )


def test_no_leaf_is_in_a_third_place() -> None:
    """Lost are pictures, display and delivery, ids and odd kinds of attachments, residue of other formats, the seal.

    And what only ELMO 2.0 has an element for: that is no matter of an extension.
    """
    account = Account(demanded(), contents())
    print(account)
    assert account.unaccounted == []
    assert account.claimed_lost == []
    assert len(account.back) > 1100
    assert len(account.refused) < 15
    meant = re.compile(
        r"display|delivery|seal|.*(residue\[|contents\[|\.logo\.)|attachments\[\d\]\.(id|kind\.scheme)$"
        r"|learner\.alternativeNames|.*\.externalGradingScheme$"
    )
    assert [path for path in account.named if not meant.match(path)] == []


@pytest.mark.parametrize(
    "name", ["csv/office-sheet-everything", "edc/annex-i", "edc/joint-award", "edc/claims-of-all-kinds"]
)
def test_no_leaf_of_a_record_of_another_format_is_in_a_third_place(name: str) -> None:
    """What a profile makes of a sheet, and what is made for EDC: with default values and with the office's words."""
    for record in golden(name):
        found = Account(record, contents())
        print(f"{name}: {found}")
        assert found.unaccounted == []
        assert found.claimed_lost == []
        assert [path for path in found.named if "residue[" not in path] == []


def golden(name: str) -> list[Credential]:
    """The credentials of a golden case, with what ELMO demands."""
    folder = GOLDEN / name
    many = folder / "canonical.ndjson"
    lines = many.read_bytes().splitlines() if many.exists() else [(folder / "canonical.json").read_bytes()]
    found = [decode(json.dumps(json.loads(line)).encode()) for line in lines]
    whole = [one for one in found if isinstance(one, Credential)]
    return [replace(one, organisations=tuple(map(complete, one.organisations))) for one in whole]


def complete(organisation: Any) -> Any:
    """An organisation with an identifier and a page."""
    return replace(
        organisation,
        identifiers=organisation.identifiers or (Identifier(value="invented.example", type="schac"),),
        homepages=organisation.homepages or (Link(url="https://invented.example"),),
    )
