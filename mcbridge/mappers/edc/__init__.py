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
from msgspec import Struct

from mcbridge.diagnostics import Diagnostic, JsonLocation
from mcbridge.errors import BadOption, UsageError
from mcbridge.losses import REFUSED, Loss
from mcbridge.mappers.base import Format, RecordKind
from mcbridge.mappers.edc.concepts import Lists
from mcbridge.mappers.edc.defaults import Defaults, load_defaults
from mcbridge.mappers.edc.forms import FORMS
from mcbridge.mappers.edc.rules import NO_LEARNER
from mcbridge.mappers.edc.writing import Refused, Writing
from mcbridge.model import Credential
from mcbridge.model.leaves import count
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables

if TYPE_CHECKING:
    from mcbridge.mappers.edc.reading.coded import Codes

_LEAD: Final = b"\xef\xbb\xbf \t\r\n"
_CLASS: Final = re.compile(rb'\\?"EuropeanDigitalCredential\\?"')
_FORMS: Final = ((b'"credential"', b'"deliveryDetails"'), (b'"payload"', b'"signatures"'))


class Options(Struct, frozen=True):
    """What may follow the format after a colon."""

    form: str = "uploadable"
    deliver: str | None = None
    country: str | None = None
    lang: tuple[str, ...] = ()


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
        options={
            "form": "uploadable: the file that the European issuer takes and seals; bare: the credential by itself",
            "deliver": "the address that the issuer sends the credential to, for all records",
            "country": "the country of organisations whose country is not stated, as an ISO 3166-1 code",
            "lang": "languages in order of preference for names, which ELM holds in one: en+hr",
        },
    )

    def __init__(self, tables: Tables, options: Mapping[str, str]) -> None:
        self._tables = tables
        self._options = _checked(tables, options)

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

    def recognises(self, head: bytes) -> bool:
        """A JSON object that has the keys or the class of one of the forms of a credential."""
        if head.lstrip(_LEAD)[:1] != b"{":
            return False
        return _CLASS.search(head) is not None or any(all(key in head for key in keys) for keys in _FORMS)

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


def _checked(tables: Tables, options: Mapping[str, str]) -> Options:
    known = tuple(EdcMapper.format.options)
    for name in options:
        if name not in known:
            raise BadOption(f'edc has no option "{name}"', hint=f"known options: {', '.join(known)}")
    form = options.get("form", "uploadable")
    if form not in FORMS:
        raise BadOption(f'edc is not written in the form "{form}"', hint=f"known forms: {', '.join(FORMS)}")
    deliver = options.get("deliver")
    if deliver is not None and (not deliver.strip() or any(letter.isspace() for letter in deliver.strip())):
        raise BadOption(f'"{deliver}" is no delivery address', hint="write one e-mail or wallet address: edc:deliver=…")
    country = options.get("country")
    if country is not None and tables.vocabulary("country").find(country) is None:
        raise BadOption(f'"{country}" is no country', hint="write its ISO 3166-1 code, such as edc:country=HR")
    lang = tuple(part for part in re.split(r"[,+ ]", options.get("lang", "")) if part)
    for tag in lang:
        if tables.vocabulary("language").find(tag) is None:
            raise BadOption(f'"{tag}" is no language', hint="write ISO 639 codes, the preferred one first: en+hr")
    return Options(form, deliver.strip() if deliver else None, country, lang)
