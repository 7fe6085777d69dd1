"""The issuer of a report: identifiers, country, titles and web address, and one institution for each report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mcbridge.checks.elmo.clauses import clause
from mcbridge.checks.elmo.view import FORMAT, Finding, View, specification
from mcbridge.diagnostics import Severity
from mcbridge.model import Organisation

NO_IDENTIFIER: Final = clause(
    "S10",
    "elmo/issuer-identifier-missing",
    Severity.ERROR,
    "An issuer that nobody can tell from others",
    "the issuer has no usable identifier",
    'add the domain name of the institution as <identifier type="schac"> in the settings of the export',
    "at least one identifier tells which institution this is; names alone are written in many ways",
    '<identifier type="TODO">…</identifier> as the only one',
)
SCHAC: Final = clause(
    "S10",
    "elmo/schac-malformed",
    Severity.ERROR,
    "A schac that is no domain name",
    '"{value}" is given as schac, but is no domain name',
    "write the domain of the institution (example.edu), without https:// and www",
    "a schac identifies an institution by its domain name",
    '<identifier type="schac">12345</identifier>',
)
NO_SCHAC: Final = clause(
    "S10",
    "elmo/schac-missing",
    Severity.NOTE,
    "An issuer without a schac",
    'the issuer has no schac, only an identifier of the type "{value}"',
    'add the domain name of the institution as <identifier type="schac"> in the settings of the export',
    "of the identifiers of an issuer the schac is preferred: receivers look institutions up by it",
    '<identifier type="pic">…</identifier> as the only one',
)
PLACEHOLDER: Final = clause(
    "S11",
    "elmo/country-placeholder",
    Severity.WARNING,
    "A placeholder where a country should stand",
    'the country of {whom} is "{value}", which is no country',
    "leave the element out when there is no country, or it is not known",
    "a country that is unknown, or an institution of no country, is told by leaving the element out",
    "<country>XX</country>",
    must=True,
)
NO_LANGUAGE: Final = clause(
    "S12",
    "elmo/issuer-title-language-missing",
    Severity.WARNING,
    "A title of the issuer that does not say its language",
    'the title "{value}" of the issuer does not say its language',
    "add xml:lang to the title in the settings of the export",
    "a reader chooses the title by its language",
    "<title>Sveučilište u Primjerovu</title>",
)
NOT_ENGLISH: Final = clause(
    "S12",
    "elmo/issuer-title-not-english",
    Severity.NOTE,
    "An issuer without an English title",
    'the issuer is called "{value}", and has no English title',
    "add the English name of the institution beside the original one",
    "English and the original language are recommended",
    '<title xml:lang="hr">Sveučilište u Primjerovu</title> alone',
)
URL: Final = clause(
    "S13",
    "elmo/url-not-absolute",
    Severity.WARNING,
    "A web address that a browser cannot follow",
    '"{value}" is no absolute web address',
    "write the address in full, with https:// in front",
    "the schema accepts any word here, and a bare www.… leads nowhere when it is clicked",
    "<url>www.example.edu</url>",
)
SEVERAL: Final = clause(
    "S14",
    "elmo/several-issuers",
    Severity.ERROR,
    "A report of more than one institution",
    "the report has a second issuer; only the first one was read",
    "ask the sender for a report for each institution",
    "data of several institutions go into several reports, so that it is clear who says what",
    "<report> with two <issuer>",
    vital=True,
)
REPEATED: Final = clause(
    "S14",
    "elmo/issuer-repeated",
    Severity.WARNING,
    "Two reports of one institution",
    'the institution "{value}" has another report in this document',
    "ask whoever runs the export to put what one institution says into one report",
    "a report is what one institution says about the learner; grading schemes hold within a report only",
    "two <report> with the same schac",
)

_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})")
_WEB = re.compile(r"https?://[^\s/?#.]+(?:\.[^\s/?#.]+)*(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_UNUSABLE = re.compile(r"\W*|todo\b.*|tbd|url|unknown|none|null|n/?a|test", re.IGNORECASE | re.DOTALL)
PLACEHOLDERS: Final = frozenset(
    ("", "XX", "XXX", "ZZ", "ZZZ", "AA", "QQ", "NN", "OO", "EU", "INT", "00", "99", "NULL", "NONE", "UNKNOWN", "OTHER")
)
"""What producers write for an unknown or an international country. ``XX``, ``ZZ`` and ``AA`` will never be assigned."""


def key(organisation: Organisation) -> str:
    """What tells an institution from others within a document: its schac, else an identifier, else its title."""
    usable = [each for each in organisation.identifiers if each.value.strip()]
    usable.sort(key=lambda each: (each.type or "").casefold() != "schac")
    if usable:
        return f"{(usable[0].type or '').casefold()}:{usable[0].value.strip().casefold()}"
    return f"={next((text.value.strip().casefold() for text in organisation.names), '')}"


def issuer(view: View) -> Iterator[Finding]:
    """Who says it."""
    for at, kept in enumerate(view.credential.residue):
        if kept.format == FORMAT and kept.path.startswith("issuer["):
            yield SEVERAL, f"residue[{at}]", None, {}
    found = view.issuer
    if found is None:
        return
    path, who = found
    yield from _identifiers(path, who)
    for at, text in enumerate(who.names):
        if text.value.strip() and not text.lang:
            yield NO_LANGUAGE, f"{path}.names[{at}]", text.value, {}
    named = [text for text in who.names if text.lang and text.value.strip()]
    if named and not any((text.lang or "").casefold().startswith("en") for text in named):
        yield NOT_ENGLISH, f"{path}.names", named[0].value, {}


def _identifiers(path: str, who: Organisation) -> Iterator[Finding]:
    usable = []
    for at, each in enumerate(who.identifiers):
        value = each.value.strip()
        if (each.type or "").casefold() == "schac" and value and not _DOMAIN.fullmatch(value.casefold()):
            yield SCHAC, f"{path}.identifiers[{at}]", each.value, {}
        elif value and not _UNUSABLE.fullmatch(value) and not _UNUSABLE.fullmatch((each.type or "-type").strip()):
            usable.append(each)
    schac = any((each.type or "").casefold() == "schac" for each in who.identifiers)
    if not usable and not schac:
        yield NO_IDENTIFIER, path, None, {}
    elif usable and not schac:
        yield NO_SCHAC, path, usable[0].type or "", {}


def countries(view: View) -> Iterator[Finding]:
    """Placeholders where countries should stand."""
    for at, country in enumerate(view.credential.learner.citizenships):
        if country.strip() and _is_placeholder(country):
            yield PLACEHOLDER, f"learner.citizenships[{at}]", country, {"whom": "the learner"}
    found = view.issuer
    for place, site in enumerate(found[1].places if found else ()):
        for at, address in enumerate(site.addresses):
            if address.country is not None and _is_placeholder(address.country):
                path = f"{found[0] if found else ''}.places[{place}].addresses[{at}].country"
                yield PLACEHOLDER, path, address.country, {"whom": "the issuer"}


def _is_placeholder(country: str) -> bool:
    word = country.strip().upper()
    return word in PLACEHOLDERS or not any(letter.isalnum() for letter in word)


def addresses(view: View) -> Iterator[Finding]:
    """Web addresses of the issuer and of what is offered."""
    found = view.issuer
    for at, page in enumerate(found[1].homepages if found else ()):
        if not _WEB.fullmatch(page.url.strip()):
            yield URL, f"{found[0] if found else ''}.homepages[{at}].url", page.url, {}
    for node in view.nodes:
        for at, page in enumerate(specification(node.achievement).homepages):
            if not _WEB.fullmatch(page.url.strip()):
                yield URL, f"{node.path}.specification.homepages[{at}].url", page.url, {}
