"""What ELMO would not give back, as blocks of the extension.

A document is written once without blocks and read again. Whatever field comes back
differently stands in a block, and the losses that were named for it are none then.
Where ELMO has an element for the field, ``instead`` says so and remembers what stood
there, so that a change by others is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from msgspec import Struct

from mcbridge.errors import InputError
from mcbridge.losses import LossLedger
from mcbridge.mappers import _xml
from mcbridge.mappers.elmo.codecs import Row, Shape
from mcbridge.mappers.elmo.documents import Reading
from mcbridge.mappers.elmo.extension import Blocks
from mcbridge.mappers.elmo.extension.echo import Voice, mark
from mcbridge.mappers.elmo.extension.facts import digest, facts
from mcbridge.mappers.elmo.extension.table import LEARNER, NAMESPACE, OFFER, RECORD, RESULT, Block
from mcbridge.mappers.elmo.pen import Pen, nowhere, strange
from mcbridge.mappers.elmo.rendering import Rendered, Rendering
from mcbridge.mappers.elmo.residues import camel
from mcbridge.mappers.elmo.values import NAMESPACE as ELMO
from mcbridge.mappers.elmo.versions import LOST
from mcbridge.model import Achievement, Credential, Entity, Organisation, Specification
from mcbridge.origins import Contents

Make = Callable[[Any, str, str, Pen], str]

_BESIDE = (f"{{{ELMO}}}attachment", f"{{{ELMO}}}extension")
"""What no block is about: large, or other people's."""

_STEP = re.compile(r"[.\[]")
_JOINTS = frozenset(("assessments", "activities", "period"))
_ISSUER = frozenset(("issuer", "organisations"))


# --- structs into elements ----------------------------------------------------------------------------------------


@cache
def maker(shape: Shape) -> Make:
    """The writer of a struct of the extension."""
    attributes = [(key, attrgetter(name)) for key, name, _ in shape.attributes]
    known = {row.to for row in shape.rows} | {name for _, name, _ in shape.attributes}
    check = nowhere(shape.struct, frozenset(known))
    entity = issubclass(shape.struct, Entity)

    def make(value: Any, tag: str, path: str, pen: Pen) -> str:
        if entity:
            strange(value, path, pen)
        check(value, path, pen)
        marks = ""
        for key, get in attributes:
            found = get(value)
            if found is not None:
                marks += f' {key}="{pen.quoted(found, f"{path}.{key}", exact=True)}"'
        said = [(emit, found, name) for emit, get, name in emits if (found := get(value)) is not None and found != ()]
        body = "".join([emit(found, f"{path}.{name}", pen) for emit, found, name in said])
        return f"<{tag}{marks}>{body}</{tag}>" if body else f"<{tag}{marks}/>"

    emits = [(_emit(row, make), attrgetter(row.to), camel(row.to)) for row in shape.rows]
    return make


def _emit(row: Row, own: Make | None = None) -> Callable[[Any, str, Pen], str]:
    """The writer of what one row says."""
    codec, tag = row.codec, row.tag
    make: Make
    if codec is None:
        if own is None:
            raise ValueError(tag)
        make = own
    elif isinstance(codec, Shape):
        make = maker(codec)
    else:
        write = codec.write

        def make(value: Any, tag: str, path: str, pen: Pen) -> str:
            return write(tag, value, path, pen)

    if row.many:
        return lambda values, path, pen: "".join(
            [make(value, tag, f"{path}[{index}]", pen) for index, value in enumerate(values)]
        )
    return lambda value, path, pen: "" if value is None else make(value, tag, path, pen)


# --- differences into blocks --------------------------------------------------------------------------------------


