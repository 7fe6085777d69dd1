"""Levels and fields of learning.

A QF-EHEA cycle corresponds to one EQF level, but is not the same statement: a
source that gives one has not given the other, and both are kept as given.
"""

from enum import Enum

from mcbridge.model.base import Entity, Texts, Value


class Framework(Enum):
    """Which framework a level belongs to; other frameworks keep their word in ``Level.scheme``."""

    EQF = "eqf"
    QF_EHEA = "qf-ehea"
    NQF = "nqf"
    OTHER = "other"


class QfEheaCycle(Enum):
    """The Bologna cycles; nothing corresponds to EQF 1 to 4."""

    SHORT = "short"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


EqfLevel = int
"""1 to 8; a value outside is kept in ``Level.value`` and found by a check."""


class Level(Entity, frozen=True, kw_only=True):
    """One level statement. ``value`` is the level as written (``6``, ``7.1``), absent when only a type was given."""

    framework: Framework
    value: str | None = None
    country: str | None = None
    scheme: str | None = None
    code: str | None = None
    labels: Texts = ()
    description: Texts = ()


class Field(Value, frozen=True, kw_only=True):
    """A field of study in a named scheme (``isced-f``, ``erasmus-subject-area``); codes are strings, zeros matter."""

    scheme: str
    code: str
    labels: Texts = ()
