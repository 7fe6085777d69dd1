"""P9: how much memory large documents take, beyond that of a small one of their kind.

Each is converted to canonical records by the command in a process of its own, and the system is asked for the most that
process ever had in memory (VmHWM). What is read is made in a temporary folder by a seeded generator, as it is written.
"""

from __future__ import annotations

import base64
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from measure import Goal, Weight, elmo_document, weigh

HERE = Path(__file__).parent.parent
GOAL = Goal("P9", "250 MB of ELMO, or a table of 1,000,000 rows", most=64.0, stretch=32.0, base="a small one")

SIZE = 250_000_000
ROWS = 1_000_000

MEASURED = """
import atexit, sys
from pathlib import Path
def tell():
    lines = Path("/proc/self/status").read_text().splitlines()
    print(next(line for line in lines if line.startswith("VmHWM")).split()[1], file=sys.stderr)
atexit.register(tell)
from mcbridge.cli import main
sys.exit(main())
"""

_OFFICE = (
    "Šifra;Ime;Prezime;Datum rođenja;E-pošta;Naziv mikrokvalifikacije (hr);ECTS;EQF razina;Datum stjecanja;Izdavatelj\n"
)
_ISVU = (
    "JMBAG;Prezime;Ime;Šifra studija;Naziv studija;Šifra predmeta;Naziv predmeta;ECTS bodovi;Semestar;"
    "Akademska godina;Ocjena;Datum ispita\n"
)


def _parts() -> tuple[bytes, bytes, bytes]:
    """A document of twenty courses: before its report, the report, and behind it."""
    whole = elmo_document(20)
    start, end = whole.index(b"  <report>"), whole.index(b"</elmo>")
    return whole[:start], whole[start:end], whole[end:]


def reports(size: int) -> Iterator[bytes]:
    """Many reports of twenty courses."""
    head, report, tail = _parts()
    yield head
    for _ in range(max(1, size // len(report))):
        yield report
    yield tail


def attachments(size: int, each: int, *, within: bool) -> Iterator[bytes]:
    """Attachments of so many bytes, one in each report, or all of them behind one report."""
    head, report, tail = _parts()
    chance = random.Random(each)  # noqa: S311 - to be the same each time is what is wanted
    opening = b'<attachment><title>Copy</title><type>Other</type><content xml:lang="en">data:application/pdf;base64,'
    yield head
    if not within:
        yield report
    for _ in range(max(1, size * 3 // 4 // each)):
        attachment = b"%s%s</content></attachment>\n" % (opening, base64.b64encode(chance.randbytes(each)))
        yield report.replace(b"  </report>", attachment + b"</report>") if within else attachment
    yield tail


def office(rows: int) -> Iterator[bytes]:
    """Each row is a record."""
    yield _OFFICE.encode()
    for number in range(rows):
        code = f"MK-{number % 200:03d}"
        who = f"Ada{number % 997};Izmišljena{number % 3001};{1 + number % 28:02d}.03.2001;ada{number}@example.edu"
        yield f"{code};{who};Karte {code};3;6;15.06.2031;Veleučilište Ogledno\n".encode()


def isvu(rows: int) -> Iterator[bytes]:
    """Ten rows of each learner are a record."""
    yield _ISVU.encode()
    for number in range(rows):
        learner = number // 10
        course = f"{number % 10 + 100};Predmet {number % 10};6;1;2030/2031;4;15.06.2031."
        yield f"{learner:010d};Izmišljena;Ada;11;Studij ničega;{course}\n".encode()


def converted(folder: Path, pieces: Iterator[bytes], suffix: str, *options: str) -> tuple[float, float]:
    """Megabytes and seconds of a conversion."""
    source, target = folder / f"source.{suffix}", folder / "out.ndjson"
    with source.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    surroundings = os.environ | {"PYTHONPATH": str(HERE)}
    call = ["convert", str(source), "--to", "canonical", "-o", str(target), "--quiet", *options]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *call], env=surroundings, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    assert target.stat().st_size > 0
    source.unlink()
    return int(done.stderr.split()[-1]) / 1024, seconds


def main() -> None:
    """Measure each kind beside a small one of it."""
    table, courses = ("--profile", "microcredential-office"), ("--profile", "isvu")
    tasks: list[tuple[str, Callable[[int], Iterator[bytes]], str, tuple[str, ...], str]] = [
        ("many reports", reports, "xml", (), "records, one after the other"),
        ("attachments of 2 MB", partial(attachments, each=2_000_000, within=False), "xml", (), "of the document"),
        (
            "attachments of 15 MB",
            partial(attachments, each=15_000_000, within=False),
            "xml",
            (),
            "of the document",
        ),
        ("reports with 2 MB each", partial(attachments, each=2_000_000, within=True), "xml", (), "in each report"),
        (
            "reports with 15 MB each",
            partial(attachments, each=15_000_000, within=True),
            "xml",
            (),
            "in each report",
        ),
        ("a million rows", lambda size: office(ROWS if size else 100), "csv", table, "each a record"),
        ("a million rows in groups", lambda size: isvu(ROWS if size else 100), "csv", courses, "ten of each learner"),
    ]
    weights = []
    small: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        for what, made, suffix, options, does in tasks:
            if suffix + str(options) not in small:
                few = reports(0) if suffix == "xml" else made(0)
                small[suffix + str(options)] = converted(Path(name), few, suffix, *options)[0]
            peak, seconds = converted(Path(name), made(SIZE), suffix, *options)
            weights.append(Weight(what, peak, peak - small[suffix + str(options)], seconds, does))
            print(weights[-1], file=sys.stderr, flush=True)
    weigh(GOAL, weights)


if __name__ == "__main__":
    main()
