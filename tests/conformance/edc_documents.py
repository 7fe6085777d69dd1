"""A credential with every property of every class that the published shapes know. People and places are invented.

What stands in it follows from the shapes and the context: the values are made up here. A class is said in full where it
is met first, nearest to the credential, and in what is demanded of it elsewhere.
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rdflib import RDF, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node as Term

from tests.conformance.edc_oracle import ELM, SH, contexts, published

Node = dict[str, Any]
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SNB: Final = "http://data.europa.eu/snb"
OFFICE: Final = "http://publications.europa.eu/resource/authority"
CONTEXT: Final = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]

LISTED: Final = {
    "countryCode": (f"{OFFICE}/country/HRV", f"{OFFICE}/country", "Croatia"),
    "spatial": (f"{OFFICE}/country/SVN", f"{OFFICE}/country", "Slovenia"),
    "citizenshipCountry": (f"{OFFICE}/country/IRL", f"{OFFICE}/country", "Ireland"),
    "language": (f"{OFFICE}/language/HRV", f"{OFFICE}/language", "Croatian"),
    "primaryLanguage": (f"{OFFICE}/language/ENG", f"{OFFICE}/language", "English"),
    "defaultLanguage": (f"{OFFICE}/language/SLV", f"{OFFICE}/language", "Slovenian"),
    "gender": (f"{OFFICE}/human-sex/FEMALE", f"{OFFICE}/human-sex", "female"),
    "contentType": (f"{OFFICE}/file-type/PDF", f"{OFFICE}/file-type", "PDF"),
    "noteFormat": (f"{OFFICE}/file-type/HTML", f"{OFFICE}/file-type", "HTML"),
    "spatialCode": (f"{OFFICE}/atu/HRV_ZGB", f"{OFFICE}/atu", "Invented town"),
    "limitJurisdiction": (f"{OFFICE}/atu/HRV", f"{OFFICE}/atu", "Invented land"),
    "contentEncoding": (f"{SNB}/encoding/6146cde7dd", f"{SNB}/encoding/25831c2", "base64"),
    "credentialProfiles": (f"{SNB}/credential/e34929035b", f"{SNB}/credential/25831c2", "Generic"),
    "eqfLevel": (f"{SNB}/eqf/6", f"{SNB}/eqf/25831c2", "Level 6"),
    "limitEQFLevel": (f"{SNB}/eqf/5", f"{SNB}/eqf/25831c2", "Level 5"),
    "nqfLevel": (f"{SNB}/qdr/c_c392e7a2", f"{SNB}/qdr/25831c2", "Invented level 6"),
    "thematicArea": (f"{SNB}/isced-f/0588", f"{SNB}/isced-f/25831c2", "Invented natural sciences"),
    "limitField": (f"{SNB}/isced-f/0511", f"{SNB}/isced-f/25831c2", "Biology"),
    "framework": (f"{SNB}/education-credit/6fcec5c5af", f"{SNB}/education-credit/25831c2", "ECTS points"),
    "idVerification": (
        f"{SNB}/supervision-verification/70be69aaf9",
        f"{SNB}/supervision-verification/25831c2",
        "Supervised with ID",
    ),
    "mode": (f"{SNB}/learning-assessment/920fbb3cbe", f"{SNB}/learning-assessment/25831c2", "Online"),
    "learningSetting": (f"{SNB}/learning-setting/6fd4685715", f"{SNB}/learning-setting/25831c2", "Formal"),
    "entitlementStatus": (f"{SNB}/entitlement-status/b7015a8a8c", f"{SNB}/entitlement-status/25831c2", "Actual"),
    "unit": (f"{OFFICE}/currency/EUR", f"{OFFICE}/currency", "Euro"),
    "gradeStatus": (f"{SNB}/grade-status/c_77777777", f"{SNB}/grade-status/25831c2", "Invented status"),
    "decision": (f"{SNB}/accreditation-decision/c_0ab66479", f"{SNB}/accreditation-decision/25831c2", "positive"),
    "reusabilityLevel": (
        f"{SNB}/skill-reuse-level/transversal",
        f"{SNB}/skill-reuse-level/25831c2",
        "Transversal",
    ),
    "relatedESCOSkill": (
        "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000001",
        "http://data.europa.eu/esco/concept-scheme/skills",
        "invent examples",
    ),
    "limitOccupation": (
        "http://data.europa.eu/esco/occupation/00000000-0000-4000-8000-000000000002",
        "http://data.europa.eu/esco/concept-scheme/occupations",
        "inventor",
    ),
}
"""Concepts of the lists that the shapes name, by the property they stand at; some with labels other than the list's."""
_CLAIM: Final = (f"{SNB}/claim-type/c_77777777", f"{SNB}/claim-type/25831c2", "Invented claim")
TYPES: Final = {
    **dict.fromkeys(("LearningAchievement", "LearningActivity", "LearningAssessment", "LearningEntitlement"), _CLAIM),
    "Evidence": (f"{SNB}/evidence-type/c_18016257", f"{SNB}/evidence-type/25831c2", "Mandate"),
    "Accreditation": (f"{SNB}/accreditation/bb4618238e", f"{SNB}/accreditation/25831c2", "Institutional QA"),
    "LearningOutcome": (f"{SNB}/skill-type/knowledge", f"{SNB}/skill-type/25831c2", "knowledge"),
    "LearningEntitlementSpecification": (
        f"{SNB}/entitlement/64aad92881",
        f"{SNB}/entitlement/25831c2",
        "Learning opportunity",
    ),
}
NOTATIONS: Final = {f"{OFFICE}/{name}": name for name in ("country", "language", "human-sex", "file-type", "atu")}
ONCE: Final = {"individualDisplay"}
"""Properties of which two would be one: pages of one language."""
OTHERS: Final = {
    "hasClaim": ("LearningAchievement", "LearningActivity", "LearningAssessment", "LearningEntitlement"),
    "awardingBody": ("Organisation",),
    "identifier": ("Identifier", "LegalIdentifier"),
    "issuer": ("Organisation",),
    "credentialSubject": ("Person",),
}
"""Classes of the properties that take several, where not the first one is meant."""
LEFT_OUT: Final = {
    *("proof", "holder", "hasCredential", "termsOfUse", "credentialStatus", "credentialSchema"),
    *("dateModified", "descriptionHtml"),
}
"""Seals and what else is no part of a credential by itself; what the context of ELM 3.2 takes for references."""


