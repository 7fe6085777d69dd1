"""Blocks of the extension, taken out of a document and put into the record.

A block is read as a whole or left as it is: one that breaks the schema, is of another
version or holds a value that cannot be read stays residue, and a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any, Final

from lxml.etree import _Element
from msgspec import Struct
from msgspec.structs import replace

from mcbridge.mappers import _xml
from mcbridge.mappers.elmo import rules
from mcbridge.mappers.elmo.codecs import Shape
from mcbridge.mappers.elmo.extension import FAMILY
from mcbridge.mappers.elmo.extension.echo import without
from mcbridge.mappers.elmo.extension.facts import default, digest, filled, named
from mcbridge.mappers.elmo.extension.table import (
    ECHO,
    INSTEAD,
    LEARNER,
    NAMESPACE,
    OFFER,
    RECORD,
    RESULT,
    SCHEMA,
    Block,
)
from mcbridge.mappers.elmo.read import Put, Tables, Walk, tuples
from mcbridge.mappers.elmo.residues import Frame, camel, raw, residue, step
from mcbridge.model import Achievement, Credential, Learner, Organisation, Specification

_PATH: Final = re.compile(r"(?:(?P<lead>\w+)(?P<first>\[0\])?\.)?(?P<name>\w+)")
_JOINTS: Final[dict[str, dict[str, str]]] = {
    "result": {"assessments": "assessments[0]", "activities": "activities[0]", "period": "period"},
    "record": {"organisations": "organisations[0]"},
}
"""The fields of a block of which ELMO's elements make the first item."""


class Found(Struct):
    """One block as it was read: its fields, what of ELMO it stands in place of, and the digests of its echoes."""

    block: Block
    element: _Element
    fields: dict[str, Any]
    instead: dict[str, tuple[str | None, _Element]] = {}
    echoes: list[str] = []


class _Puts:
    """The closures for the blocks, traced or not."""

    def __init__(self, *, traced: bool) -> None:
        tables = Tables(checked=False, traced=traced)
        self.blocks = (OFFER, RESULT, LEARNER, RECORD)
        self.of: dict[str, Mapping[str, Put]] = {block.name: tables.puts(block.shape.rows) for block in self.blocks}


@lru_cache(maxsize=2)
def _puts(*, traced: bool) -> _Puts:
    return _Puts(traced=traced)


def take(frame: Frame, element: _Element, prefix: str, *blocks: Block) -> list[Found]:
    """The blocks of an ``extension`` element; all else in it becomes residue of the frame's entity."""
    walk: Walk = frame[-1]
    found: list[Found] = []
    for child in element:
        if child.tag.startswith(f"{{{FAMILY}"):
            made = _read(child, walk, blocks, found)
            if made is not None:
                found.append(made)
    if not found:
        residue(frame, prefix + step(element), raw(element), element)
        return found
    taken = [element.index(one.element) for one in found]
    rest = deepcopy(element)
    for index in reversed(taken):
        _drop(rest[index])
    if len(rest) or rest.attrib or (rest.text or "").strip():
        residue(frame, prefix + step(element), raw(rest), element)
    return found


def _drop(element: _Element) -> None:
    """Remove an element, and keep what stands behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _read(element: _Element, walk: Walk, blocks: tuple[Block, ...], found: list[Found]) -> Found | None:
    space, _, tag = element.tag[1:].partition("}")
    if space != NAMESPACE:
        walk.trouble(rules.UNREAD, element, f"it is of version {space.removeprefix(FAMILY)}, and this is version 1")
        return None
    block = next((one for one in blocks if one.name == element.tag), None)
    if block is None:
        walk.trouble(rules.UNREAD, element, f"<{tag}> does not belong here")
        return None
    position = element.get("position")
    if any(one.block is block and one.element.get("position") == position for one in found):
        walk.trouble(rules.UNREAD, element, f"there is another <{tag}> in front of it")
        return None
    if not _xml.schema(SCHEMA).validate(element):
        walk.trouble(rules.BLOCK, element, None)
        return None
    try:
        return _fields(element, walk, block)
    except (ValueError, TypeError, ArithmeticError) as error:
        walk.trouble(rules.UNREAD, element, f"it holds something that cannot be read ({error})")
        return None


def _fields(element: _Element, walk: Walk, block: Block) -> Found:
    made = Found(block, element, {})
    frame: Frame = [made.fields, walk]
    before = len(walk.strays)
    puts = _puts(traced=walk.trace is not None).of[block.name]
    for child in element:
        if child.tag == INSTEAD:
            path = child.get("of", "")
            if path not in _paths(block):
                raise ValueError(path)
            made.instead[path] = (child.get("digest"), child)
        elif child.tag == ECHO:
            made.echoes.append(child.text or "")
        else:
            puts[child.tag](frame, child)
    tuples(made.fields)
    if len(walk.strays) > before:  # the schema had no objection, but Python has: a date in the year 19999
        raise ValueError(walk.strays[before])
    return made


@cache
def _paths(block: Block) -> frozenset[str]:
    """What a block may stand in place of: its own fields, those of what ELMO's elements make, and the whole offer."""
    found = {camel(row.to) for row in block.shape.rows} | ({"specification"} if block is RESULT else set())
    for name, lead in _JOINTS.get(block.tag, {}).items():
        shape = block.row(name).codec
        if isinstance(shape, Shape):
            found |= {f"{lead}.{camel(row.to)}" for row in shape.rows}
    return frozenset(found)


# --- into the record ----------------------------------------------------------------------------------------------


