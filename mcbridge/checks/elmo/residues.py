"""What was kept beside the record because ELMO has no element for it: extensions, unknown elements; and the seal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.parsers import expat

from msgspec import Struct

from mcbridge.checks.elmo.clauses import clause
from mcbridge.checks.elmo.view import FORMAT, Finding, View
from mcbridge.diagnostics import Severity
from mcbridge.model import (
    Achievement,
    Address,
    Attachment,
    Credential,
    Credit,
    DiplomaSupplement,
    DistributionOfResults,
    Document,
    Entity,
    GradingScheme,
    Group,
    GroupType,
    Learner,
    Level,
    Organisation,
    Residue,
    Section,
    ShortenedGrading,
    Term,
)
from mcbridge.model.leaves import names

OWN_NAMESPACE: Final = clause(
    "S54",
    "elmo/extension-own-namespace",
    Severity.WARNING,
    "An extension that passes for ELMO",
    "an extension holds {value}, an element {which}",
    "ask whoever makes the document to give the elements a namespace of their own",
    "only elements of other namespaces may stand in an extension, or nobody can tell them from those of a later ELMO",
    "<extension><workload>150</workload></extension>",
    must=True,
)
UNSIGNED: Final = clause(
    "S55",
    "elmo/signature-missing",
    Severity.NOTE,
    "A document without a signature",
    "the document is not signed",
    "ask for it as it was issued; a document that came through EMREX is signed by the institution that sent it",
    "in EMREX a document carries one enveloped signature of the whole, by a registered key",
    "<elmo> without <ds:Signature>",
    must=True,
)
UNKNOWN: Final = clause(
    "S57",
    "elmo/unknown-element",
    Severity.NOTE,
    "Something that ELMO does not know",
    "{value} is not known here; it is passed over, and kept",
    "nothing, unless it is a misspelt element: then correct it in the export",
    "readers ignore what they do not know, and keep it for reporting",
    "<learner><nickname>Ada</nickname></learner>",
)

_LOS = "identifier title type subjectArea iscedCode url description descriptionHtml specifies hasPart extension"
_LOI = (
    "identifier start date academicTerm status gradingSchemeLocalId resultLabel shortenedGrading resultDistribution"
    " credit level languageOfInstruction engagementHours attachments grouping extension diplomaSupplement"
    " gradingSchemeExternalId"
)
_ADDRESS = (
    "recipientName addressLine buildingNumber buildingName streetName unit floor postOfficeBox deliveryPointCode"
    " postalCode locality region country"
)

DECLARED: Final[Mapping[type, Mapping[str, str]]] = {
    Document: {"": "generatedDate learner report attachment groups extension Signature", "groups/": "groupType"},
    Credential: {"": "issuer learningOpportunitySpecification issueDate gradingScheme attachment resultOfRecognition"},
    Learner: {
        "": "citizenship identifier givenNames familyName bday placeOfBirth birthName currentAddress gender"
        " dateOfBirth alternativeName"
    },
    Organisation: {"": "country identifier title url"},
    Achievement: {
        "": _LOS,
        "hasPart/": "learningOpportunitySpecification",
        "specifies/": "learningOpportunityInstance extension",
        "specifies/learningOpportunityInstance/": _LOI,
        "specifies/learningOpportunityInstance/attachments/": "ref",
    },
    Attachment: {"": "identifier title type description content extension"},
    DiplomaSupplement: {"": "version issueDate introduction section Signature"},
    Section: {"": "title content additionalInformation attachment section"},
    GradingScheme: {"": "description"},
    GroupType: {"": "title group"},
    Group: {"": "title"},
    Term: {"": "title start end"},
    ShortenedGrading: {"": "percentageLower percentageEqual percentageHigher"},
    DistributionOfResults: {"": "category description"},
    Credit: {"": "scheme level value"},
    Level: {"": "type description value"},
    Address: {"": _ADDRESS},
}
"""What may stand in an element of ELMO 1.0 to 2.1, by what that becomes in a record and the place inside it."""

NAMESPACE: Final = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
_ATTRIBUTES: Final = frozenset(("type", "typeref", "idref", "label", "count", "lang", "localId", "id", "number"))
_INSIDE = DECLARED[Credit][""].split()
"""A grade that was sent as credits is kept with the elements of these."""
_STEP = re.compile(r"(?:\{(?P<space>[^}]*)\})?(?P<name>[^/\[\]{}()]+)\[\d+\]\Z")
_ATTRIBUTE = re.compile(r"(?:[^@{}]*/)?@(.+)", re.DOTALL)
_NUMBERS = re.compile(r"\[\d+\]")


def residues(view: View) -> Iterator[Finding]:
    """Extensions, and what is unknown."""
    if '"residue":' not in view.written and '"spellings":' not in view.written:
        return
    for path, entity in entities(view.credential):
        for at, kept in enumerate(entity.residue):
            if kept.format == FORMAT:
                yield from _kept(f"{path}.residue[{at}]".lstrip("."), entity, kept, view)
        for spelling in entity.spellings:
            within = isinstance(entity, Section) and spelling.path == "content"  # told of by a rule of its own
            if spelling.format == FORMAT and spelling.text.startswith("<") and not within:
                yield from _strange(f"{path}.{spelling.path}".lstrip("."), spelling.text)


def entities(whole: Struct) -> Iterator[tuple[str, Entity]]:
    """All that something unknown may hang on, with its path."""
    waiting: list[tuple[str, Struct | tuple[object, ...]]] = [("", whole)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, tuple):
            waiting += [(f"{path}[{at}]", each) for at, each in enumerate(value) if isinstance(each, Struct)][::-1]
        else:
            if isinstance(value, Entity):
                yield path, value
            lead = f"{path}." if path else ""
            waiting += [
                (f"{lead}{name}", found)
                for python, name in reversed(names(type(value)))
                if isinstance(found := getattr(value, python), (Struct, tuple)) and found and name != "residue"
            ]


def _kept(where: str, entity: Entity, kept: Residue, view: View) -> Iterator[Finding]:
    attribute = _ATTRIBUTE.fullmatch(kept.path)
    if attribute is not None:
        yield UNKNOWN, where, f"the attribute {attribute[1].rpartition('}')[2]}", {}
        return
    found = _STEP.search(kept.path)
    if found is None:  # text where none belongs
        return
    before, name = _NUMBERS.sub("", kept.path[: found.start()]), found["name"]
    if name == "extension" and not found["space"]:
        yield from _extension(where, _content(kept, view))
        return
    known = DECLARED.get(type(entity), {}).get(before, "").split()
    if found["space"] or name not in {*known, "learner"}:  # a learner who is not the first has a rule of her own
        yield UNKNOWN, where, f"<{name}>", {}


def _content(kept: Residue, view: View) -> str:
    return kept.content if kept.sha256 is None else view.contents.get(kept.sha256, b"").decode(errors="replace")


def _extension(where: str, content: str) -> Iterator[Finding]:
    for name, _ in children(content):
        space, _, local = name.rpartition(" ")
        if space in {"", NAMESPACE}:
            which = "of ELMO's namespace" if space else "without a namespace"
            yield OWN_NAMESPACE, where, f"<{local}>", {"which": which}
            return


def children(content: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements directly in a fragment of XML: namespace and name, with a space between, and their attributes."""
    return [(name, attributes) for depth, name, attributes in _elements(content) if depth == 1]


