"""Records that say everything a format can say: read from documents of that format, which are made for the purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mcbridge import mappers
from mcbridge.conversion.comparison.variation import Change, Where, changed, changes, everywhere, fitting, rounds
from mcbridge.errors import InputError
from mcbridge.mappers import RecordKind, Sampling, Writer
from mcbridge.model import Content, Credential, Delivery, Entity, Learner, Residue, Seal, SealState
from mcbridge.model.leaves import count, structs
from mcbridge.origins import Contents, Luggage, Read, Source
from mcbridge.tables import Tables

_CANONICAL: Final = "canonical"
_ELSEWHERE: Final = "elsewhere"
"""The format of a document that no writer knows as its own."""
_UNKNOWN: Final = "nothing tells what a document in this format can say, so these are the losses of any record"
Attempt = Callable[[Sequence[Read]], bool]
"""Takes the records of one document, and says whether they could be written."""


class Specimens:
    """The records of a format. ``note`` says where they are not really its own."""

    def __init__(self, format: str, options: Mapping[str, str], tables: Tables) -> None:
        self._luggage = Luggage()
        self._tables = tables
        self._format = format
        self._options = options
        self._reader = mappers.reader(format, tables, options)
        self._writer: Writer | None = None
        self.note: str | None = None
        if format != _CANONICAL and RecordKind.CREDENTIAL in self._reader.format.writes:
            self._writer = mappers.writer(format, tables, options)
        elif format != _CANONICAL and not isinstance(self._reader, Sampling):
            self.note = _UNKNOWN

    @property
    def contents(self) -> Contents:
        """The bytes that the records speak of."""
        return self._luggage.contents

    def tried(self, attempt: Attempt) -> None:
        """Hand each of them to ``attempt``, which says whether it could be used.

        One that could not is tried again with less that is unusual in it.
        """
        if isinstance(self._reader, Sampling):
            for source in self._reader.samples():
                for read in self._reader.read(source, self._luggage):
                    attempt([read] if isinstance(read.record, Credential) else [])
            return
        everything = self._everything()
        if self._writer is not None:
            everything = [self._own(read) for read in everything[:1]]
        for read in everything:
            attempt(self._as_read(read))
            if self._writer is not None:
                attempt([_sealed(each) for each in self._as_read(read)])
        base = everything[0]
        if self._writer is None:
            found = changes(_record(base), self._tables)
        else:
            [first, *_] = self._as_read(base)
            filled = {(type(one), name) for one in structs(first.record) for name in (None, *_filled(one))}
            found = [
                change for change in changes(_record(first), self._tables) if (change.shape, change.field) in filled
            ]
            base = first
        self._vary(base, found, attempt)

    def _vary(self, base: Read, found: Sequence[Change], attempt: Attempt) -> None:
        """Try the changes, many at a time, everywhere but where the format cannot do without what was there."""
        record = _record(base)
        needed: dict[tuple[type, str | None], set[int]] = {}

        def bears(some: Sequence[Change], where: Where) -> bool:
            def there(change: Change, number: int) -> bool:
                return number not in needed.get((change.shape, change.field), ()) and where(change, number)

            return attempt(self._as_read(base.located(changed(record, some, there))))

        def find(some: Sequence[Change]) -> None:
            if not some or bears(some, everywhere):
                return
            if len(some) > 1:
                find(some[: len(some) // 2])
                find(some[len(some) // 2 :])
            else:
                narrow(some[0], 0, fitting(record, some[0]))

        def narrow(change: Change, low: int, high: int) -> None:
            key = change.shape, change.field
            if bears([change], lambda _, number: low <= number < high):
                return
            known = len(needed.setdefault(key, set()))
            if high - low > 1:
                narrow(change, low, (low + high) // 2)
                narrow(change, (low + high) // 2, high)
            if len(needed[key]) == known:
                needed[key].add(low)

        for some in rounds(found):
            find(some)
            if some[0].field is not None:
                bears(some, lambda _, number: number % 2 == 1)

    def _as_read(self, read: Read) -> Sequence[Read]:
        """The record as the format has it once it has written it."""
        if self._writer is None:
            return [read]
        sink = BytesIO()
        try:
            self._writer.write([read], sink, self._luggage)
            return list(self._reader.read(Source(self._format, sink.getvalue()), self._luggage))
        except InputError:
            return []

    def _own(self, read: Read) -> Read:
        record = _record(read)
        document = record.document and replace(record.document, format=self._format)
        return read.located(replace(record, document=document))

    def _everything(self) -> list[Read]:
        """The record that fills every field: from nowhere that a writer knows and issued by whom most is known, and as it is.

        How a source wrote its bytes is no fact, and stays away.
        """
        path = Path(str(files(__package__) / "everything.json"))
        (read,) = mappers.reader(_CANONICAL, self._tables, {}).read(Source.of(path), self._luggage)
        record = changed(_record(read), [Change(Content, "written", lambda _: None)])
        issuer = max(record.organisations, key=count).id
        document = record.document and replace(record.document, format=_ELSEWHERE)
        full = replace(record, issuer=issuer, document=document)
        nowhere = changed(
            full, (Change(Learner, "contacts", lambda _: ()), Change(Delivery, "addresses", lambda _: ()))
        )
        return [read.located(each) for each in (full, nowhere, record)]


def _record(read: Read) -> Credential:
    assert isinstance(read.record, Credential)
    return read.record


def _filled(one: Struct) -> Iterator[str]:
    for info in msgspec.structs.fields(type(one)):
        if info.required or getattr(one, info.name) != info.default:
            yield info.name


def _sealed(read: Read) -> Read:
    """The record as it would be from a document with a seal, and with something unknown in each of its parts."""
    record = _record(read)
    format = record.document.format if record.document is not None else _ELSEWHERE
    left = (Residue(format=format, path="extension", content="<unknown/>"),)

    def walk(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(walk, value))
        if not isinstance(value, Struct):
            return value
        new = {name: walk(getattr(value, name)) for name in value.__struct_fields__}
        return type(value)(**(new | {"residue": left} if isinstance(value, Entity) else new))

    return read.located(replace(walk(record), seal=Seal(state=SealState.PRESENT, kind="signature")))
