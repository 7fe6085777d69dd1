"""What European Digital Credentials say elsewhere, or say for a record that does not: all of it is in docs/edc.md.

Both trees are brought to one form; then what was written for want of a statement is taken out of what came back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from mcbridge.mappers.edc.concepts import OPEN_LISTS
from mcbridge.tables import Tables

Tree = dict[str, Any]
TABLES: Final = Tables()
REFERENCES: Final = frozenset(
    ("issuer", "bodies", "directedBy", "assessors", "providers", "agency", "organisations", "memberOf")
)
_IRI: Final = re.compile(r"(?:https?|urn|did):\S+", re.IGNORECASE)
_ZONED: Final = re.compile(r"(?:Z|[+-]\d\d:\d\d)$")
_SAFE: Final = ":/#?&=%@+,;!$'()*~[]"
_LISTS: Final = tuple(TABLES.vocabulary(name) for name in TABLES.names("vocabularies"))
_CLAIMS: Final = ("achievements", "activities", "assessments", "entitlements")


def moved(expected: Tree, actual: Tree) -> None:
    """Bring both to one form, and take out what was said for want of a statement."""
    _flat(expected)
    if "nationalId" not in actual.get("learner", {}):
        _national(expected.get("learner", {}))
    for tree in (expected, actual):
        _referred(tree)
        _envelope(tree)
        _each(tree, _plain)
    _written(expected, actual)
    for name in _CLAIMS:
        for claim in expected.get(name, ()):
            _claim(claim, None, name)
    _each(expected, _as_written)
    for tree in (expected, actual):
        _each(tree, _sorted)
    _stated(expected, actual)
    kept: set[tuple[str, str]] = set()
    _each(expected, lambda node: kept.update(_residues(node)))
    _shared(expected, actual, kept)


def _residues(node: Tree) -> set[tuple[str, str]]:
    return {(one["path"].rpartition("/")[2], one.get("content", "")) for one in node.get("residue", [])}


def _shared(expected: Any, actual: Any, kept: set[tuple[str, str]]) -> None:
    """A concept is one object wherever it stands, and so is what is put back into it."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        if "residue" in actual:
            mine = expected.get("residue", [])
            others = [one for one in actual["residue"] if one in mine or not _residues({"residue": [one]}) <= kept]
            actual["residue"] = others
        for key in expected.keys() & actual.keys():
            _shared(expected[key], actual[key], kept)
    elif isinstance(expected, list) and isinstance(actual, list):
        for one, other in zip(expected, actual, strict=False):
            _shared(one, other, kept)


def _each(value: Any, change: Callable[[Tree], None]) -> None:
    """All objects of a tree, the inner ones first."""
    if isinstance(value, dict):
        for inner in list(value.values()):
            _each(inner, change)
        change(value)
    elif isinstance(value, list):
        for inner in value:
            _each(inner, change)


def _national(learner: Tree) -> None:
    """A national identifier without a country is one like any other."""
    found = learner.get("nationalId")
    if isinstance(found, dict) and TABLES.vocabulary("country").find(str(found.get("country", ""))) is None:
        moved = learner.pop("nationalId")
        if "type" not in moved and not _word(moved.get("scheme")):
            moved.setdefault("schemeName", "nationalID")
        learner["identifiers"] = [moved, *learner.get("identifiers", [])]


def _word(scheme: Any) -> bool:
    """Whether a scheme is a word, which is written as its name."""
    return isinstance(scheme, str) and _IRI.fullmatch(scheme) is None


def _flat(expected: Tree) -> None:
    """Of what was not achieved only the parts that were are written, in its place."""

    def flat(claims: list[Any]) -> list[Any]:
        found: list[Any] = []
        for claim in claims:
            parts = flat(claim.get("parts", []))
            if set(claim) <= {"parts"} and parts:
                found += parts
            else:
                found.append({**claim, "parts": parts} if parts else claim)
        return found

    if "achievements" in expected:
        expected["achievements"] = flat(expected["achievements"])


