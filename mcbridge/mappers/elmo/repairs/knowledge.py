"""What is known of words that are on no list: ``mappings/elmo/repairs.toml``, and other spellings of countries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct


class Written(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The file. ``words`` are listed by the element, with the one around it (``report/issuer``)."""

    title: str
    source: str
    words: Mapping[str, Mapping[str, str]] = {}
    grades_as_credits: Mapping[str, str] = {}


class Knowledge(Struct, frozen=True):
    """The file, and what finds the code of a country by another spelling."""

    written: Written
    country: Callable[[str], str | None]
    _marks: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, written: Written, country: Callable[[str], str | None]) -> Knowledge:
        """With what to look for in the bytes of documents that are valid as they stand."""
        return cls(written, country, tuple(scheme.encode() for scheme in written.grades_as_credits))

    def speaks_of(self, data: bytes) -> bool:
        """Whether a document may hold grades as credits, which no schema forbids."""
        if any(mark in data for mark in self._marks):
            return True
        # in UTF-16 they are not found by their bytes
        return bool(self._marks) and b"\0" in data[:4]
