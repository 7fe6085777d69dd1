"""Credentials made up by Hypothesis from the types of the model.

Any field may be filled with anything its type allows, mostly with what real records hold. A record that has what
formats demand (a learner with names, an issuer, a date) is made more often than one that has not.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import types
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final

import msgspec
from hypothesis import strategies as st
from msgspec.structs import replace

from mcbridge.model import (
    MODEL_VERSION,
    Achievement,
    Address,
    Category,
    Concept,
    Content,
    Credential,
    Credit,
    Document,
    Field,
    Identifier,
    Learner,
    Level,
    Link,
    Organisation,
    Place,
    Residue,
    SourceRef,
    Spelling,
    Text,
)
from mcbridge.origins import Contents

DEEPEST: Final = 6
"""Below this no struct is made unless a field demands it."""

_BYTES: Final = (b"%PDF-1.7 invented", b"\x89PNG\r\n\x1a\n", b"", b"hello")
_TRICKY: Final = (
    "",
    " ",
    "Maps for beginners",
    "Karte č š ž đ ć",
    " padded  twice ",
    "first line\nsecond line",
    "<b>bold</b> & more",
    "]]>",
    "'single' \"double\"",
    "tab\there",
    "carriage\rreturn",
    "a\x01b",
    "\ufffe",
    "\u00a0no break\u00a0",
    "😀",
    "-3",
    "7,5",
    "{braces}",
)
_LANGUAGES: Final = ("en", "hr", "de-AT", "EN", "nb", "x-invented")
_COUNTRIES: Final = ("HR", "SI", "NO", "XK", "EL", "GBR", "hr")
_IDS: Final = ("org-1", "org-2", "guild", "urn:epass:org:7")
_SCHEMES: Final = (
    "ects",
    "ECTS",
    "isced-f",
    "erasmus-subject-area",
    "elmo-los-type",
    "elmo-attachment-type",
    "http://data.europa.eu/snb/learning-opportunity/25831c2",
    "EQF",
    "HKO",
    "urn:example:scheme",
)
_CODES: Final = (
    "Course",
    "Module",
    "Micro Credential",
    "05053c1cbe",
    "http://data.europa.eu/snb/learning-opportunity/05053c1cbe",
    "course",
    "0532",
    "6",
    "first",
    "local",
    "Bachelor",
    "unheard of",
)
_MOMENTS: Final = st.datetimes(
    min_value=dt.datetime(1, 1, 2),  # noqa: DTZ001 - the zone comes from the strategy below
    max_value=dt.datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.one_of(
        st.none(), st.integers(-14 * 60 + 1, 14 * 60 - 1).map(lambda found: dt.timezone(dt.timedelta(minutes=found)))
    ),
)


def mostly(usual: st.SearchStrategy[Any], else_: st.SearchStrategy[Any], times: int) -> st.SearchStrategy[Any]:
    """The one so many times as often as the other."""
    return st.sampled_from([True] * times + [False]).flatmap(lambda often: usual if often else else_)


def strings() -> st.SearchStrategy[str]:
    """Text that a record may hold."""
    letters = st.characters(exclude_categories=["Cs"])
    return mostly(st.sampled_from(_TRICKY), st.text(letters, max_size=12), 2)


def _often(*usual: str) -> st.SearchStrategy[str]:
    return mostly(st.sampled_from(usual), strings(), 8)


def kept() -> Contents:
    """The bytes that made-up records speak of."""
    contents = Contents()
    for data in _BYTES:
        contents.keep(data)
        contents.keep(_written(data).encode())
    contents.keep("no base64 at all: č".encode())
    return contents


def _written(data: bytes) -> str:
    return f"data:application/pdf;base64,\n{base64.b64encode(data).decode()}"


def _contents() -> st.SearchStrategy[Content]:
    """Descriptions that say what is so, of bytes that are there and of others."""

    def fine(data: bytes, lang: str | None, media: str | None, *, written: bool) -> Content:
        name = hashlib.sha256(data).hexdigest()
        if not written:
            return Content(sha256=name, size=len(data), lang=lang, media_type=media)
        text = hashlib.sha256(_written(data).encode()).hexdigest()
        return Content(sha256=name, size=len(data), lang=lang, media_type="application/pdf", written=text)

    raw = "no base64 at all: č".encode()
    odd = Content(sha256=hashlib.sha256(raw).hexdigest(), size=len(raw), state="undecodable")
    away = Content(sha256="0" * 64, size=7, media_type="image/png")
    langs = st.sampled_from((None, *_LANGUAGES))
    media = st.sampled_from((None, "application/pdf", "image/png", "text/plain;charset=utf-8"))
    some = st.builds(fine, st.sampled_from(_BYTES), langs, media, written=st.booleans())
    return mostly(some, st.sampled_from((odd, away)), 3)


def _residues() -> st.SearchStrategy[Residue]:
    paths = st.one_of(
        st.sampled_from(("extension[1]", "title[2]", "@x", "text()[1]", "specifies/extension[1]", "/colour", "@a b")),
        strings(),
    )
    contents = st.one_of(
        st.sampled_from(
            (
                "<extension/>",
                '<extension xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><x xmlns="urn:x"/></extension>',
                "<unclosed",
                "</elmo>",
                '"blue"',
            )
        ),
        strings(),
    )
    formats = st.sampled_from(("edc", "csv", "other", "elmo"))
    return st.builds(Residue, format=formats, path=paths, content=contents)


def _spellings() -> st.SearchStrategy[Spelling]:
    paths = ("period.start", "title[0]", "specification.title[0]", "birthDate", "issued", "credits[0]", "points")
    texts = ("2031-02-28Z", "+6", "<title>Maps for beginners</title>", "<evil/>", "<unclosed", "")
    return st.builds(
        Spelling,
        format=st.sampled_from(("elmo", "edc")),
        path=st.sampled_from(paths),
        text=mostly(st.sampled_from(texts), strings(), 2),
    )


_WORDS: Final[Mapping[tuple[type | None, str], Callable[[], st.SearchStrategy[Any]]]] = {
    (None, "lang"): lambda: _often(*_LANGUAGES),
    (None, "languages"): lambda: _often(*_LANGUAGES),
    (None, "primary_language"): lambda: _often(*_LANGUAGES),
    (None, "country"): lambda: _often(*_COUNTRIES),
    (None, "citizenships"): lambda: _often(*_COUNTRIES),
    (None, "grading_scheme"): lambda: _often("scale", "other-scale"),
    (None, "gender"): lambda: _often("1", "2", "FEMALE"),
    (None, "contact_hours"): lambda: _often("30", "17.5", "30 h"),
    (Credit, "scheme"): lambda: _often("ects", "ECTS", "ecvet"),
    (Credit, "level"): lambda: _often("Bachelor", "Master"),
    (Level, "value"): lambda: _often("6", "7", "first"),
    (Level, "scheme"): lambda: _often("EQF", "HKO", "NQF"),
    (Concept, "code"): lambda: _often(*_CODES),
    (Concept, "scheme"): lambda: _often(*_SCHEMES),
    (Field, "scheme"): lambda: _often("isced-f", "erasmus-subject-area", "urn:example:fields"),
    (Field, "code"): lambda: _often("0532", "07.1"),
    (Identifier, "type"): lambda: _often("local", "schac", "internal"),
    (Link, "url"): lambda: _often("https://www.example.edu/", "www.example.edu"),
    (Category, "count"): lambda: st.integers(0, 500),
    (Document, "format"): lambda: _often("edc", "csv"),
    (Document, "position"): lambda: st.integers(1, 3),
    (Document, "count"): lambda: st.integers(1, 3),
    (SourceRef, "document"): strings,
}
_REFERENCES: Final = frozenset(
    ("agency", "assessors", "bodies", "directed_by", "issuer", "member_of", "organisations", "providers")
)


@cache
def _hints(shape: Any) -> dict[str, Any]:
    return typing.get_type_hints(shape)


@st.composite
def structs(draw: st.DrawFn, shape: Any, depth: int = 0) -> Any:
    """A struct with some of its fields, fewer the deeper it stands."""
    infos = {info.name: info for info in msgspec.structs.fields(shape)}
    optional = [name for name, info in infos.items() if not info.required]
    if depth >= DEEPEST:
        optional = [name for name in optional if _flat(_hints(shape)[name])]
    most = max(1, 7 - depth)
    chosen = draw(st.lists(st.sampled_from(optional), max_size=most, unique=True)) if optional else []
    required = [name for name, info in infos.items() if info.required]
    return shape(**{name: draw(_field(shape, name, _hints(shape)[name], depth + 1)) for name in (*required, *chosen)})


def _flat(kind: Any) -> bool:
    parts = (kind, *typing.get_args(kind))
    return not any(isinstance(part, type) and issubclass(part, msgspec.Struct) for part in parts)


def _field(shape: type, name: str, kind: Any, depth: int) -> st.SearchStrategy[Any]:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return _field(shape, name, next(part for part in inner if part is not type(None)), depth)
    if origin is tuple:
        return st.lists(_field(shape, name, inner[0], depth), min_size=1, max_size=2 if depth > 2 else 3).map(tuple)
    if origin is typing.Literal:
        return st.sampled_from(inner)
    known = _WORDS.get((shape, name)) or _WORDS.get((None, name))
    if known is not None and kind in {str, int}:
        return known()
    if kind is str:
        return _often(*_IDS) if name in _REFERENCES else strings()
    return _plain(kind, depth)


def _plain(kind: Any, depth: int) -> st.SearchStrategy[Any]:
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(0, 120)
    if kind is Decimal:
        numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-10, max_value=1000, places=2)
        return st.one_of(numbers, st.sampled_from((Decimal("1E+3"), Decimal("-0"), Decimal("0.54166666666667"))))
    if kind is dt.datetime:
        return _MOMENTS
    if kind is dt.date:
        return st.dates()
    if kind is Content:
        return _contents()
    if kind is Residue:
        return _residues()
    if kind is Spelling:
        return _spellings()
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return structs(kind, depth)


_CLAIMS: Final = ("achievements", "activities", "assessments", "entitlements", "parts")


def _titled(claim: Any) -> Any:
    """A claim whose parts and companions have titles, as it has itself."""
    inner = {name: tuple(map(_titled, getattr(claim, name))) for name in _CLAIMS if hasattr(claim, name)}
    return replace(claim, title=claim.title or (Text("Maps for beginners", "en"),), **inner)


def _framed(made: Credential, issuer: Organisation, learner: Learner) -> Credential:
    """The record with what most formats demand."""
    names = {"given_names": (Text("Ada"),), "family_name": (Text("Nepostojeća"),)}
    school = replace(
        issuer,
        id="org-1",
        names=(Text("University of Nowhere", "en"), *issuer.names),
        identifiers=(Identifier(value="example.edu", type="schac"), *issuer.identifiers),
        homepages=(Link(url="https://www.example.edu/"), *issuer.homepages),
        places=issuer.places or (Place(addresses=(Address(country="HR"),)),),
    )
    others = {one.id: one for one in made.organisations if one.id != "org-1"}
    return replace(
        made,
        version=MODEL_VERSION,
        issuer="org-1",
        issued=made.issued or dt.datetime(2031, 5, 2, 9, 30, tzinfo=dt.UTC),
        learner=replace(learner, **names),
        achievements=tuple(map(_titled, made.achievements or (Achievement(),))),
        activities=tuple(map(_titled, made.activities)),
        assessments=tuple(map(_titled, made.assessments)),
        entitlements=tuple(map(_titled, made.entitlements)),
        organisations=(*others.values(), school),
        grading_schemes=tuple({one.id: one for one in made.grading_schemes}.values()),
    )


def credentials() -> st.SearchStrategy[Credential]:
    """Credentials, most of them with what formats demand."""
    bare = structs(Credential).map(lambda made: replace(made, version=MODEL_VERSION))
    framed = st.builds(_framed, structs(Credential), structs(Organisation, 2), structs(Learner, 1))
    return mostly(framed, bare, 6)
