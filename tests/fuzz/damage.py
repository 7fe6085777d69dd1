"""What can happen to a file: bytes lost, doubled and turned over, pieces of other files, other encodings, odd sizes."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from random import Random
from typing import Any, Final

from lxml import etree

WORDS: Final = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    "\u202e".encode(),
    "\u00a0".encode(),
    "\u2028".encode(),
    "\U0001f9ff".encode(),
    b"\x1a",
    b"\r",
    b"\x0b",
    b"&",
    b"<",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?pi?>",
    b"<![CDATA[",
    b"<!DOCTYPE elmo>",
    b"&#0;",
    b"&#x10FFFF;",
    b"&unknown;",
    b'xmlns:x=""',
    b' xml:lang="x"',
    b' xsi:nil="true"',
    b"null",
    b"true",
    b"[]",
    b"{}",
    b'""',
    b"\\ud800",
    b"\\u0000",
    b"NaN",
    b"Infinity",
    b"-",
    b"-0",
    b"1e400",
    b"1e-400",
    b"9" * 400,
    b"0." + b"3" * 300,
    b"1,5",
    b"0000-00-00",
    b"-0001-01-01",
    b"9999-12-31T24:00:00+14:00",
    b"99999-01-01",
    b"2031-02-30",
    b"12:60",
    b";",
    b'"',
    b"'",
    b"\t",
    b"\n\n",
    b"=cmd|' /C calc'!A0",
    b"data:;base64,####",
    b"data:application/pdf;base64,",
    b"http://[::1",
    b"//",
    b"%",
    b"urn:",
    b"%00",
    b"../../x",
    b" " * 300,
)

ENCODINGS: Final = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1250", "cp1252", "cp037", "utf-7")

_TAG: Final = re.compile(rb"</?[A-Za-z_][\w:.-]*")
_STRING: Final = re.compile(rb'"(?:[^"\\\n]|\\.){0,200}"')
_NUMBER: Final = re.compile(rb"-?\d+(?:[.,]\d+)?")
_PIECE: Final = re.compile(rb"<[^<>]*>|[^<>\n;,{}\[\]]+|[\n;,{}\[\]]")

Damage = Callable[[bytes, bytes, Random], bytes]


def damaged(data: bytes, other: bytes, random: Random) -> bytes:
    """The file after one to a few accidents; ``other`` is a file that pieces may come from."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5, 12))):
        data = DAMAGES[random.choice(NAMES)](data, other, random)[:LARGEST]
    return data


LARGEST: Final = 400_000


def _at(data: bytes, random: Random) -> int:
    return random.randint(0, len(data))


def _span(data: bytes, random: Random) -> tuple[int, int]:
    start = _at(data, random)
    return start, min(len(data), start + random.choice((1, 2, 8, 40, 200, 2000)))


def _flipped(data: bytes, other: bytes, random: Random) -> bytes:
    found = bytearray(data)
    for _ in range(random.choice((1, 1, 3, 20)) if found else 0):
        found[random.randrange(len(found))] ^= 1 << random.randrange(8)
    return bytes(found)


