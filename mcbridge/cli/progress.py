"""A progress bar for long work, on a terminal and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mcbridge.cli.voice import on_terminal

if TYPE_CHECKING:
    from mcbridge.cli.voice import Voice
    from mcbridge.conversion import Found

LONG = 8 * 1024 * 1024
MANY = 20


@contextmanager
def watching(found: Sequence[Found], voice: Voice) -> Iterator[Callable[[str], None] | None]:
    """What is to be told of each source as it is opened; ``None`` where nobody is looking or it will not take long."""
    sizes = {
        each.name: each.path.stat().st_size if each.path else 0
        for each in found
        if each.path is None or each.path.exists()
    }
    long = len(sizes) > MANY or sum(sizes.values()) > LONG
    if not long or voice.quiet or voice.json or not on_terminal():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=sum(sizes.values()))
        done: list[str] = []

        def watch(name: str) -> None:
            bar.update(task, description=name[-40:], completed=sum(sizes.get(each, 0) for each in done))
            done.append(name)

        yield watch
