"""There is no third place: a changed leaf changes the credential, or the ledger names it."""

from __future__ import annotations

import io
import json

import pytest

from mcbridge.diagnostics import JsonLocation
from mcbridge.losses import Loss
from mcbridge.mappers.edc import EdcMapper
from mcbridge.mappers.edc.write import credential_id
from mcbridge.model import Credential
from mcbridge.origins import Contents, Luggage, Origin, Read
from mcbridge.tables import Tables
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

    def __init__(self, record: Credential, kept: Contents) -> None:
        tables = Tables()
        self.mapper = EdcMapper(tables, {})
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


@pytest.fixture(scope="module")
def account() -> Account:
    return Account(everything(), contents())


def test_no_leaf_is_in_a_third_place(account: Account) -> None:
    print(account)
    assert account.unaccounted == []
    assert len(account.carried) > 900
    assert len(account.refused) < 15


def test_the_ledger_does_not_name_what_is_carried(account: Account) -> None:
    assert account.claimed_lost == []