def _referred(tree: Tree) -> None:
    """References are compared by the name of what they lead to: local ids are made anew."""
    names: dict[str, str] = {}
    for each in tree.get("organisations", []):
        name = str(sorted(str(text["value"]) for text in each.get("names", [])))
        names.setdefault(each.pop("id", ""), name)
        each["called"] = name
    kept = {each["called"]: each for each in reversed(tree.get("organisations", []))}
    tree["organisations"] = [kept[name] for name in sorted(kept)]

    def refer(node: Tree) -> None:
        for key in REFERENCES & node.keys():
            held = node[key]
            if isinstance(held, list) and held and isinstance(held[0], str):
                node[key] = sorted(dict.fromkeys(names.get(one, one) for one in held))
            elif isinstance(held, str):
                node[key] = names.get(held, held)
        if "called" in node and "parts" in node:
            node["parts"] = sorted(names.get(one, one) for one in node["parts"])

    _each(tree, refer)


def _envelope(tree: Tree) -> None:
    held = [*tree.get("attachments", []), *tree.get("document", {}).get("attachments", [])]
    tree["attachments"] = _embedded(held)
    for each in tree.get("evidence", []):
        each["embedded"] = _embedded(each.get("embedded", []))
    for each in tree.get("display", []):
        each["lang"] = _language(str(each["lang"]).lower())
    for key in ("id", "document"):
        tree.pop(key, None)  # derived from the bytes of the document
    identifiers = tree.get("identifiers", [])
    tree["identifiers"] = [one for one in identifiers if one.get("scheme") != "urn:mcbridge:source-document"]
    for key in ("issued", "validFrom", "validUntil"):
        if isinstance(tree.get(key), str) and not _ZONED.search(tree[key]):
            tree[key] += "Z"  # a moment without a zone is in UTC
    order = tree.get("claimOrder", [])
    if order == sorted(order):  # of the four kinds in the order of the model
        tree.pop("claimOrder", None)
    tree["languages"] = sorted({*map(_language, tree.get("languages", []))})
    if "primaryLanguage" in tree:
        tree["primaryLanguage"] = _language(tree["primaryLanguage"])


def _embedded(attachments: list[Tree]) -> list[Tree]:
    """Each content of an attachment is one embedded document, with the title of all."""
    found = []
    for each in attachments:
        for at, content in enumerate(each.get("contents", [])):
            more = {} if at == 0 else {"id": ""}
            found.append({**each, **more, "contents": [content]})
    return found


def _language(word: Any) -> Any:
    found = TABLES.vocabulary("language").find(word) if isinstance(word, str) else None
    return found.code if found else word


# --- one form of values


def credit_by_code(node: Tree) -> None:
    """ECTS is ects."""
    found = TABLES.vocabulary("education-credit").find(str(node["scheme"]))
    node["scheme"] = found.code if found else node["scheme"]


def _plain(node: Tree) -> None:
    if isinstance(node.get("id"), str) and (node["id"].startswith("urn:epass:") or not _IRI.fullmatch(node["id"])):
        node.pop("id")
    if node.keys() <= {"value", "lang"} and isinstance(node.get("lang"), str):
        first, dash, rest = node["lang"].strip().lower().replace("_", "-").partition("-")
        node["lang"] = _language(first) + dash + rest
    elif "framework" in node:
        _level(node)
    elif node.keys() & {"code", "notation"} and node.keys() <= {"code", "scheme", "labels", "notation", "definition"}:
        _concept(node)
    elif "scheme" in node and node.keys() & {"points", "level"}:
        credit_by_code(node)
    if "value" in node and not node.keys() <= {"value", "lang"} and "framework" not in node:
        words = [node.pop(name) for name in ("type", "scheme", "schemeName") if name in node]
        node["words"] = sorted(str(word) for word in words)
        if str(node.get("issued", "")).endswith("T00:00:00Z"):
            node["issued"] = node["issued"][:10]
    node.pop("written", None)
    if node.keys() >= {"format", "path"}:
        node["path"] = re.sub(r"/\d+", "", node["path"])  # one value stands by itself or in an array
    if "gender" in node:
        crossed = TABLES.crosswalk("elmo-gender-human-sex").get(str(node["gender"]))
        node["gender"] = crossed or node["gender"]
    if "languages" in node:
        node["languages"] = [_language(one) for one in node["languages"]]
    node.pop("labels", None) if "code" in node or "framework" in node or "scheme" in node else None


