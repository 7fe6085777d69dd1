"""The profile of a credential: which one is wanted, whether its demands are met, and what is written when not.

The issuer validates a file by the shapes of its profile and refuses it as a whole, so a profile whose demands are not
met gives way to the generic one, with a finding that names each of them. Those of the diploma supplement are many:
they are the accredited profile's and its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mcbridge.mappers.edc.coded import concept, known_concept
from mcbridge.mappers.edc.embedding import conversion
from mcbridge.mappers.edc.rows import add
from mcbridge.mappers.edc.rules import EVIDENCE_LEFT_OUT, PROFILE_ASSUMED, PROFILE_ENDLESS, PROFILE_UNMET
from mcbridge.mappers.edc.supplement import complete, endless, lacking
from mcbridge.mappers.edc.writing import Node, Writing, texts_of
from mcbridge.model import Achievement, Concept

GENERIC: Final = "generic"
ACCREDITED: Final = "accredited"
CONVERTED: Final = "converted"
SUPPLEMENT: Final = "diploma-supplement"
SCHEMAS: Final = {
    GENERIC: "http://data.europa.eu/snb/model/ap/edc-generic-full",
    ACCREDITED: "http://data.europa.eu/snb/model/ap/edc-accredited",
    CONVERTED: "http://data.europa.eu/snb/model/ap/edc-converted",
    "mandated-issue": "http://data.europa.eu/snb/model/ap/edc-issued-by-mandate",
    SUPPLEMENT: "http://data.europa.eu/snb/model/ap/edc-diploma-supplement",
}
"""The shapes of each profile that is written, by the word of the vocabulary ``credential``."""
_DEMANDS: Final = {
    ACCREDITED: ("accreditation", "evidence with an accreditation, and exactly one claim, which is an achievement"),
    CONVERTED: ("embeddedEvidence", "evidence with the original document embedded, and no evidence without"),
    "mandated-issue": ("evidenceStatement", "evidence with a statement of the mandate, and no evidence without"),
}


def profiles(run: Writing, node: Node) -> None:
    """Put the profiles and their shapes into the credential, and the source document where that is asked for."""
    embedded = conversion(run) if run.embed else None
    if embedded is not None:
        add(node, "evidence", embedded)
    words: dict[str, Node] = {}
    chosen = run.profile or (CONVERTED if embedded is not None else None)
    if chosen is not None:
        _by_option(run, node, chosen, words)
    else:
        _by_record(run, node, words)
    if embedded is not None and CONVERTED not in words:
        _take_back(node, embedded)
    if not words:
        words[run.defaults.profile] = _default(run, said=bool(run.record.kinds) or chosen is not None)
    if set(words) == {GENERIC} and not run.bare:
        _leave_to_others(run, node)
    node["credentialProfiles"] = list(words.values())
    schemas = dict.fromkeys(SCHEMAS.get(word, SCHEMAS[GENERIC]) for word in words)
    node["credentialSchema"] = [{"id": schema, "type": "ShaclValidator2017"} for schema in schemas]


def _by_option(run: Writing, node: Node, chosen: str, words: dict[str, Node]) -> None:
    """The profile that an option asks for; what the record says is another matter."""
    known = run.lists.known("credential", chosen)
    assert known is not None, "the options are checked when they are read"  # noqa: S101
    found = known_concept(run, known)
    for index, kind in enumerate(run.record.kinds):
        path = f"kinds[{index}]"
        said = concept(run, kind, path, "credential", closed=True)
        if said is not None and said is not found:
            run.lose(path, "loss/overridden", "the option asks for another profile", kind, changed=True)
    _take(run, node, found, chosen, "", words)


def _by_record(run: Writing, node: Node, words: dict[str, Node]) -> None:
    """The profiles that the record names, else that of a diploma supplement where the record has one."""
    for index, kind in enumerate(run.record.kinds):
        path = f"kinds[{index}]"
        found = concept(run, kind, path, "credential", closed=True)
        if found is not None:
            _take(run, node, found, _word(run, found), path, words, kind)
    if run.record.kinds:
        return
    supplement = next(_supplements(run.record.achievements, "achievements"), None)
    if supplement is None:
        return
    known = run.lists.known("credential", SUPPLEMENT)
    assert known is not None, "the vocabulary has it"  # noqa: S101
    unmet = _unmet(run, node, SUPPLEMENT, said=False)
    if unmet is None:
        words[SUPPLEMENT] = known_concept(run, known)
    else:
        run.find(PROFILE_UNMET, supplement, known.labels["en"], what=unmet)


def _take(
    run: Writing, node: Node, found: Node, word: str, path: str, words: dict[str, Node], kind: Concept | None = None
) -> None:
    unmet = _unmet(run, node, word, said=True)
    if unmet is None:
        words[word] = found
        left = endless(node) if word == SUPPLEMENT else 0
        if left:
            run.find(PROFILE_ENDLESS, path, texts_of(found["prefLabel"]), count=left)
        return
    run.find(PROFILE_UNMET, path, texts_of(found["prefLabel"]), what=unmet)
    if kind is not None:
        run.lose(path, "loss/profile", f"the profile demands {unmet}", kind, changed=True)


def _default(run: Writing, *, said: bool) -> Node:
    default = run.lists.known("credential", run.defaults.profile)
    assert default is not None, "the defaults are checked when they are loaded"  # noqa: S101
    if not said:
        run.find(PROFILE_ASSUMED, "", default.labels["en"])
    return known_concept(run, default)


def _word(run: Writing, node: Node) -> str:
    entry = run.lists.tables.vocabulary("credential").by_iri(node["id"])
    return entry.properties.get("word", "") if entry else ""


def _supplements(achievements: tuple[Achievement, ...], path: str) -> Iterator[str]:
    for index, each in enumerate(achievements):
        here = f"{path}[{index}]"
        if each.diploma_supplement is not None:
            yield f"{here}.diplomaSupplement"
        yield from _supplements(each.parts, f"{here}.parts")


def _unmet(run: Writing, node: Node, word: str, *, said: bool) -> str | None:
    """What a profile demands and the credential lacks, in words.

    What the supplement demands without end is passed over where somebody ``said`` that it is one.
    """
    if word == GENERIC:
        return None
    if word == SUPPLEMENT:
        lacks = [_DEMANDS[ACCREDITED][1]] if _lacks(node, ACCREDITED) else []
        lacks += lacking(node, said=said)
        if not lacks:
            complete(run, node)
        return "; ".join(lacks) or None
    if word not in _DEMANDS:
        return "what this writer does not write, since it is not issued to learners"
    return _DEMANDS[word][1] if _lacks(node, word) else None


def _lacks(node: Node, word: str) -> bool:
    key, pieces = _DEMANDS[word][0], node.get("evidence", ())
    if not pieces or not all(key in piece for piece in pieces):
        return True
    claims = node["credentialSubject"]["hasClaim"]
    return word == ACCREDITED and [claim["type"] for claim in claims] != ["LearningAchievement"]


def _take_back(node: Node, embedded: Node) -> None:
    node["evidence"] = [each for each in node["evidence"] if each is not embedded]
    if not node["evidence"]:
        del node["evidence"]


def _leave_to_others(run: Writing, node: Node) -> None:
    """What the issuer would look up, and refuse the file for, has no part in the generic profile."""
    gone: list[Any] = []
    for found, path, value in run.looked_up:
        run.find(EVIDENCE_LEFT_OUT, path)
        run.lose(path, "loss/profile", "the generic profile has no accreditation as evidence", value)
        gone.append(found)
    left = [each for each in node.get("evidence", ()) if all(each is not one for one in gone)]
    if left:
        node["evidence"] = left
    else:
        node.pop("evidence", None)


__all__ = ["SCHEMAS", "profiles"]
