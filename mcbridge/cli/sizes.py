"""How large the files of a run are, in the words that close it and as facts for programs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mcbridge.conversion import File, Outcome

SHOWN: Final = 20
"""So many files are named; the others are counted, and programs have them all."""


def as_facts(outcome: Outcome) -> list[dict[str, Any]]:
    """Each file with its size, and its batch where there are several."""
    return [
        {"file": "-" if each.path is None else str(each.path), "bytes": each.size}
        | ({"batch": each.batch} if each.batch else {})
        for each in outcome.sizes
    ]


def in_a_word(outcome: Outcome) -> list[str]:
    """The size of all files together, where somebody takes them and may not take all."""
    from mcbridge.conversion import in_words

    total = sum(each.size for each in outcome.sizes)
    return [f"{in_words(total)} in all" if len(outcome.sizes) > 1 else in_words(total)] if outcome.uploaded else []


def in_lines(outcome: Outcome, out: str) -> Iterator[str]:
    """The size of each file, where there are several, and how they are parted."""
    from mcbridge.conversion import in_words

    files = outcome.sizes
    if not outcome.uploaded or not files:
        return
    batches = [list(lot) for _, lot in groupby(files, key=lambda each: each.batch)]
    if len(batches) > 1 and outcome.batch is not None:
        yield f"parted into {len(batches)} batches, for no more than {in_words(outcome.batch)} is uploaded at once:"
        for lot in batches[:SHOWN]:
            yield f"    {_folder(lot[0])}: {_many(len(lot))}, {in_words(sum(each.size for each in lot))}"
        if len(batches) > SHOWN:
            yield f"    … and {len(batches) - SHOWN} more"
    if len(files) > 1:
        largest = max(files, key=lambda each: each.size)
        yield f"{len(files)} files, the largest of {in_words(largest.size)}:"
        yield from (f"    {_name(each, out)}: {in_words(each.size)}" for each in files[:SHOWN])
    if len(files) > SHOWN:
        yield f"    … and {len(files) - SHOWN} more; --log-format json names them all"
    if outcome.others:
        yield f"in {out} there {_were(outcome.others)} of another run; take care to upload those of this run only"


def _folder(file: File) -> str:
    return f"{file.path.parent.name}/" if file.path is not None else "-"


def _name(file: File, out: str) -> str:
    return str(file.path.relative_to(out)) if file.path is not None else out


def _many(number: int) -> str:
    return f"{number} file{'' if number == 1 else 's'}"


def _were(number: int) -> str:
    return f"{'is' if number == 1 else 'are'} {_many(number)}"
