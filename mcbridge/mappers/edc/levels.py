"""Levels and fields of learning.

``eqfLevel`` and ``nqfLevel`` take codes of European lists only. A QF-EHEA cycle, a
national level without such a code or with one that the list does not have, and a
level of any other framework are free concepts of ``educationLevel``, which say what
they are by their label.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from mcbridge.mappers.edc.coded import concept, free_concept, known_concept, schemes_of
from mcbridge.mappers.edc.concepts import Foreign, Known, Unknown, scheme_iri
from mcbridge.mappers.edc.rows import Frame, Table, add, elsewhere, own
from mcbridge.mappers.edc.rules import UNKNOWN_CODE
from mcbridge.mappers.edc.texts import language_map
from mcbridge.mappers.edc.writing import Node, Writing, is_iri
from mcbridge.model import Concept, Field, Framework, Level, Text

_WORDS: Final = {Framework.EQF: "EQF", Framework.QF_EHEA: "QF-EHEA", Framework.NQF: "NQF"}
_QDR: Final = "http://data.europa.eu/snb/qdr/"


def is_eqf(run: Writing, level: Level) -> bool:
    """Whether this is one of the eight levels of the EQF."""
    return level.framework is Framework.EQF and _known(run, "eqf", level) is not None


def is_national(run: Writing, level: Level) -> bool:
    """Whether this is a national level by the European list of them."""
    return _claims_list(level) and run.lists.known("qdr", level.code or "") is not None


def _claims_list(level: Level) -> bool:
    return level.framework is Framework.NQF and (level.code or "").startswith(_QDR)


def _known(run: Writing, list_: str, level: Level) -> Known | None:
    word = level.value if level.value is not None else level.code
    return None if word is None else run.lists.known(list_, word)


def levels(frame: Frame, value: tuple[Level, ...], path: str) -> None:
    """Each level statement at the property that takes it."""
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if item.framework is Framework.EQF:
            _eqf(frame, item, here)
        elif is_national(frame.run, item):
            add(frame.node, "nqfLevel", _national(frame, item, here))
        elif _claims_list(item):
            add(frame.node, "educationLevel", _unlisted(frame, item, here))
        elif item.framework is Framework.QF_EHEA:
            add(frame.node, "educationLevel", _cycle(frame, item, here))
        else:
            add(frame.node, "educationLevel", _other(frame, item, here))


def _eqf(frame: Frame, level: Level, path: str) -> None:
    run = frame.run
    known = _known(run, "eqf", level)
    if known is None:
        if level.value is not None:
            run.find(UNKNOWN_CODE, path, level.value, list="eqf")
            run.lose(path, "loss/unknown-code", "levels of the EQF run from 1 to 8", level)
        else:
            run.lose(path, "loss/level-without-value", "the framework is named, and no level of it", level)
    elif "eqfLevel" in frame.node:
        run.lose(path, "loss/single-value", "ELM has room for one EQF level, and this is another statement", level)
    else:
        node = frame.node["eqfLevel"] = known_concept(run, known, level.labels, path)
        LISTED.fill(Frame(run, level, path, node))


def _cycle(frame: Frame, level: Level, path: str) -> Node | None:
    run = frame.run
    known = _known(run, "qf-ehea", level)
    if known is None:
        return _other(frame, level, path)
    labels = {tag: f"QF-EHEA {text}" for tag, text in known.labels.items()}
    node = known_concept(run, Known(known.iri, known.scheme, labels), level.labels, path)
    return LISTED.fill(Frame(run, level, path, node))


def _national(frame: Frame, level: Level, path: str) -> Node:
    run = frame.run
    known = run.lists.known("qdr", level.code or "")
    assert known is not None, "a national level is known by its code"  # noqa: S101
    node = known_concept(run, known, level.labels, path)
    return NATIONAL.fill(Frame(run, level, path, node))


def _unlisted(frame: Frame, level: Level, path: str) -> Node | None:
    """A code that is not in the list of national levels is refused with the whole credential, so it is not written."""
    run = frame.run
    run.find(UNKNOWN_CODE, f"{path}.code", level.code, list="qdr")
    plain = replace(level, code=None)
    if plain.value is None and not plain.labels and not plain.description:
        run.lose(path, "loss/unknown-code", "this is not in the list qdr", level)
        return None
    run.lose(f"{path}.code", "loss/unknown-code", "this is not in the list qdr", level.code)
    return _other(frame, plain, path)


def _other(frame: Frame, level: Level, path: str) -> Node | None:
    """A level of a framework that ELM has no list of: a free concept labelled with framework and value."""
    run = frame.run
    if level.value is None and level.code is None and not level.labels and not level.description:
        run.lose(path, "loss/level-without-value", "the framework is named, and no level of it", level)
        return None
    labels = _label(level)
    if level.code is not None and is_iri(level.code):
        found = run.lists.recognise(Concept(code=level.code))
        known = found if isinstance(found, Known) else Known(level.code, None, {})
        node = known_concept(run, known, level.labels or labels, path)
    else:
        node = run.node("concept", "Concept")
        word = "-".join(part for part in (level.framework.value, level.scheme, level.country) if part)
        node["inScheme"] = {"id": scheme_iri(word), "type": "ConceptScheme"}
        node["prefLabel"] = language_map(run, level.labels, f"{path}.labels") or run.said(labels[0].value)
    return FREE.fill(Frame(run, level, path, node))


def _label(level: Level) -> tuple[Text, ...]:
    word = level.scheme or _WORDS.get(level.framework, "")
    parts = (word, level.country or "", level.value or "")
    return (Text(" ".join(part for part in parts if part.strip()) or (level.code or "level")),)


# what is left to say of a level once it has a concept


def _framework_word(frame: Frame, value: str, path: str) -> None:
    """The word for the framework is nothing beside the concept when it only says what the framework is."""
    words = {_WORDS.get(frame.entity.framework, "").casefold(), frame.entity.framework.value}
    if value.strip().casefold() not in words:
        frame.run.lose(path, "loss/scheme", "the concept stands for the framework, whatever it was called", value)


def _framework(frame: Frame, value: Framework, path: str) -> None:
    """The scheme of a free concept begins with the framework; a code on the web has a scheme of its own."""
    if value is not Framework.OTHER and value.value not in schemes_of(frame.node):
        frame.run.lose(path, "loss/scheme", "the code stands for the level, whatever its framework was called", value)


def _description(frame: Frame, value: tuple[Text, ...], path: str) -> None:
    found = language_map(frame.run, value, path, unique=False) or {}
    for tag, texts in found.items():
        known = frame.node.setdefault("definition", {}).setdefault(tag, [])
        known.extend(text for text in texts if text not in known)


def _same_code(frame: Frame, value: str, path: str) -> None:
    if frame.node["id"] != value:
        frame.run.lose(path, "loss/level-code", "the concept is found by its value, and this is another code", value)


def _listed(frame: Frame, column: str, value: str) -> bool:
    """Whether the list of national levels says this of the level itself."""
    entry = frame.run.lists.tables.vocabulary("qdr").by_iri(frame.node["id"])
    return entry is not None and entry.properties.get(column) == value


def _national_value(frame: Frame, value: str, path: str) -> None:
    if not _listed(frame, "level", value):
        _notation(frame, value, path)


def _national_scheme(frame: Frame, value: str, path: str) -> None:
    if not _listed(frame, "framework", value):
        _said(frame, value, path)


def _national_country(frame: Frame, value: str, path: str) -> None:
    if not _listed(frame, "country", value):
        _said(frame, value, path)


def _notation(frame: Frame, value: str, path: str) -> None:
    if not value.strip():
        frame.run.lose(path, "loss/empty", "a level without a word is not written", value)
    elif frame.node.setdefault("notation", value) != value:
        frame.run.lose(path, "loss/notation", "the concept has another notation elsewhere in this credential", value)


def _country(frame: Frame, value: str, path: str) -> None:
    if not frame.node["id"].startswith(_QDR):
        frame.run.lose(path, "loss/level-country", "a level of a European list has no country", value)
    else:
        _said(frame, value, path)


def _said(frame: Frame, value: str, path: str) -> None:
    """What is in the label need not be said again; what is not in it is lost."""
    texts = [text for values in frame.node["prefLabel"].values() for text in values]
    scheme = schemes_of(frame.node)
    if not any(value in text for text in texts) and quote(value, safe="") not in scheme:
        frame.run.lose(path, "loss/no-place", "the label of the concept does not say this", value)


_REST: Final = (elsewhere("framework", "inScheme"), elsewhere("labels", "prefLabel"))
LISTED: Final = Table(
    Level,
    *_REST,
    elsewhere("value", "id"),
    own("scheme", (), _framework_word),
    own("code", ("id",), _same_code),
    own("country", (), _country),
    own("description", ("definition",), _description),
)
NATIONAL: Final = Table(
    Level,
    *_REST,
    own("value", ("notation",), _national_value),
    own("scheme", ("prefLabel",), _national_scheme),
    elsewhere("code", "id"),
    own("country", ("prefLabel",), _national_country),
    own("description", ("definition",), _description),
)
FREE: Final = Table(
    Level,
    own("framework", ("inScheme",), _framework),
    elsewhere("labels", "prefLabel"),
    own("value", ("notation",), _notation),
    own("scheme", ("inScheme", "prefLabel"), _said),
    own("code", ("id",), _same_code),
    own("country", ("inScheme", "prefLabel"), _said),
    own("description", ("definition",), _description),
)

# fields of study


def fields(frame: Frame, value: tuple[Field, ...], path: str) -> None:
    """ISCED-F fields are thematic areas; fields of other lists are subjects."""
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if _is_isced(frame.run, item):
            isced = Concept(code=item.code, labels=item.labels)
            add(frame.node, "thematicArea", concept(frame.run, isced, here, "isced-f", closed=True))
        else:
            subject = Concept(code=item.code, scheme=item.scheme, labels=item.labels)
            add(frame.node, "educationSubject", free_concept(frame.run, subject, here, Foreign()))


def _is_isced(run: Writing, field: Field) -> bool:
    sorted_ = run.lists.sort(Concept(code=field.code, scheme=field.scheme), "isced-f")
    named = field.scheme in {"isced-f", run.lists.tables.vocabulary("isced-f").scheme}
    return named or (isinstance(sorted_, Known | Unknown) and is_iri(field.code))
