"""Many documents about one offer make one provision; where they say different things, that is told and not decided.

What may be said once only (a number of credits, a level, a title in one language)
contradicts when it differs, and a contradiction blocks. What may be said in pieces
(pages, languages, skills) is put together. Of two descriptions the longer is taken,
with a warning. The order in which documents are read changes nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from mcbridge.checks.credit import is_ects, plain, spoken
from mcbridge.model.base import Answer, Concept, Text, Texts
from mcbridge.model.learning import Credit, LearningOutcome, Specification
from mcbridge.model.levels import Level
from mcbridge.model.organisation import Organisation
from mcbridge.model.provision import Certification, Provision
from mcbridge.tables import Tables

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

DESCRIPTION: Final = "specification.description"
"""What may differ without blocking."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things said about one thing: by the provisions ``one`` and ``two``, counted from zero as they were given."""

    field: str
    value: str
    other: str
    one: int
    two: int

    @property
    def blocks(self) -> bool:
        """Whether nobody but the provider can decide."""
        return self.field != DESCRIPTION


def merge(variants: Sequence[Provision], tables: Tables) -> tuple[Provision, tuple[Clash, ...]]:
    """One provision of several with the same key, and what they contradict each other in.

    When something clashes in a way that blocks, the provision holds everything that was said, so it is in no state to
    be published. Raises ``ValueError`` without a provision.
    """
    if not variants:
        raise ValueError("there is nothing to merge")
    whole, *rest = sorted(variants, key=_richest_first)
    for other in rest:
        whole = _together(whole, other)
    return whole, tuple(_clashes(variants, tables))


def _richest_first(provision: Provision) -> tuple[int, bytes]:
    encoded = msgspec.json.encode(provision)
    return -len(encoded), encoded


def _clashes(variants: Sequence[Provision], tables: Tables) -> Iterator[Clash]:
    said: dict[tuple[str, Hashable], tuple[str, int]] = {}
    told: set[tuple[str, Hashable, str]] = set()
    for number, variant in enumerate(variants):
        for field, slot, value in _statements(variant, tables):
            other, one = said.setdefault((field, slot), (value, number))
            if other != value and (field, slot, value) not in told:
                told.add((field, slot, value))
                yield Clash(field, value, other, one, number)


Statement = tuple[str, Hashable, str]
"""What a provision says where only one thing can be said: field, which of its several places, value in words."""


def _statements(provision: Provision, tables: Tables) -> Iterator[Statement]:
    specification = provision.specification
    summary = specification.outcome_summary
    for field, several in (
        ("specification.title", specification.title),
        (DESCRIPTION, specification.description),
        ("specification.outcomeSummary", summary.texts if summary else ()),
    ):
        yield from _grouped(field, several, lambda text: (text.lang or "").casefold(), lambda text: _normal(text.value))
    yield from _outcomes(specification.learning_outcomes)
    credits_ = [
        ("ECTS" if is_ects(credit, tables) else credit.scheme.casefold(), plain(credit.points))
        for credit in specification.credits
        if credit.points is not None
    ]
    yield from _grouped("specification.credits", credits_, lambda each: each[0], lambda each: f"{each[1]} {each[0]}")
    yield from _grouped(
        "specification.levels",
        specification.levels,
        lambda level: (level.framework.value, level.country, level.scheme),
        lambda level: level.value or level.code or "",
    )
    yield from _grouped(
        "specification.fields", specification.fields, lambda field: field.scheme, lambda field: field.code
    )
    if specification.volume_of_learning is not None:
        yield "specification.volumeOfLearning", None, spoken(specification.volume_of_learning)
    for field, answer in (("fullDegree", provision.full_degree), ("partOfDegree", provision.part_of_degree)):
        if answer is not Answer.UNKNOWN:
            yield field, None, answer.value
    if provision.certification is not Certification.UNKNOWN:
        yield "certification", None, provision.certification.value
    for field, day in (("validFrom", provision.valid_from), ("validUntil", provision.valid_until)):
        if day is not None:
            yield field, None, str(day)


