"""What can be said of a draft."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule

LEGACY: Final = rule(
    "elmo/legacy-draft",
    Severity.WARNING,
    "The document is a draft of ELMO from before version 1.0",
    "this is a draft of ELMO from before version 1.0, with another structure; {read} of its values were read, and "
    "{kept} are kept aside as they are",
    "ask the sender for ELMO 1.x; what is kept aside stands in the residue of the record, and in --losses",
    "the drafts of http://purl.org/net/elmo are incompatible with ELMO 1.0 of 2015, which replaced them",
    '<elmo xmlns="http://purl.org/net/elmo">',
    repair=True,
)
