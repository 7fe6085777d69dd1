"""Older Europass XML (ELM 2): credentials and presentations of schemas 0.8 to 1.2, read.

The versions differ in little, so one table of rows reads them all, by the local names
of elements; no document is refused for breaking a schema. What is used by several
claims stands in blocks of references and is read where something refers to it. What
the record has no place for is kept beside it, and the ledger of losses names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mcbridge.errors import BadOption, InputError
from mcbridge.mappers.base import Format, RecordKind
from mcbridge.mappers.edc_xml.wrapping import documents, recognised
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables

if TYPE_CHECKING:
    from mcbridge.mappers.edc.reading.coded import Codes

CLAIM: Final = "claim"
"""The option that makes a claim of a title."""


class EdcXmlMapper:
    """Reader of older Europass XML."""

    format: ClassVar[Format] = Format(
        name="edc-xml",
        title="European Digital Credential, older XML (ELM 2)",
        version="0.10.0",
        suffixes=(".xml",),
        media_types=("application/xml", "text/xml"),
        reads=frozenset({RecordKind.CREDENTIAL}),
        as_read=True,
        options={"claim": "title: the title of a credential that claims nothing is read as an achievement"},
    )

    def __init__(self, tables: Tables, options: Mapping[str, str]) -> None:
        self._tables = tables
        for name in options:
            if name != CLAIM:
                raise BadOption(f'edc-xml has no option "{name}"', hint=f"known options: {CLAIM}")
        claim = options.get(CLAIM, "none")
        if claim not in {"none", "title"}:
            raise BadOption(f'claim cannot be "{claim}"', hint="write edc-xml:claim=title, or leave it out")
        self._titled = claim == "title"

    @cached_property
    def _codes(self) -> Codes:
        from mcbridge.mappers.edc.reading.coded import Codes

        return Codes(self._tables)

    def recognises(self, head: bytes) -> bool:
        """XML in whose beginning a credential or a presentation begins."""
        return recognised(_decoded(head))

    def documents(self, source: Source, luggage: Luggage) -> Iterator[Source | InputError]:
        """The credentials of a source: itself, or those that stand in a presentation. Raises ``InputError``."""
        return documents(source, _decoded(source.head))

    def read(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        """One record for each credential. Raises ``NotThisFormat`` or ``Unreadable``."""
        from mcbridge.mappers.edc_xml.document import Reading
        from mcbridge.mappers.edc_xml.origin import Places

        failed: InputError | None = None
        for document in self.documents(source, luggage):
            try:
                if isinstance(document, InputError):
                    raise document
                reading = Reading(document, self._codes, luggage, titled=self._titled)
            except InputError as error:  # of several documents a bad one costs only itself
                failed = failed or error
                continue
            if reading.credential is not None:
                yield Read(reading.credential, Origin(reading.whole, Places(document, self._codes).find))
        if failed is not None:
            raise failed

    def inspect(self, source: Source) -> Mapping[str, Any]:
        """The version, the schema and the form. Raises ``NotThisFormat`` or ``Unreadable``."""
        from mcbridge.mappers.edc_xml.document import opened
        from mcbridge.mappers.edc_xml.inspection import facts

        return facts(source, opened(source))

    def samples(self, luggage: Luggage) -> Iterator[Read]:
        """The records of made-up documents that together say all that a document can."""
        from mcbridge.mappers.edc_xml.samples import samples

        for source in samples():
            yield from self.read(source, luggage)


def _decoded(head: bytes) -> str:
    """How a source begins, as text; what cannot be decoded is left out."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", errors="ignore")
    if head[:2] in (b"<\0", b"\0<"):  # the mark is often left out
        return head.decode("utf-16-le" if head[:1] == b"<" else "utf-16-be", errors="ignore")
    return head.decode("utf-8", errors="ignore")
