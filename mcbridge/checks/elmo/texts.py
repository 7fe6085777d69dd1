"""Texts as such: no markup where none belongs, HTML that does nothing by itself, and languages that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Final

from mcbridge.checks import texts
from mcbridge.checks.elmo.clauses import clause, shared
from mcbridge.checks.elmo.languages import judged
from mcbridge.checks.elmo.view import Finding, View, specification, times
from mcbridge.checks.texts import excerpt, strings
from mcbridge.diagnostics import Rule, Severity
from mcbridge.model import Section

MARKUP: Final = clause(
    "S06",
    "elmo/markup-in-text",
    Severity.ERROR,
    "Markup in a plain text",
    'a plain text holds markup: "{value}"',
    "ask whoever runs the export to send the text without tags and entities; HTML belongs into descriptionHtml",
    "plain text is shown as it is, tags and entities included; only descriptionHtml may hold HTML",
    "<description>&lt;b&gt;Maps&lt;/b&gt; &amp;amp; charts</description>",
)
ACTIVE: Final = clause(
    "S26",
    "elmo/html-active",
    Severity.ERROR,
    "HTML that does something by itself",
    "the HTML holds {what}, which a reader must not run: {value}",
    "send headings, paragraphs, lists, emphasis and links only; whoever shows it must clean it all the same",
    "HTML from a document is never trusted; it is cleaned before it is shown",
    '<descriptionHtml>&lt;img src="x" onerror="…"&gt;</descriptionHtml>',
)
MALFORMED: Final = clause(
    "S07",
    "elmo/language-malformed",
    Severity.WARNING,
    "A language that is no language tag",
    '"{value}" is no language tag ({times} in this report)',
    "write a tag by BCP 47, such as hr, en or sr-Latn",
    "a language is told by a tag that software can compare",
    '<title xml:lang="en_GB">',
    must=True,
)
UNKNOWN: Final = clause(
    "S07",
    "elmo/language-unknown",
    Severity.WARNING,
    "A language that there is not",
    '"{value}" is no known language tag ({times} in this report){advice}',
    "write the code of the language, not that of a country: cs, da, el, et, sl, sv, uk",
    "codes of countries and of languages differ, and a reader finds no text in a language that there is not",
    '<title xml:lang="DK">',
)
SPELLING: Final = clause(
    "S07",
    "elmo/language-spelling",
    Severity.WARNING,
    "A language tag in an unusual spelling",
    'the language is written "{value}" ({times} in this report){advice}',
    "write the code of the language in lower case",
    "tags compare without case, but not everybody does so; in capitals a code looks like that of a country",
    '<title xml:lang="FI">',
)
shared("S56", texts.DAMAGED)

_NAMES = (
    "a|abbr|address|article|aside|audio|b|bdi|bdo|blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup"
    "|dd|del|details|dfn|div|dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6r]|head|header|html|i|iframe|img"
    "|input|ins|kbd|label|li|link|main|map|mark|meta|nav|object|ol|option|p|param|picture|pre|q|s|samp|script|section"
    "|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt"
    "|u|ul|var|video|wbr"
)
# Nothing in it goes back over what it has seen: a text of a stranger may be long, and nothing but an open tag.
_TAG = re.compile(
    rf"<(?:/?(?:{_NAMES})(?:\s*+/?+>|\s(?=[^<>=]*+=)[^<>]*+>)"  # what HTML has
    r"|/[a-z][\w:.-]*+\s*+>|[a-z][\w:.-]*+(?:\s*+/>|\s++[\w:.-]++\s*+=\s*+[\"'][^<>]*+>)"  # what any XML has
    r"|!--|!\[CDATA\[|!doctype\b|\?xml\b)",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)

_ELEMENTS: Final = frozenset(
    (
        *("script", "iframe", "frame", "frameset", "object", "embed", "applet", "style", "svg", "math", "template"),
        *("form", "input", "button", "meta", "link", "base"),
    )
)
_ADDRESSES: Final = frozenset(
    ("href", "src", "action", "formaction", "data", "srcset", "poster", "background", "xlink:href")
)
_RUNS = re.compile(r"(?:java|vb|live)script:|data:(?!image/(?:png|jpeg|gif|webp))")
_LOADS = re.compile(r"url\s*\(|expression\s*\(|@import|-moz-binding|behavior\s*:", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200d\ufeff]")

_LANG = re.compile('"lang":"([^"]*)"')

_FREE = re.compile(r"\bdescriptionHtml\[|\.introduction$")
"""Fields that may hold markup, by their paths."""
_CODED = frozenset(("code", "scheme", "lang", "url", "schemeName", "notation", "languages", "id"))
"""Fields that hold no text."""


def plain(view: View) -> Iterator[Finding]:
    """Markup where none belongs."""
    if marked_up(view.written) is None:
        return
    for path, holder, name, value in strings(view.credential):
        at = marked_up(value)
        if at is None or name in _CODED or _FREE.search(path):
            continue
        if isinstance(holder, Section) and name == "content" and _is_html(holder.content_type):
            continue
        yield MARKUP, path, excerpt(value, at), {}


def marked_up(text: str) -> int | None:
    """Where a text holds a tag or an entity. A sign of comparison, ``<ada@example.org>`` and ``AT&T;`` are none."""
    if "<" in text and (tag := _TAG.search(text)):
        return tag.start()
    if "&" in text:
        for entity in _ENTITY.finditer(text):
            if entity[1][:1] == "#" or f"{entity[1]};" in html5:
                return entity.start()
    return None


def _is_html(media_type: str | None) -> bool:
    return media_type is not None and ("html" in media_type.casefold() or "xml" in media_type.casefold())


def html(view: View) -> Iterator[Finding]:
    """HTML that is more than text in a good shape."""
    for node in view.nodes:
        for at, text in enumerate(specification(node.achievement).description_html):
            yield from _active(f"{node.path}.specification.descriptionHtml[{at}]", text.value)
        if node.achievement.diploma_supplement is not None:
            for path, holder, name, value in strings(node.achievement.diploma_supplement):
                if name == "introduction" or (isinstance(holder, Section) and name == "content"):
                    yield from _active(f"{node.path}.diplomaSupplement.{path}", value)


def _active(path: str, value: str) -> Iterator[Finding]:
    if "<" in value and (what := _doing(value)):
        yield ACTIVE, path, excerpt(value, 0), {"what": what}


def _doing(html: str) -> str | None:
    """What runs or loads something, in HTML as a browser reads it: tags not closed, references resolved."""
    from lxml import etree  # few documents hold HTML

    root = etree.fromstring(
        f"<div>{html}</div>".encode(errors="replace"), etree.HTMLParser(encoding="utf-8", huge_tree=True)
    )
    for element in root.iter("*"):
        if element.tag in _ELEMENTS:
            return "an element that runs or loads something"
        for name, value in ((str(name), str(value)) for name, value in element.items()):
            if name.lower().startswith("on"):
                return "a handler of events"
            if name.lower() in _ADDRESSES and _RUNS.match(_UNSEEN.sub("", value).lower()):
                return "an address that runs something"
            if name.lower() == "style" and _LOADS.search(value):
                return "a style that loads something"
    return None


_RULES: Final[dict[str, Rule]] = {"malformed": MALFORMED, "unknown": UNKNOWN, "spelling": SPELLING}


def languages(view: View) -> Iterator[Finding]:
    """Language tags, each unusual one at its first place."""
    verdicts = {tag: judged(tag, view.tables) for tag in set(_LANG.findall(view.written))}
    unusual = {tag: verdict for tag, verdict in verdicts.items() if verdict is not None}
    if not unusual:
        return
    found: dict[str, list[str]] = {}
    for path, _, name, value in strings(view.credential):
        if name == "lang" and value in unusual:
            found.setdefault(value, []).append(path)
    for value, paths in found.items():
        verdict = unusual[value]
        yield _RULES[verdict.what], paths[0], value, {"times": times(len(paths)), "advice": verdict.advice}