def _concept(node: Tree) -> None:
    """A concept by what it is called in any of our lists, else by its IRI or its code."""
    if "code" not in node:
        node["code"] = node.pop("notation")  # of a concept without a code it stands where codes do
    code, scheme = node.get("code"), node.get("scheme")
    if not isinstance(code, str):
        return
    for open_list in OPEN_LISTS.values():
        if code.startswith(open_list.prefix):
            if scheme == open_list.scheme:
                node.pop("scheme")
            if node.get("notation") == open_list.notation:
                node.pop("notation", None)
            return
    if scheme == "elmo-los-type" and (crossed := TABLES.crosswalk(f"{scheme}-learning-opportunity").get(code)):
        code, scheme = crossed, "learning-opportunity"
    for vocabulary in _LISTS:
        known = vocabulary.find(code) if scheme in {vocabulary.name, vocabulary.scheme} else vocabulary.by_iri(code)
        if known is not None:
            node["code"] = known.iri
            node.pop("scheme", None)
            break
    else:
        node["code"] = quote(code, safe=_SAFE + " ")
        if isinstance(scheme, str):
            found = TABLES.vocabulary_of(scheme)
            node["scheme"] = found.name if found is not None and found.scheme == scheme else scheme


def _level(node: Tree) -> None:
    lists = {"eqf": "eqf", "qf-ehea": "qf-ehea"}
    if node["framework"] in lists:
        known = TABLES.vocabulary(lists[node["framework"]]).find(str(node.get("value", node.get("code", ""))))
        if known is not None:
            node["value"] = known.code
            node.pop("code", None)
            node.pop("scheme", None)
    elif (listed := TABLES.vocabulary("qdr").by_iri(str(node.get("code")))) is not None:
        for key in ("scheme", "country"):  # they are in the list or in the label, if anywhere
            node.pop(key, None)
        if node.get("value") == listed.properties.get("level"):
            node.pop("value", None)


# --- what is said elsewhere


def _claim(claim: Tree, above: Tree | None, kind: str) -> None:
    """What a claim of the record says, where the credential says it."""
    if claim.get("status") == "passed":
        claim.pop("status")  # only what was passed is written
    award = claim.get("award")
    if above is not None and award is not None and award == above:
        claim.pop("award")
    offered = claim.get("specification")
    if isinstance(offered, dict):
        if kind == "assessments" and "gradingScheme" in offered:
            claim.setdefault("gradingScheme", offered.pop("gradingScheme"))
        if "contactHours" in claim:
            offered.setdefault("contactHours", []).append(claim.pop("contactHours"))
        if "supervision" in offered and (
            silent := [p for p in claim.get("assessments", ()) if "verification" not in p]
        ):
            for each in silent:
                each["verification"] = offered["supervision"]
            offered.pop("supervision")
    free = next((one for one in claim.get("activities", ()) if "periods" not in one), None)
    if free is not None and (times := [claim.pop(name) for name in ("period", "term") if name in claim]):
        free["periods"] = times  # an activity without a time of its own says when it was
    if kind == "achievements":
        _when(claim)
    for name in (*_CLAIMS, "parts"):
        for each in claim.get(name, ()):
            _claim(each, award or above, kind if name == "parts" else name)


def _when(claim: Tree) -> None:
    """What has a name is a term. An activity that says no more than when is the period or the term of its claim."""
    if "title" in claim.get("period", {}) and "term" not in claim:
        claim["term"] = claim.pop("period")
    for each in claim.get("activities", []):
        times = each.get("periods", [])
        says_no_more = each.keys() <= {"title", "periods"} and each.get("title") == claim.get("title")
        if says_no_more and 0 < len(times) < 3 and not claim.keys() & {"period", "term"}:
            claim["activities"] = [one for one in claim["activities"] if one is not each]
            claim |= {"term" if "title" in time else "period": time for time in times}
            return


