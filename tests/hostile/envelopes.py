"""Envelopes that somebody made badly, or on purpose; those that must be read are beside them."""

from __future__ import annotations

import base64
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from typing import Final

from tests.hostile.documents import MILLION, SPACE, Bad, blow_up, course, elmo, laughs, nested, outside

MEGABYTE: Final = 1024 * 1024
EWP: Final = "https://github.com/erasmus-without-paper/ewp-specs-api-imobility-tors/tree/stable-v1"


def bomb(megabytes: int) -> bytes:
    """Gzip of so many megabytes of zeros, each a thousandth of that."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = struct.pack("<2L", 0, megabytes * MEGABYTE & 0xFFFFFFFF)
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + block * megabytes + b"\x03\x00" + end


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive."""
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(name, data)
        return buffer.getvalue()


def overlapping() -> bytes:
    """An archive whose directory names the same member ten thousand times."""
    one = zipped([("a", bytes(10 * MEGABYTE))])
    directory = one.index(b"PK\x01\x02")
    entry, end = one[directory : one.index(b"PK\x05\x06")], bytearray(one[one.index(b"PK\x05\x06") :])
    many = 9_999
    end[8:16] = struct.pack("<2HL", many, many, len(entry) * many)
    return one[:directory] + entry * many + bytes(end)


def encoded(data: bytes) -> bytes:
    """base64."""
    return base64.b64encode(data)


def response(value: bytes, code: bytes = b"NCP_OK") -> bytes:
    """What an EMREX provider posts; base64 is escaped as a form demands."""
    escaped = value.replace(b"+", b"%2B").replace(b"/", b"%2F").replace(b"=", b"%3D")
    return b"sessionId=0123456789abcdef&returnCode=%b&returnMessage=&elmo=%b" % (code, escaped)


def body(inside: str) -> bytes:
    """A SOAP message."""
    space = "http://schemas.xmlsoap.org/soap/envelope/"
    return f'<s:Envelope xmlns:s="{space}"><s:Body>{inside}</s:Body></s:Envelope>'.encode()


def tors(inside: Iterable[str]) -> bytes:
    """A response of EWP."""
    parts = "".join(f"<tor><omobility-id>o</omobility-id>{one}</tor>\n" for one in inside)
    return f'<imobility-tors-get-response xmlns="{EWP}">{parts}</imobility-tors-get-response>'.encode()


def many_namespaces() -> bytes:
    """A response with two thousand prefixes around a thousand documents."""
    declared = " ".join(f'xmlns:p{n}="urn:{n}"' for n in range(2_000))
    parts = f'<tor><elmo xmlns="{SPACE}"><report/></elmo></tor>' * 1_000
    return f"<tors-response {declared}>{parts}</tors-response>".encode()


def attached(megabytes: int) -> bytes:
    """A valid document with an attachment of so many megabytes, which nothing packs."""
    content = encoded(payload(megabytes)).decode()
    uri = f"data:application/pdf;base64,{content}"
    attachment = f"<attachment><title>T</title><type>Other</type><content>{uri}</content></attachment>"
    return elmo(after=attachment).encode()


def payload(megabytes: int) -> bytes:
    """Bytes that nothing packs, the same at any time."""
    from random import Random

    return b"%PDF-" + Random(megabytes).randbytes(megabytes * MEGABYTE)  # noqa: S311 - test data


def _layers(count: int) -> bytes:
    data = elmo().encode()
    for _ in range(count):
        data = encoded(gzip.compress(data))
    return data


_PLAIN: Final = elmo(head="")
_CANCELLED: Final = b"sessionId=1&returnCode=NCP_CANCEL&returnMessage=%s"

