"""Every ELMO document at hand: what came in and went out in the golden cases, and the official examples if present."""

from __future__ import annotations

import os
from pathlib import Path

from mcbridge.conversion.envelopes import unfold
from mcbridge.errors import InputError
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.mappers.elmo.opening import legible
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT
from tests.golden.cases import FOLDER


def documents() -> list[Path]:
    """All files; those that others add tomorrow are found as well."""
    named = os.environ.get("MCBRIDGE_SHARED")
    official = (Path(named) if named else CHECKOUT.parent / "shared") / "official" / "elmo"
    golden = [path for path in sorted(FOLDER.glob("elmo/*/*")) if path.stem in {"input", "output"} and path.is_file()]
    return [*golden, *sorted(official.glob("example-*.xml"))]


def name(path: Path) -> str:
    """Case and file."""
    return f"{path.parent.name}/{path.name}"


def unfolded(path: Path) -> list[Source]:
    """The documents of a file, out of what they travelled in; nothing when it cannot be opened.

    What is not in the encoding that it claims comes in UTF-8, as its reader has it. Of a document in a wrapper a source
    of its own is made: what stands around it is no part of it.
    """
    mapper = ElmoMapper(Tables(), {})
    found: list[Source] = []
    try:
        for source in unfold(Source(path.name, path.read_bytes())):
            inside = [one for one in mapper.documents(_legible(source), Luggage()) if isinstance(one, Source)]
            found += [Source(one.name, one.data) for one in inside]
    except InputError:
        return []
    return found


def _legible(source: Source) -> Source:
    try:
        return legible(source)[0]
    except InputError:
        return source
