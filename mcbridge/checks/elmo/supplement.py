"""Diploma supplements: version, numbers of sections, media types, and the degree that they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mcbridge.checks.elmo.clauses import clause
from mcbridge.checks.elmo.view import FORMAT, Finding, View, kind
from mcbridge.checks.texts import excerpt
from mcbridge.diagnostics import Severity
from mcbridge.model import DiplomaSupplement, Section

VERSION: Final = clause(
    "S53",
    "elmo/supplement-version-unknown",
    Severity.WARNING,
    "A diploma supplement of an unknown version",
    'the diploma supplement is of the version "{value}"',
    "write the year of the template: 1997, 2007 or 2018",
    "the template of the diploma supplement was agreed in 1997, 2007 and 2018",
    "<version>1.0</version>",
)
NUMBER: Final = clause(
    "S53",
    "elmo/supplement-section-number",
    Severity.WARNING,
    "A section that has not the number of its place",
    'a section of the diploma supplement is numbered "{value}", which does not fit its place',
    "number the sections 1 to 8, and those inside section 4 as 4.1, 4.2 and so on",
    "a supplement has eight sections, and the number of a section within another one extends its number",
    '<section number="3"> with <section number="4.1"> in it',
)
TYPE: Final = clause(
    "S53",
    "elmo/supplement-content-type",
    Severity.WARNING,
    "A section with an unknown kind of content",
    'the content of a section is said to be "{value}", which is no media type',
    "write the media type in full: text/plain or text/html",
    "the type is a media type of IANA",
    '<content type="html">',
)
ELEMENTS: Final = clause(
    "S53",
    "elmo/supplement-html-as-elements",
    Severity.WARNING,
    "HTML as elements of the document",
    "the content of a section holds elements instead of text: {value}",
    "ask whoever runs the export to put the HTML into CDATA, or to escape it",
    "HTML in a supplement is text: in CDATA, or with its signs escaped; validating readers refuse elements",
    "<content><p>…</p></content>",
)
NOT_A_DEGREE: Final = clause(
    "S53",
    "elmo/supplement-not-on-degree",
    Severity.WARNING,
    "A diploma supplement of something that is no degree",
    "a diploma supplement stands on {value}",
    "move it to the Degree Programme, or correct the type",
    "a diploma supplement explains a degree",
    "<type>Course</type> with <diplomaSupplement>",
)

_VERSIONS = frozenset(("1997", "2007", "2018"))
_MEDIA = re.compile(r"[a-z]+/[\w.+-]+(?:\s*;.*)?", re.IGNORECASE)
_TOP = re.compile(r"[1-8]\.?")


def supplements(view: View) -> Iterator[Finding]:
    """The diploma supplement of each achievement that has one."""
    for node in view.nodes:
        found = node.achievement.diploma_supplement
        if found is None:
            continue
        path = f"{node.path}.diplomaSupplement"
        word = kind(node.achievement)
        if word != "Degree Programme":
            yield NOT_A_DEGREE, path, "something without a type" if word is None else f"a {word}", {}
        if found.version is not None and found.version.strip() not in _VERSIONS:
            yield VERSION, f"{path}.version", found.version, {}
        yield from _sections(path, found)


def _sections(path: str, found: DiplomaSupplement) -> Iterator[Finding]:
    waiting = _inside(path, found.sections, "")
    while waiting:
        where, section, above = waiting.pop()
        number = section.number.strip()
        fits = number.startswith(f"{above}.") if above else _TOP.fullmatch(number)
        if not fits:
            yield NUMBER, f"{where}.number", section.number, {}
        if section.content_type is not None and not _MEDIA.fullmatch(section.content_type.strip()):
            yield TYPE, f"{where}.contentType", section.content_type, {}
        for spelling in section.spellings:
            if (
                spelling.format == FORMAT
                and spelling.path == "content"
                and "<" in spelling.text[1 : -len("</content>")]
            ):
                yield ELEMENTS, f"{where}.content", excerpt(re.sub(r"\A<[^<>]*>|<[^<>]*>\Z", "", spelling.text), 0), {}
        waiting += _inside(where, section.sections, number.rstrip("."))


def _inside(path: str, sections: tuple[Section, ...], above: str) -> list[tuple[str, Section, str]]:
    return [(f"{path}.sections[{at}]", each, above) for at, each in enumerate(sections)][::-1]
