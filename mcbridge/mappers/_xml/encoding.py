"""What encoding a document is in: the byte order mark decides, then the declaration, then UTF-8 (XML 1.0, appendix F).

The XML libraries are handed UTF-8 only, so that all of them read the same characters
and none falls back on what its platform happens to know.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from mcbridge.errors import Unreadable
from mcbridge.mappers._xml.refusals import not_decoded

_DECLARED: Final = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_CHARSET: Final = (
    r"ascii|utf-8|utf-16(?:-[bl]e)?|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|tis-620|hp-roman8|kz1048|ptcp154"
    r"|big5\w*|gb2312|gbk|gb18030|euc_\w+|shift_jis\w*|johab"
)
"""Names, as Python's codecs call them, of encodings for text that people store documents in."""


def utf8(data: bytes, name: str) -> bytes:
    """The document in UTF-8 and without byte order mark, whatever it was in; bytes that claim to be UTF-8 as they are.

    Raises ``Unreadable`` for an encoding that is unknown, or is not what the bytes are in.
    """
    if data.startswith(codecs.BOM_UTF8):
        return data[3:]
    if data.startswith((codecs.BOM_UTF16_LE, b"<\0")):
        return _recoded(data, "utf-16-le", name)
    if data.startswith((codecs.BOM_UTF16_BE, b"\0<")):
        return _recoded(data, "utf-16-be", name)
    declared = _DECLARED.match(data)
    if declared is None:
        return data
    stated = declared[1].decode()
    try:
        encoding = codecs.lookup(stated).name
    except LookupError as error:
        raise not_decoded(stated, name) from error
    if encoding == "utf-8":
        return data
    if not re.fullmatch(_CHARSET, encoding):
        raise not_decoded(stated, name)
    if encoding.startswith("utf-16"):
        raise Unreadable(
            f"the declaration says {stated}, but the bytes are not in it",
            where=f"{name}:1",
            hint='write encoding="UTF-8" into the first line, or save the file in UTF-16',
        )
    return _recoded(data, encoding, name)


def _recoded(data: bytes, encoding: str, name: str) -> bytes:
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as error:
        raise not_decoded(encoding, name, error) from error
