"""Each leaf of an EDC document in turn is changed, and each object gets a key that nobody knows.

A repeated node is changed in one copy at a time, so the copies differ. A change knows in
which forms its value may show in a target.
"""

from __future__ import annotations

import base64
import copy
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, Final

from lxml import etree

from mcbridge.diagnostics import Location
from mcbridge.errors import InputError
from mcbridge.mappers import reader, writer
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables

TABLES: Final = Tables()
LOCAL: Final = "urn:epass:"
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT")
_DURATION: Final = re.compile(r"P(\d|T)")
_NUMBER: Final = re.compile(r"\d+(\.\d+)?")
UNKNOWN: Final = "zqUnknown"
BYTES: Final = "other bytes "
_BYTES: Final = base64.b64encode(BYTES.encode()).decode()
"""How changed documents begin, twelve bytes, so that their base64 begins alike."""
MAPS: Final = frozenset(
    (
        *("altLabel", "birthName", "category", "definition", "description", "familyName", "fullName"),
        *("geographicName", "givenName", "legalName", "noteLiteral", "patronymicName", "prefLabel"),
        *("schemeAgency", "title"),
    )
)
"""Properties whose keys are languages."""


@dataclass(frozen=True)
class Changed:
    """A document with one thing changed at ``pointer``. ``forms`` are those in which it may show."""

    pointer: str
    kind: str
    document: bytes
    forms: frozenset[str]

    def __str__(self) -> str:
        return f"{self.kind} at {self.pointer}: {min(self.forms, key=len, default='')!r}"


def changes(document: Any, only: Callable[[int], bool] = lambda _: True) -> Iterator[Changed]:
    """Every change of a document, or those whose numbers are asked for."""
    counted = 0
    for number, (way, value) in enumerate(list(_walk(document, ()))):
        for kind, other, forms in _others(way, value, number):
            counted += 1
            if only(counted):
                new = {"unknown key": (UNKNOWN,), "language": (other,)}.get(kind, ())
                made = copy.deepcopy(document)
                _set(made, way, kind, other)
                yield Changed(
                    _pointer((*way, *new)), kind, json.dumps(made, ensure_ascii=False).encode(), frozenset(forms)
                )


Way = tuple[str | int, ...]


def _walk(value: Any, way: Way) -> Iterator[tuple[Way, Any]]:
    if isinstance(value, dict):
        yield way, value
        for key, inner in value.items():
            yield from _walk(inner, (*way, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*way, index))
    else:
        yield way, value


def _pointer(way: Way) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in way)


def _set(document: Any, way: Way, kind: str, other: Any) -> None:
    place = document
    for step in way[:-1]:
        place = place[step]
    if kind == "unknown key":
        (place[way[-1]] if way else place)[UNKNOWN] = other
    elif kind == "language":
        place = place[way[-1]]
        key = next(iter(place))
        place[other] = place.pop(key)
    else:
        place[way[-1]] = other


def _others(way: Way, value: Any, number: int) -> Iterator[tuple[str, Any, list[str]]]:
    """Kind, new value, and the forms in which it may show."""
    key = next((step for step in reversed(way) if isinstance(step, str)), "")
    if isinstance(value, dict):
        if key in MAPS or key in {"labels", ""}:
            if key in MAPS and value:
                tag = "sv" if "sv" not in value else "fi"
                yield "language", tag, [tag, "SWE" if tag == "sv" else "FIN"]
        else:
            yield "unknown key", f"Zq{number}x", [f"Zq{number}x"]
        return
    made = _other(way, key, value, number)
    if made is not None:
        kind, other = made
        yield kind, other, _forms(other)
    if isinstance(value, str) and key != "@context":
        yield "wrong type", {"zq": f"Zq{number}w"}, [f"Zq{number}w"]
    if not isinstance(value, str):
        yield "wrong type", f"Zq{number}w", [f"Zq{number}w"]