REFUSED: Final = (
    Bad("a gzip bomb of 2 GB", lambda: bomb(2_000), "unfolds to more than 200 times", "bad.in:"),
    Bad("a small gzip bomb", lambda: bomb(100), "unfolds to more than 200 times", "bad.in:"),
    Bad("a zip bomb", lambda: zipped([("a.xml", bytes(100 * MEGABYTE))]), "unfolds to more than 200 times", "bad.in:"),
    Bad(
        "a zip bomb of many members",
        lambda: zipped((f"{n}.xml", bytes(5 * MEGABYTE)) for n in range(40)),
        "unfolds to more than 200 times",
        "bad.in:",
    ),
    Bad("a zip bomb of one member in many places", overlapping, "unfolds to more than 200 times", "bad.in:"),
    Bad("twenty thousand members", lambda: zipped((str(n), b"") for n in range(20_000)), "at most 10,000", "bad.in:"),
    Bad("gzip in gzip", lambda: gzip.compress(gzip.compress(elmo().encode())), "archive within an archive", "bad.in:"),
    Bad("zip in gzip", lambda: gzip.compress(zipped([("a", elmo().encode())])), "archive within an archive", "bad.in:"),
    Bad(
        "gzip in zip", lambda: zipped([("a", gzip.compress(elmo().encode()))]), "archive within an archive", "bad.in!a:"
    ),
    Bad("a bomb in base64", lambda: encoded(bomb(2_000)), "unfolds to more than 200 times", "bad.in:"),
    Bad(
        "a bomb in base64 in a form",
        lambda: response(encoded(bomb(2_000))),
        "unfolds to more than 200 times",
        "bad.in:",
    ),
    Bad(
        "a bomb in base64 in SOAP",
        lambda: body(f"<elmo>{encoded(bomb(2_000)).decode()}</elmo>"),
        "more than",
        "bad.in!elmo[1]",
    ),
    Bad(
        "a thousand bombs in base64 in SOAP",
        lambda: body(f"<elmo>{encoded(bomb(9)).decode()}</elmo>\n" * 1_000),
        "more than",
        "bad.in!elmo[",
    ),
    Bad(
        "a thousand large documents of nothing in base64 in SOAP",
        lambda: body(f"<elmo>{encoded(gzip.compress(bytes(9 * MEGABYTE))).decode()}</elmo>" * 1_000),
        "more than",
        "bad.in!elmo[",
    ),
    Bad("base64 of 100 MB", lambda: encoded(b"\x1f\x8b\x08" + bytes(75 * MEGABYTE)), "at most 50,331,648", "bad.in:"),
    Bad("base64 of escapes only", lambda: b"H4sIAAAAAAAAAAAAAAAA" + b"%2B" * 15 * MILLION, "damaged", "bad.in:"),
    Bad("base64 that is cut off", lambda: encoded(gzip.compress(attached(1)))[:100_000], "damaged", "bad.in:"),
    Bad("base64 with a hole", lambda: encoded(gzip.compress(attached(1))) + b"\n*\n", "damaged", "bad.in:"),
    Bad("six envelopes", lambda: _layers(3), "more than 4 envelopes", "bad.in:"),
    Bad("a form body of 100 MB", lambda: response(b"QUJD" * 25 * MILLION), "at most 50,331,648", "bad.in:"),
    Bad("a form of six million fields", lambda: b"elmo=" + b"&elmo=" * 6 * MILLION, "no return code", "bad.in:"),
    Bad("a form of line breaks", lambda: b"elmo=" + b"\r\n" * 20 * MILLION, "no return code", "bad.in:"),
    Bad("a form with a word for a document", lambda: response(b"none"), "neither base64 of gzip nor", "bad.in:"),
    Bad("a form without one", lambda: _CANCELLED % (b"x" * 1_000), "the learner ended it", "bad.in:"),
    Bad(
        "100,000 transcripts",
        lambda: tors(["<elmo><report/></elmo>"] * 100_000),
        "more than 10,000 documents",
        "bad.in:",
    ),
    Bad("100,000 mobilities without any", lambda: tors([""] * 100_000), "no <elmo> in it", "bad.in:"),
    Bad("two million declarations", many_namespaces, "too many declarations", "bad.in:"),
    Bad(
        "100,000 texts that look like documents",
        lambda: body(f"<a>{'PD94bWwg' * 10}</a>" * 100_000),
        "no <elmo> in it",
        "bad.in:",
    ),
    Bad("300 levels in a wrapper", lambda: tors([elmo(head="", inside=nested(300))]), "256 deep", "bad.in:"),
    Bad("elmo in elmo in elmo", lambda: b"<elmo>" * 100_000 + b"</elmo>" * 100_000, "256 deep", "bad.in:"),
    Bad("a text of 11 MB", lambda: elmo("x" * 11 * MILLION).encode(), "11,000,000 characters", "title[1]"),
    Bad("a text of 11 MB in a wrapper", lambda: tors([elmo("x" * 11 * MILLION, head="")]), "11,000,000", "title[1]"),
    Bad(
        "a text of 11 MB in base64",
        lambda: encoded(elmo("x" * 11 * MILLION).encode()),
        "11,000,000 characters",
        "title[1]",
    ),
    Bad(
        "entities in an escaped document",
        lambda: body("<elmo><![CDATA[" + laughs() + "]]></elmo>"),
        "DOCTYPE",
        "bad.in!elmo[1]:",
    ),
)

_LONG: Final = f"<!DOCTYPE elmo [{'<!-- - -->' * 2 * MILLION}]>\n"
TYPED: Final = (
    Bad("a bomb of entities", lambda: laughs().encode(), "DOCTYPE", ":1:1"),
    Bad("a quadratic blow-up", lambda: blow_up().encode(), "DOCTYPE", "bad.in:"),
    Bad("an entity from a file", lambda: outside("file:///etc/hostname").encode(), "DOCTYPE", ":1:1"),
    Bad("an entity from the network", lambda: outside("http://127.0.0.1:9/x").encode(), "DOCTYPE", ":1:1"),
    Bad(
        "a parameter entity",
        lambda: elmo(head='<!DOCTYPE elmo [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>\n').encode(),
        "DOCTYPE",
        ":1:1",
    ),
    Bad(
        "an entity that only the DTD could know",
        lambda: elmo("a&school;b", head='<!DOCTYPE elmo SYSTEM "a.dtd">\n').encode(),
        "&school;",
        "",
    ),
    Bad("a DOCTYPE of 20 MB", lambda: elmo(head=_LONG).encode(), "DOCTYPE", "bad.in:"),
    Bad("a DOCTYPE that does not end", lambda: elmo(head="<!DOCTYPE elmo [\n").encode(), "DOCTYPE", ":1:1"),
    Bad(
        "two DOCTYPEs",
        lambda: elmo(head="<!DOCTYPE elmo>\n<!DOCTYPE elmo [<!ENTITY a 'b'>]>\n").encode(),
        "DOCTYPE",
        ":2:1",
    ),
)
"""Refused even where somebody allows a DOCTYPE."""

READ: Final[dict[str, tuple[Callable[[], bytes], int]]] = {
    "100 levels of courses": (lambda: elmo(inside=nested(80)).encode(), 1),
    "100 levels in a wrapper": (lambda: tors([elmo(head="", inside=nested(80))]), 1),
    "a hundred transcripts": (lambda: tors(elmo(f"Tečaj {n}", head="") for n in range(100)), 100),
    "50,000 facts beside one": (
        lambda: body(elmo(head="") + "<fact kind='x'>1</fact>" * 50_000 + course("nobody's")),
        1,
    ),
}
"""Large, and yet what somebody may send: how many records there are in it."""
