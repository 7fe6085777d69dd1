"""There is no third place: a changed leaf changes the credential, or the ledger names it."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import msgspec
import pytest

from mcbridge.diagnostics import JsonLocation
from mcbridge.losses import Loss
from mcbridge.mappers.edc import EdcMapper, places
from mcbridge.mappers.edc.rows import Table, elsewhere
from mcbridge.mappers.edc.write import credential_id
from mcbridge.model import (
    MODEL_VERSION,
    Achievement,
    Address,
    Award,
    Credential,
    Learner,
    Organisation,
    Place,
    Text,
)
from mcbridge.model.codec import decode, encode
from mcbridge.origins import Contents, Luggage, Origin, Read
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT
from tests.contract.leaf_changes import Changes
from tests.everything import contents, everything


def written(record: Credential, kept: Contents, mapper: EdcMapper) -> tuple[str, list[Loss]]:
    """What came of a record: the file, empty when the record was refused, and the losses."""
    luggage = Luggage("edc")
    luggage.contents = kept
    sink = io.BytesIO()
    mapper.write([Read(record, Origin(JsonLocation("record.json")))], sink, luggage)
    return sink.getvalue().decode(), list(luggage.losses)


def covers(lost: Loss, path: str) -> bool:
    """Whether a loss is at a path or at one of its parents; the empty path is the whole record."""
    return not lost.field or path == lost.field or path.startswith((f"{lost.field}.", f"{lost.field}["))


def appears(form: str, before: str, after: str) -> bool:
    """Whether a form of the new value occurs more often in the file than it did."""
    escaped = form if form.endswith(": ") else json.dumps(form, ensure_ascii=False)[1:-1]
    return bool(escaped) and after.count(escaped) > before.count(escaped)


class Account:
    """What became of each leaf of a record."""

    def __init__(self, record: Credential, kept: Contents, form: str = "uploadable") -> None:
        tables = Tables()
        self.mapper = EdcMapper(tables, {"form": form, "validate": "no"})
        self.before, self.losses = written(record, kept, self.mapper)
        assert self.before, "the record itself is written"
        self.carried: list[str] = []
        self.named: list[str] = []
        self.refused: list[str] = []
        self.unaccounted: list[str] = []
        self.claimed_lost: list[str] = []
        for change in Changes(record, kept, tables):
            forms = change.forms
            if change.path == "id":
                forms = (credential_id(change.record.id),)
            after, losses = written(change.record, kept, self.mapper)
            lost = [each for each in losses if covers(each, change.path)]
            visible = any(appears(form, self.before, after) for form in forms)
            if not after:
                self.refused.append(change.path)
            elif lost:
                self.named.append(change.path)
                if visible and not any(each.changed for each in lost):
                    self.claimed_lost.append(change.path)
            elif visible:
                self.carried.append(change.path)
            else:
                self.unaccounted.append(change.path)

    def __str__(self) -> str:
        total = len(self.carried) + len(self.named) + len(self.refused) + len(self.unaccounted)
        return (
            f"{total} leaves changed: {len(self.carried)} in the credential, {len(self.named)} in the ledger, "
            f"{len(self.refused)} refused with their record, {len(self.unaccounted)} unaccounted for"
        )


@pytest.fixture(scope="module", params=["uploadable", "bare"])
def account(request: pytest.FixtureRequest) -> Account:
    return Account(everything(), contents(), request.param)


def test_no_leaf_is_in_a_third_place(account: Account) -> None:
    print(account)
    assert account.unaccounted == []
    assert len(account.carried) > 900
    assert len(account.refused) < 15


def test_the_ledger_does_not_name_what_is_carried(account: Account) -> None:
    assert account.claimed_lost == []


@pytest.mark.parametrize("name", ["annex-i", "claims-of-all-kinds", "in-progress-with-passed-parts", "joint-award"])
def test_no_leaf_of_a_golden_record_is_in_a_third_place(name: str) -> None:
    """Records with fewer things in them, where defaults stand in and orders matter."""
    found = Account(golden(name), contents())
    print(f"{name}: {found}")
    assert found.unaccounted == []
    assert found.claimed_lost == []


def golden(name: str) -> Credential:
    """The record of a golden case."""
    record = decode((CHECKOUT / "tests" / "golden" / "edc" / name / "canonical.json").read_bytes())
    assert isinstance(record, Credential)
    return record


def test_the_golden_record_with_everything_is_this_one(bless: bool) -> None:
    path = CHECKOUT / "tests" / "golden" / "edc" / "everything" / "canonical.json"
    found = json.loads(encode(everything()))
    if bless and json.loads(path.read_bytes()) != found:
        path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert json.loads(path.read_bytes()) == found


def test_every_field_of_every_struct_is_filled() -> None:
    """A field that is new in the model is noticed here on the day it is born."""
    filled: dict[type, set[str]] = {}

    def look(value: Any) -> None:
        if isinstance(value, msgspec.Struct):
            shape: type[msgspec.Struct] = type(value)
            for info in msgspec.structs.fields(shape):
                inner = getattr(value, info.name)
                if info.required or inner != info.default:
                    filled.setdefault(shape, set()).add(info.encode_name)
                    look(inner)
        elif isinstance(value, tuple):
            for item in value:
                look(item)

    look(everything())
    _, shapes = msgspec.json.schema_components((Credential,))
    stated = {name: set(shape.get("properties", ())) - {"record"} for name, shape in shapes.items()}
    held = {shape.__name__: fields for shape, fields in filled.items()}
    empty = {name: sorted(fields - held.get(name, set())) for name, fields in stated.items()}
    left = {name: fields for name, fields in empty.items() if fields}
    # content that is no base64 is not written, and long residue stands in the contents: both have cases of their own
    assert left == {"Content": ["state"], "Residue": ["sha256"]}


def test_a_row_that_drops_its_field_in_silence_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The account above can fail: this is what it says then."""
    rows = [row for row in places.PLACE.rows.values() if row.field != "description"]
    monkeypatch.setattr(places, "PLACE", Table(Place, *rows, elsewhere("description", "description")))
    body = Organisation(
        id="body",
        names=(Text("Body", "en"),),
        places=(Place(addresses=(Address(country="HR"),), description=(Text("By the sea", "en"),)),),
    )
    award = Award(bodies=("body",), date=dt.date(2025, 6, 30))
    record = Credential(
        version=MODEL_VERSION,
        id="silent",
        learner=Learner(family_name=(Text("Izmišljić", "en"),)),
        achievements=(Achievement(title=(Text("Title", "en"),), award=award),),
        organisations=(body,),
    )
    path = "organisations[0].places[0].description[0]"
    assert Account(record, contents()).unaccounted == [f"{path}.value", f"{path}.lang"]


def test_a_field_without_a_row_is_a_loss_by_itself() -> None:
    """Nothing has to be remembered: the driver knows all fields of the struct."""
    table = Table(Place, elsewhere("addresses", "address"))
    assert set(table.without_place) == {"id", "regions", "names", "description", "identifiers", "residue"}
    with pytest.raises(ValueError, match="Place has no field adresses"):
        Table(Place, elsewhere("adresses", "address"))