def _elements(content: str) -> list[tuple[int, str, tuple[str, ...]]]:
    """The elements of a fragment with their depths. What cannot be parsed has none."""
    parser = expat.ParserCreate(namespace_separator=" ")
    found: list[tuple[int, str, tuple[str, ...]]] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        found.append((depth, name, tuple(attributes)))
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(content.encode(), True)  # noqa: FBT003 - the name of this argument differs between versions
    except expat.ExpatError:
        return []
    return found


def _strange(where: str, text: str) -> Iterator[Finding]:
    """Attributes that nobody knows, and elements inside of what holds a single value."""
    inside = _INSIDE if text.startswith("<credit") else ()
    for depth, name, attributes in _elements(text):
        if depth and name.rpartition(" ")[2] in inside:
            continue
        if depth:
            yield UNKNOWN, where, f"<{name.rpartition(' ')[2]}>", {}
            return
        for each in attributes:
            local = each.rpartition(" ")[2]
            if local not in _ATTRIBUTES and not each.startswith("http://www.w3.org/2001/XMLSchema-instance "):
                yield UNKNOWN, where, f"the attribute {local}", {}


def seal(view: View) -> Iterator[Finding]:
    """Whether the document is signed; whether the signature holds is not asked here."""
    document = view.credential.document
    if view.credential.seal is None and document is not None and document.position == 1:
        yield UNSIGNED, "", None, {}  # the place of the record as a whole costs no second look at the document
