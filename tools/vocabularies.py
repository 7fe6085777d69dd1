"""Writes the code lists of ``mappings/vocabularies/`` that others publish, and shows what changed.

A list has two parts. What its publisher says (which codes there are, what they are
called) is read from the official folder; what nobody publishes in a form that a
program can read (our words for codes, two-letter codes, media types, codes that are
known from documents only) is kept by hand in ``tools/lists/<list>.toml``. Where the
two disagree, nothing is written until the hand-kept part says why.

    python tools/vocabularies.py [--official FOLDER] [--check]

The same input gives the same bytes. ``--check`` writes nothing, and fails where
something would change.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Final

import msgspec
from lxml import etree

HERE: Final = Path(__file__).resolve().parent
KEPT: Final = HERE / "lists"
WRITTEN: Final = HERE.parent / "mappings" / "vocabularies"
OFFICIAL: Final = HERE.parent.parent / "shared" / "official"
_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_HEAD: Final = ("title", "scheme", "iri", "version", "source", "page", "retrieved", "strict", "notation", "rest")
_NOTICE: Final = (
    "# Written by `make vocabularies` from the published list and from tools/lists/{name}.toml; change that one."
)
Row = dict[str, str]


class NoList(Exception):
    """What is kept by hand and what is published do not go together."""


class Enumeration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An enumeration in a file of the official folder; the only one of that file when it has no name."""

    file: str
    type: str | None = None