class Shapes:
    """The properties of each class: key in JSON, ranges, and how often."""

    def __init__(self, shared: Path) -> None:
        self.graph: Graph = published(shared)
        w3c, elm = contexts(shared)
        meanings = {**w3c["VerifiableCredential"]["@context"], **elm}
        prefixes = {name: iri for name, iri in meanings.items() if isinstance(iri, str) and "://" in iri}
        self.keys: dict[str, str] = {}
        for key, meaning in meanings.items():
            short = meaning.get("@id") if isinstance(meaning, dict) else meaning
            if isinstance(short, str) and ":" in short and not key.startswith("@"):
                prefix, _, rest = short.partition(":")
                self.keys.setdefault(prefixes.get(prefix, f"{prefix}:") + rest, key)

    def of(self, name: str) -> Iterator[tuple[str, list[Term], int, int | None]]:
        """Key, ranges, least and most of each property of a class."""
        found: dict[str, tuple[list[Term], int, int | None]] = {}
        for shape, class_ in self.graph.subject_objects(SH.targetClass):
            if self.keys.get(str(class_)) != name:
                continue
            for prop in self.graph.objects(shape, SH.property):
                key = self.keys.get(str(self.graph.value(prop, SH.path)), "")
                ranges = list(self._ranges(prop))
                if key and ranges:
                    least, most = self.graph.value(prop, SH.minCount), self.graph.value(prop, SH.maxCount)
                    earlier = found.get(key, ([], 0, None))
                    ranges = sorted([*earlier[0], *ranges], key=lambda each: each in (SH.IRI, RDF.nil))
                    found[key] = (ranges, int(str(least or 0)), int(str(most)) if most is not None else earlier[2])
        for key in sorted(found):
            yield key, *found[key]

    def _ranges(self, prop: Term) -> Iterator[Term]:
        yield from (each for p in (SH["class"], SH.datatype) for each in self.graph.objects(prop, p))
        for several in self.graph.objects(prop, SH["or"]):
            for each in Collection(self.graph, several):
                yield from self.graph.objects(each, SH["class"])
        if self.graph.value(prop, SH.node) is not None:
            yield RDF.nil
        kind = self.graph.value(prop, SH.nodeKind)
        if kind in (SH.IRI, SH.Literal) and self.graph.value(prop, SH["class"]) is None:
            yield kind or SH.IRI


