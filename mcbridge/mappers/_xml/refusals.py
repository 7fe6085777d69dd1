"""What the XML libraries complain about, in words: the one place where their errors become ours."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Final

from lxml.etree import ErrorTypes, XMLSyntaxError

from mcbridge.errors import InputError, NotThisFormat, Unreadable
from mcbridge.limits import raising

_PLACE: Final = re.compile(r"\s*,? line \d+(?:, column \d+)?\s*$")

_PIECE: Final = 1024 * 1024

_SENDER: Final = "ask the sender to export it again with a tool that writes XML"

# Error of libxml2 → what in its message to quote, our words with the quotes filled in, what to do.
_TABLE: Final[Mapping[int, tuple[str, str, str]]] = {
    ErrorTypes.ERR_DOCUMENT_EMPTY: (
        "",
        "this is not XML: it does not begin with an element",
        "check that the right file was sent; an ELMO or other XML document begins with <",
    ),
    ErrorTypes.ERR_DOCUMENT_END: (
        "",
        "something follows after the end of the document",
        "cut it off; when several documents stand in one file, give each its own",
    ),
    ErrorTypes.ERR_RESERVED_XML_NAME: (
        "",
        "the XML declaration does not stand at the very beginning",
        "remove what stands before <?xml, often an empty line",
    ),
    ErrorTypes.ERR_TAG_NAME_MISMATCH: (
        r"mismatch: (\S+) line (\d+) and (\S+)",
        "the element {0}, opened in line {1}, is closed as {2}",
        _SENDER,
    ),
    ErrorTypes.ERR_UNDECLARED_ENTITY: (
        r"Entity '(\S+)' not defined",
        "the entity &{0}; is not known to XML",
        "names such as &nbsp; belong to HTML: write the character itself, or its number (&#160;)",
    ),
    ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING: (
        "",
        "an & stands in the text by itself",
        "write &amp; for it; the exporting program should do so",
    ),
    ErrorTypes.ERR_NAME_REQUIRED: (
        "",
        "a < or & stands in the text by itself",
        "write &lt; or &amp; for it; the exporting program should do so",
    ),
    ErrorTypes.ERR_INVALID_CHAR: (
        r"Char (?:value )?(0x\w+|\d+)",
        "the character with the number {0} stands here, which XML does not allow",
        "remove it: control characters come from copied text, and no XML document may hold them",
    ),
    ErrorTypes.ERR_ATTRIBUTE_REDEFINED: (
        r"Attribute (\S+) redefined",
        "the attribute {0} stands twice in one element",
        _SENDER,
    ),
    ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: (
        r"prefix (\S+)",
        "the namespace prefix {0} is not declared",
        "declare it at the root, or cut the piece out of its document together with its namespaces",
    ),
}
_LIMITS: Final[Mapping[int, str]] = {
    ErrorTypes.ERR_RESOURCE_LIMIT: "elements are nested more than {depth} deep",
    ErrorTypes.ERR_NAME_TOO_LONG: "a name is longer than the parser reads",
}


class NotUtf8(Unreadable):
    """The bytes of a document are not UTF-8, and it does not say that they are in another encoding."""


def not_parsed(error: XMLSyntaxError, data: bytes, name: str, depth: int) -> InputError:
    """The error to raise for one of libxml2. ``data`` is what it was given, in UTF-8."""
    line, column = error.position
    code: int = error.code  # type: ignore[attr-defined]  # the stubs lack it
    where = f"{name}:{line}:{column}"
    if code in _LIMITS:
        return Unreadable(
            _LIMITS[code].format(depth=depth),
            where=where,
            hint=f"no transcript or credential needs that; ask the sender what was meant; {raising('depth')}",
        )
    if code == ErrorTypes.ERR_INVALID_ENCODING:
        return _not_utf8(data, where)
    if _cut_off(code, data, line, column):
        message, hint = "the document ends too early", "it was probably cut off on the way: fetch or export it again"
    else:
        message, hint = _worded(code, _PLACE.sub("", error.msg or ""))
    return NotThisFormat(message, where=where, hint=hint, line=line, column=column)


def _worded(code: int, theirs: str) -> tuple[str, str]:
    if code in _TABLE:
        pattern, message, hint = _TABLE[code]
        found = re.search(pattern, theirs)
        if found:
            return message.format(*map(_decimal, found.groups())), hint
    return f"this is not well-formed XML ({theirs})", _SENDER


def _decimal(found: str) -> str:
    """The number of a character, which libxml2 gives in either way."""
    return str(int(found, 16)) if re.fullmatch(r"0x[0-9A-Fa-f]+", found) else found


def not_decoded(encoding: str, name: str, error: UnicodeDecodeError | None = None) -> Unreadable:
    """The error to raise for bytes that are not in the encoding they claim, or an encoding that nobody knows."""
    if error is None:
        message = f"the document says that it is in {encoding}, an encoding that is not read"
    else:
        byte = error.object[error.start]
        message = f"byte {error.start + 1:,} (0x{byte:02X}) is not {encoding}, which the document says that it is in"
    return Unreadable(message, where=name, hint="save the document in UTF-8, or correct its first line")


def _not_utf8(data: bytes, where: str) -> NotUtf8:
    byte = ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
    except UnicodeDecodeError as error:
        byte = f" (0x{error.object[error.start]:02X})"
    return NotUtf8(
        f"the bytes here{byte} are not UTF-8, which an XML document is in unless it says otherwise",
        where=where,
        hint="the document is probably in windows-1252 or windows-1250: save it in UTF-8, or say so in its first line",
    )


def _cut_off(code: int, data: bytes, line: int, column: int) -> bool:
    """Whether nothing is closed any more after the place of the error."""
    last = data.rfind(b">")
    if last < 0 or code in (ErrorTypes.ERR_DOCUMENT_EMPTY, ErrorTypes.ERR_DOCUMENT_END):
        return last < 0 and data.startswith(b"<")
    last_line = data.count(b"\n", 0, last) + 1
    if last_line != line:
        return last_line < line
    start = data.rfind(b"\n", 0, last) + 1
    return len(data[start:last].decode(errors="replace")) + 1 < column
