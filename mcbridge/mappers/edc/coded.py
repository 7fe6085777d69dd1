"""Coded values as ELM concepts: complete objects with id, scheme and label."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from mcbridge.mappers.edc.concepts import Foreign, Known, Unknown, entry_iri, scheme_iri
from mcbridge.mappers.edc.rows import Convert, Frame
from mcbridge.mappers.edc.rules import UNKNOWN_CODE
from mcbridge.mappers.edc.texts import language_map
from mcbridge.mappers.edc.writing import Node, Writing, is_iri
from mcbridge.model import Concept, Text, Texts


def known_concept(run: Writing, known: Known, labels: Texts = (), path: str = "") -> Node:
    """The one node of a concept in this file. Its labels are those that the record gives, else those of the list.

    The same IRI is one concept however often it occurs, so a second label in a language has no place.
    """
    node = run.concepts.get(known.iri)
    if node is None:
        node = run.concepts[known.iri] = {"id": known.iri, "type": "Concept"}
        if known.scheme is not None:
            node["inScheme"] = _scheme(known.scheme)
        if known.notation:
            node["notation"] = known.notation
            run.ours.add((known.iri, "notation"))
    label = node.setdefault("prefLabel", {})
    said = language_map(run, labels, f"{path}.labels") or {}
    if said and (known.iri, "prefLabel") in run.ours:
        run.ours.discard((known.iri, "prefLabel"))
        label.clear()
    for tag, values in said.items():
        if tag not in label:
            label[tag] = values
        elif values[0] not in label[tag]:
            why = f'the concept has another label in "{tag}" elsewhere in this credential'
            for index, each in enumerate(labels):
                if each.value == values[0]:
                    run.lose(f"{path}.labels[{index}]", "loss/label-repeated", why, each)
    if not label:
        listed = known.labels or {run.primary: known.iri.rpartition("/")[2] or known.iri}
        label |= {tag: [text] for tag, text in listed.items()}
        run.ours.add((known.iri, "prefLabel"))
    return node


def _also_in(node: Node, scheme: str) -> None:
    """An EDC may say of a concept that it is in another scheme than its list, in one place and not in another."""
    held = node.setdefault("inScheme", _scheme(scheme))
    several = held if isinstance(held, list) else [held]
    if all(each["id"] != scheme for each in several):
        node["inScheme"] = [*several, _scheme(scheme)]


def schemes_of(node: Node) -> str:
    """The ids of the schemes of a concept."""
    held = node.get("inScheme", [])
    return " ".join(each["id"] for each in (held if isinstance(held, list) else [held]))


def _scheme(iri: str) -> Node:
    return {"id": iri, "type": "ConceptScheme"}


def concept(run: Writing, value: Concept, path: str, list_: str, *, closed: bool = False) -> Node | None:
    """A concept of the list that a property expects. ``closed``: the shapes take no concept of another list.

    A word of no list becomes a free concept. A code that should be in a list and is not is left out and found.
    """
    sorted_ = run.lists.sort(value, list_)
    if isinstance(sorted_, Known):
        return _placed(run, sorted_, value, path)
    if isinstance(sorted_, Unknown) or closed:
        word = value.code or next((text.value for text in value.labels), "")
        if word.strip() or value.labels:
            run.find(UNKNOWN_CODE, path, word, list=list_)
        run.lose(path, "loss/unknown-code", f"this is not in the list {list_}", value)
        return None
    return free_concept(run, value, path, sorted_)


def _placed(run: Writing, known: Known, value: Concept, path: str) -> Node:
    node = known_concept(run, known, value.labels, path)
    if (written := run.spellings.get(f"{path}.scheme")) is not None:
        node["inScheme"] = _scheme(written)
    if known.strange_scheme and run.from_edc and is_iri(value.scheme or ""):
        _also_in(node, value.scheme or "")
    elif known.strange_scheme:
        run.lose(f"{path}.scheme", "loss/scheme", "the code is of another scheme", value.scheme, changed=True)
    if known.changed is not None:
        why = "the nearest code of the European list is written; it does not lead back to this one"
        run.lose(f"{path}.code", "loss/crosswalk", why, value.code, changed=True)
    _note(run, node, value, path)
    _define(run, node, value, path)
    return node


def _note(run: Writing, node: Node, value: Concept, path: str) -> None:
    """The notation that the record gives, else that of the list."""
    if value.notation is None:
        return
    if (node["id"], "notation") in run.ours:
        run.ours.discard((node["id"], "notation"))
        node["notation"] = value.notation
    elif node.setdefault("notation", value.notation) != value.notation:
        why = "the concept has another notation elsewhere in this credential"
        run.lose(f"{path}.notation", "loss/notation", why, value.notation)


def _define(run: Writing, node: Node, value: Concept, path: str) -> None:
    definition = language_map(run, value.definition, f"{path}.definition", unique=False) or {}
    for tag, texts in definition.items():
        known = node.setdefault("definition", {}).setdefault(tag, [])
        known.extend(text for text in texts if text not in known)


def free_concept(run: Writing, value: Concept, path: str, foreign: Foreign | None = None) -> Node | None:
    """A concept of a list that ELM does not prescribe, or of none. Its own IRI is kept; its code is the notation."""
    if is_iri(value.code) and isinstance(found := run.lists.recognise(value), Known):
        return _placed(run, found, value, path)
    entry = foreign.entry if foreign else None
    iri = value.code if is_iri(value.code) else entry_iri(entry) if entry else None
    scheme = foreign.scheme if foreign and foreign.scheme else value.scheme
    if iri is not None:
        scheme = _open_scheme(run, scheme, iri, f"{path}.scheme")
        whole = Known(
            iri, scheme if not scheme or is_iri(scheme) else scheme_iri(scheme), entry.labels if entry else {}
        )
        node = known_concept(run, whole, value.labels, path)
        if whole.scheme and run.from_edc:
            _also_in(node, whole.scheme)
        elif whole.scheme and node.setdefault("inScheme", _scheme(whole.scheme))["id"] != whole.scheme:
            why = "the concept is of another scheme elsewhere in this credential"
            run.lose(f"{path}.scheme", "loss/scheme", why, value.scheme)
        _note(run, node, value, path)
        _define(run, node, value, path)
        return node
    if not value.code.strip() and not any(text.value.strip() for text in value.labels):
        run.lose(path, "loss/empty", "a concept without code and label is not written", value)
        return None
    return _invented(run, value, path)


def _open_scheme(run: Writing, scheme: str | None, iri: str, path: str) -> str | None:
    """The scheme of a concept, unless it is a list by which the issuer looks codes up and refuses those it lacks."""
    if (run.bare and run.from_edc) or not run.lists.closed_to(scheme, iri):
        return scheme
    why = "the code is not in this list, and the issuer refuses such a code of it"
    run.lose(path, "loss/scheme", why, scheme)
    return None


def _invented(run: Writing, value: Concept, path: str) -> Node:
    label = language_map(run, value.labels, f"{path}.labels") or run.said(value.code)
    definition = language_map(run, value.definition, f"{path}.definition", unique=False)
    notation = value.code or value.notation
    if value.code and value.notation not in {None, value.code}:
        why = "the notation of the concept holds its code, for want of another place"
        run.lose(f"{path}.notation", "loss/notation", why, value.notation)
    scheme = value.scheme and (value.scheme if is_iri(value.scheme) else scheme_iri(value.scheme))
    if value.scheme == "":
        run.lose(f"{path}.scheme", "loss/empty", "a scheme without a name is not written", value.scheme)
    scheme, called = run.spellings.get(f"{path}.scheme", scheme), run.spellings.get(f"{path}.code", "")
    scheme = _open_scheme(run, scheme, called, f"{path}.scheme")
    key = (called, scheme, notation, _frozen(label), _frozen(definition or {}))
    node = run.free_concepts.get(key)
    if node is None:
        node = run.free_concepts[key] = {"id": run.local_id(called) or run.fresh("concept"), "type": "Concept"}
        node["inScheme"] = _scheme(scheme or scheme_iri("free"))
        node["prefLabel"] = label
        if notation:
            node["notation"] = notation
        if definition:
            node["definition"] = definition
    return node


def _frozen(language_map_: Mapping[str, list[str]]) -> tuple[Any, ...]:
    return tuple((tag, tuple(values)) for tag, values in language_map_.items())


def of_list(list_: str, *, closed: bool = False) -> Convert:
    """The conversion of concepts of one list."""
    return lambda frame, value, path: concept(frame.run, value, path, list_, closed=closed)


def any_concept(frame: Frame, value: Concept, path: str) -> Node | None:
    """The conversion of concepts of a property without a list."""
    found = frame.run.lists.recognise(value)
    if isinstance(found, Known):
        return _placed(frame.run, found, value, path)
    return free_concept(frame.run, value, path, found)


def code(list_: str) -> Convert:
    """The conversion of a bare code of a list that takes no others: languages and countries."""

    def convert(frame: Frame, value: str, path: str) -> Node | None:
        return bare_code(frame.run, value, path, list_)

    return convert


def bare_code(run: Writing, value: str, path: str, list_: str) -> Node | None:
    """The concept of a language or a country; a code that is not known is a loss, and found."""
    known = run.lists.known(list_, value)
    if known is not None:
        said = labelled(run, path)
        node = known_concept(run, known, said.labels, path)
        _note(run, node, said, path)
        _define(run, node, said, path)
        return node
    if value.strip():
        run.find(UNKNOWN_CODE, path, value, list=list_)
    run.lose(path, "loss/unknown-code", f"this is not in the list {list_}", value)
    return None


_PLAIN: Final = Concept()


def labelled(run: Writing, path: str) -> Concept:
    """What an EDC said of the concept of a bare code, where it is not what its list says."""
    text = run.spellings.get(path, "")
    try:
        said = json.loads(text) if text.startswith("{") else {}
    except ValueError:
        said = {}
    if not said:
        return _PLAIN
    labels, definition = _texts(said.get("prefLabel", {})), _texts(said.get("definition", {}))
    return Concept(labels=labels, definition=definition, notation=said.get("notation"))


def _texts(said: Mapping[str, list[str]]) -> Texts:
    return tuple(Text(each, None if tag == "@none" else tag) for tag, several in said.items() for each in several)


def label_of(node: Node) -> Node:
    """The label of a concept as a language map of its own."""
    return {tag: list(values) for tag, values in node["prefLabel"].items()}