def _other(way: Way, key: str, value: Any, number: int) -> tuple[str, Any] | None:
    """Another value of the same sort, unlike any other in the document where the sort allows that."""
    if isinstance(value, bool):
        return "truth value", not value
    if isinstance(value, int):
        return "number", (value * 7 + 13) % 97 + 1
    if not isinstance(value, str):
        return None
    if key == "type":
        return "class", f"Zq{number}"
    if key in {"id", "@id"}:
        return "id", _id(way, value, number)
    if key == "content":
        return "content", base64.b64encode(f"{BYTES}{number}".encode()).decode()
    if _MOMENT.match(value):
        day = dt.date(1931, 1, 1) + dt.timedelta(number)
        return "moment", f"{day}T{number % 24:02d}:{number % 59:02d}:07+02:00"
    if _DURATION.match(value):
        return "duration", f"PT{1000 + number}H"
    if _NUMBER.fullmatch(value) and key == "point":
        return "number", f"{number}.375"
    if key == "deliveryAddress":
        return "text", f"zq{number}@example.org"
    return "text", f"https://changed.example.org/{number}" if "://" in value else f"Zq{number}x"


@cache
def _codes(list_: str) -> tuple[str, ...]:
    return tuple(each.iri for each in TABLES.vocabulary(list_))


def _id(way: Way, value: str, number: int) -> str:
    if value.startswith("mailto:"):
        return f"mailto:zq{number}@example.org"
    vocabulary = TABLES.vocabulary_of(value)
    if vocabulary is not None and vocabulary.by_iri(value) is not None:
        codes = _codes(vocabulary.name)
        other = codes[number % len(codes)]
        if len(codes) > 1:
            return other if other != value else codes[(number + 1) % len(codes)]
    return f"https://changed.example.org/{number}"


@cache
def _forms(value: Any) -> list[str]:
    if isinstance(value, bool):
        return [str(value), str(value).lower()]
    if isinstance(value, int):
        return [str(value)]
    text = str(value)
    found = [text, text.removeprefix("mailto:")]
    if _MOMENT.match(text):
        found.append(text[:10])
    if text.startswith(_BYTES):
        found.append(base64.b64decode(text).decode())
    if text.startswith("PT"):
        found.append(str(int(text[2:-1]) * 3600))
    vocabulary = TABLES.vocabulary_of(text)
    entry = vocabulary.by_iri(text) if vocabulary is not None else None
    if vocabulary is not None and entry is not None:
        found += [entry.code, *entry.labels.values(), *entry.properties.values()]
        for name in TABLES.names("crosswalks"):
            crosswalk = TABLES.crosswalk(name)
            if crosswalk.origin == vocabulary.name and (code := crosswalk.get(entry.code)) is not None:
                found.append(code)
    return found


# --- what became of it


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    else:
        yield str(value)


def _json(data: bytes) -> Counter[str]:
    return Counter(text for line in data.splitlines() if line.strip() for text in _strings(json.loads(line)))


def _whole_json(data: bytes) -> Counter[str]:
    return Counter(_strings(json.loads(data)))


def _xml(data: bytes) -> Counter[str]:
    root = etree.fromstring(data)
    return Counter(
        text for element in root.iter("*") for text in ((element.text or ""), *map(str, element.attrib.values()))
    )


TARGETS: Final[Mapping[str, tuple[str, Mapping[str, str], Callable[[bytes], Counter[str]]]]] = {
    "edc:form=bare": ("edc", {"form": "bare"}, _whole_json),
    "edc:form=uploadable": ("edc", {}, _whole_json),
    "canonical": ("canonical", {}, _json),
    "elmo": ("elmo", {}, _xml),
}


@dataclass(frozen=True)
class Outcome:
    """The strings of an output, contents included, and the places in the ledger; ``None`` when it was refused."""

    strings: Counter[str] | None
    lost: frozenset[str]


