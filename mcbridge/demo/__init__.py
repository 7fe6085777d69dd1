"""The data of ``mcbridge demo``: two documents about people and institutions that do not exist.

``microcredentials.csv`` is the sheet of a micro-credential office as a Croatian spreadsheet saves it (cp1250,
semicolons, decimal commas, line breaks in cells), for the profile ``microcredential-office``. Offers MK-101 to MK-108
can be published. Those from MK-201 on are refused, each for a reason of its own. Rows 52 to 61 have something wrong
in them, so that they are left out when the sheet is read. A learner is named in a remark that is ignored (MK-101),
and one in the learning outcomes of MK-210, which must not leave the house.

``transcript.xml`` is an ELMO 1.7 transcript: two courses that are micro-credentials (MK-301, MK-302), one that was
failed, one without a level, and a degree programme with two units; with a group, a grading scheme and a small PDF.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

PROFILE: Final = "microcredential-office"
"""The profile of the table."""

PUBLISHABLE: Final = (
    "example.edu/MK-101",
    "example.edu/MK-102",
    "example.edu/MK-105",
    "example.edu/MK-106",
    "example.edu/MK-108",
    "example.edu/MK-301",
    "example.edu/MK-302",
    "ogledno.example.org/MK-103",
    "ogledno.example.org/MK-104",
    "ogledno.example.org/MK-107",
)
"""The keys that a register of this kind takes when it knows both institutions; all others are refused."""


def table() -> Traversable:
    """The office's sheet."""
    return files(__name__) / "data" / "microcredentials.csv"


def transcript() -> Traversable:
    """The transcript."""
    return files(__name__) / "data" / "transcript.xml"
