"""Coded values: an IRI, what it is called, and the list that it is of.

The lists are those of ELM 3, but for some of version 0.8.0 that had IRIs of their own;
these are told by the aliases of our lists, or by what the code is called there. What a
code is called, and what its list is called, is a spelling where our list says the same
of it or the record has room for the bare code only.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lxml.etree import _Element
from msgspec import Struct
from msgspec.structs import replace

from mcbridge.mappers._json import compact
from mcbridge.mappers.edc.reading.coded import Codes, Known
from mcbridge.mappers.edc_xml.frames import Frame, attribute, children, key_of, local, ours
from mcbridge.mappers.edc_xml.rows import Read
from mcbridge.mappers.edc_xml.rules import EMPTY, OLD_CODE
from mcbridge.mappers.edc_xml.texts import spoken
from mcbridge.model import Concept, Texts
from mcbridge.tables import Code

_OLD: Final = re.compile(r"http://data\.europa\.eu/europass/[A-Za-z]+/\w+")
"""The codes of the lists of version 0.8.0."""
_LOOKED_AT: Final = ("uri", "targetNotation", "targetFrameworkUrl")
_ATTRIBUTES: Final = ("targetID", "type", "description", "targetFrameworkID", "targetFrameworkSpatialID")
_ESCO: Final = "http://data.europa.eu/esco/model#Skill"
"""What ELM 2 called the list of ESCO skills."""


class Said(Struct):
    """What an element says of a code. ``framework`` is what the list is called, ``left`` are other attributes."""

    code: str = ""
    scheme: str | None = None
    labels: Texts = ()
    definition: Texts = ()
    notation: str | None = None
    framework: Texts = ()
    left: tuple[str, ...] = ()


def told(frame: Frame, element: _Element, known: tuple[str, ...] = ()) -> Said:
    """What an element says of a code; ``known`` are the attributes that the caller looks at."""
    inner = frame.within(element, frame.fields, f'"{local(element)}" of {frame.part}', value=True)
    said = Said(
        attribute(element, "uri") or "",
        attribute(element, "targetFrameworkUrl"),
        notation=attribute(element, "targetNotation"),
    )
    for child in children(element):
        name = local(child) if ours(child) else ""
        if name == "targetName":
            said.labels += _texts(inner, child)
        elif name == "targetDescription":
            said.definition += _texts(inner, child)
        elif name == "targetFrameworkName":
            said.framework += _texts(inner, child)
        else:
            inner.stray(child)
    for name in _ATTRIBUTES:
        if name not in known and attribute(element, name) is not None:
            inner.keep(element, key_of(element, name))
    inner.spare(element, *_LOOKED_AT, *_ATTRIBUTES, *known)
    return said


def _texts(frame: Frame, element: _Element) -> Texts:
    inner = frame.within(element, frame.fields, frame.part, value=True)
    found = tuple(text for text, _ in spoken(inner, element))
    inner.spare(element, "lang", "content-type", leaf=True)
    return found


def concept(
    frame: Frame,
    element: _Element,
    name: str,
    index: int | None,
    list_: str | None = None,
    known: tuple[str, ...] = (),
) -> Concept | None:
    """A code. ``list_`` is the list that the element takes its codes from."""
    if not len(element) and attribute(element, "uri") is None:
        return _plain(frame, element, list_)
    said = told(frame, element, known)
    if not (said.code or said.labels or said.notation):
        frame.aside(element, EMPTY, local(element), part=frame.part)
        return None
    codes: Codes = frame.run.codes
    found = codes.known(said.code) if said.code else None
    more: dict[str, Any] = {}
    if found is None and list_ is not None and (entry := _older(codes, said, list_)) is not None:
        frame.find(OLD_CODE, element, said.code, found=entry.iri)
        found = codes.known(entry.iri)
        frame.spell(name, index, said.code, ".code")
        said = replace(said, code=entry.iri)
        more["older"] = said.scheme
    made = _of_list(said, found, more) if found is not None else _free(codes, said)
    if said.framework:
        more["targetFrameworkName"] = [[text.lang, text.value] for text in said.framework]
    if more := {key: value for key, value in more.items() if value is not None}:
        frame.spell(name, index, compact(more), ".scheme")
    return made


def _older(codes: Codes, said: Said, list_: str) -> Code | None:
    """The entry of our list that a code of an older list stands for: by its alias, else by what it is called."""
    vocabulary = codes.tables.vocabulary(list_)
    found = vocabulary.find(said.code)
    if found is None and _OLD.fullmatch(said.code):
        english = [text.value for text in said.labels if text.lang == "en"]
        found = vocabulary.by_label(" ".join(english[0].split())) if len(english) == 1 else None
    return found


def _of_list(said: Said, known: Known, more: dict[str, Any]) -> Concept:
    if said.scheme not in {None, known.scheme, f"{known.scheme}/", _ESCO}:
        more.setdefault("older", said.scheme)
    ours = len(said.labels) == len(known.labels) and all(
        (text.lang, text.value) in known.labels for text in said.labels
    )
    if said.notation != known.notation:
        more["targetNotation"] = said.notation
    if ours:
        return Concept(code=said.code, scheme=known.list, definition=said.definition)
    return Concept(code=said.code, scheme=known.list, labels=said.labels, definition=said.definition)


def _free(codes: Codes, said: Said) -> Concept:
    scheme = said.scheme and codes.scheme(said.scheme.removesuffix("/"))
    return Concept(
        code=said.code, scheme=scheme, labels=said.labels, notation=said.notation, definition=said.definition
    )


def _plain(frame: Frame, element: _Element, list_: str | None) -> Concept | None:
    """A word without an IRI, as later versions write languages."""
    text = frame.leaf(element).strip()
    if not text:
        frame.empty(element)
        return None
    entry = frame.run.codes.tables.vocabulary(list_).find(text) if list_ else None
    return Concept(code=entry.iri, scheme=list_) if entry is not None else Concept(code=text)


def of(list_: str) -> Read:
    """A code of a list."""
    return lambda frame, element, name, index: concept(frame, element, name, index, list_)


def coded(frame: Frame, element: _Element, name: str, index: int | None) -> Concept | None:
    """A code of no list that is known here."""
    return concept(frame, element, name, index)


def bare(list_: str) -> Read:
    """The code that an entry has in a list; of one that is not in it, its IRI. What it is called is a spelling."""

    def read(frame: Frame, element: _Element, name: str, index: int | None) -> str | None:
        found = concept(frame, element, name, index, list_)
        return None if found is None else code_of(frame, found, list_, name, index)

    return read


def code_of(frame: Frame, found: Concept, list_: str, name: str, index: int | None) -> str:
    """The bare code of a concept in a list."""
    entry = frame.run.codes.entry(list_, found.code)
    said = {
        "targetName": [[text.lang, text.value] for text in found.labels],
        "targetDescription": [[text.lang, text.value] for text in found.definition],
        "targetNotation": found.notation,
        "targetFrameworkUrl": found.scheme if found.scheme != list_ else None,
    }
    if kept := {key: value for key, value in said.items() if value}:
        frame.spell(name, index, compact(kept))
    if entry is not None:
        return str(entry.code)
    return found.code or next((text.value for text in found.labels), found.notation or "")


def country(frame: Frame, said: str, name: str, index: int | None) -> str:
    """The bare code of a country that an attribute names, by its code or its IRI."""
    entry = frame.run.codes.tables.vocabulary("country").find(said.strip())
    if entry is None:
        return said
    if entry.code != said:
        frame.spell(name, index, said)
    return str(entry.code)