def _outcomes(outcomes: Sequence[LearningOutcome]) -> Iterator[Statement]:
    field = "specification.learningOutcomes"
    said = [text for outcome in outcomes for text in outcome.title]
    yield from _grouped(field, said, lambda text: (text.lang or "").casefold(), lambda text: _normal(text.value))
    skills = [skill.code for outcome in outcomes for skill in outcome.esco_skills if skill.code]
    yield from _grouped(field, skills, lambda _: "skills", lambda code: code)


def _grouped(
    field: str, several: Iterable[T], slot: Callable[[T], Hashable], value: Callable[[T], str]
) -> Iterator[Statement]:
    """One statement a slot: all its values, whatever their order."""
    found: dict[Hashable, set[str]] = {}
    for each in several:
        if written := value(each):
            found.setdefault(slot(each), set()).add(written)
    for key, values in found.items():
        yield field, key, " / ".join(sorted(values))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _together(one: Provision, two: Provision) -> Provision:
    return msgspec.structs.replace(
        one,
        specification=_specification(one.specification, two.specification),
        other_providers=_union(one.other_providers, two.other_providers),
        awarding_bodies=_union(one.awarding_bodies, two.awarding_bodies),
        organisations=_organisations((*one.organisations, *two.organisations)),
        full_degree=two.full_degree if one.full_degree is Answer.UNKNOWN else one.full_degree,
        part_of_degree=two.part_of_degree if one.part_of_degree is Answer.UNKNOWN else one.part_of_degree,
        certification=two.certification if one.certification is Certification.UNKNOWN else one.certification,
        valid_from=one.valid_from or two.valid_from,
        valid_until=one.valid_until or two.valid_until,
    )


def _specification(one: Specification, two: Specification) -> Specification:
    whole = _filled(one, two)
    return msgspec.structs.replace(
        whole, title=_distinct(whole.title), description=_longer(one.description, two.description)
    )


def _filled(one: S, two: S) -> S:
    """Each field of the one; where it says nothing, of the other; where both are collections, both."""
    fields = {}
    for name in one.__struct_fields__:
        mine, theirs = getattr(one, name), getattr(two, name)
        fields[name] = _union(mine, theirs) if isinstance(mine, tuple) else theirs if mine is None else mine
    return type(one)(**fields)


def _union(one: tuple[T, ...], two: tuple[T, ...]) -> tuple[T, ...]:
    """Both, without what is the same thing said again."""
    known: dict[Hashable, T] = {}
    for each in (*one, *two):
        known.setdefault(_identity(each), each)
    return tuple(known.values())


def _identity(each: object) -> Hashable:
    """What makes two things one, whatever labels hang on them."""
    match each:
        case Concept(code=code, scheme=scheme) if code:
            return code, scheme
        case Credit(scheme=scheme, points=points):
            return scheme.casefold(), None if points is None else plain(points)
        case Level(framework=framework, country=country, scheme=scheme, value=value, code=code):
            return framework, country, scheme, value or code
        case Text(value=value, lang=lang):
            return _normal(value), (lang or "").casefold()
        case _:
            return msgspec.json.encode(each)


def _distinct(texts: Texts) -> Texts:
    """Without those in no language that stand there in some language, too."""
    tagged = {_normal(text.value) for text in texts if text.lang}
    return tuple(text for text in texts if text.lang or _normal(text.value) not in tagged)


def _longer(one: Texts, two: Texts) -> Texts:
    """A text for each language: the longer of two, the first by the alphabet of two that are equally long."""
    best: dict[str | None, Text] = {}
    for text in (*one, *two):
        known = best.get(text.lang)
        if known is None or (-len(text.value), text.value) < (-len(known.value), known.value):
            best[text.lang] = text
    return tuple(best.values())


def _organisations(several: Iterable[Organisation]) -> tuple[Organisation, ...]:
    """Each organisation once; of two of one name the one that says more, with the names of both."""
    known: dict[str, Organisation] = {}
    for each in several:
        other = known.get(each.id)
        known[each.id] = each if other is None else _filled(other, each)
    return tuple(known[id_] for id_ in sorted(known))
