"""What stands in for what a record lacks: ``mappings/edc/defaults.toml``, typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mcbridge.tables import Tables
from mcbridge.tables.loading import Spot, fail, typed

Words = dict[str, str]
"""A text by language."""


class Grades(Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a grade that is not stated, for an achievement said to be passed and for any other."""

    passed: Words
    absent: Words


class Subjects(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """Subjects of the notes that carry what ELM has no property for."""

    description_html: Words
    quality_assurance: Words


class Defaults(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """The named defaults. Every text has English, which stands in for languages that are not there."""

    title: str
    profile: str
    language: str
    media_type: str
    credential_title: Words
    grade: Grades
    grading_scheme_title: Words
    source_title: Words
    subjects: Subjects


def load_defaults(tables: Tables) -> Defaults:
    """The defaults, the user's own in front. Raises ``ConfigError``."""

    def make(data: Mapping[str, Any], spot: Spot) -> Defaults:
        found = typed(data, Defaults, spot)
        if tables.vocabulary("credential").find(found.profile) is None:
            fail(spot.at("profile"), f"{found.profile!r} is no profile", "write a word of the vocabulary credential")
        if tables.vocabulary("language").find(found.language) is None:
            fail(spot.at("language"), f"{found.language!r} is no language", "write for example en")
        if tables.vocabulary("file-type").find(found.media_type) is None:
            fail(spot.at("media-type"), f"{found.media_type!r} is not in the vocabulary file-type")
        for key, words in _texts(found):
            if not words.get("en", "").strip():
                fail(spot.at(*key), "there is no English text", 'add en = "…"')
        return found

    return tables.defaults("edc", make)


def _texts(found: Defaults) -> list[tuple[tuple[str, ...], Words]]:
    subjects = [(("subjects", name), getattr(found.subjects, name)) for name in Subjects.__struct_fields__]
    return [
        (("credential-title",), found.credential_title),
        (("grade", "passed"), found.grade.passed),
        (("grade", "absent"), found.grade.absent),
        (("grading-scheme-title",), found.grading_scheme_title),
        (("source-title",), found.source_title),
        *subjects,
    ]
