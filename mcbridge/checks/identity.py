"""The learner: somebody who can be told from others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from mcbridge.checks.walk import filled
from mcbridge.diagnostics import Diagnostic, Rule, Severity, rule
from mcbridge.model import Credential, Identifier, Learner, Record
from mcbridge.origins import Origin
from mcbridge.tables import Tables

NAME_MISSING: Final = rule(
    "identity/name-missing",
    Severity.WARNING,
    "A learner without a name",
    "the learner has no name",
    "add the given and the family name in the student system",
    "a micro-credential identifies the learner (Council Recommendation 2022/C 243/02, Annex I)"
    " (S03, from the annotations of the ELMO schema)",
    '{"learner": {"givenNames": [{"value": ""}]}}',
)
NAME_IN_PARTS: Final = rule(
    "identity/name-incomplete",
    Severity.NOTE,
    "Half of a learner's name",
    "the learner has a {there} but no {missing}",
    "check in the student system whether the person really has one name only",
    "most formats want both; some people do have a single name (ELMO 1.7, learner)"
    " (S03, from the annotations of the ELMO schema)",
    "a family name only",
)
UNTRACEABLE: Final = rule(
    "identity/not-distinct",
    Severity.NOTE,
    "Only a name tells who the learner is",
    "the learner has neither a date of birth nor an identifier",
    "add the date of birth or a student number, so that the record finds the right person",
    "people share names; a receiver matches the name together with the date of birth (ELMO 1.7, learner)"
    " (S03, from the annotations of the ELMO schema)",
    "a given and a family name, nothing else",
)
REPEATED: Final = rule(
    "identity/identifiers-differ",
    Severity.WARNING,
    "Two identifiers of one type",
    'the learner has another {type} besides "{value}"',
    "check in the student system which of the two holds",
    "an identifier of one type and one country should name one person once (ELMO 1.7, learner/identifier)"
    " (S05, good practice, not in the schema)",
    "two national identifiers of one country",
)
EMPTY: Final = rule(
    "identity/identifier-empty",
    Severity.WARNING,
    "An identifier without a value",
    "an identifier of the learner is empty",
    "leave it out of the export when it is not known",
    "what is unknown is left out, not sent empty (ELMO 1.7, learner) (S05, good practice, not in the schema)",
    '{"type": "nationalIdentifier", "value": ""}',
)


class Identity:
    """The learner of a credential."""

    rules: ClassVar[tuple[Rule, ...]] = (NAME_MISSING, NAME_IN_PARTS, UNTRACEABLE, REPEATED, EMPTY)

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        if isinstance(record, Credential):
            for rule_, field, value, facts in _findings(record.learner):
                yield Diagnostic(rule_, origin.of(field), field, value, facts)


def _findings(learner: Learner) -> Iterator[tuple[Rule, str, str | None, dict[str, str]]]:
    given, family = filled(learner.given_names), filled(learner.family_name)
    if not filled(learner.full_name):
        if not given and not family:
            yield NAME_MISSING, "learner", None, {}
        elif not given:
            yield NAME_IN_PARTS, "learner.givenNames", None, {"there": "family name", "missing": "given name"}
        elif not family:
            yield NAME_IN_PARTS, "learner.familyName", None, {"there": "given name", "missing": "family name"}
    numbers = [(f"learner.identifiers[{at}]", each) for at, each in enumerate(learner.identifiers)]
    if learner.national_id is not None:
        numbers.append(("learner.nationalId", learner.national_id))
    if learner.birth_date is None and not any(each.value.strip() for _, each in numbers):
        yield UNTRACEABLE, "learner", None, {}
    seen: dict[tuple[str | None, ...], Identifier] = {}
    for path, each in numbers:
        if not each.value.strip():
            yield EMPTY, path, None, {}
            continue
        kind = (each.type, each.scheme, each.scheme_name, each.country)
        before = seen.setdefault(kind, each)
        if any(kind) and before.value != each.value:
            named = each.type or each.scheme_name or each.scheme or f"identifier of {each.country}"
            yield REPEATED, path, each.value, {"type": named}
