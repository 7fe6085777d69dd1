"""The screen at the gate: it finds what gives a learner of this run away in a text that is to be published.

Course descriptions are typed by people, and a remark about one learner may stand in
any column. The screen is handed words, numbers, addresses and dates, not learners; it
looks for them as sequences of words, without case, accents and punctuation, so
``HORVAT, Ana`` and ``ana-horvat`` are found alike. It errs to the safe side: a hit
blocks a provision until somebody has looked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import takewhile

from mcbridge.tables import fold

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = {ord(letter): None for letter in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}

NAME, NUMBER, ADDRESS, BIRTH = "name", "identifier", "e-mail address", "date of birth"
SHORTEST_WORD = 4
"""Letters that a part of a name has before it is looked for with a part of the other name alone."""
SHORTEST_JOINED = 8
"""Letters of a whole name written as one word (``anahorvat``)."""
SHORTEST_NUMBER = 5
"""Characters of a number before it is looked for in texts. Shorter ones are everywhere."""
SHORTEST_CODE = 8
"""Characters of a number before it is looked for in codes: course codes and short student numbers meet by chance."""

SHORTEST_STEM = 2
"""Letters that an inflected given name shares with the plain one, at least."""
LONGEST_ENDING = 3
"""Letters that a case may add to a name (``Novaka``, ``Anom``)."""
_SMALL_WORDS = frozenset("aeikosuvyz")
"""Letters that are words by themselves in some language of the field, so that they are no initials."""

Words = tuple[str, ...]


def words(text: str) -> Words:
    """The words of a text as they are compared."""
    plain = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return tuple(fold(word) for word in _WORD.findall(plain))


class Screen:
    """What gives learners away, indexed by first words: looking costs the length of the text, not their number."""

    def __init__(self) -> None:
        self._kinds: dict[Words, str] = {}
        self._lengths: dict[str, set[int]] = {}
        self._given: dict[str, set[str]] = {}

    def name(self, given: str, family: str) -> None:
        """A given and a family name: both orders, single given names with the family name, written as one word."""
        first, last = words(given), words(family)
        if not first or not last:
            self.whole_name(f"{given} {family}")
            return
        for family_word in last:
            if len(family_word) >= SHORTEST_WORD:
                self._given.setdefault(family_word, set()).update(first)
        for one in {first, *((word,) for word in first if len(word) > 1)}:
            for two in {last, *((word,) for word in last if len(word) >= SHORTEST_WORD)}:
                for whole in (one + two, two + one):
                    self._keep(whole, NAME)
                    if len(joined := "".join(whole)) >= SHORTEST_JOINED:
                        self._keep((joined,), NAME)

    def whole_name(self, text: str) -> None:
        """A name of unknown order. One of a single word is looked for when it is long enough to be one."""
        all_ = words(text)
        if len(all_) > 1:
            self._keep(all_, NAME)
            self.name(" ".join(all_[:-1]), all_[-1])
        elif all_ and len(all_[0]) >= SHORTEST_WORD:
            self._keep(all_, NAME)

    def number(self, text: str) -> None:
        """An identifier: as written, in one piece, and the long numbers within. Without a digit it is a mere word."""
        parts = words(text)
        for each in {parts, ("".join(parts),), *((part,) for part in parts if len(part) >= SHORTEST_CODE)}:
            letters = "".join(each)
            if len(letters) >= SHORTEST_NUMBER and len(set(letters)) > 1 and any(map(str.isdigit, letters)):
                self._keep(each, NUMBER)

    def address(self, text: str) -> None:
        """An e-mail address."""
        if "@" in text:
            self._keep(words(text), ADDRESS)

    def birth(self, day: date) -> None:
        """A date of birth: year first or day first, with and without zeros."""
        year, month, number = f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"
        for m in {month, str(day.month)}:
            for d in {number, str(day.day)}:
                self._keep((year, m, d), BIRTH)
                self._keep((d, m, year), BIRTH)
        self._keep((year + month + number,), BIRTH)

    def _keep(self, each: Words, kind: str) -> None:
        if each:
            self._kinds.setdefault(each, kind)
            self._lengths.setdefault(each[0], set()).add(len(each))

    def find(self, text: str, *, code: bool = False) -> str | None:
        """What of a learner stands in a text (``name``, ``identifier``, …), or ``None``. ``code``: it is no prose."""
        return next(self._found(words(text), code=code), None)

    def _found(self, all_: Words, *, code: bool) -> Iterator[str]:
        for at, word in enumerate(all_):
            if not code and self._bent(word, (*all_[max(at - 1, 0) : at], *all_[at + 1 : at + 2])):
                yield NAME
            for length in self._lengths.get(word, ()):
                kind = self._kinds.get(all_[at : at + length])
                if kind is None:
                    continue
                if code and kind == NUMBER and len("".join(all_[at : at + length])) < SHORTEST_CODE:
                    continue
                yield kind

    def _bent(self, word: str, beside: Words) -> bool:
        """Whether a family name, inflected or not, stands beside a given name that is inflected or an initial."""
        for ending in range(LONGEST_ENDING + 1):
            for given in self._given.get(word[: len(word) - ending], ()):
                if any(_like(other, given) for other in beside):
                    return True
        return False


def _like(word: str, given: str) -> bool:
    if len(word) == 1:
        return word == given[:1] and word not in _SMALL_WORDS
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, given, strict=False)))
    return shared >= max(SHORTEST_STEM, len(given) - 2) and len(word) - shared <= LONGEST_ENDING


def same_number(one: str, others: Iterable[str]) -> bool:
    """Whether an identifier equals one of the others but for case and punctuation."""
    own = "".join(words(one))
    return bool(own) and any(own == "".join(words(other)) for other in others)
