"""What the profile of diploma supplements demands besides the accredited one, by the shapes that the issuer applies.

Of each qualification they demand a part that is a qualification. Taken by the letter no document fulfils that: the last
part has none. It is therefore told apart from the rest, which a record can have or lack.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mcbridge.mappers.edc.rules import FULL_NAME_ASSUMED
from mcbridge.mappers.edc.writing import Node, Writing

_ONE: Final = {"creditReceived": "exactly one sum of credits received", "provenBy": "exactly one assessment"}
"""Of each achievement, the parts of the whole included."""
_SOME: Final = {
    "nqfLevel": "a national level",
    "thematicArea": "an ISCED-F field",
    "learningOutcome": "a learning outcome",
    "mode": "a mode of learning",
    "language": "a language",
    "maximumDuration": "a maximum duration",
}
"""Of each qualification."""
_PERSON: Final = {"dateOfBirth": "a date of birth of the learner"}
_AWARDED: Final = "awardingOpportunity"


def lacking(credential: Node, *, said: bool) -> list[str]:
    """What a credential lacks, in words for people; ``said`` passes over what is demanded without end.

    What ``complete`` adds is not lacking.
    """
    person = credential["credentialSubject"]
    found = [] if _name(person) is not None else ["a full name of the learner, or given and family name"]
    found += [what for key, what in _PERSON.items() if key not in person]
    achievements, qualifications = _of_type(credential, "LearningAchievement"), _of_type(credential, "Qualification")
    for key, what in _ONE.items():
        short = sum(1 for each in achievements if len(each.get(key, ())) != 1)
        found += _told(what, short, len(achievements), "achievement")
    for key, what in _SOME.items():
        short = sum(1 for each in qualifications if key not in each)
        found += _told(what, short, len(qualifications), "qualification")
    short = len(_partless(credential, qualifications, within=not said))
    return found + _told("a part that is a qualification, too", short, len(qualifications), "qualification")


def endless(credential: Node) -> int:
    """How many qualifications have no part that is one."""
    return len(_partless(credential, _of_type(credential, "Qualification"), within=True))


def _told(what: str, short: int, number: int, of: str) -> list[str]:
    if not short:
        return []
    return [f"{what} of each {of} ({short} of {number} {'has' if short == 1 else 'have'} not)"]


def _partless(credential: Node, qualifications: list[Node], *, within: bool) -> list[Node]:
    """Those without a part; those that are parts themselves, or of a part, only with ``within``."""
    claims = {id(claim.get("specifiedBy")): claim for claim in credential["credentialSubject"]["hasClaim"]}
    return [
        each
        for each in qualifications
        if (within or id(each) in claims)
        and all(part["type"] != "Qualification" for part in each.get("hasPart", ()))
        and not _parts(claims.get(id(each), {}))
    ]


def _parts(claim: Node) -> list[Node]:
    """What the parts of an achievement specify, as far as these are qualifications."""
    offered = [part["specifiedBy"] for part in claim.get("hasPart", ()) if "specifiedBy" in part]
    return [each for each in offered if each["type"] == "Qualification"]


def complete(run: Writing, credential: Node) -> None:
    """Say in the words of the profile what the credential says already: the full name, who awards, and the parts."""
    person = credential["credentialSubject"]
    if "fullName" not in person and (name := _name(person)) is not None:
        person["fullName"] = name
        text = next(iter(name.values()))[0]
        run.find(FULL_NAME_ASSUMED, "learner", text)
    made: dict[int, Node] = {}
    for claim in person["hasClaim"]:
        _award(run, claim, claim["awardedBy"], made)
        offered = claim.get("specifiedBy")
        if offered is not None and offered["type"] == "Qualification" and "hasPart" not in offered:
            offered.update({"hasPart": parts} if (parts := _parts(claim)) else {})


def _award(run: Writing, node: Node, process: Node, made: dict[int, Node]) -> None:
    """An awarding opportunity for each qualification that has none: the bodies that awarded what it specifies."""
    process = node.get("awardedBy", process)
    if node["type"] == "Qualification" and _AWARDED not in node:
        if id(process) not in made:
            found = run.node("awardingOpportunity", "AwardingOpportunity")
            made[id(process)] = found | {"awardingBody": process["awardingBody"]}
        node[_AWARDED] = [made[id(process)]]
    below = (node.get("specifiedBy"), *node.get("hasPart", ()), *node.get("isPartOf", ()))
    for each in below:
        if each is not None:
            _award(run, each, process, made)


def _name(person: Node) -> Node | None:
    """The full name as a language map: the stated one, else as the issuer puts it together."""
    if "fullName" in person:
        stated: Node = person["fullName"]
        return stated
    given, family = person.get("givenName"), person.get("familyName")
    if not given or not family:
        return None
    (lang, (first,)), (_, (last,)) = next(iter(given.items())), next(iter(family.items()))
    return {lang: [f"{first} {last}"]}


def _of_type(credential: Node, name: str) -> list[Node]:
    return [each for each in _nodes(credential) if each.get("type") == name]


def _nodes(root: Node) -> Iterator[Node]:
    """All objects, each once."""
    seen: set[int] = set()
    waiting: list[Any] = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if id(item) not in seen:
                seen.add(id(item))
                yield item
                waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


__all__ = ["complete", "endless", "lacking"]