def _cut(data: bytes, other: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[end:]


def _doubled(data: bytes, other: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:end] + data[start:end] * random.choice((1, 1, 2, 30)) + data[end:]


def _truncated(data: bytes, other: bytes, random: Random) -> bytes:
    return data[: _at(data, random)]


def _beheaded(data: bytes, other: bytes, random: Random) -> bytes:
    return data[_at(data, random) :]


def _spliced(data: bytes, other: bytes, random: Random) -> bytes:
    start, end = _span(other, random)
    at = _at(data, random)
    return data[:at] + other[start:end] + data[random.choice((at, _at(data, random))) :]


def _joined(data: bytes, other: bytes, random: Random) -> bytes:
    return data[: _at(data, random)] + other[_at(other, random) :]


def _worded(data: bytes, other: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + random.choice(WORDS) + data[random.choice((start, end)) :]


def _swapped(pattern: re.Pattern[bytes]) -> Damage:
    """Two of a kind change places, or one becomes another's copy."""

    def swap(data: bytes, other: bytes, random: Random) -> bytes:
        found = list(pattern.finditer(data))
        if len(found) < 2:
            return data
        one, two = sorted(random.sample(found, 2), key=lambda each: each.start())
        first = two[0] if random.random() < 0.7 else one[0]
        second = one[0] if random.random() < 0.7 else two[0]
        return data[: one.start()] + first + data[one.end() : two.start()] + second + data[two.end() :]

    return swap


def _said(pattern: re.Pattern[bytes], before: bytes = b"", after: bytes = b"") -> Damage:
    """One of a kind says something odd."""

    def say(data: bytes, other: bytes, random: Random) -> bytes:
        found = list(pattern.finditer(data))
        if not found:
            return data
        one = random.choice(found)
        return data[: one.start()] + before + random.choice(WORDS) + after + data[one.end() :]

    return say


def _pieces(data: bytes, other: bytes, random: Random) -> bytes:
    """Tags, cells or values in another order, doubled or gone; what is around them stays."""
    found = _PIECE.findall(data)
    if len(found) < 3:
        return data
    at, to = sorted(random.sample(range(len(found)), 2))
    match random.randrange(4):
        case 0:
            found[at], found[to] = found[to], found[at]
        case 1:
            del found[at : min(to, at + 20)]
        case 2:
            found[at:at] = found[to : to + random.choice((1, 5, 40))]
        case _:
            found.insert(to, found.pop(at))
    return b"".join(found)


def _branched(data: bytes, other: bytes, random: Random) -> bytes:
    """A file that is still well-formed: parts of its tree in other places, doubled, gone, or something else."""
    if data.lstrip()[:1] in {b"{", b"["}:
        try:
            return json.dumps(_json(json.loads(data), random), ensure_ascii=random.random() < 0.5).encode()
        except (ValueError, RecursionError):
            return data
    return _xml(data, other, random)


ODD: Final[Sequence[Any]] = (
    *(None, True, False, 0, -1, 1e308, 10**30, 0.1, "", " ", "x", "0", "http://", "2031-02-30", "\u202e", "x" * 3000),
    *([], {}, [[]], [None], {"": ""}, [{}, 1, "x"], {"id": "#"}, {"type": None}, {"@id": "_:x"}, {"en": ["a", 1]}),
)


def _json(tree: Any, random: Random) -> Any:
    places: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        places += [(node, key) for key in keys]
        waiting += [node[key] for key in keys]
    for _ in range(random.choice((1, 1, 2, 4)) if places else 0):
        (node, key), (theirs, where) = random.choice(places), random.choice(places)
        try:
            match random.randrange(7):
                case 0:
                    node[key] = random.choice(ODD)
                case 1:
                    del node[key]
                case 2:
                    node[key] = deepcopy(theirs[where])
                case 3:
                    node[key] = [node[key]] * random.choice((1, 2, 40))
                case 4 if isinstance(node, dict):
                    node[random.choice(("x", "", "id", "type", "@type", "@value", where))] = node.pop(key)
                case 5 if isinstance(node[key], str):
                    node[key] = random.choice((f" {node[key]}", node[key].upper(), node[key][:-1], node[key] * 2, 7))
                case _:
                    node[key], theirs[where] = theirs[where], node[key]
        except (KeyError, IndexError):
            continue  # it went with something else
    return tree


def _xml(data: bytes, other: bytes, random: Random) -> bytes:
    try:
        root = etree.fromstring(data, _PARSER)
        elements = list(root.iter("*"))
    except (etree.XMLSyntaxError, ValueError):
        return data
    for _ in range(random.choice((1, 1, 2, 4))):
        one, two = random.choice(elements), random.choice(elements)
        above = one.getparent()
        match random.randrange(8):
            case 0 if above is not None:
                above.remove(one)
            case 1 if above is not None:
                for _ in range(random.choice((1, 1, 3, 40))):
                    above.insert(above.index(one), deepcopy(one))
            case 2 if one not in two.iterancestors() and one is not two:
                two.insert(random.randint(0, len(two)), one)
            case 3:
                two.insert(random.randint(0, len(two)), deepcopy(one))
            case 4:
                one.tag = random.choice((two.tag, etree.QName(one).localname, "{urn:example:x}y"))
            case 5:
                one.text = random.choice(WORDS).decode("latin-1").translate(_NOT_IN_XML)
            case 6:
                name = random.choice((*one.attrib, *two.attrib, "x", _LANG))
                one.set(name, random.choice(WORDS).decode(errors="replace").translate(_NOT_IN_XML))
            case _:
                one.text, two.text = two.text, one.text
    return etree.tostring(root)


_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_IN_XML: Final = dict.fromkeys({*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF})


def _recoded(data: bytes, other: bytes, random: Random) -> bytes:
    try:
        return data.decode().encode(random.choice(ENCODINGS), errors=random.choice(("replace", "xmlcharrefreplace")))
    except UnicodeError:
        return data.decode("latin-1").encode()


def _mistaken(data: bytes, other: bytes, random: Random) -> bytes:
    """Read in one encoding and saved in another."""
    return data.decode(random.choice(("cp1252", "latin-1", "cp1250")), errors="replace").encode()


def _declared(data: bytes, other: bytes, random: Random) -> bytes:
    word = random.choice((*ENCODINGS, "x-unknown", "rot13", "idna", "punycode", "base64", "zip", "IBM500", "UTF-8"))
    said = f'<?xml version="{random.choice(("1.0", "1.1", "2"))}" encoding="{word}"?>'.encode()
    return said + re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data)


def _deep(data: bytes, other: bytes, random: Random) -> bytes:
    times = random.choice((10, 100, 300, 3000, 20000))
    at = _at(data, random)
    opening, closing = random.choice(
        (
            (b"<x>", b"</x>"),
            (b"<extension>", b"</extension>"),
            (b"<hasPart><learningOpportunitySpecification>", b"</learningOpportunitySpecification></hasPart>"),
            (b"[", b"]"),
            (b'{"x":', b"}"),
            (b'{"parts":[', b"]}"),
            (b'{"hasPart":', b"}"),
            (b'"', b'"'),
            (b"<!--", b"-->"),
        )
    )
    return data[:at] + opening * times + closing * random.choice((times, times, times - 1, 0)) + data[at:]


def _long(data: bytes, other: bytes, random: Random) -> bytes:
    at = _at(data, random)
    filler = random.choice((b"x", b" ", b"9", b"\n", b";", b"a=", b"&amp;", b"\xc3\xa9", b"AAEC"))
    form = random.choice((b"%s", b' long="%s"', b'"%s"', b"<a>%s</a>", b"<!--%s-->"))
    return data[:at] + form.replace(b"%s", filler * random.choice((1000, 20_000, 100_000))) + data[at:]


def _packed(data: bytes, other: bytes, random: Random) -> bytes:
    match random.randrange(4):
        case 0:
            return gzip.compress(data, mtime=0)
        case 1:
            return base64.b64encode(random.choice((data, gzip.compress(data, mtime=0))))
        case 2:
            sink = BytesIO()
            with zipfile.ZipFile(sink, "w", random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
                for name, inside in (("one.xml", data), ("../two.json", other)):
                    archive.writestr(zipfile.ZipInfo(name), inside)
            return sink.getvalue()
        case _:
            return b"sessionId=1&returnCode=NCP_OK&elmo=" + base64.b64encode(gzip.compress(data, mtime=0))


DAMAGES: Final[Mapping[str, Damage]] = {
    "flipped": _flipped,
    "cut": _cut,
    "doubled": _doubled,
    "truncated": _truncated,
    "beheaded": _beheaded,
    "spliced": _spliced,
    "joined": _joined,
    "worded": _worded,
    "tags": _swapped(_TAG),
    "strings": _swapped(_STRING),
    "numbers": _swapped(_NUMBER),
    "string said": _said(_STRING, b'"', b'"'),
    "number said": _said(_NUMBER),
    "text said": _said(re.compile(rb"(?<=>)[^<>]+(?=<)")),
    "pieces": _pieces,
    "branched": _branched,
    "recoded": _recoded,
    "mistaken": _mistaken,
    "declared": _declared,
    "deep": _deep,
    "long": _long,
    "packed": _packed,
}
# What leaves most of a file readable comes more often: it goes deeper.
NAMES: Final[Sequence[str]] = (
    *DAMAGES,
    *(4 * ("tags", "strings", "string said", "text said", "number said", "pieces", "numbers")),
    *(20 * ("branched",)),
    *(2 * ("flipped", "cut", "doubled", "worded", "spliced")),
)
