"""Fields of study: ISCED-F codes that there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from mcbridge.checks.walk import specifications
from mcbridge.diagnostics import Diagnostic, Rule, Severity, rule
from mcbridge.model import Field, Record
from mcbridge.origins import Origin
from mcbridge.tables import Tables

UNKNOWN: Final = rule(
    "field/unknown-isced",
    Severity.WARNING,
    "An ISCED-F code that is not in the list",
    'there is no ISCED-F field "{value}"{advice}',
    "take the code from ISCED-F 2013: two, three or four digits, with their zeros in front",
    "fields of study are compared by their ISCED-F 2013 code, in which zeros count (UNESCO, ISCED-F 2013)"
    " (S27, from the annotations of the ELMO schema)",
    '{"scheme": "isced-f", "code": "612"}',
)


def is_isced(field: Field, tables: Tables) -> bool:
    """Whether the field is one of ISCED-F, by the name or the IRI of the scheme."""
    vocabulary = tables.vocabulary("isced-f")
    return field.scheme in {vocabulary.name, vocabulary.scheme}


class Fields:
    """The fields of study of whatever is specified."""

    rules: ClassVar[tuple[Rule, ...]] = (UNKNOWN,)

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        vocabulary = tables.vocabulary("isced-f")
        for path, specification in specifications(record):
            for at, field in enumerate(specification.fields):
                if not is_isced(field, tables) or not field.code.strip() or vocabulary.find(field.code):
                    continue
                where = f"{path}.fields[{at}].code"
                meant = vocabulary.find(f"0{field.code.strip()}")
                advice = f"; perhaps a zero was lost, and {meant.code} is meant" if meant else ""
                yield Diagnostic(UNKNOWN, origin.of(where), where, field.code, {"advice": advice})
