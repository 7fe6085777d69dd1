"""What one writing carries along, and how it names what ELMO has no place for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from operator import attrgetter
from typing import Any, Final

import msgspec
from msgspec import Struct

from mcbridge.losses import Loss, LossLedger
from mcbridge.mappers.elmo.extension import Blocks
from mcbridge.mappers.elmo.values import collapse, escape, illegal, quote, without_illegal
from mcbridge.model import Concept, Entity
from mcbridge.model.leaves import count, members

PLACELESS: Final = frozenset(("residue", "spellings"))
"""Fields that no row needs, because they have their own ways."""


class Lists(Struct, frozen=True):
    """What of ELMO stands in ``mappings/``: the countries it takes, and its words for those of other lists."""

    countries: Collection[str]
    country: Callable[[str], str | None]
    kind: Callable[[Concept], str | None]
    gender: Callable[[str], str | None]
    credit_scheme: Callable[[str], str | None]


class Missing(Exception):
    """A record lacks what ELMO demands; ``field`` is its canonical path, ``what`` ELMO's word."""

    def __init__(self, record: str, field: str, what: str) -> None:
        super().__init__(record, field, what)
        self.record = record
        self.field = field
        self.what = what


class Pen:
    """What one writing carries along: where losses go, where bytes are, and whether the record was read from ELMO.

    A record read from ELMO is written as it was, its mistakes included; any other obeys the schema's word lists.
    """

    def __init__(
        self,
        record: str,
        losses: LossLedger,
        contents: Mapping[str, bytes],
        lists: Lists,
        identifier_type: str,
        *,
        as_read: bool,
        version: str = "1.7",
    ) -> None:
        self.record = record
        self.losses = losses
        self.contents = contents
        self.lists = lists
        self.identifier_type = identifier_type
        self.as_read = as_read
        self.version = version
        self.assumed: list[tuple[str, str]] = []
        self.blocks: Mapping[str, Blocks] = {}
        self.folded = False
        self.silent = False
        self._moved: list[tuple[str, str]] = []

    def fold(self) -> None:
        """Something is said once that the record says twice, or otherwise; reading it back would not show that."""
        self.folded = True

    def move(self, here: str, there: str) -> None:
        """What is written from one place of the record stands at another; losses are named where it stands."""
        self._moved.append((here, there))
        self.folded = True

    def lose(self, path: str, code: str, reason: str, value: Any = None, *, changed: bool = False) -> None:
        """Name a loss; ``value`` is what is lost when it is a subtree."""
        if self.silent:
            return
        leaves = 1 if value is None else count(value)
        for here, there in self._moved:
            if path == here or path.startswith((f"{here}.", f"{here}[")):
                path = there + path[len(here) :]
        self.losses.add(Loss(self.record, path.lstrip("."), code, reason, leaves=leaves, changed=changed))

    def clean(self, text: str, path: str, *, exact: bool) -> str:
        """Text as ELMO can carry it; what had to change is named."""
        if illegal(text):
            self.lose(path, "loss/character", "XML has no way to write a control character", changed=True)
            text = without_illegal(text)
        if not exact and (tight := collapse(text)) != text:
            self.lose(path, "loss/white-space", "ELMO keeps no line breaks and repeated spaces here", changed=True)
            text = tight
        return text

    def escaped(self, text: str, path: str, *, exact: bool, part: str = "") -> str:
        """``clean``, at no cost for plain text, and escaped; ``part`` follows the path where something changes."""
        if text.isprintable() and (exact or ("  " not in text and text[:1] != " " and text[-1:] != " ")):
            return escape(text)
        return escape(self.clean(text, path + part, exact=exact))

    def quoted(self, text: str, path: str, *, exact: bool) -> str:
        """The same as the value of an attribute."""
        return quote(self.clean(text, path, exact=exact))


def strange(entity: Entity, path: str, pen: Pen) -> None:
    """Names what only another format knows of something that has no element of its own."""
    for index, kept in enumerate(entity.residue):
        reason = f"only {kept.format} has a place for this part of the document"
        pen.lose(f"{path}.residue[{index}]", "loss/residue", reason)


def nowhere(struct: type[msgspec.Struct], carried: frozenset[str]) -> Callable[[Any, str, Pen], None]:
    """Names the fields of a struct that no row carries, when they are filled."""
    rest = [
        info
        for info in members(struct)
        if info.name not in carried and info.name not in PLACELESS and info.name != "record"
    ]
    if not rest:
        return _complete
    name = struct.__name__
    if len(rest) == 1:
        (info,) = rest
        get_one, default = attrgetter(info.name), info.default
        lost = info.encode_name

        def check_one(value: Any, path: str, pen: Pen) -> None:
            found = get_one(value)
            if found != default:
                pen.lose(f"{path}.{lost}", "loss/no-place", f"ELMO has no place for {lost} of {name}", found)

        return check_one
    get = attrgetter(*(info.name for info in rest))
    defaults = tuple(info.default for info in rest)

    def check(value: Any, path: str, pen: Pen) -> None:
        found = get(value)
        if found == defaults:
            return
        for info, one in zip(rest, found, strict=True):
            if one != info.default:
                lost = info.encode_name
                pen.lose(f"{path}.{lost}", "loss/no-place", f"ELMO has no place for {lost} of {name}", one)

    return check


def _complete(value: Any, path: str, pen: Pen) -> None:
    """All fields have a place."""