def outcome(document: bytes, target: str) -> Outcome:
    """What becomes of a document."""
    name, options, split = TARGETS[target]
    luggage = Luggage(name)
    try:
        reads = list(reader("edc", TABLES, {"validate": "no"}).read(Source("d.json", document), luggage))
    except InputError:
        return Outcome(None, frozenset({""}))
    sink = BytesIO()
    if reads:
        writer(name, TABLES, options).write(reads, sink, luggage)
    origins = {read.record.id: read.origin for read in reads}  # type: ignore[union-attr]

    def locate(record: str, field: str) -> list[Location]:
        return origins[record].places(field)

    places = frozenset(line["path"] for line in luggage.losses.resolved(locate)["losses"])
    if not sink.getvalue():
        return Outcome(None, places)
    strings = split(sink.getvalue())
    if target == "canonical":
        strings += Counter(data.decode(errors="replace") for data in luggage.contents.values())
    return Outcome(strings, places)


class Account:
    """What became of every change of a document towards one target."""

    def __init__(self, document: Any, target: str, only: Callable[[int], bool] = lambda _: True) -> None:
        before = outcome(json.dumps(document).encode(), target).strings
        assert before is not None, "the document itself is written"
        self.target = target
        self.written = self.named = self.refused = self.spelled = 0
        facts = _facts(json.dumps(document).encode())
        self.unaccounted: list[str] = []
        for each in changes(document, only):
            after = outcome(each.document, target)
            if after.strings is None:
                self.refused += 1
                if not after.lost:
                    self.unaccounted.append(f"{each}: refused in silence")
            elif _shows(each.forms, after.strings - before):
                self.written += 1
            elif any(_covers(place, each.pointer) for place in after.lost):
                self.named += 1
            elif not target.startswith("edc") and _facts(each.document) == facts:
                self.spelled += 1
            else:
                self.unaccounted.append(str(each))

    def __str__(self) -> str:
        total = self.written + self.named + self.refused + self.spelled + len(self.unaccounted)
        return (
            f"to {self.target}: {total} changes, {self.written} written, {self.named} in the ledger, "
            f"{self.refused} refused with their record, {self.spelled} no facts, "
            f"{len(self.unaccounted)} unaccounted for"
        )


def _facts(document: bytes) -> Any:
    """What a record says, however it was written: spellings are nothing to another format."""
    (read,) = reader("edc", TABLES, {"validate": "no"}).read(Source("d.json", document), Luggage())
    found = _without(json.loads(encode(read.record)))
    # organisations are one when they differ in their ids and in how they were written only
    held: dict[str, str] = {}
    names: dict[str, str] = {}
    for item in found.pop("organisations", ()):
        name = item.pop("id")
        names[name] = held.setdefault(json.dumps(item, sort_keys=True), name)
    return _own(_renamed([found, [json.loads(item) for item in held]], names), None)


def _own(value: Any, award: Any) -> Any:
    """Without the awards that are those of the claim above."""
    if isinstance(value, list):
        return [_own(inner, award) for inner in value]
    if not isinstance(value, dict):
        return value
    mine = value.get("award", award)
    return {key: _own(inner, mine) for key, inner in value.items() if key != "award" or inner != award}


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        left = {key: inner for key, inner in value.items() if key not in {"spellings", "document"}}
        return {key: _without(inner) for key, inner in left.items() if not (key == "id" and "record" in value)}
    return [_without(inner) for inner in value] if isinstance(value, list) else value


def _shows(forms: frozenset[str], new: Counter[str]) -> bool:
    return any(form in text for form in forms if form for text in new)


def _covers(place: str, pointer: str) -> bool:
    """Whether a loss is at a place or above it; one of the whole document covers nothing by that."""
    return pointer == place or (place not in WHOLE and pointer.startswith(f"{place}/"))


WHOLE: Final = frozenset({"", "/credential", "/payload"})
