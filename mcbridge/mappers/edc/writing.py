"""The writing of one record: the ids, languages, concepts, losses and findings that all rows share.

Losses are collected while the rows run and settled at the end: one that covers a
whole subtree takes the place of those within it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, Rule, Severity
from mcbridge.losses import Loss
from mcbridge.mappers.edc.concepts import Lists
from mcbridge.mappers.edc.defaults import Defaults, Words
from mcbridge.mappers.edc.restoring import FORMAT, spellings
from mcbridge.mappers.edc.rules import (
    LANGUAGE_ASSUMED,
    PART_LEFT_OUT,
    REQUIRED_MISSING,
)
from mcbridge.model import Attachment, Award, Credential, Evidence
from mcbridge.model.codec import encode
from mcbridge.model.leaves import count
from mcbridge.origins import Contents, Read

Node = dict[str, Any]
"""A JSON object that is being written."""

LANGUAGE_TAG: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")
_IRI: Final = re.compile(r"(?:https?://|urn:|did:)[^\s<>\"{}|\\^`\x00-\x20]+", re.IGNORECASE)
_RESERVED: Final = re.compile(rb'"(urn:epass:[^"]*)"')


def is_iri(text: str) -> bool:
    """Whether a string is an absolute IRI of a kind that names things (http, urn, did)."""
    return _IRI.fullmatch(text) is not None


class Refused(Exception):
    """The record lacks what the format demands; ``path`` is the canonical field."""

    def __init__(self, rule: Rule, path: str, value: str | None = None, **facts: str) -> None:
        super().__init__(rule.id, path)
        self.rule = rule
        self.path = path
        self.value = value
        self.facts = facts


def missing(path: str, what: str, advice: str) -> Refused:
    """The refusal of a record that lacks something mandatory."""
    return Refused(REQUIRED_MISSING, path, what=what, advice=advice)


class Lost(Struct, frozen=True):
    """A loss by its canonical path. Unless it is only ``changed``, it covers everything below."""

    path: str
    code: str
    why: str
    leaves: int
    changed: bool


class Writing:
    """One record on its way out; ``contents`` holds the bytes it speaks of.

    ``country`` and ``profile`` are the options', and so is whether to ``embed`` the source document. ``looked_up`` is
    the evidence that the issuer looks up.
    """

    def __init__(  # noqa: PLR0913 - all that one run knows
        self,
        read: Read,
        record: Credential,
        contents: Contents,
        defaults: Defaults,
        lists: Lists,
        *,
        country: str | None = None,
        bare: bool = False,
        profile: str | None = None,
        embed: bool = False,
    ) -> None:
        self.read = read
        self.record = record
        self.contents = contents
        self.defaults = defaults
        self.lists = lists
        self.country = country
        self.bare = bare
        self.profile = profile
        self.embed = embed
        self.primary = defaults.language
        self.preferred: tuple[str, ...] = ()
        self.languages: list[tuple[str, str]] = []
        self.losses: list[Lost] = []
        self.findings: list[Diagnostic] = []
        self.assumed: list[str] = []
        self.concepts: dict[str, Node] = {}
        self.free_concepts: dict[Any, Node] = {}
        self.ours: set[tuple[str, str]] = set()
        self.agents: dict[tuple[str, bool], Node | None] = {}
        self.unwritable: set[tuple[str, bool]] = set()
        self.organisations = {item.id: index for index, item in reversed(list(enumerate(record.organisations)))}
        self.schemes = {item.id: index for index, item in reversed(list(enumerate(record.grading_schemes)))}
        self.scheme_nodes: dict[str, Node] = {}
        self.processes: dict[Award | None, tuple[Node, str, list[Lost]]] = {}
        self.attached: set[int] = set()
        self.timed: set[int] = set()
        self.issuer_awards = False
        self.looked_up: list[tuple[Node, str, Evidence]] = []
        self.from_edc = record.document is not None and record.document.format == FORMAT
        self.spellings = spellings(record)
        self._numbers: dict[str, int] = {}
        self._taken: set[str] = {found.decode() for found in _RESERVED.findall(encode(record))}
        self._given: set[str] = set()
        self._named: dict[str, Any] = {}
        self._once: dict[tuple[type, str, str | None], tuple[Any, Node | None, str, tuple[Lost, ...]]] = {}
        self._tags: dict[str, str | None] = {}

    # ids

    def node(self, kind: str, type_: str, given: str | None = None, path: str = "", value: Any = None) -> Node:
        """A new object. ``given`` is the record's own id for it, kept when it is an IRI that no other object has.

        A part that has no id in a record keeps that of the EDC it was read from; with ``value`` the same part may
        stand in several places.
        """
        kept = self.kept_id(given, path) if given is not None else self._spelled_id(f"{path}.id", value)
        return {"id": kept or self.fresh(kind), "type": type_}

    def _spelled_id(self, path: str, value: Any) -> str | None:
        said = self.spellings.get(path)
        if said is None or not is_iri(said):
            return None
        if said in self._given and (value is None or self._named.get(said) != value):
            return None
        self._given.add(said)
        self._named[said] = value
        return said

    def kept_id(self, given: str, path: str) -> str | None:
        """The record's own id for a part, when it can be the id of an object; else a loss."""
        if is_iri(given) and given not in self._given:
            self._given.add(given)
            return given
        if is_iri(given):
            self.lose(f"{path}.id", "loss/id-repeated", "another part of the record has the same id", given)
        else:
            why = "a local name of the source; the parts of a credential are numbered anew"
            self.lose(f"{path}.id", "loss/local-id", why, given)
        return None

    def local_id(self, given: str) -> str | None:
        """An id that others refer to by, when it can be the id of an object; it is no fact, so nothing is lost."""
        if not is_iri(given) or given in self._given:
            return None
        self._given.add(given)
        return given

    def fresh(self, kind: str) -> str:
        """The next id of a kind, ``urn:epass:<kind>:<n>``."""
        while True:
            number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
            name = f"urn:epass:{kind}:{number}"
            if name not in self._taken:
                return name

    def once(self, value: Any, path: str, make: Callable[[], Node | None], context: str | None = None) -> Node | None:
        """A part that may stand in several places under its id: the second time it is the same object.

        ``context`` is what it depends on besides itself.
        """
        if value.id is None or not is_iri(value.id):
            return make()
        key = (type(value), value.id, context)
        known, node, first, losses = self._once.get(key, (None, None, "", ()))
        if known == value and node is not None:
            self.lose_again(losses, first, path)
            return node
        before = len(self.losses)
        made = make()
        self._once.setdefault(key, (value, made, path, tuple(self.losses[before:])))
        return made

    def attach(self, ref: str) -> bool:
        """Whether an attachment has this id or identifier; one of the whole document is carried because of it."""
        if any(_called(each, ref) for each in self.record.attachments):
            return True
        document = self.record.document
        found = [i for i, each in enumerate(document.attachments) if _called(each, ref)] if document else []
        self.attached.update(found[:1])
        return bool(found)

    # losses and findings

    def lose(
        self,
        path: str,
        code: str,
        why: str,
        value: Any = None,
        *,
        leaves: int | None = None,
        changed: bool = False,
    ) -> None:
        """Name a loss; ``value`` is what is lost and is only counted."""
        number = leaves if leaves is not None else count(value)
        self.losses.append(Lost(path, code, why, number, changed))

    def lose_again(self, losses: Iterable[Lost], first: str, path: str) -> None:
        """Name the losses of something once more, which is written as the same object a second time."""
        for lost in losses:
            if lost.path.startswith(first):
                self.losses.append(replace(lost, path=path + lost.path.removeprefix(first)))

    def find(self, rule: Rule, path: str, value: str | None = None, **facts: Any) -> None:
        """Keep a finding."""
        self.findings.append(Diagnostic(rule, self.read.origin.of(path), path or None, value, facts))

    def leave_out(self, path: str, value: Any, part: str, what: str) -> None:
        """An optional part lacks what ELM demands of it: a loss, and a finding."""
        self.find(PART_LEFT_OUT, path, part=part, what=what)
        self.lose(path, "loss/required-missing", f"{part} without {what} cannot be written", value)

    def settled(self) -> Iterator[Loss]:
        """The losses, those within a lost subtree left out."""
        whole = {lost.path for lost in self.losses if not lost.changed}
        for lost in self.losses:
            if whole.isdisjoint(_above(lost.path)):
                yield Loss(self.record.id, lost.path, lost.code, lost.why, leaves=lost.leaves, changed=lost.changed)

    def heard(self) -> Iterator[Diagnostic]:
        """The findings; notes about what was lost in the end are left out."""
        if self.assumed:
            self.find(LANGUAGE_ASSUMED, self.assumed[0], self.primary, count=len(self.assumed))
        whole = {lost.path for lost in self.losses if not lost.changed}
        for found in self.findings:
            path = found.field or ""
            if found.level is not Severity.NOTE or whole.isdisjoint((path, *_above(path))):
                yield found

    # languages

    def tag(self, lang: str) -> str | None:
        """The language tag as JSON-LD has it, two-letter where there is one; ``None`` when the word is no tag."""
        if lang not in self._tags:
            self._tags[lang] = self._tag(lang)
        return self._tags[lang]

    def _tag(self, lang: str) -> str | None:
        word = lang.strip().lower().replace("_", "-")
        if not LANGUAGE_TAG.fullmatch(word):
            return None
        first, dash, rest = word.partition("-")
        known = self.lists.languages.find(first)
        return (known.code if known else first) + dash + rest

    def words(self, words: Words) -> Node:
        """One of the named texts, in the language of the record or else in English, as a language map."""
        lang = self.primary if self.primary in words else "en"
        return {lang: [words[lang]]}

    def said(self, text: str) -> Node:
        """A text that has no language of its own, as a language map."""
        return {self.primary: [text]}


def _called(attachment: Attachment, ref: str) -> bool:
    return attachment.id == ref or any(each.value == ref for each in attachment.identifiers)


def _above(path: str) -> Iterator[str]:
    """The parents of a canonical path, nearest first; the empty path is the record."""
    while path:
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else ""
        yield path


def texts_of(language_map: Mapping[str, list[str]]) -> str:
    """The first text of a language map, for messages."""
    return next((value for values in language_map.values() for value in values), "")
