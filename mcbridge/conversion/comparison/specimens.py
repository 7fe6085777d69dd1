"""Records that say everything a format can say: read from documents of that format, which are made for the purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mcbridge import mappers
from mcbridge.conversion.comparison.fields import infos
from mcbridge.conversion.comparison.variation import Change, Where, changed, changes, everywhere, fitting, rounds
from mcbridge.errors import InputError
from mcbridge.mappers import Reader, RecordKind, Sampling, Writer
from mcbridge.model import Content, Credential, Delivery, Entity, Learner, Residue, Seal, SealState
from mcbridge.model.leaves import count, structs
from mcbridge.origins import Contents, Luggage, Read, Source
from mcbridge.tables import Tables

_CANONICAL: Final = "canonical"
_ELSEWHERE: Final = "elsewhere"
"""The format of a document that no writer knows as its own."""
_UNKNOWN: Final = "nothing tells what a document in this format can say, so these are the losses of any record"
_REFUSED: Final = "such documents are refused as a whole, because they lack what the target demands"
_LACKING: Final = (
    "such documents are refused as a whole, because they have no learner.{name}, which the target demands; "
    "the other losses are those of a record that has it"
)

Attempt = Callable[[Sequence[Read]], bool]
"""Takes the records of one document, and says whether they could be written."""


class Specimens:
    """The records of a format. ``note`` says where they are not really its own."""

    def __init__(self, format: str, options: Mapping[str, str], tables: Tables) -> None:
        self._luggage = Luggage()
        self._tables = tables
        self._described = mappers.describe(format)
        self._reader = mappers.reader(format, tables, options)
        self._ways: list[tuple[Writer, Reader]] = []
        self.note: str | None = None
        self._added: dict[str, Any] = {}
        if format == _CANONICAL:
            return
        if RecordKind.CREDENTIAL in self._described.writes:
            for fullest in self._described.fullest:
                how = {**fullest, **options}
                self._ways.append((mappers.writer(format, tables, how), mappers.reader(format, tables, how)))
        elif not isinstance(self._reader, Sampling):
            self.note = _UNKNOWN

    @property
    def contents(self) -> Contents:
        """The bytes that the records speak of."""
        return self._luggage.contents

    def tried(self, target: str, attempt: Attempt) -> None:
        """Hand each of them to ``attempt``, which says whether it could be written as ``target``.

        One that could not is tried again with less that is unusual in it.
        """
        if isinstance(self._reader, Sampling):
            borne = [read for read in self._reader.samples(self._luggage) if attempt([read])]
            if self._described.as_read and borne:
                self._vary(borne[0], self._able(borne[0]), attempt)
            return
        everything = self._everything()
        bases = [each for way in self._ways for each in self._through(way, self._own(everything[0]))] or everything
        borne = [read for read in bases if attempt([read])]
        if not borne:
            bases = borne = self._completed(bases, _record(everything[0]).learner, attempt)
        if not borne:
            self.note = self.note or _REFUSED
            return
        for read in bases if self._ways else ():
            attempt([_sealed(read, self._unknown(read, target))])
        if self._ways and self._described.joins_document:
            for read in self._through(self._ways[0], *_twice(bases[0])):
                attempt([self._with(read)])
        base = bases[0].located(_together([_record(read) for read in bases]))
        able = self._able(base) if self._ways else changes(_record(base), self._tables)
        if self._ways and not self._described.as_read:
            # what it writes is put in order, while documents of other people say what they like
            able = [each for each in able if not each.saying]
        self._vary(base, able, attempt)

    def _able(self, base: Read) -> list[Change]:
        """The changes of what the format can say: what is in a record that it was read as."""
        shapes = {type(one) for one in structs(base.record)}
        filled = {(type(one), name) for one in structs(base.record) for name in (None, *_filled(one))}
        found = changes(_record(base), self._tables)
        return [each for each in found if (each.shape, each.field) in filled or (each.saying and each.shape in shapes)]

    def _completed(self, bases: Sequence[Read], full: Learner, attempt: Attempt) -> list[Read]:
        """The records with the one thing about the learner that the target demands and the format cannot say."""
        for name in _filled(full):
            self._added = {name: getattr(full, name)}
            borne = [each for each in map(self._with, bases) if attempt([each])]
            if borne:
                self.note = _LACKING.format(name=_written(Learner, name))
                return borne
        self._added = {}
        return []

    def _with(self, read: Read) -> Read:
        """A record with what the target demands."""
        record = _record(read)
        return read.located(replace(record, learner=replace(record.learner, **self._added))) if self._added else read

    def _vary(self, base: Read, found: Sequence[Change], attempt: Attempt) -> None:
        """Try the changes, many at a time, everywhere but where the format cannot do without what was there."""
        record = _record(base)
        needed: dict[tuple[type, str | None], set[int]] = {}
        trying = self._trying(attempt)

        def bears(some: Sequence[Change], where: Where) -> bool:
            def there(change: Change, number: int) -> bool:
                return number not in needed.get((change.shape, change.field), ()) and where(change, number)

            return trying(base.located(changed(record, some, there)))

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
            before = len(needed.setdefault(key, set()))
            if high - low > 1:
                narrow(change, low, (low + high) // 2)
                narrow(change, (low + high) // 2, high)
            if len(needed[key]) == before:
                needed[key].add(low)

        for some in rounds(found):
            find(some)
        for some in rounds([each for each in reversed(found) if each.field is not None and not each.wide]):
            half = set(some[::2])
            bears(some, partial(_alternately, half))

    def _trying(self, attempt: Attempt) -> Callable[[Read], bool]:
        """What tries a record as far as a document says it, each once: much of what is odd never comes out of one."""
        known: dict[bytes, bool] = {}

        def trying(read: Read) -> bool:
            given = msgspec.json.encode(read.record)
            if given not in known:
                said = self._said(read)
                told = msgspec.json.encode([each.record for each in said])
                if told not in known:
                    known[told] = attempt(said)
                known[given] = known[told]
            return known[given]

        return trying

    def _said(self, read: Read) -> Sequence[Read]:
        """The record as far as a document of the format says it."""
        if not self._ways or not self._described.as_read:
            return [read]
        return [self._with(each) for each in self._through(self._ways[0], read)]

    def _through(self, way: tuple[Writer, Reader], *reads: Read) -> Sequence[Read]:
        """The records of a document once it has been written and read."""
        sink = BytesIO()
        try:
            way[0].write(reads, sink, self._luggage)
            again = list(way[1].read(Source(self._described.name, sink.getvalue()), self._luggage))
        except InputError:
            return []
        return [Read(each.record, reads[0].origin) for each in again]  # nobody asks for places in a made-up document

    def _unknown(self, read: Read, target: str) -> tuple[Residue, ...]:
        """What no field has room for, as it stands in a document or around it.

        Into the format that it came from such a thing goes back to its place, which a made-up one does not have.
        """
        document = _record(read).document
        within = () if target == self._described.name else (document.format if document is not None else _ELSEWHERE,)
        return tuple(
            Residue(format=format, path="extension", content="<unknown/>")
            for format in (*within, *self._described.beside)
        )

    def _own(self, read: Read) -> Read:
        record = _record(read)
        document = record.document and replace(record.document, format=self._described.name)
        return read.located(replace(record, document=document))

    def _everything(self) -> list[Read]:
        """The record that fills every field: from nowhere, with an issuer that is well known; and as it is.

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
    if not isinstance(read.record, Credential):
        raise TypeError(read.record)
    return read.record