def complete(made: Achievement, found: list[Found], walk: Walk) -> Achievement:
    """An achievement with what its blocks say."""
    for one in sorted(found, key=lambda each: each.block is not OFFER):
        if one.block is OFFER:
            specification = made.specification or Specification()
            description, edited = without(specification.description, one.echoes)
            if description != specification.description:
                specification = _again(specification, walk, description=description)
            for _ in edited:
                walk.trouble(rules.ECHO_EDITED, one.element, None)
            merged, kept = _Merge(one, walk).into(specification, ())
            made = _again(made, walk, specification=merged)
        else:
            made, kept = _Merge(one, walk).into(made, tuple(_JOINTS["result"]))
        if kept:
            made = _again(made, walk, residue=(*made.residue, *kept))
    return made


def completed_learner(made: Learner, found: Found, walk: Walk) -> Learner:
    """The learner with what the block says."""
    merged, kept = _Merge(found, walk).into(made, ())
    again: Learner = _again(merged, walk, residue=(*merged.residue, *kept)) if kept else merged
    return again


def completed(made: Credential, found: Found, walk: Walk) -> Credential:
    """A credential with what its block says; one of its organisations is the issuer of the report."""
    institution = found.element.get("institution")
    listed: tuple[Organisation, ...] = found.fields.get("organisations", ())
    at = next((index for index, one in enumerate(listed) if one.id == institution), None)
    joined = at is not None and bool(made.organisations)
    merged, kept = _Merge(found, walk).into(made, ("organisations",) if joined else (), at or 0)
    again: Credential = _again(merged, walk, residue=(*merged.residue, *kept)) if kept else merged
    return again


def _again(made: Any, walk: Walk, **fields: Any) -> Any:
    """The struct with other fields, known to the trace like the one before."""
    again = replace(made, **fields)
    if walk.trace is not None:
        walk.trace.bound.setdefault(id(again), []).extend(walk.trace.bound.get(id(made), ()))
        walk.trace.also[id(again)] = walk.trace.also.get(id(made), ())
        walk.trace.kept.append(again)
    return again


class _Merge:
    """One block on its way into a struct."""

    def __init__(self, found: Found, walk: Walk) -> None:
        self.found = found
        self.walk = walk
        self.kept: list[Any] = []

    def into(self, made: Any, joints: tuple[str, ...], at: int = 0) -> tuple[Any, list[Any]]:
        """The struct with the block's fields, and residue for what stands against ELMO's own elements.

        ``joints`` are fields of which ELMO's elements make the first item, which is the ``at``-th of the block.
        """
        fields = dict(self.found.fields)
        nested: dict[str, dict[str, Any]] = {}
        for path, (expected, element) in self.found.instead.items():
            spot = _PATH.fullmatch(path)
            lead = named(made, spot["lead"]) if spot and spot["lead"] else None
            inner = _first(getattr(made, lead)) if lead else made
            name = named(inner, spot["name"]) if spot and inner is not None else None
            if spot is None or name is None or (lead is not None and lead not in joints):
                continue
            current = getattr(inner, name)
            if expected is not None and digest(current) != expected:
                self._outdated(path, element, fields, lead, name, at)
            elif lead is None:
                fields.setdefault(name, default(type(made), name))
            else:
                nested.setdefault(lead, {})[name] = default(type(inner), name)
        for name in joints:
            present = getattr(made, name)
            if name in fields and present not in (None, ()) and camel(name) not in self.found.instead:
                fields[name] = self._joined(present, fields[name], nested.get(name, {}), at)
        again = _again(made, self.walk, **fields)
        if self.walk.trace is not None:
            self.walk.trace.bound.setdefault(id(again), []).insert(0, id(self.found.fields))
            self.walk.trace.kept.append(self.found.fields)
        return again, self.kept

    def _joined(self, present: Any, said: Any, emptied: Mapping[str, Any], at: int) -> Any:
        """ELMO's item with what the block says of it, among the others."""
        several = isinstance(said, tuple)
        partial = said[at] if several else said
        made = _again(_first(present), self.walk, **{**emptied, **filled(partial)})
        if self.walk.trace is not None:
            bound = self.walk.trace.bound
            bound[id(made)] = [*bound.get(id(partial), ()), *bound.get(id(made), ())]
        return (*said[:at], made, *said[at + 1 :]) if several else made

    def _outdated(
        self, path: str, element: _Element, fields: dict[str, Any], lead: str | None, name: str, at: int
    ) -> None:
        """Somebody changed what ELMO's elements say: they are believed, and what the block says is kept as residue."""
        self.walk.trouble(rules.OUTDATED, element, path)
        shape: Shape = self.found.block.shape
        inside = [self.found.element]
        if lead is None:
            fields.pop(name, None)
        else:
            row = self.found.block.row(lead)
            inside = list(self.found.element.iterchildren(row.name))[at : at + 1]
            shape = row.codec  # type: ignore[assignment]  # a joint is a shape
            said = fields.get(lead)
            if said is not None:
                partial = said[at] if isinstance(said, tuple) else said
                rest = replace(partial, **{name: default(type(partial), name)})
                fields[lead] = (*said[:at], rest, *said[at + 1 :]) if isinstance(said, tuple) else rest
        tag = next((row.name for row in shape.rows if row.to == name), None)
        frame: Frame = [{}, self.walk]
        for holder in inside if tag is not None else ():
            for child in holder.iterchildren(tag):
                residue(frame, f"extension/{step(child)}", raw(child), child)
        self.kept += frame[0].get("residue", ())


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, tuple) else value