class Draft(Struct):
    """One block while it is made: what it says, and what of ELMO that stands in place of."""

    block: Block
    said: dict[str, Any] = {}
    instead: list[tuple[str, Any]] = []
    carried: list[str] = []
    echoes: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.said or self.instead)

    def compare(self, mine: Any, theirs: Any, without: frozenset[str] = frozenset()) -> None:
        """Say each field that ELMO gives back differently."""
        found = self._differing(self.block.shape, mine, theirs, "", without)
        self.said |= found
        self.carried += [camel(name) for name in found]

    def join(self, name: str, mine: Any, theirs: Any) -> None:
        """Something made of ELMO's elements, or a collection whose first item is: only what they do not say."""
        word = camel(name)
        several = isinstance(mine, tuple)
        if not mine or not theirs:
            if theirs:
                self.instead.append((word, theirs))
            if mine or theirs:
                self.said[name] = mine
                self.carried.append(word)
            return
        first, other, lead = (mine[0], theirs[0], f"{word}[0].") if several else (mine, theirs, f"{word}.")
        shape = self.block.row(name).codec
        before = len(self.instead)
        partial = self._differing(_shape(shape), first, other, lead)
        if partial or len(self.instead) > before or (several and len(mine) > 1):
            made = type(first)(**partial)
            self.said[name] = (made, *mine[1:]) if several else made
            self.carried += [lead + camel(each) for each in partial]
            self.carried += [f"{word}[{index}]" for index in range(1, len(mine) if several else 0)]

    def institution(self, organisations: tuple[Organisation, ...], index: int, theirs: Organisation) -> bool:
        """The organisations, and of ELMO's one only what it does not say; tells whether there is anything to say."""
        issuer = organisations[index]
        partial = self._differing(_shape(self.block.row("organisations").codec), issuer, theirs, "organisations[0].")
        listed = list(organisations)
        listed[index] = Organisation(**{**partial, "id": issuer.id})
        self.said["organisations"] = tuple(listed)
        self.carried += [f"organisations[{index}].{camel(name)}" for name in partial]
        self.carried += [f"organisations[{other}]" for other in range(len(listed)) if other != index]
        return bool(partial) or len(listed) > 1

    def _differing(
        self, shape: Shape, mine: Any, theirs: Any, lead: str, without: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        found = {}
        for row in shape.rows:
            one, other = getattr(mine, row.to), getattr(theirs, row.to)
            if row.to in without or one == other or facts(one) == facts(other):
                continue
            found[row.to] = one
            if other not in (None, ()):
                self.instead.append((lead + camel(row.to), other))
        return found

    def markup(self, path: str, pen: Pen, marks: str = "") -> str:
        """The block; what it cannot hold either is lost at its canonical path."""
        lead = f"{path}." if path else ""
        pieces = [f'<instead of="{name}" digest="{digest(value)}"/>' for name, value in self.instead]
        pieces += [f"<echo>{each}</echo>" for each in self.echoes]
        pieces += [
            _emit(row)(self.said[row.to], lead + camel(row.to), pen)
            for row in self.block.shape.rows
            if row.to in self.said
        ]
        return f'<{self.block.tag} xmlns="{NAMESPACE}"{marks}>{"".join(pieces)}</{self.block.tag}>'


def _shape(codec: object) -> Shape:
    if not isinstance(codec, Shape):
        raise TypeError(codec)
    return codec


class Extender:
    """The blocks of one document: those of each credential by path, and those of the document."""

    def __init__(self, rendering: Rendering, reading: Reading, voice: Voice) -> None:
        self.rendering = rendering
        self.voice = voice
        self.losses = LossLedger("elmo")
        self.blocks: list[dict[str, Blocks]] = []
        self.top = ""
        self._covered: dict[str, set[str]] = {}
        mine, theirs = rendering.credentials, reading.credentials
        pens = [self._pen(pen) for pen in rendering.pens]
        learner = Draft(LEARNER)
        learner.compare(mine[0].learner, theirs[0].learner)
        if learner:
            self.top += learner.markup("learner", pens[0])
            self._cover(mine[0], "learner", learner)
        for number, (one, other) in enumerate(zip(mine, theirs, strict=True)):
            found: dict[str, Blocks] = {}
            for path, achievement, read in _pairs(one.achievements, other.achievements, "achievements"):
                made = self._achievement(one, achievement, read, path, pens[number])
                if made is not None:
                    found[path] = made
            self.blocks.append(found)
            self._record(one, other, number, pens[number], referred=bool(found))

    def covers(self, record: str, path: str) -> bool:
        """Whether what was lost at a path stands in a block."""
        found = self._covered.get(record, ())
        return path in found or any(path[: end.start()] in found for end in _STEP.finditer(path))

    def _cover(self, credential: Credential, path: str, draft: Draft) -> None:
        lead = f"{path}." if path else ""
        self._covered.setdefault(credential.id, set()).update(lead + name for name in draft.carried)

    def _pen(self, pen: Pen) -> Pen:
        given = (pen.record, self.losses, pen.contents, pen.lists, pen.identifier_type)
        return Pen(*given, as_read=False, version=pen.version)

    def _achievement(
        self, credential: Credential, mine: Achievement, theirs: Achievement, path: str, pen: Pen
    ) -> Blocks | None:
        offer, result = Draft(OFFER), Draft(RESULT)
        if mine.specification is not None:
            offer.compare(mine.specification, theirs.specification or Specification())
        elif theirs.specification is not None:
            result.instead.append(("specification", theirs.specification))
        result.compare(mine, theirs, _JOINTS)
        for name in _JOINTS:
            result.join(name, getattr(mine, name), getattr(theirs, name))
        if not offer and not result:
            return None
        echoes = self.voice.of(credential, mine, offer.said, result.said, top=".parts" not in path)
        offer.echoes = [mark(echo) for echo in echoes]
        where = f"{path}.specification"
        markup = offer.markup(where, pen) if offer or echoes else ""
        self._cover(credential, where, offer)
        self._cover(credential, path, result)
        return Blocks(markup, result.markup(path, pen) if result else "", tuple(echoes))

    def _record(self, mine: Credential, theirs: Credential, number: int, pen: Pen, *, referred: bool) -> None:
        draft = Draft(RECORD)
        draft.compare(mine, theirs, _ISSUER)
        needed = referred or bool(draft)
        marks = f' position="{number + 1}"'
        name = self.rendering.institutions[number]
        index = next((at for at, one in enumerate(mine.organisations) if one.id == name), None)
        if index is not None and theirs.organisations:
            needed |= draft.institution(mine.organisations, index, theirs.organisations[0])
            marks += f' institution="{pen.quoted(mine.organisations[index].id, "issuer", exact=True)}"'
        elif mine.organisations:
            draft.compare(mine, theirs, frozenset(row.to for row in RECORD.shape.rows) - {"organisations"})
        if mine.issuer is not None:
            draft.said["issuer"] = mine.issuer
        elif theirs.issuer is not None:
            draft.instead.append(("issuer", theirs.issuer))
        if needed or mine.issuer != name:
            self.top += draft.markup("", pen, marks)
            self._cover(mine, "", draft)


def _pairs(
    mine: Sequence[Achievement], theirs: Sequence[Achievement], path: str
) -> Iterator[tuple[str, Achievement, Achievement]]:
    """Each achievement with what ELMO gives back of it."""
    for index, (one, other) in enumerate(zip(mine, theirs, strict=True)):
        here = f"{path}[{index}]"
        yield here, one, other
        yield from _pairs(one.parts, other.parts, f"{here}.parts")


def extend(rendering: Rendering, rendered: Rendered, losses: LossLedger, voice: Voice) -> tuple[Rendered, LossLedger]:
    """The document with its blocks, and what is lost even so."""
    try:
        root = _xml.parse(rendered.data, "")
    except InputError:  # nested too deeply, or longer than anybody reads; who checks the document says so
        return rendered, losses
    for beside in list(root.iter(*_BESIDE)):
        beside.getparent().remove(beside)  # type: ignore[union-attr]  # it is not the root
    extender = Extender(rendering, Reading(root, "", Contents(), checked=True), voice)
    if not extender.top and not any(extender.blocks):
        return rendered, losses
    left = LossLedger(losses.to)
    left.extend(lost for lost in losses if lost.code == LOST or not extender.covers(lost.record, lost.field))
    left.extend(extender.losses)
    again = rendering.again(extender.blocks, extender.top)
    return again.render(), left
