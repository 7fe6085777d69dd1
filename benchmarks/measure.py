"""What all benchmarks share: invented input, and one way to compare.

A benchmark is one script a goal, called after it: ``benchmarks/p8_csv_to_canonical.py``. The whole of one::

    # a docstring: P8: CSV to canonical, against what reading the cells alone costs.
    from measure import Goal, Way, compare

    GOAL = Goal("P8", "CSV → canonical, 12 typed columns", most=3.0, stretch=2.0, base="csv.reader")

    def main() -> None:
        data = ...                                    # invented by a seeded generator
        assert len(ours(data)) == 1000                # what is measured does the work
        compare(GOAL, [
            Way("csv.reader", lambda: list(reader(data)), "cells only"),      # the base
            Way("mcbridge", lambda: ours(data), "records, findings, losses"),  # what the goal is about
            Way("pandas", lambda: theirs(data), "flat columns only"),          # peers, as many as there are
        ])

    if __name__ == "__main__":
        main()

A peer that is not installed is left out with ``optional("pandas")``, which says so. What runs a process or takes
seconds sets ``seconds=``: how long the whole comparison may take. ``python benchmarks/results.py`` (``make bench``)
runs the scripts and writes the measured parts of ``RESULTS.md``; what stands there in words is left as it is.

How it is measured: all ways one after the other, round by round, in one process that was warmed up; the best of all
rounds of each way counts, and ratios are those of the bests. So a busy machine spoils some rounds and not the ratio.
Each way runs twice in a row, and the second time is taken.
"""

from __future__ import annotations

import importlib
import itertools
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar
from xml.sax.saxutils import escape

T = TypeVar("T")

MANY = 400
"""Rounds at most; and at least ten of each way, however long they take."""

COLLECT = "MCBRIDGE_BENCH_RESULTS"
"""Where a comparison leaves its figures as JSON for ``results.py``: a folder."""


@dataclass(frozen=True)
class Goal:
    """What is aimed at: ``ours`` takes at most so many times what ``base`` takes."""

    name: str
    title: str
    most: float
    stretch: float
    base: str
    ours: str = "mcbridge"


@dataclass(frozen=True)
class Way:
    """One way of doing the work, or part of it: ``does`` says which part."""

    name: str
    run: Callable[[], object]
    does: str = ""


def optional(module: str) -> Any:
    """A peer's module, or None where it is not installed: the comparison goes on without it, and says so."""
    try:
        return importlib.import_module(module)
    except ImportError:
        print(f"{module} is not installed and is left out; the extra `bench` brings it", file=sys.stderr)
        return None


def in_turn(things: Sequence[T]) -> Callable[[], T]:
    """One thing after the other, for inputs that differ: what remembers the last input gains nothing by it."""
    return itertools.cycle(things).__next__


