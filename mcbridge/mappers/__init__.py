"""The registry of formats: one line each, found by name or by content.

Built-ins are a literal dictionary of strings, so importing one format imports no
other, and a file is shown only to those whose sign it bears. Outsiders join through
the entry-point group ``mcbridge.mappers`` with the same ``module:Class`` form; the
name of a built-in cannot be taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

from mcbridge.errors import Ambiguous, NotThisFormat, UnknownFormat, UsageError
from mcbridge.mappers.base import Filing, Format, Inspecting, Mapper, Reader, RecordKind, Sampling, Unwrapping, Writer
from mcbridge.mappers.plugged import plugged
from mcbridge.origins import HEAD, Source
from mcbridge.tables import Tables

BUILTIN: Final[Mapping[str, str]] = {
    "canonical": "mcbridge.mappers.canonical:CanonicalMapper",
    "csv": "mcbridge.mappers.tabular:CsvMapper",
    "edc": "mcbridge.mappers.edc:EdcMapper",
    "edc-xml": "mcbridge.mappers.edc_xml:EdcXmlMapper",
    "elmo": "mcbridge.mappers.elmo:ElmoMapper",
}

SIGNS: Final[Mapping[str, re.Pattern[bytes]]] = {
    "canonical": re.compile(rb'"record"'),
    "csv": re.compile(rb"\A[^<{\[]"),
    "edc": re.compile(
        rb'EuropeanDigital|"deliveryDetails"|"signature|edc-ap|redential|"Verifiable|openbadges|"vct"|"_sd|\A["\']?eyJ'
    ),
    "edc-xml": re.compile(rb"europassCredential|verifiablePresentation"),
    "elmo": re.compile(rb"elmo|tors-(?:get-)?response|H4sI|PD94|PGVs"),
}
"""What a head must hold for a built-in to be asked whether it recognises it: for any other file its modules need not
be imported. The head is that of the file without NUL (so UTF-16 reads like ASCII), marks and space in front. A format
that has no sign is always asked."""

_LEAD: Final = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_SOAP: Final = re.compile(
    rb"""\A(?:<\?.*?\?>|<!--.*?-->|\s)*+<(?:[\w.-]+:)?Envelope\s[^>]*\bhttps?://"""
    rb"(?:schemas\.xmlsoap\.org/soap/envelope|www\.w3\.org/2003/05/soap-envelope)",
    re.DOTALL,
)
_ROOT = re.compile(rb"<((?![?!])[^\s/>]{1,80})")

PDF: Final = b"%PDF-"
"""How a PDF begins."""

__all__ = [
    "PDF",
    "Filing",
    "Format",
    "Inspecting",
    "Mapper",
    "Reader",
    "RecordKind",
    "Sampling",
    "Unwrapping",
    "Writer",
    "broken",
    "describe",
    "detect",
    "is_pdf",
    "names",
    "reader",
    "writer",
]


def _plugged() -> dict[str, str]:
    return {found.name: found.value for found in plugged() if found.name not in BUILTIN}


def _load(target: str) -> type[Mapper]:
    module, _, attribute = target.partition(":")
    loaded: Any = getattr(import_module(module), attribute)
    return loaded  # type: ignore[no-any-return]


def _class(name: str) -> type[Mapper]:
    target = BUILTIN.get(name) or _plugged().get(name)
    if target is None:
        from difflib import get_close_matches

        near = get_close_matches(name, names(), n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known formats: {', '.join(names())}"
        raise UnknownFormat(f'there is no format "{name}"', hint=hint)
    try:
        return _load(target)
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f'the format "{name}" cannot be loaded: {error}', hint="install the package again, or remove it"
        ) from error


def names() -> tuple[str, ...]:
    """All formats by name, built in or plugged in, also those that fail to load."""
    return tuple(sorted({*BUILTIN, *_plugged()}))


