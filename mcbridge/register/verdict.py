"""What travels along the walk to the register: a candidate with its places, then a verdict with its reasons.

Neither can hold a learner. A place knows where a field of the provision stands in the
source, and looks it up only when something is to be named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mcbridge.diagnostics import Diagnostic, Location, Severity
from mcbridge.model.provision import Provision, SourceRef


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a provision was found. ``locate`` maps a canonical path within the provision to a place."""

    source: SourceRef
    locate: Callable[[str], Location]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provision that may be published, or the reasons why there is none.

    ``provision`` is absent where none could be made, or where it must not travel on (it held personal data);
    ``findings`` then hold an error. ``key`` is absent where none could be made. ``title`` is for people: the
    first title of the specification, empty where there is none or where it must not be shown.
    There is at least one place; the first is the one that findings name.
    """

    key: str | None
    title: str
    provision: Provision | None
    places: tuple[Place, ...]
    findings: tuple[Diagnostic, ...] = ()

    def location(self, field: str) -> Location:
        """Where a field of the provision stands (``specification.credits[0].points``), or its nearest parent."""
        return self.places[0].locate(field)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate may be published, and why not; ``reasons`` hold its warnings and notes as well."""

    candidate: Candidate
    reasons: tuple[Diagnostic, ...] = ()

    @property
    def key(self) -> str | None:
        """The key of the provision; absent where none could be made, so that no register can know it."""
        return self.candidate.key

    @property
    def title(self) -> str:
        """A title for people, perhaps empty."""
        return self.candidate.title

    @property
    def provision(self) -> Provision | None:
        """What is to be published. It is there whenever the verdict is ``publishable``."""
        return self.candidate.provision

    @property
    def refusals(self) -> tuple[Diagnostic, ...]:
        """The reasons against: the findings that are errors."""
        return tuple(found for found in self.reasons if found.level is Severity.ERROR)

    @property
    def publishable(self) -> bool:
        """Whether nothing speaks against it."""
        return self.candidate.provision is not None and not self.refusals
