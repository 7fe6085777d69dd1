"""The languages of a record: its own, or those that its texts show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from mcbridge.mappers.edc.rules import PRIMARY_LANGUAGE_ASSUMED, UNKNOWN_CODE
from mcbridge.mappers.edc.writing import Writing
from mcbridge.model import Claim, Text


def find_languages(run: Writing) -> None:
    """Settle the primary language and those of the certificate, before any text is written.

    The primary language is the record's own, else the first of its languages, else that of most of its texts, else
    the default. The certificate is in the languages that the record names, else in those of its titles.
    """
    record = run.record
    if record.primary_language is not None and (found := _code(run, record.primary_language)):
        run.primary = found
        if "-" in (run.tag(record.primary_language) or ""):
            why = "the European list has languages, and no regions of them"
            run.lose("primaryLanguage", "loss/language-tag", why, record.primary_language, changed=True)
    else:
        if record.primary_language is not None:
            run.find(UNKNOWN_CODE, "primaryLanguage", record.primary_language, list="language")
            why = "this is not in the list language"
            run.lose("primaryLanguage", "loss/unknown-code", why, record.primary_language)
        run.primary = _assumed(run)
    if record.languages:
        run.languages = [(f"languages[{index}]", word) for index, word in enumerate(record.languages)]
    else:
        run.languages = [("title", tag) for tag in _title_languages(run)]


def _assumed(run: Writing) -> str:
    named = next((found for word in run.record.languages if (found := _code(run, word))), None)
    if named is not None:
        return named
    counted = Counter(found for text in _texts(run.record) if text.lang and (found := _code(run, text.lang)))
    if counted:
        found, source = counted.most_common(1)[0][0], "in which most of its texts are"
    else:
        found, source = run.defaults.language, "the default of mappings/edc/defaults.toml"
    run.find(PRIMARY_LANGUAGE_ASSUMED, "", found, source=source)
    return found


def _code(run: Writing, word: str) -> str | None:
    tag = run.tag(word)
    entry = run.lists.languages.find(word) or (run.lists.languages.find(tag.partition("-")[0]) if tag else None)
    return entry.code if entry else None


def _title_languages(run: Writing) -> Iterator[str]:
    record = run.record
    claims: tuple[Claim, ...] = (*record.achievements, *record.activities, *record.assessments, *record.entitlements)
    several = [record.title]
    for claim in claims:
        several += [claim.title, claim.specification.title if claim.specification is not None else ()]
    tags = (text.lang and _code(run, text.lang) for texts in several for text in texts)
    yield from dict.fromkeys(tag for tag in tags if tag)


def _texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            if isinstance(inner, (tuple, msgspec.Struct)) and inner:
                yield from _texts(inner)
