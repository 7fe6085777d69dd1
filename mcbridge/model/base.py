"""The small values that every entity is made of, and what a format could not place.

A text says its language or none; it is never a dictionary, because real documents
repeat a language and leave it out. ``Residue`` and ``Spelling`` are how nothing is
lost on the way back into the same format: residue is what the model has no word
for, a spelling is how a value that it has was written.

The modules with shapes do without ``from __future__ import annotations``: msgspec
evaluates each annotation that is a string, which costs a small run more than its work.
"""

from decimal import Decimal
from enum import Enum
from typing import Literal

from msgspec import Struct

MODEL_VERSION = "1"
"""Version of the shapes in this package, written into each record; other versions are refused on reading."""


class Value(
    Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, rename="camel", forbid_unknown_fields=True
):
    """Base of all shapes: frozen, camelCase in JSON, defaults left out, unknown fields refused."""


class Text(Struct, frozen=True, gc=False, omit_defaults=True, rename="camel", forbid_unknown_fields=True):
    """A string in one language; ``lang`` is the tag as written, absent when the source gave none."""

    value: str
    lang: str | None = None


Texts = tuple[Text, ...]
"""The same thing said in several languages, in the order of the source; a language may occur twice."""


class Residue(Value, frozen=True, kw_only=True):
    """What the model has no word for, at the entity where it was found.

    ``path`` is relative to the entity and counts from one as the format does (``specifies/extension``,
    ``title[2]/@x``, ``/identifier/2/creator``). ``content`` is exclusive C14N for XML and sorted JSON for JSON;
    above 4 kB it stands in the contents under ``sha256`` instead.
    """

    format: str
    path: str
    content: str = ""
    sha256: str | None = None


class Spelling(Value, frozen=True, kw_only=True):
    """How a value was written where its type cannot give that form back (``2014-10-01Z``, ``+6``).

    ``path`` is the JSON path of the value relative to the entity (``period.start``). Only the format named
    here uses it, and only while it still reads as the value.
    """

    format: str
    path: str
    text: str


class Entity(Value, frozen=True, kw_only=True):
    """A shape that something unknown may hang on."""

    residue: tuple[Residue, ...] = ()
    spellings: tuple[Spelling, ...] = ()


class Answer(Enum):
    """A question that a source may leave open; unknown is never taken for no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


MAX_EXPONENT = 100
"""A number lies between ten to the power of minus and of plus this."""


def sound(number: Decimal) -> Decimal:
    """A number that can be written out digit by digit. Raises ``ValueError`` for ``NaN``, ``Infinity`` and ``1E+999``.

    ``1E+999999999`` is twelve characters in a source, and a gigabyte in a format that knows no exponents.
    """
    if not number.is_finite():
        raise ValueError(f"{number} is no number that can be counted with")
    if not -MAX_EXPONENT <= number.adjusted() <= MAX_EXPONENT:
        raise ValueError(f"a number has at most {MAX_EXPONENT} digits before and after the decimal point")
    return number


class Duration(Value, frozen=True, kw_only=True):
    """An ISO 8601 duration as XML Schema values it: months and seconds, which never convert into each other."""

    months: int = 0
    seconds: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        sound(self.seconds)


class Concept(Value, frozen=True, kw_only=True):
    """A coded word: an IRI or a bare code of a scheme, or a free concept that has labels only."""

    code: str = ""
    scheme: str | None = None
    labels: Texts = ()
    notation: str | None = None
    definition: Texts = ()


class Note(Value, frozen=True, kw_only=True):
    """A remark with an optional subject (ELM: Note); a plain text is a note without subject."""

    texts: Texts
    subject: Concept | None = None
    format: Concept | None = None


class Link(Value, frozen=True, kw_only=True):
    """A page or document on the web (ELM: WebResource)."""

    url: str
    titles: Texts = ()
    description: Texts = ()
    languages: tuple[str, ...] = ()


class Identifier(Value, frozen=True, kw_only=True):
    """A name given by somebody; ``type`` is the format's word for its kind (``schac``, ``local``)."""

    value: str
    type: str | None = None
    scheme: str | None = None
    scheme_name: str | None = None
    country: str | None = None
    agency: Texts = ()
    creator: str | None = None
    issued: str | None = None


class Content(Value, frozen=True, kw_only=True):
    """The description of bytes that stand in the contents under ``sha256`` (hex).

    ``undecodable``: the source's text was no base64 and stands there as UTF-8. ``written`` names the text as the
    source wrote it, where encoding the bytes anew would not give it back. ``size`` is in bytes.
    """

    sha256: str
    size: int
    media_type: str | None = None
    lang: str | None = None
    state: Literal["ok", "undecodable"] = "ok"
    written: str | None = None
