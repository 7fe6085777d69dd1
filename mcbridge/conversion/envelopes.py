"""What documents travel in: archives, gzip, base64 text, and the form body that an EMREX provider answers with.

Envelopes may lie in one another as they do when a response is saved and sent on
(base64 of gzip, in a form, in an archive), up to ``LAYERS`` of them; an archive
directly in an archive is nobody's envelope and is refused. What comes out are the
bytes that were put in, so a seal over them can still be verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import SEEK_END
from pathlib import Path
from typing import Final
from urllib.parse import unquote_plus, unquote_to_bytes

from mcbridge.diagnostics import Diagnostic, Severity, XmlLocation, rule
from mcbridge.errors import InputError, Unreadable
from mcbridge.limits import raising
from mcbridge.origins import HEAD, Source
from mcbridge.packing import (
    damaged,
    from_base64,
    is_base64,
    is_gzip,
    is_zip,
    plain_text,
    refuse_bomb,
    too_long,
    too_much,
    within,
)

CONTENTS: Final = ".contents"
"""What follows the name of a file of ours whose records speak of bytes: the folder that has them."""

LAYERS: Final = 4
"""Envelopes in one another."""

NO_DOCUMENT: Final = rule(
    "emrex/no-document",
    Severity.ERROR,
    "The answer of an EMREX provider brought no document",
    "the answer holds no document: {code}{opening}{value}{closing}; {meaning}",
    "{advice}",
    "EMREX: a provider sends the results in the field elmo, and otherwise says by the return code why there are none",
    "sessionId=…&returnCode=NCP_CANCEL&returnMessage=…",
)
_MEANINGS: Final = {
    "NCP_OK": (
        "it went well, but the field elmo is empty or missing",
        "ask the provider; the answer was perhaps saved without its largest field",
    ),
    "NCP_CANCEL": (
        "the learner ended it before sending anything",
        "nothing is wrong; ask the learner to fetch the results again if they are still wanted",
    ),
    "NCP_NO_RESULTS": (
        "the provider has no results of this learner",
        "ask the learner whether this was the right institution and account",
    ),
    "NCP_ERROR": (
        "something failed at the provider",
        "ask the learner to try again, and the provider if it stays so",
    ),
}
_UNKNOWN: Final = ("it says nothing that EMREX knows", "ask the provider what it means")

_KEYS: Final = (b"sessionId", b"returnCode", b"returnMessage", b"elmo")
_BETWEEN: Final = (b"&", b";", b"\r", b"\n")
"""What stands in front of a field; ``;`` where an ``&`` was escaped."""
_AROUND: Final = b"\xef\xbb\xbf \t\r\n\"'?"
_FORM: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?[ \t\r\n\"'?]*+(?:(?:%b)=|[A-Za-z][\w.%%-]{0,60}=[^<>\"\r\n]*?&(?:amp;)?(?:%b)=)"
    % ((b"|".join(_KEYS),) * 2)
)
_FIELDS: Final = 100
"""Fields that are looked at; EMREX has four."""
_OFFICE: Final = "[Content_Types].xml"


class NoDocument(Unreadable):
    """An envelope that says by itself why it is empty."""

    def __init__(self, found: Diagnostic) -> None:
        super().__init__(found.message, where=found.location.source, hint=found.hint)
        self.finding = found


def unfold(source: Source) -> Iterator[Source]:
    """The source itself, or what the envelope holds that it is. Raises ``Unreadable``."""
    for one in layers(source):
        if isinstance(one, InputError):
            raise one
        yield one


def layers(source: Source) -> Iterator[Source | InputError]:
    """What ``unfold`` gives; for a member of an archive that cannot be opened the error, and then the next one.

    Raises ``Unreadable`` for an envelope that cannot be opened at all.
    """
    return _opened(source, source.size)


def _opened(source: Source, packed: int) -> Iterator[Source | InputError]:
    """``packed`` is the size of what the caller was handed, which the limits are counted from."""
    while True:  # an envelope is let go of when the next one is taken out of it
        head = source.head
        if is_zip(head):
            _check(source, archive=True)
            yield from _zip(source, packed)
            return
        if is_gzip(head):
            _check(source, archive=True)
            source = _gzip(source, packed)
        elif _is_form(head):
            _check(source, whole=True)
            source = _inside(source, _from_form(_bytes(source), source.name), "form")
        elif is_base64(head):
            _check(source, whole=True)
            source = _inside(source, from_base64(_bytes(source), source.name, source.limits), "base64")
        else:
            break
    if source.envelope[-1:] == ("form",) and not _begins_as_document(head):
        raise Unreadable(
            "the field elmo of this EMREX response is neither base64 of gzip nor a document",
            where=source.name,
            hint="ask the provider, or whoever saved the response: the field is sent as base64 of gzip",
        )
    yield source


def _bytes(source: Source) -> bytes:
    """All of a source that is not looked at again, so that it does not keep them."""
    with source.open() as stream:
        return stream.read()


def _inside(source: Source, data: bytes, kind: str) -> Source:
    # Lines and columns of findings are those of the document inside, which has no name of its own.
    return Source(source.name, data, source.path, limits=source.limits, envelope=(*source.envelope, kind))


def _gzip(source: Source, packed: int) -> Source:
    import gzip

    with source.open() as stream:
        stream.seek(-4, SEEK_END)
        refuse_bomb(source.head, stream.read(4), packed, source.name, source.limits)
    with damaged(source.name), source.open() as stream, gzip.open(stream) as unpacked:
        pieces = within(unpacked, packed, source.name, source.limits)
        envelope = (*source.envelope, "gzip")
        return Source.collected(source.name, pieces, source.path, limits=source.limits, envelope=envelope)


def _check(source: Source, *, archive: bool = False, whole: bool = False) -> None:
    if archive and source.envelope[-1:] in (("zip",), ("gzip",)):
        raise Unreadable(
            "an archive within an archive is not opened", where=source.name, hint="unpack the outer one first"
        )
    if whole and source.size > source.limits.envelope:
        raise too_long(source.size, source.name, source.limits)
    if len(source.envelope) >= LAYERS:
        raise Unreadable(
            f"it lies in more than {LAYERS} envelopes within one another",
            where=source.name,
            hint="unpack the outer ones first",
        )


def _begins_as_document(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in {b"<", b"{", b"%"}


def _zip(source: Source, packed: int) -> Iterator[Source | InputError]:
    import zipfile

    with damaged(source.name), source.open() as stream, zipfile.ZipFile(stream) as archive:
        named = [each for each in archive.infolist() if not each.filename.endswith("/")]
        members = sorted(named, key=lambda each: each.filename)
        if any(member.filename == _OFFICE for member in members):
            raise Unreadable(
                "this is an office document, which is not read", where=source.name, hint="save the sheet as CSV"
            )
        members = [member for member in members if not _is_aside(member.filename)]
        if not members:
            raise Unreadable("there is no file in this archive", where=source.name, hint="ask the sender for it again")
        if len(members) > source.limits.members:
            raise Unreadable(
                f"the archive has {len(members):,} files; at most {source.limits.members:,} are read",
                where=source.name,
                hint=f"split the archive; {raising('members')}",
            )
        # No more than this is read of each, so that a bomb of many small members is noticed before the first.
        total = sum(member.file_size for member in members)
        if total > source.limits.free + source.limits.ratio * packed:
            raise too_much(source.name, source.limits)
        for member in members:
            name = f"{source.name}!{member.filename}"
            if member.flag_bits & 1:
                raise Unreadable("the file is encrypted", where=name, hint="unpack the archive with its password first")
            size, envelope = min(member.compress_size, packed), (*source.envelope, "zip")
            with archive.open(member) as unpacked:
                pieces = within(unpacked, size, name, source.limits)
                one = Source.collected(name, pieces, limits=source.limits, envelope=envelope)
            try:
                yield from _opened(one, size)
            except InputError as error:
                yield error


def _is_aside(name: str) -> bool:
    parts = Path(name).parts
    return any(part.startswith((".", "__MACOSX")) or part.endswith(CONTENTS) for part in parts)


# ----------------------------------------------------------------------------------------------------- form bodies


def _is_form(data: bytes) -> bool:
    """Whether this is the body of an EMREX response: fields of its names, urlencoded or a line each."""
    return _FORM.match(plain_text(data[:HEAD])) is not None


def _from_form(data: bytes, name: str) -> bytes:
    """The field elmo, as it can be opened further. Raises ``Unreadable``."""
    fields = _fields(plain_text(data))
    value = fields.get("elmo", b"").strip()
    if not value.strip(b"\"'"):
        raise NoDocument(_no_document(fields, name))
    if value[:3].lower() == b"%3c" or b"<" in value[:80] or value[:9].lower() == b"%ef%bb%bf":
        return unquote_to_bytes(value.replace(b"+", b" "))
    return value  # base64, whose own decoder knows the escapes that can be in it, and keeps a bare +


def _fields(text: bytes) -> dict[str, bytes]:
    """The fields that EMREX knows, as they were sent; the first of each name that has a value."""
    starts = sorted(_starts(text))
    fields: dict[str, bytes] = {}
    for number, (_, start, key) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(text)
        cut = text.find(b"&", start, end)
        value = text[start : end if cut < 0 else cut]
        if not fields.get(key):
            fields[key] = value
    return fields


def _starts(text: bytes) -> Iterator[tuple[int, int, str]]:
    """Where each field begins, where its value does, and its name."""
    for key in _KEYS:
        at = -1
        for _ in range(_FIELDS):
            at = text.find(b"%b=" % key, at + 1)
            if at < 0:
                break
            if text[at - 1 : at] in _BETWEEN or not text[:at].strip(_AROUND):
                yield at, at + len(key) + 1, key.decode()


def _no_document(fields: dict[str, bytes], name: str) -> Diagnostic:
    said = {key: unquote_plus(value.decode(errors="replace")).strip() for key, value in fields.items()}
    code, message = said.get("returnCode", ""), said.get("returnMessage", "")
    meaning, advice = _MEANINGS.get(code, _UNKNOWN)
    words = [word for word in (None if code in _MEANINGS else code, message) if word]
    facts = {
        "code": code if code in _MEANINGS else "an unknown return code" if code else "no return code",
        "opening": ' "' if words else "",
        "closing": '"' if words else "",
        "meaning": meaning,
        "advice": advice,
    }
    return Diagnostic(NO_DOCUMENT, XmlLocation(name), value=": ".join(words) if words else None, facts=facts)
