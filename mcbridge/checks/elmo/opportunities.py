"""Learning opportunity specifications: types and their order, depth, titles, descriptions, fields of study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mcbridge.checks import fields
from mcbridge.checks.elmo.clauses import clause, shared
from mcbridge.checks.elmo.view import TYPES, Finding, View, gathered, kind, specification
from mcbridge.checks.texts import excerpt
from mcbridge.checks.walk import Node, filled, first
from mcbridge.diagnostics import Severity
from mcbridge.model import Specification, Texts

DEEP: Final = 4
"""More levels than this are unusual."""

UPWARD: Final = clause(
    "S21",
    "elmo/nesting-upward",
    Severity.WARNING,
    "A part that is larger than what it is a part of",
    "this {part} is a part of a {whole}: {value}",
    "check in the student system which of the two types is right",
    "a Degree Programme holds Modules, these hold Courses, these hold Classes, never the other way round",
    "a Module in a Course",
    must=True,
)
DEGREE_IN_DEGREE: Final = clause(
    "S21",
    "elmo/degree-in-degree",
    Severity.NOTE,
    "A degree programme inside a degree programme",
    'the degree programme "{value}" is a part of another one',
    "nothing, if the one really contains the other; else put them side by side",
    "it is tolerated, but a reader may take one of the two for the award",
    "a Degree Programme in a Degree Programme",
)
IN_CLASS: Final = clause(
    "S21",
    "elmo/class-with-typed-part",
    Severity.WARNING,
    "A part of a class that has a type",
    '"{value}" is a part of a Class, and has the type {part}',
    "leave the type of the parts of a class out",
    "nothing in the list of types is smaller than a Class, so its parts have none",
    "a Class in a Class",
)
DEEPLY: Final = clause(
    "S22",
    "elmo/nested-deeply",
    Severity.WARNING,
    "Opportunities inside opportunities inside opportunities",
    '"{value}" is {depth} levels down; more than four are unusual',
    "check whether the export nests what should stand side by side",
    "programme, module, course and class make four; what is deeper is read, but hardly shown anywhere",
    "a hasPart in a hasPart in a hasPart in a hasPart",
)
NO_TYPE: Final = clause(
    "S23",
    "elmo/type-missing",
    Severity.WARNING,
    "An opportunity that does not say what it is",
    '"{value}" has no type',
    "add the type in the export: Degree Programme, Module, Course or Class",
    "without a type a reader cannot tell a programme from a course",
    "<learningOpportunitySpecification> without <type>",
)
TYPE_UNKNOWN: Final = clause(
    "S23",
    "elmo/type-unknown",
    Severity.WARNING,
    "A type of opportunity that ELMO does not know",
    'the type "{value}" is not one of ELMO\'s; it is treated as if there were none',
    "write Degree Programme, Module, Course or Class",
    "readers take an unknown type for none",
    "<type>Degree</type>",
)
NO_TITLE: Final = clause(
    "S24",
    "elmo/title-missing",
    Severity.WARNING,
    "An opportunity without a title",
    "what the learner took part in has no title",
    "add the title in the student system, at best in English too",
    "a person who reads the transcript has nothing else to go by",
    "<learningOpportunitySpecification> without <title>",
    must=True,
)
TITLE_EMPTY: Final = clause(
    "S24",
    "elmo/title-empty",
    Severity.WARNING,
    "An empty title",
    "a title is there, but empty, beside: {value}",
    "leave a title out in the languages that it is not translated into",
    "an empty title is shown as nothing to whoever reads that language",
    '<title xml:lang="en"></title>',
)
TITLE_LANGUAGE: Final = clause(
    "S24",
    "elmo/title-language-missing",
    Severity.ERROR,
    "One of several titles does not say its language",
    'the title "{value}" is one of several, and does not say its language',
    "add xml:lang to each title in the export",
    "where there are several titles only the language tells which of them to show",
    '<title>Karte</title><title xml:lang="en">Maps</title>',
)
NOT_ENGLISH: Final = clause(
    "S24",
    "elmo/title-not-english",
    Severity.NOTE,
    "Titles without an English one",
    'a title has no English translation ({times} in this report); the first is "{value}"',
    "add the English titles in the student system, if there are any",
    "at least one title, preferably an English one",
    '<title xml:lang="hr">Karte</title> alone',
)
LANGUAGE_TWICE: Final = clause(
    "S24",
    "elmo/language-repeated",
    Severity.WARNING,
    "The same language twice",
    'there is another {what} in this language besides "{value}"',
    "leave one of the two out, or correct its xml:lang",
    "a reader shows one text in each language, and cannot know which",
    '<title xml:lang="en">Maps</title><title xml:lang="en">Charts</title>',
)
HTML_ALONE: Final = clause(
    "S25",
    "elmo/html-without-plain",
    Severity.WARNING,
    "A description in HTML only",
    "a descriptionHtml has no plain description in its language beside it: {value}",
    "add the same as <description> in the export, without markup",
    "who does not show HTML, and most do not, shows nothing",
    '<descriptionHtml xml:lang="en">…</descriptionHtml> without <description xml:lang="en">',
)
shared("S27", fields.UNKNOWN)
AREA_IS_ISCED: Final = clause(
    "S27",
    "elmo/subject-area-is-isced",
    Severity.WARNING,
    "One code in two lists",
    'the subjectArea is "{value}", {same}',
    "leave subjectArea out unless it is a code of the old Erasmus list, such as 11.3",
    "subjectArea and iscedCode are codes of different lists; a code of the one means something else in the other",
    "<subjectArea>0613</subjectArea><iscedCode>0613</iscedCode>",
)

_AREA = re.compile(r"\d{2}(?:\.\d{1,2})?|\d{3}")


def opportunities(view: View) -> Iterator[Finding]:
    """Types, order, depth, titles."""
    foreign: list[str] = []
    deepest: dict[int, tuple[Node, int]] = {}
    first_foreign = ""
    depths: dict[str, int] = {}
    top = 0
    for node in view.nodes:
        depth = depths[node.path] = 1 if node.above is None else depths[node.above.path] + 1
        top += depth == 1
        if depth > max(DEEP, deepest.get(top, (node, 0))[1]):
            deepest[top] = (node, depth)
        offered = specification(node.achievement)
        title = first(offered.title)
        yield from _types(node, title)
        yield from _titles(node, offered)
        if title and any(text.lang for text in offered.title) and not _english(offered.title):
            first_foreign = first_foreign or title
            foreign.append(f"{node.path}.specification.title")
        yield from _described(f"{node.path}.specification", offered)
        yield from _fields(f"{node.path}.specification", offered, view)
    yield from gathered(NOT_ENGLISH, foreign, first_foreign)
    for node, depth in deepest.values():
        yield DEEPLY, node.path, first(specification(node.achievement).title), {"depth": str(depth)}


def _types(node: Node, title: str) -> Iterator[Finding]:
    word, around = kind(node.achievement), None
    for above in node.ancestors():
        around = kind(above.achievement)
        if around in TYPES:
            break
    where = f"{node.path}.specification.kinds[0]"
    if word is None:
        if around != TYPES[-1]:
            yield NO_TYPE, node.path, title, {}
        return
    if word not in TYPES:
        yield TYPE_UNKNOWN, where, word, {}
        return
    if around not in TYPES:
        return
    part, whole = TYPES.index(word), TYPES.index(around)
    if around == TYPES[-1]:
        yield IN_CLASS, where, title, {"part": word}
    elif part < whole:
        yield UPWARD, where, title, {"part": word, "whole": around}
    elif part == whole == 0:
        yield DEGREE_IN_DEGREE, where, title, {}


def _titles(node: Node, offered: Specification) -> Iterator[Finding]:
    where = f"{node.path}.specification.title"
    if not filled(offered.title):
        yield NO_TITLE, where if offered.title else node.path, None, {}
        return
    for at, text in enumerate(offered.title):
        if not text.value.strip():
            yield TITLE_EMPTY, f"{where}[{at}]", first(offered.title), {}
        elif not text.lang and len(offered.title) > 1:
            yield TITLE_LANGUAGE, f"{where}[{at}]", text.value, {}
    yield from twice(where, offered.title, "title")


def twice(where: str, texts: Texts, what: str) -> Iterator[Finding]:
    """Languages that come again among the texts of one thing; a text without one is another matter."""
    if len(texts) < 2:
        return
    seen: dict[str, str] = {}
    for at, text in enumerate(texts):
        tag = (text.lang or "").casefold()
        if tag and tag in seen:
            yield LANGUAGE_TWICE, f"{where}[{at}]", seen[tag], {"what": what}
        seen.setdefault(tag, text.value)


def _described(where: str, offered: Specification) -> Iterator[Finding]:
    yield from twice(f"{where}.description", offered.description, "description")
    yield from twice(f"{where}.descriptionHtml", offered.description_html, "descriptionHtml")
    plain = {(text.lang or "").casefold() for text in offered.description if text.value.strip()}
    for at, text in enumerate(offered.description_html):
        if (text.lang or "").casefold() not in plain:
            yield HTML_ALONE, f"{where}.descriptionHtml[{at}]", excerpt(text.value, 0), {}


def _fields(where: str, offered: Specification, view: View) -> Iterator[Finding]:
    if len(offered.fields) == 0:
        return
    codes = {field.code.strip() for field in offered.fields if fields.is_isced(field, view.tables)}
    for at, field in enumerate(offered.fields):
        code = field.code.strip()
        if field.scheme != "erasmus-subject-area" or not code:
            continue
        path = f"{where}.fields[{at}].code"
        if code in codes:
            yield AREA_IS_ISCED, path, field.code, {"same": "the same as the iscedCode"}
        elif not _AREA.fullmatch(code) and view.tables.vocabulary("isced-f").find(code):
            yield AREA_IS_ISCED, path, field.code, {"same": "which is a code of ISCED-F"}


def _english(texts: Texts) -> bool:
    return any((text.lang or "").casefold().partition("-")[0] == "en" and text.value.strip() for text in texts)
