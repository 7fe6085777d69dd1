"""The echo: what the extension says, as plain text at the end of a description.

It stands between two marks, ``[mcbridge 1]`` and ``[/mcbridge 0123456789ab]``; the
second holds a digest of the words in between, white space apart. So an echo is found
again whether the extension came with it or not, and one that somebody edited shows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from mcbridge.mappers.elmo.extension import OPENING, SEPARATOR
from mcbridge.mappers.elmo.extension.table import format_duration
from mcbridge.mappers.elmo.values import without_illegal
from mcbridge.mappers.elmo.words import LEVEL_WORDS
from mcbridge.model import (
    Achievement,
    Concept,
    Credential,
    Duration,
    LearningOutcome,
    Level,
    Link,
    Note,
    Organisation,
    QualityAssurance,
    Stackability,
    Text,
    Texts,
)
from mcbridge.tables import Tables

_CLOSING: Final = re.compile(r"\[/mcbridge ([0-9a-f]{12})\]")
_ECHO: Final = re.compile(r"\[mcbridge 1\](?P<body>.*)\[/mcbridge (?P<mark>[0-9a-f]{12})\]\s*", re.DOTALL)
_MARKS: Final = re.compile(r"\[(?=/?mcbridge )")
_TAG: Final = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")

Words = Mapping[str, Mapping[str, str]]
"""The headings by language: ``mappings/elmo/defaults.toml``."""

Say = Callable[[Any], Iterator[str]]


def digest(body: str) -> str:
    """Twelve hexadecimal digits for the words of an echo; white space does not count."""
    return hashlib.sha256(" ".join(body.split()).encode()).hexdigest()[:12]


def mark(echo: Text) -> str:
    """The digest that an echo ends with."""
    return echo.value[-13:-1]


def without(description: Texts, marks: Iterable[str]) -> tuple[Texts, list[int]]:
    """The description without the echoes of these digests, and the texts in which one of them was edited."""
    left = set(marks)
    texts: list[Text] = []
    edited: list[int] = []
    for index, text in enumerate(description):
        start = text.value.rfind(OPENING)
        found = _ECHO.fullmatch(text.value, start) if start >= 0 else None
        if found and found["mark"] in left and digest(found["body"]) == found["mark"]:
            before = text.value[:start]
            if before:
                whole = before.endswith(SEPARATOR)
                texts.append(Text(before.removesuffix(SEPARATOR) if whole else before.rstrip(), text.lang))
            continue
        if (start >= 0 and found is None) or any(each in left for each in _CLOSING.findall(text.value)):
            edited.append(index)
        texts.append(text)
    return tuple(texts), edited


class Voice:
    """Says what stands in the blocks of a learning opportunity."""

    def __init__(self, tables: Tables, words: Words) -> None:
        self.tables = tables
        self.words = words
        self.lists = frozenset(tables.names("vocabularies"))

    def of(
        self,
        credential: Credential,
        achievement: Achievement,
        offered: Mapping[str, Any],
        reached: Mapping[str, Any],
        *,
        top: bool,
    ) -> list[Text]:
        """The echoes, one a language in which any of it is said; none where nothing is worth saying."""
        gathered = list(_gathered(credential, achievement, offered, reached, top=top))
        languages = dict.fromkeys(lang for _, value in gathered for lang in _languages(value))
        title = achievement.specification.title if achievement.specification is not None else ()
        known = [lang for lang in languages if lang is not None and _TAG.fullmatch(lang)]
        if not known:
            known = [text.lang for text in (*title, *achievement.title) if text.lang and _TAG.fullmatch(text.lang)][:1]
        found = []
        tried: list[str | None] = [*known] or [None]
        for lang in tried:
            speaker = _Speaker(self, credential, lang)
            lines = list(speaker.lines(gathered))
            if lines:
                body = f" {speaker.word('heading')}\n" + "\n".join(lines) + "\n"
                found.append(Text(f"{OPENING}{body}[/mcbridge {digest(body)}]", lang))
        return found


def _gathered(
    credential: Credential,
    achievement: Achievement,
    offered: Mapping[str, Any],
    reached: Mapping[str, Any],
    *,
    top: bool,
) -> Iterator[tuple[str, Any]]:
    """Headings and what belongs under them, in the order of Annex I."""
    assessments = reached.get("assessments", ())
    award = reached.get("award")
    if top and (issuer := next((one for one in credential.organisations if one.id == credential.issuer), None)):
        yield "region", tuple(region for place in issuer.places for region in place.regions)
    if award is not None and (len(award.bodies) > 1 or (credential.issuer and set(award.bodies) - {credential.issuer})):
        yield "awarded-by", tuple(one for body in award.bodies for one in credential.organisations if one.id == body)
    if award is not None and achievement.period is not None and award.date != achievement.period.end:
        yield "awarded-on", award.date
    if top:
        yield "valid-from", credential.valid_from
        yield "valid-until", credential.valid_until
    yield "outcomes", (*offered.get("learning_outcomes", ()), *_some(offered.get("outcome_summary")))
    yield "workload", offered.get("volume_of_learning")
    yield "level", (*offered.get("levels", ()), *offered.get("education_levels", ()))
    examined = tuple(kind for one in assessments if one.specification is not None for kind in one.specification.kinds)
    yield "assessment", (*offered.get("assessment_kinds", ()), *examined)
    forms = (*offered.get("modes", ()), *offered.get("schedules", ()), *_some(offered.get("setting")))
    yield "participation", forms
    yield "languages", tuple(Concept(code=code, scheme="language") for code in offered.get("languages", ()))
    yield "quality", offered.get("quality_assurance", ())
    yield "requirements", offered.get("entry_requirements", ())
    yield "target-groups", offered.get("target_groups", ())
    checked = tuple(one.verification for one in assessments if one.verification is not None)
    yield "supervision", (*_some(offered.get("supervision")), *checked)
    yield "stackability", offered.get("stackability")
    yield "information", (*offered.get("notes", ()), *reached.get("notes", ()), *offered.get("homepages", ()))


def _some(value: Any) -> tuple[Any, ...]:
    return () if value is None else (value,)


def _languages(value: Any) -> Iterator[str | None]:
    """The languages that something is said in; names of organisations do not decide."""
    if isinstance(value, Text):
        yield value.lang
    elif isinstance(value, tuple):
        for item in value:
            yield from _languages(item)
    elif isinstance(value, msgspec.Struct) and not isinstance(value, Organisation):
        for name in value.__struct_fields__:
            yield from _languages(getattr(value, name))


class _Speaker:
    """One language."""

    def __init__(self, voice: Voice, credential: Credential, lang: str | None) -> None:
        self.voice = voice
        self.lang = lang
        self.organisations = {one.id: one for one in credential.organisations}
        self.primary = (lang or "en").partition("-")[0].casefold()
        self.say: dict[type, Say] = {
            Concept: self._concept,
            Note: lambda note: self._text(note.texts),
            Link: lambda link: iter((link.url,)),
            Duration: _duration,
            LearningOutcome: self._outcome,
            Level: self._level,
            QualityAssurance: self._quality,
            Stackability: self._stackability,
            Organisation: lambda one: self._text(one.names),
        }

    def word(self, name: str) -> str:
        """A word in this language, else in English."""
        return self.voice.words.get(self.primary, {}).get(name) or self.voice.words["en"][name]

    def lines(self, gathered: Iterable[tuple[str, Any]]) -> Iterator[str]:
        """A heading and what it is about, on one line or on several."""
        for heading, value in gathered:
            values = value if isinstance(value, tuple) else _some(value)
            said = [_plain(line) for one in values for line in self._said(one) if line.strip()]
            said = list(dict.fromkeys(said))
            title = self.word(heading)[:1].upper() + self.word(heading)[1:]
            if len(said) == 1:
                yield f"{title}: {said[0]}"
            elif said:
                yield f"{title}:"
                yield from (f"- {line}" for line in said)

    def _said(self, value: Any) -> Iterator[str]:
        say = self.say.get(type(value))
        if say is None:
            return iter((value.date().isoformat() if isinstance(value, dt.datetime) else value.isoformat(),))
        return say(value)

    def _text(self, texts: Texts) -> Iterator[str]:
        """In this language, else in none, else in the first there is."""
        by_lang: dict[str | None, list[str]] = {}
        for text in texts:
            by_lang.setdefault(text.lang, []).append(text.value)
        if by_lang:
            found = by_lang.get(self.lang) or by_lang.get(None) or next(iter(by_lang.values()))
            yield "; ".join(found)

    def _concept(self, concept: Concept) -> Iterator[str]:
        """The label that the record has for it, or ours, in this language and then in English."""
        given = {(text.lang or "").partition("-")[0].casefold(): text.value for text in reversed(concept.labels)}
        ours = self._labels(concept)
        found = given.get(self.primary) or ours.get(self.primary) or given.get("en") or ours.get("en")
        yield found or next(iter(given.values()), None) or concept.notation or concept.code

    def _labels(self, concept: Concept) -> Mapping[str, str]:
        tables = self.voice.tables
        if concept.scheme in self.voice.lists:
            vocabulary = tables.vocabulary(concept.scheme)
        else:
            vocabulary_of = tables.vocabulary_of(concept.code)
            if vocabulary_of is None:
                return {}
            vocabulary = vocabulary_of
        entry = vocabulary.find(concept.code)
        return {} if entry is None else entry.labels

    def _outcome(self, outcome: LearningOutcome) -> Iterator[str]:
        said = "; ".join(self._text(outcome.title))
        skills = [word for skill in (*outcome.esco_skills, *outcome.skills) for word in self._concept(skill)]
        kind = [word for each in _some(outcome.kind) for word in self._concept(each)]
        more = "; ".join(filter(None, [*kind, ", ".join(skills)]))
        yield f"{said} ({more})" if said and more else said or more

    def _level(self, level: Level) -> Iterator[str]:
        named = next(self._text(level.labels or level.description), "")
        code = " ".join(filter(None, (level.scheme or LEVEL_WORDS.get(level.framework), level.value, level.country)))
        yield f"{code} ({named})" if named else code

    def _quality(self, quality: QualityAssurance) -> Iterator[str]:
        agency = self.organisations.get(quality.agency or "")
        links = [link.url for link in (*_some(quality.report), *quality.landing_pages)]
        pieces = [
            *self._text(quality.title),
            *(word for each in _some(quality.kind) for word in self._concept(each)),
            *(self._text(agency.names) if agency is not None else ()),
            *(word for each in _some(quality.decision) for word in self._concept(each)),
            *(f"{self.word('valid-until')} {day.isoformat()}" for day in _some(quality.expires)),
            *(one.value for one in quality.identifiers),
            *links,
        ]
        yield "; ".join(piece for piece in pieces if piece)

    def _stackability(self, stackability: Stackability) -> Iterator[str]:
        if stackability.kind is not None:
            yield from self._concept(Concept(code=stackability.kind.value, scheme="stackability"))
        for target in stackability.towards:
            names = [*self._text(target.titles), *(one.value for one in target.identifiers[: not target.titles])]
            yield "; ".join([*names, *(link.url for link in target.homepages)])


def _duration(value: Duration) -> Iterator[str]:
    """Hours where there is nothing else, so that people can read it."""
    hours = value.seconds / 3600
    if value.months or hours != hours.to_integral_value():
        try:
            yield format_duration(value)
        except ValueError:
            yield f"{value.months} / {value.seconds:f}"
    else:
        yield f"{hours.quantize(Decimal(1)):f} h"


def _plain(line: str) -> str:
    """On one line, and with nothing in it that could be taken for a mark."""
    return _MARKS.sub("(", " ".join(without_illegal(line).split()))