def compare(
    goal: Goal,
    ways: Sequence[Way],
    *,
    seconds: float = 12.0,
    size: int | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Measure, print the table with the verdict, and return the ratio of the goal.

    ``size`` is that of the input in bytes, for a column with the speed. ``clock`` may be ``time.process_time`` for what
    computes in this process and nowhere else: then others who use the machine spoil fewer rounds.
    """
    times = _measured(ways, seconds, clock)
    best = {name: min(taken) for name, taken in times.items()}
    ratio = best[goal.ours] / best[goal.base]
    print(f"{goal.name}  {goal.title}")
    width = max(len(way.name) for way in ways)
    for way in ways:
        one, taken = best[way.name], times[way.name]
        speed = "" if size is None else f"{size / one / 1e6:9.1f} MB/s"
        typical = f"(median {statistics.median(taken) * 1e3:.3f}, {len(taken)} rounds)"
        print(
            f"  {way.name:<{width}} {one * 1e3:10.3f} ms  {typical}{speed}  ×{one / best[goal.base]:<7.2f} {way.does}"
        )
    verdict = "stretch goal met" if ratio <= goal.stretch else "goal met" if ratio <= goal.most else "goal missed"
    print(f"  goal: at most ×{goal.most:g} of {goal.base} (stretch ×{goal.stretch:g}): {verdict}")
    print(f"  ratio ×{ratio:.2f}")
    if folder := os.environ.get(COLLECT):
        figures = {
            "name": goal.name,
            "title": goal.title,
            "most": goal.most,
            "stretch": goal.stretch,
            "base": goal.base,
            "ratio": ratio,
            "verdict": verdict,
            "ways": [
                {
                    "name": way.name,
                    "does": way.does,
                    "best": best[way.name],
                    "median": statistics.median(times[way.name]),
                    "rounds": len(times[way.name]),
                    "speed": None if size is None else size / best[way.name] / 1e6,
                    "ratio": best[way.name] / best[goal.base],
                    "of_ours": best[way.name] / best[goal.ours],
                }
                for way in ways
            ],
        }
        (Path(folder) / f"{goal.name}.json").write_text(json.dumps(figures))
    return ratio


@dataclass(frozen=True)
class Weight:
    """What one run took: megabytes at most, above those of a small document, and seconds."""

    name: str
    peak: float
    growth: float
    seconds: float
    does: str = ""


def weigh(goal: Goal, weights: Sequence[Weight]) -> float:
    """Print the table of a goal that is about memory, with the verdict, and return the largest growth in megabytes."""
    most = max(weight.growth for weight in weights)
    print(f"{goal.name}  {goal.title}")
    width = max(len(weight.name) for weight in weights)
    for one in weights:
        print(f"  {one.name:<{width}} {one.peak:8.1f} MB  {one.growth:+8.1f} MB {one.seconds:8.1f} s  {one.does}")
    verdict = "stretch goal met" if most <= goal.stretch else "goal met" if most <= goal.most else "goal missed"
    print(f"  goal: at most {goal.most:g} MB more than {goal.base} (stretch {goal.stretch:g} MB): {verdict}")
    if folder := os.environ.get(COLLECT):
        figures = {
            "name": goal.name,
            "title": goal.title,
            "most": goal.most,
            "stretch": goal.stretch,
            "base": goal.base,
            "ratio": most,
            "verdict": verdict,
            "weights": [asdict(weight) for weight in weights],
        }
        (Path(folder) / f"{goal.name}.json").write_text(json.dumps(figures))
    return most


def _measured(ways: Sequence[Way], seconds: float, clock: Callable[[], float]) -> dict[str, list[float]]:
    """The times of each way, in seconds. A slow way is left out of some rounds, so that the fast ones get many."""
    cost: dict[str, float] = {}
    for way in ways:  # warm up, and find out who is slow
        way.run()
        start = clock()
        way.run()
        cost[way.name] = clock() - start
    share = seconds / len(ways)
    rounds = {name: int(min(MANY, max(10, share / one / 2))) for name, one in cost.items()}
    most = max(rounds.values())
    times: dict[str, list[float]] = {way.name: [] for way in ways}
    for number in range(most):
        for way in ways:
            taken = times[way.name]
            # spread evenly over all rounds
            if len(taken) * most <= number * rounds[way.name]:
                way.run()  # what the way before it left behind, in caches and in the allocator, is not its own
                start = clock()
                way.run()
                taken.append(clock() - start)
    return times


# ------------------------------------------------------------------------------------------------------- invented input

_SUBJECTS = ("maps", "tides", "looms", "clouds", "bridges", "grammar", "soil", "optics", "ledgers", "choirs", "dunes")
_PREDMETI = ("karte", "plime", "razboji", "oblaci", "mostovi", "slovnica", "tlo", "optika", "knjige", "zborovi", "dine")
_MANNERS = ("Introduction to", "Advanced", "Practical", "History of", "Seminar on", "Laboratory of", "Foundations of")
_NACINI = ("Uvod:", "Napredno:", "Praktikum:", "Povijest:", "Seminar:", "Laboratorij:", "Osnove:")
_VERBS = ("describe", "compare", "draw", "measure", "explain", "build", "test & repair", "judge")
_THINGS = (
    "simple models",
    "two schools of thought",
    "samples of < 1 kg",
    "old and new methods",
    "a plan of work",
    "errors",
)

_NO_MORE = "; no earlier knowledge is asked for, only time for reading."


def elmo_document(courses: int = 100, seed: int = 1) -> bytes:
    """A valid ELMO document of an invented learner; a hundred courses are about 129 kB.

    A course has an identifier, titles in two languages, type, field, page, description, term, date, status, grade,
    credits, level and language: 25 elements.
    """
    chance = random.Random(seed)  # noqa: S311 - to be the same each time is what is wanted
    body = "".join(_course(number, chance) for number in range(1, courses + 1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">
  <generatedDate>2031-05-01T10:00:00+02:00</generatedDate>
  <learner>
    <citizenship>HR</citizenship>
    <identifier type="nationalIdentifier">00000000001</identifier>
    <givenNames>Ada Izmišljena</givenNames>
    <familyName>Nepostojeća</familyName>
    <bday>2001-02-28</bday>
  </learner>
  <report>
    <issuer>
      <country>HR</country>
      <identifier type="schac">example.edu</identifier>
      <title xml:lang="en">University of Nowhere</title>
      <title xml:lang="hr">Sveučilište Nigdje</title>
      <url>https://www.example.edu/</url>
    </issuer>
{body}    <issueDate>2031-04-30T09:00:00+02:00</issueDate>
  </report>
</elmo>
""".encode()


def _course(number: int, chance: random.Random) -> str:
    what, how = chance.randrange(len(_SUBJECTS)), chance.randrange(len(_MANNERS))
    part = number // 10 + 1
    year = chance.randrange(2024, 2031)
    aims = ", ".join(f"{chance.choice(_VERBS)} {chance.choice(_THINGS)}" for _ in range(3))
    return f"""    <learningOpportunitySpecification>
      <identifier type="local">NW-{number:04d}</identifier>
      <title xml:lang="en">{_MANNERS[how]} {_SUBJECTS[what]}, part {part}</title>
      <title xml:lang="hr">{_NACINI[how]} {_PREDMETI[what]}, {part}. dio</title>
      <type>Course</type>
      <iscedCode>{chance.choice(("0532", "0211", "0588", "0731"))}</iscedCode>
      <url>https://www.example.edu/courses/{number}</url>
      <description xml:lang="en">Participants {escape(aims)}{_NO_MORE}</description>
      <specifies>
        <learningOpportunityInstance>
          <start>{year}-10-01</start>
          <date>{year + 1}-0{chance.randrange(1, 8)}-{chance.randrange(10, 28)}</date>
          <academicTerm>
            <title xml:lang="en">Winter {year}</title>
            <start>{year}-10-01</start>
            <end>{year + 1}-02-28</end>
          </academicTerm>
          <status>passed</status>
          <resultLabel>{chance.randrange(2, 6)}</resultLabel>
          <credit>
            <scheme>ects</scheme>
            <value>{chance.choice(("2", "3", "4.5", "6", "7.5"))}</value>
          </credit>
          <level>
            <type>EQF</type>
            <value>{chance.randrange(5, 8)}</value>
          </level>
          <languageOfInstruction>{chance.choice(("hr", "en"))}</languageOfInstruction>
        </learningOpportunityInstance>
      </specifies>
    </learningOpportunitySpecification>
"""