def _alternately(first: set[Change], change: Change, number: int) -> bool:
    """Every second place, for some changes the first of two and for the others the second."""
    return number % 2 == (change in first)


def _twice(read: Read) -> list[Read]:
    """Two records of one document."""
    record = _record(read)
    document = record.document
    if document is None:
        return [read]
    places = (replace(document, position=at, count=2) for at in (1, 2))
    return [read.located(replace(record, document=place)) for place in places]


def _together(records: Sequence[Credential]) -> Credential:
    """The first record, with what only the others say."""
    made = records[0]
    for other in records[1:]:
        new = {name: getattr(other, name) for name in set(_filled(other)) - set(_filled(made))}
        made = replace(made, **new)
    return made


def _written(shape: type[Struct], name: str) -> str:
    """The name of a field in JSON."""
    return next(info.encode_name for info in infos(shape) if info.name == name)


def _filled(one: Struct) -> Iterator[str]:
    for info in infos(type(one)):
        if info.required or getattr(one, info.name) != info.default:
            yield info.name


def _sealed(read: Read, left: tuple[Residue, ...]) -> Read:
    """The record as it would be from a document with a seal, and with what is ``left`` beside each of its parts."""
    record = _record(read)

    def walk(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(walk, value))
        if not isinstance(value, Struct):
            return value
        new = {name: walk(getattr(value, name)) for name in value.__struct_fields__}
        return type(value)(**(new | {"residue": left} if isinstance(value, Entity) else new))

    return read.located(replace(walk(record), seal=Seal(state=SealState.PRESENT, kind="signature")))