def _as_written(node: Tree) -> None:
    """Shapes of the model that ELM has in another way."""
    for name in ("stackability", "entitlement"):  # they share the node of the specification
        if "residue" in node.get(name, {}):
            node["residue"] = [*node.get("residue", []), *node[name].pop("residue")]
    if node.get("entryRequirements"):
        plain = [one for one in node["entryRequirements"] if one.keys() <= {"texts"}]
        others = [one for one in node.pop("entryRequirements") if one not in plain]
        node["notes"] = [*others, *node.get("notes", [])]
        if plain:
            node["entryRequirements"] = [{"texts": [text for one in plain for text in one["texts"]]}]
    if node.get("emails") or node.get("phones") or node.get("forms"):
        places = node.get("places", [])
        node["places"] = [{"addresses": [one]} for place in places for one in place.get("addresses", [])]
    if node.keys() & {"lines", "postalCode", "locality", "region"} or (node.keys() & {"parts"} and "country" in node):
        node.pop("full", None)
        for key in ("lines", "postalCode", "locality", "region", "parts"):
            node.pop(key, None)
        node["joined"] = True


def _sorted(node: Tree) -> None:
    for key, value in node.items():
        if key in _UNORDERED and isinstance(value, list):
            node[key] = sorted(value, key=_UNORDERED[key])
        elif isinstance(value, list) and value and isinstance(value[0], dict) and value[0].keys() <= {"value", "lang"}:
            node[key] = sorted(value, key=lambda text: str(text["value"]))


_UNORDERED: Final[dict[str, Callable[[Any], str]]] = {
    # several properties of ELM become one field
    "levels": lambda level: str(level.get("code", level.get("value"))),
    "qualityAssurance": lambda each: f"{'agency' in each} {each.get('kind')} {each.get('title')}",
    "accreditations": lambda each: f"{'agency' in each} {each.get('kind')} {each.get('title')}",
}

# --- what is said for a record that does not


def _written(expected: Tree, actual: Tree) -> None:
    kept = [one for one in expected.pop("kinds", []) if isinstance(one, dict)]  # a profile may have given way
    if kept:
        expected["kinds"] = kept
    for key in ("kinds", "title", "delivery", "primaryLanguage", "validFrom", "issuer", "issued"):
        if key not in expected or (key in {"issuer", "issued"} and key not in actual):
            expected.pop(key, None)
            actual.pop(key, None)
    primary = actual.get("primaryLanguage", expected.get("primaryLanguage"))
    for tree in (expected, actual):
        tree["languages"] = [one for one in tree["languages"] if one != primary]
    if not expected["languages"]:
        actual["languages"] = []


def _stated(expected: Any, actual: Any) -> None:
    """Take out of what came back what nobody had stated."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in [key for key in actual if key not in expected and key in _ASSUMED]:
            if _ASSUMED[key](expected, actual):
                actual.pop(key)
        if expected.pop("joined", False):
            actual.pop("full", None)
        if "isQualification" in expected and "isQualification" not in actual:
            expected.pop("isQualification")
        _same_word(expected, actual)
        for key in expected.keys() & actual.keys():
            _stated(expected[key], actual[key])
    elif isinstance(expected, list) and isinstance(actual, list):
        for one, other in zip(expected, actual, strict=False):
            _stated(one, other)


def _same_word(expected: Tree, actual: Tree) -> None:
    """A word without a list is of the list that its place demands."""
    word, iri = expected.get("code"), actual.get("code")
    if isinstance(word, str) and isinstance(iri, str) and ":" not in word and "scheme" not in expected:
        vocabulary = TABLES.vocabulary_of(iri)
        known = vocabulary.find(word) if vocabulary is not None else None
        if known is not None and known.iri == iri:
            expected["code"] = iri


def _always(expected: Tree, actual: Tree) -> bool:
    return True


def _coded(expected: Tree, actual: Tree) -> bool:
    """The same concept is defined elsewhere in the record."""
    return "code" in expected


def _of_award(expected: Tree, actual: Tree) -> bool:
    return "bodies" in actual


def _of_organisation(expected: Tree, actual: Tree) -> bool:
    return "called" in expected


_ASSUMED: Final[dict[str, Callable[[Tree, Tree], bool]]] = {
    "title": _always,
    "definition": _coded,
    "award": _always,
    "bodies": _always,
    "date": _of_award,
    "grade": _always,
    "lang": _always,
    "country": _always,
    "mediaType": _always,
    "isQualification": _always,
    "places": _of_organisation,
    "addresses": _always,
    "specification": _always,
    "size": _always,
}