class Published(Enumeration, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a list is published, and which of its codes are taken.

    With ``only``: those that another enumeration has as well, and those kept by hand. With ``besides``: not those of
    that list of ours. ``left_out`` gives single codes with the reason.
    """

    only: Enumeration | None = None
    besides: str | None = None
    left_out: dict[str, str] = {}


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hand-kept part of a list.

    ``codes`` are by the last part of the IRI and give cells of their rows. A code that is not published needs
    ``since``, which says where it is known from; a label that differs from the published one needs ``was``, which is
    the published one. ``default`` names the function that fills a column from the published code.
    """

    title: str
    scheme: str
    iri: str
    version: str
    source: str
    retrieved: date
    strict: bool
    columns: tuple[str, ...]
    page: str | None = None
    notation: str | None = None
    rest: str | None = None
    lookup: tuple[str, ...] = ()
    published: Published | None = None
    sort: str = "code"
    default: dict[str, str] = {}
    frameworks: dict[str, dict[str, str]] = {}
    codes: dict[str, Row] = {}
    aliases: dict[str, str] = {}


FILLERS: Final[Mapping[str, Callable[[str], str]]] = {"same": str, "lower": str.lower}


def read(name: str) -> Kept:
    """The hand-kept part of a list."""
    return msgspec.convert(tomllib.loads((KEPT / f"{name}.toml").read_text(encoding="utf-8")), Kept)


def enumeration(official: Path, of: Enumeration) -> dict[str, str]:
    """The labels of a published enumeration by IRI; empty for a code that is published without one."""
    root = etree.parse(official / of.file).getroot()
    types = [each for each in root.iter(f"{_XS}simpleType") if of.type is None or each.get("name") == of.type]
    if len(types) != 1:
        raise NoList(f"{of.file} has {len(types)} enumerations named {of.type or 'anything'}")
    return {
        str(each.get("value")): " ".join("".join(map(str, each.itertext())).split())
        for each in types[0].iter(f"{_XS}enumeration")
    }


def _tails(official: Path, of: Enumeration, kept: Kept) -> dict[str, str]:
    """The labels of an enumeration by the last part of the IRI."""
    lead = kept.iri.partition("{")[0]
    found = enumeration(official, of)
    strange = [iri for iri in found if not iri.startswith(lead)]
    if strange:
        raise NoList(f"{of.file} has {strange[0]}, which does not begin with {lead}")
    return {iri.removeprefix(lead): label for iri, label in found.items()}


def labels(official: Path, kept: Kept) -> dict[str, str]:
    """The published labels of the codes that are taken."""
    if kept.published is None:
        return {}
    found = _tails(official, kept.published, kept)
    for code in kept.published.left_out:
        if found.pop(code, None) is None:
            raise NoList(f"{code} is left out, and is not published any more")
    if kept.published.only is not None:
        taken = _tails(official, kept.published.only, kept).keys() | kept.codes.keys()
        found = {code: label for code, label in found.items() if code in taken}
    if kept.published.besides is not None:
        other = read(kept.published.besides)
        taken = labels(official, other).keys() | other.codes.keys()
        found = {code: label for code, label in found.items() if code not in taken}
    return found


def _label(code: str, published: Mapping[str, str], cells: Row) -> str:
    """The label of a code, with what is kept beside it held against what is published."""
    if (code in published) == ("since" in cells):
        raise NoList(f"{code}: what is not published needs `since`, and what is published must not have it")
    said, ours, was = published.get(code, ""), cells.get("en", ""), cells.get("was")
    if was is not None and (was != said or not ours):
        raise NoList(f"{code}: `was` is {was!r}, but published is {said!r}")
    if ours and said and was is None:
        raise NoList(f"{code}: its label is published as {said!r}; take {ours!r} out, or say `was`")
    return ours or said


def rows(kept: Kept, official: Path) -> Iterator[Row]:
    """The rows of a list, in order."""
    published = labels(official, kept)
    missing = [code for code in kept.codes if code not in published and "since" not in kept.codes[code]]
    if missing:
        raise NoList(f"{', '.join(missing)}: not published any more")
    filled = []
    tail = kept.iri.partition("{")[2].partition("}")[0]
    for code in {**published, **kept.codes}:
        cells = kept.codes.get(code, {})
        row = {column: FILLERS[how](code) for column, how in kept.default.items()}
        row |= {tail: code}
        row |= {"en": _label(code, published, cells)} if "en" not in kept.default else {}
        row |= {column: cell for column, cell in cells.items() if column not in {"since", "was", "en"}}
        if kept.frameworks:
            row |= _level(code, row["en"], kept.frameworks)
        strange = row.keys() - set(kept.columns)
        if strange or not row.get("en"):
            raise NoList(f"{code}: {'no label' if not strange else f'no such column: {min(strange)}'}")
        filled.append(row)
    yield from sorted(filled, key=lambda row: (row[kept.sort], row["code"]))


def _level(code: str, label: str, frameworks: Mapping[str, dict[str, str]]) -> Row:
    """A published list of levels has the frameworks themselves in it as well; a level says its framework first."""
    for word, framework in frameworks.items():
        if framework["is"] == code:
            return {"framework": word, "country": framework["country"]}
    words = [word for word in frameworks if label.startswith(f"{word} ")]
    if len(words) != 1:
        raise NoList(f"{code}: {label!r} is of the frameworks {words}")
    level = label.removeprefix(f"{words[0]} ").removeprefix("Level ")
    return {"framework": words[0], "country": frameworks[words[0]]["country"], "level": level}


def written(name: str, official: Path) -> str:
    """The file of a list. The comment at the head of its hand-kept part goes with it."""
    kept = read(name)
    comment = takewhile(
        lambda line: line.startswith("#"), (KEPT / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    )
    lines = [_NOTICE.format(name=name), *comment, ""]
    said = {key: value for key in _HEAD if (value := getattr(kept, key)) is not None}
    lines += [f"{key} = {value if isinstance(value, date) else _said(value)}" for key, value in said.items()]
    lines.append(f"columns = {_said(list(kept.columns))}")
    if kept.lookup:
        lines.append(f"lookup = {_said(list(kept.lookup))}")
    lines += ["", "rows = ["]
    for row in rows(kept, official):
        line = _said([row.get(column, "") for column in kept.columns])
        if "\\" in line:
            raise NoList(f"{line}: quotes and controls make the file slow to read")
        lines.append(f"    {line},")
    lines.append("]")
    if kept.aliases:
        lines += ["", "# Other spellings of a code, and the code they mean.", "[aliases]"]
        bare = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
        lines += [
            f"{word if bare.issuperset(word) else _said(word)} = {_said(code)}" for word, code in kept.aliases.items()
        ]
    return "\n".join(lines) + "\n"


def _said(value: str | bool | list[str]) -> str:  # noqa: FBT001 - any value of a TOML file
    return json.dumps(value, ensure_ascii=False)


def differences(official: Path) -> Iterator[tuple[Path, str, str]]:
    """Each file that would change: where it is, what it holds, and what it should hold."""
    for source in sorted(KEPT.glob("*.toml")):
        try:
            new = written(source.stem, official)
        except (NoList, msgspec.ValidationError, tomllib.TOMLDecodeError, OSError, etree.LxmlError) as error:
            raise NoList(f"{source.name}: {error}") from error
        target = WRITTEN / source.name
        old = target.read_text(encoding="utf-8") if target.is_file() else ""
        if old != new:
            yield target, old, new


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the lists, or only say whether they would change."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--official", type=Path, default=OFFICIAL, help="the folder of the published lists")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where something would change")
    given = parser.parse_args(arguments)
    if not given.official.is_dir():
        print(f"there is no folder {given.official}; name the one of the published lists by --official")
        return 2
    try:
        changes = list(differences(given.official))
    except NoList as error:
        print(error)
        return 2
    for target, old, new in changes:
        sides = (old.splitlines(keepends=True), new.splitlines(keepends=True))
        sys.stdout.writelines(difflib.unified_diff(*sides, f"{target.name} as it is", f"{target.name} as published"))
        if not given.check:
            target.write_text(new, encoding="utf-8")
    print(f"{len(changes)} of {len(list(KEPT.glob('*.toml')))} lists {'differ' if given.check else 'written anew'}")
    return 1 if given.check and changes else 0


if __name__ == "__main__":
    sys.exit(main())
