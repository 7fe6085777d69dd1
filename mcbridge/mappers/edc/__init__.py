"""European Digital Credentials: ELM as JSON-LD, read in all its forms, written as ELM 3.2, uploadable or bare.

``reading`` is the way in. ``forms.py`` knows the two files that are written; ``write.py`` builds one credential from
the tables of rows beside it: ``learner``, ``organisations``, ``claims``, ``specifications``, ``envelope`` and the
small pieces they share. Each row holds the conversion of one field, and what no row carries is in the ledger of losses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Final

import msgspec

from mcbridge.diagnostics import Diagnostic, JsonLocation
from mcbridge.errors import UsageError
from mcbridge.losses import REFUSED, Loss
from mcbridge.mappers.base import Format, RecordKind
from mcbridge.mappers.edc.concepts import Lists
from mcbridge.mappers.edc.defaults import Defaults, load_defaults
from mcbridge.mappers.edc.forms import FORMS
from mcbridge.mappers.edc.options import OPTIONS, TAKEN, options_of
from mcbridge.mappers.edc.rules import NO_LEARNER
from mcbridge.mappers.edc.writing import Refused, Writing
from mcbridge.model import Credential
from mcbridge.model.leaves import count
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables

if TYPE_CHECKING:
    from mcbridge.mappers.edc.reading.coded import Codes

_LEAD: Final = b"\xef\xbb\xbf \t\r\n"
_CLASS: Final = re.compile(rb'(?:\\?"|\\u0022)EuropeanDigitalCredential(?:\\?"|\\u0022)')
_FORMS: Final = (
    (b'"credential"', b'"deliveryDetails"'),
    (b'"payload"', b'"signatures"'),
    (b'"payload"', b'"protected"', b'"signature"'),
    (b'"signatures"', b'"protected"'),
)
_ENCODED: Final = re.compile(rb'"payload"\s*:\s*"(?:eyJ|ew[0o])')
"""A payload in base64url that is JSON, however far away its signatures are."""


class EdcMapper:
    """Reader and writer of European Digital Credentials."""

    format: ClassVar[Format] = Format(
        name="edc",
        title="European Digital Credential (ELM JSON-LD)",
        version="3.2",
        suffixes=(".json", ".jsonld"),
        media_types=("application/json", "application/ld+json"),
        reads=frozenset({RecordKind.CREDENTIAL}),
        writes=frozenset({RecordKind.CREDENTIAL}),
        one_per_file=True,
        fullest=({"form": "bare"}, {}),
        options=OPTIONS,
    )

    def __init__(self, tables: Tables, options: Mapping[str, str]) -> None:
        self._tables = tables
        self._options = options_of(tables, options)

    @cached_property
    def _defaults(self) -> Defaults:
        return load_defaults(self._tables)

    @cached_property
    def _lists(self) -> Lists:
        return Lists(self._tables)

    @cached_property
    def _codes(self) -> Codes:
        from mcbridge.mappers.edc.reading.coded import Codes

        return Codes(self._tables)

    @property
    def taken(self) -> tuple[str, ...]:
        """The suffixes that the issuer takes, or that are usual for a credential by itself."""
        return TAKEN[self._options.form]

    @property
    def batch(self) -> int | None:
        """How many bytes an upload may have."""
        return self._options.batch

    def recognises(self, head: bytes) -> bool:
        """A JSON object that has the keys or the class of one of the forms of a credential."""
        if head.lstrip(_LEAD)[:1] != b"{":
            return False
        if _CLASS.search(head) is not None or _ENCODED.search(head) is not None:
            return True
        return any(all(key in head for key in keys) for keys in _FORMS)

    def read(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        """The credential of a file. Raises ``NotThisFormat`` or ``Unreadable``."""
        from mcbridge.mappers.edc.reading.document import Reading, opened
        from mcbridge.mappers.edc.reading.origin import Places

        document = opened(source)
        record = Reading(document, source, self._codes, luggage).credential
        if record is None:
            luggage.refused += 1
            return
        origin = Origin(JsonLocation(source.name, document.lead), Places(source, self._codes).find)
        yield Read(record, origin)

    def write(self, records: Iterable[Read], sink: BinaryIO, luggage: Luggage) -> int:
        """Write one credential. Raises ``UsageError`` when there is another: a file holds one."""
        written = 0
        for number, read in enumerate(records):
            if number:
                raise UsageError("a file of this format holds one credential", hint="write several into a folder")
            data = self._file(read, luggage)
            if data is not None:
                sink.write(data)
                written += 1
        return written

    def _file(self, read: Read, luggage: Luggage) -> bytes | None:
        record = read.record
        if not isinstance(record, Credential):
            luggage.report.add(Diagnostic(NO_LEARNER, read.origin.whole, None, record.key))
            luggage.losses.add(Loss(record.key, "", REFUSED, "a provision is no credential", leaves=count(record)))
            return None
        run = Writing(
            read,
            record,
            luggage.contents,
            self._defaults,
            self._lists,
            country=self._options.country,
            bare=self._options.form == "bare",
            profile=self._options.profile,
            embed=self._options.embed,
        )
        run.preferred = tuple(tag for lang in self._options.lang if (tag := run.tag(lang)))
        try:
            found = FORMS[self._options.form](run, self._options.deliver)
        except Refused as refused:
            spot = read.origin.of(refused.path)
            luggage.report.add(Diagnostic(refused.rule, spot, refused.path or None, refused.value, refused.facts))
            why = f"the record was refused ({refused.rule.id})"
            luggage.losses.add(Loss(record.id, "", REFUSED, why, leaves=count(record)))
            return None
        for finding in run.heard():
            luggage.report.add(finding)
        luggage.losses.extend(run.settled())
        return msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"
