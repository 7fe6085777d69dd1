"""Run the benchmarks and write what they measured into ``RESULTS.md``: ``python benchmarks/results.py [p1 p8 …]``.

The measured parts stand between comments (``<!-- p1 -->`` … ``<!-- /p1 -->``) and are written anew; the words around
them are somebody's and are kept. A goal that has no part yet gets one. Without names all goals are run.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from measure import COLLECT

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
NAMED = (
    "lxml",
    "msgspec",
    "xmlschema",
    "xmltodict",
    "xsdata",
    "orjson",
    "PyLD",
    "pyoxigraph",
    "shacl",
    "pyshacl",
    "rdflib",
)
"""The libraries whose versions matter to a ratio."""

_OPENING = re.compile(r"^<!-- p(\d+)[a-z]? -->$", re.MULTILINE)
_ROW = re.compile(r"^\| \[?(P\d+[a-z]?)\b.*$", re.MULTILINE)


def main(wanted: list[str]) -> int:
    """Run, print, write; the exit code is 1 when a script failed."""
    scripts = [one for one in HERE.glob("p*.py") if not wanted or one.name.partition("_")[0] in wanted]
    if not scripts:
        print(
            f"no script in benchmarks/ is called {' or '.join(wanted) or 'p*.py'}: nothing was measured",
            file=sys.stderr,
        )
        return 1
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for script in sorted(scripts, key=lambda one: _number(one.name.partition("_")[0])):
            print(f"== {script.name}", flush=True)
            done = subprocess.run([sys.executable, str(script)], env=os.environ | {COLLECT: folder}, check=False)
            failed |= done.returncode != 0
        found = [json.loads(one.read_text()) for one in Path(folder).glob("*.json")]
    found.sort(key=lambda figures: (_number(figures["name"]), figures["name"]))
    text = RESULTS.read_text(encoding="utf-8")
    for figures in found:
        text = _put(text, figures["name"].lower(), _section(figures))
    text = _put(text, "all", _summary(text, found))
    RESULTS.write_text(text, encoding="utf-8")
    return int(failed)


def _number(name: str) -> int:
    return int(re.sub(r"\D", "", name) or 0)


def _put(text: str, name: str, part: str) -> str:
    """The text with this measured part in its place; a goal that has none gets one before the next higher goal."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = text.partition(opening)
    if not found:
        higher = (one.start() for one in _OPENING.finditer(text) if int(one[1]) > _number(name))
        at = next(higher, len(text))
        return f"{text[:at].rstrip()}\n\n{opening}\n{part}\n{closing}\n\n{text[at:]}".rstrip() + "\n"
    return f"{before}{opening}\n{part}\n{closing}{rest.partition(closing)[2]}"


def _section(figures: dict[str, Any]) -> str:
    """One goal: heading, verdict, table, and on what it was measured."""
    if "weights" in figures:
        return _weights(figures)
    lines = [
        f"## {figures['name']}: {figures['title']}",
        "",
        f"**×{figures['ratio']:.2f}** of {figures['base']}; at most ×{figures['most']:g}: **{figures['verdict']}**.",
        "",
        f"| way | ms | MB/s | × {figures['base']} | × mcbridge | what it does |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for way in figures["ways"]:
        speed = "–" if way["speed"] is None else f"{way['speed']:.1f}"
        lines.append(
            f"| {way['name']} | {way['best'] * 1e3:.3f} | {speed} | {way['ratio']:.2f} | {way['of_ours']:.2f} |"
            f" {way['does']} |"
        )
    rounds = [way["rounds"] for way in figures["ways"]]
    lines += ["", f"{_today()}, best of {min(rounds)} to {max(rounds)} interleaved rounds; {_versions()}."]
    return "\n".join(lines)


def _weights(figures: dict[str, Any]) -> str:
    """The same for a goal about memory."""
    lines = [
        f"## {figures['name']}: {figures['title']}",
        "",
        f"**{figures['ratio']:.1f} MB** above {figures['base']}; most {figures['most']:g}: **{figures['verdict']}**.",
        "",
        "| what | peak, MB | growth, MB | s | what it does |",
        "|---|--:|--:|--:|---|",
    ]
    lines += [
        f"| {one['name']} | {one['peak']:.1f} | {one['growth']:.1f} | {one['seconds']:.1f} | {one['does']} |"
        for one in figures["weights"]
    ]
    return "\n".join([*lines, "", f"{_today()}, one process each; {_versions()}."])


def _limit(figures: dict[str, Any], value: float) -> str:
    return f"{value:g} MB" if "weights" in figures else f"×{value:.3g}"


def _summary(text: str, found: list[dict[str, Any]]) -> str:
    """One row a goal; those that were not run keep the row they have."""
    old = text.partition("<!-- all -->")[2].partition("<!-- /all -->")[0]
    rows = {match[1]: match[0] for match in _ROW.finditer(old)}
    for figures in found:
        rows[figures["name"]] = (
            f"| {figures['name']} | {figures['title']} | {figures['base']} | {_limit(figures, figures['most'])} |"
            f" {_limit(figures, figures['stretch'])} | **{_limit(figures, round(figures['ratio'], 2))}** |"
            f" {figures['verdict']} | {_today()} |"
        )
    head = ["| goal | what | of | at most | stretch | measured | | on |", "|---|---|---|--:|--:|--:|---|---|"]
    return "\n".join([*head, *(rows[name] for name in sorted(rows, key=lambda name: (_number(name), name)))])


def _today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


def _versions() -> str:
    """Python and the libraries that are there."""
    found = [f"Python {platform.python_version()}"]
    for name in NAMED:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join((*found, f"{os.cpu_count()} cores"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