class _Maker:
    def __init__(self, shared: Path) -> None:
        self.shapes = Shapes(shared)
        self.number = 0
        self.waiting: deque[tuple[str, Node, bool]] = deque()
        self.full: set[str] = set()

    def credential(self) -> Node:
        """The whole document."""
        root: Node = {"@context": CONTEXT, "id": "urn:credential:00000000-0000-4000-8000-000000000000"}
        root["type"] = ["VerifiableCredential", "EuropeanDigitalCredential"]
        root["credentialSchema"] = {"id": f"{SNB}/model/ap/edc-generic-full", "type": "ShaclValidator2017"}
        self.waiting.append(("EuropeanDigitalCredential", root, True))
        while self.waiting:
            name, node, full = self.waiting.popleft()
            known = [each for each in self.shapes.of(name) if each[0] not in LEFT_OUT]
            demanded = [each for each in known if each[2]] or known[-1:]  # what is only id and class refers to another
            for key, ranges, _, most in known if full else demanded:
                if key not in node:
                    self._put(name, node, key, ranges, most if full else 1)
        return root

    def _put(self, name: str, node: Node, key: str, ranges: list[Term], most: int | None) -> None:
        words = tuple(dict.fromkeys(word for each in ranges if (word := self.shapes.keys.get(str(each)))))
        classes = OTHERS.get(key) or (("Qualification",) if "Qualification" in words else words[:1])
        if most == 1:
            classes = classes[:1]
        if classes and classes[0][:1].isupper():
            made = [self._node(name, key, each) for each in classes]
            if most is None and len(made) == 1 and key not in ONCE:
                made.append(self._node(name, key, classes[0]))
            node[key] = made if len(made) > 1 else made[0]
            return
        node[key] = self._value(key, str(ranges[0]), most)

    def _node(self, above: str, key: str, name: str) -> Node:
        self.number += 1
        if name == "Concept":
            return self._concept(above, key)
        if name == "Mailbox":
            return {"id": f"mailto:invented{self.number}@example.org", "type": "Mailbox"}
        kind = name[0].lower() + name[1:]
        node: Node = {"id": f"urn:epass:{kind}:{self.number}", "type": name}
        if name == "MediaObject":
            node["content"] = base64.b64encode(f"invented document {self.number}".encode()).decode()
        full = name not in self.full
        self.full.add(name)
        self.waiting.append((name, node, full))
        return node

    def _concept(self, above: str, key: str) -> Node:
        listed = TYPES.get(above) if key == "dcType" else LISTED.get(key)
        if listed is not None:
            iri, scheme, label = listed
            node = {"id": iri, "type": "Concept", "inScheme": {"id": scheme, "type": "ConceptScheme"}}
            node["prefLabel"] = {"en": label}
            return node | ({"notation": NOTATIONS[scheme]} if scheme in NOTATIONS else {})
        name = f"https://lists.example.org/{above}/{key}"
        return {
            "id": f"{name}/{self.number}",
            "type": "Concept",
            "inScheme": {"id": name, "type": "ConceptScheme"},
            "prefLabel": {"en": f"Label {self.number}", "hr": f"Oznaka {self.number}"},
            "notation": f"N{self.number}",
            "definition": {"en": f"Definition {self.number}"},
        }

    def _value(self, key: str, range_: str, most: int | None) -> Any:
        self.number += 1
        match range_.rpartition("#")[2]:
            case "langString":
                words = {"en": f"{key} {self.number}", "hr": f"{key} po hrvatski {self.number}"}
                return {"en": words["en"]} if most == 1 else words
            case "dateTime":
                return f"20{self.number % 60 + 10}-03-{self.number % 27 + 1:02d}T10:{self.number // 60 % 60:02d}:00Z"
            case "integer" | "positiveInteger":
                return 1 + self.number % 90
            case "decimal":
                return 1 + self.number
            case "boolean":
                return True
            case "duration":
                return f"P{self.number}D"
            case "anyURI" | "IRI":
                return f"https://www.example.org/{key}/{self.number}"
            case "HTML":
                return f"<p>{self.number}</p>"
        if key == "contentHour" or most is None:
            return [f"{key} {self.number}", f"{key} {self.number} more"]
        return f"{self.number}.50" if key == "point" else f"{key} {self.number}"


def everything(shared: Path) -> Node:
    """A bare credential with every property of every class."""
    return _Maker(shared).credential()


__all__ = ["ELM", "URIRef", "everything"]
