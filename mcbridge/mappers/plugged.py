"""What other packages announce: the entry-point group ``mcbridge.mappers``.

To ask the library costs more than a small conversion does, so it is asked only where
some package that is installed speaks of the group at all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "mcbridge.mappers"
_ANNOUNCED: Final = "entry_points.txt"


def plugged() -> tuple[EntryPoint, ...]:
    """The entry points of the group."""
    if not any(map(_speaks, sys.path)) and not _other_ways():
        return ()
    from importlib.metadata import entry_points

    return tuple(entry_points(group=GROUP))


def _speaks(entry: str) -> bool:
    """Whether a package in a folder of ``sys.path`` may announce something to us; an archive may."""
    try:
        names = os.listdir(entry or ".")  # noqa: PTH208 - names are all that is needed, hundreds of them
    except NotADirectoryError:
        return True
    except OSError:
        return False
    return any(name.endswith(".egg") for name in names) or any(
        GROUP.encode() in text
        for name in names
        if name.endswith((".dist-info", ".egg-info"))
        for text in _read(os.path.join(entry, name, _ANNOUNCED))  # noqa: PTH118 - likewise
    )


def _read(path: str) -> Iterator[bytes]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - likewise
            yield file.read()
    except OSError:  # most packages announce nothing
        return


def _other_ways() -> bool:
    """Whether packages are found by other means than the folders of ``sys.path``."""
    return any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path)