def broken() -> Iterator[tuple[str, str]]:
    """The plugged-in formats that cannot be used, with the reason."""
    for found in plugged():
        if found.name in BUILTIN:
            yield found.name, f"{found.value} takes the name of a built-in format"
            continue
        try:
            _load(found.value)
        except (ImportError, AttributeError) as error:
            yield found.name, f"{found.value}: {error}"


def describe(name: str) -> Format:
    """The format's own description."""
    return _class(name).format


def reader(name: str, tables: Tables, options: Mapping[str, str]) -> Reader:
    """A reader. Raises ``UnknownFormat``, ``BadOption``, or ``UsageError`` for a format that is only written."""
    mapper = _class(name)(tables, options)
    if not mapper.format.reads or not isinstance(mapper, Reader):
        raise UsageError(f'the format "{name}" is written, not read', hint="see `mcbridge formats`")
    return mapper


def writer(name: str, tables: Tables, options: Mapping[str, str]) -> Writer:
    """A writer. Raises ``UnknownFormat``, ``BadOption``, or ``UsageError`` for a format that is only read."""
    mapper = _class(name)(tables, options)
    if not mapper.format.writes or not isinstance(mapper, Writer):
        raise UsageError(f'the format "{name}" is read, not written', hint="see `mcbridge formats`")
    return mapper


def detect(source: Source, tables: Tables) -> str:
    """The format of a source by its content. Raises ``UsageError`` naming the candidates when there are several."""
    head = source.head
    plain = head.replace(b"\0", b"").lstrip(_LEAD)
    asked = [name for name in names() if name not in SIGNS or SIGNS[name].search(plain)]
    found = [name for name in asked if _recognised(name, head, tables)]
    if not head.lstrip(_LEAD):
        raise NotThisFormat("the file is empty", where=source.name, hint="export it again; it was not transferred")
    if not found and head.startswith(PDF):
        raise is_pdf(source.name)
    if not found and _SOAP.search(plain):
        raise _no_document(source)
    if not found:
        hint = f"say what it is with --from; known formats: {', '.join(names())}"
        raise NotThisFormat(f"no format recognises this content{_kind(head)}", where=source.name, hint=hint)
    if len(found) > 1:
        raise Ambiguous(f"{source.name} could be {' or '.join(found)}", hint="say which with --from")
    return found[0]


def _no_document(source: Source) -> NotThisFormat:
    if source.size > len(source.head):
        return NotThisFormat(
            f"it is a SOAP message, and no ELMO document begins in its first {HEAD // 1024} KB",
            where=source.name,
            hint="say --from elmo when there is one further behind",
        )
    return NotThisFormat(
        "it is a SOAP message, and there is no ELMO document in it",
        where=source.name,
        hint="read what the message says: the service answered without a document; ask whoever runs it",
    )


def is_pdf(name: str) -> NotThisFormat:
    """The error for a PDF, which no format reads."""
    return NotThisFormat(
        "it is a PDF, which is not read here, not even where the data are attached to it",
        where=name,
        hint="ask for the document itself (XML or JSON), or save what is attached to the PDF with a PDF viewer",
    )


def _kind(head: bytes) -> str:
    """What can be told of content that no format recognises."""
    if b"\0" in head[:2] or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ": it is text in UTF-16, or no text; save it in UTF-8"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return ""
    if b"<!DOCTYPE" in head:
        return ": it is XML with a DOCTYPE, which no format takes"
    root = _ROOT.search(head)
    return f": it is XML with the root element <{root[1].decode(errors='replace')}>" if root else ""


def _recognised(name: str, head: bytes, tables: Tables) -> bool:
    try:
        kind = _class(name)
    except UsageError:
        if name in BUILTIN:
            raise
        return False  # a plugged-in format that does not load is listed with its reason by `mcbridge formats`
    mapper = kind(tables, {})
    return bool(kind.format.reads) and isinstance(mapper, Reader) and mapper.recognises(head)
