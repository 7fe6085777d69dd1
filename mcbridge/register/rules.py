"""What keeps a provision that qualifies from being sent, by what the ledger knows."""

from __future__ import annotations

from mcbridge.diagnostics import Severity, rule

KEY_TWICE = rule(
    "register/key-twice",
    Severity.ERROR,
    "Two provisions have one key",
    "{number} different provisions have this key; none of them is published",
    "give each provision its own local identifier at the source",
    "A register finds a record by our key; with two of one key each run would overwrite the other.",
)
WITHDRAWAL_PENDING = rule(
    "register/withdrawal-pending",
    Severity.ERROR,
    "Its withdrawal is pending",
    "its withdrawal has been requested; an update would cancel that without notice",
    "wait for the register, or ask it to drop the request",
    "DEQAR Submission API v2: a deletion is a request that the next update of the record silently takes back.",
)
WITHDRAWN = rule(
    "register/withdrawn",
    Severity.ERROR,
    "It was withdrawn",
    "it was withdrawn, and comes back only when somebody says so",
    "have the person who withdrew it reinstate it",
    "A half-written export must not bring back what was taken down on purpose.",
)
DRIFTED = rule(
    "register/drifted",
    Severity.ERROR,
    "Somebody else changed it at the register",
    "the register shows something else than what was published: {found}",
    "ask the register who changed it, before it is overwritten",
    "A foreign change is not ours to overwrite; the staff of a register correct records by hand.",
)
QUARANTINED = rule(
    "register/quarantined",
    Severity.ERROR,
    "Refused again and again",
    "the register refused this content in {times} runs: {failure}",
    "change the record at its source; a changed one is sent again",
    "Sending what was refused again and again tells nobody anything new, and uses up the patience of the register.",
)
JOINT_ACTIVITY_MISSING = rule(
    "register/joint-activity-missing",
    Severity.ERROR,
    "Several providers need an activity for joint provision",
    "it has {value} providers, and [report] names no activity for joint provision",
    "ask the agency for its activity of that kind, and write joint_activity under [report] in the configuration",
    "The type of an activity decides how many institutions a report has: a joint one has several, any other with "
    "programmes exactly one (DEQAR Submission API v2).",
)
NOT_SPELT = rule(
    "register/not-spelt",
    Severity.ERROR,
    "The register has no word for it",
    '{register} has no word for the {subject} "{value}"',
    "add the word to [spellings] of mappings/registers, or correct the record at its source",
    "A code that cannot be said blocks the record: a good value at the register is never overwritten with nothing.",
)
STATUS_NOT_VOLUNTARY = rule(
    "register/status-not-voluntary",
    Severity.ERROR,
    "Other providers are never part of an obligatory system",
    'the report is "{value}", but all its providers are other providers than higher education institutions',
    'put them under a report with status = "voluntary", in a configuration of their own',
    "With other providers only the status is voluntary (DEQAR Submission API v2); an update is not even checked.",
)
