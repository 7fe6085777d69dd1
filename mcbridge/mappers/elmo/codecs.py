"""How one element becomes one value, and one value one element.

A codec is the conversion itself, both ways: reading raises ``ValueError`` when the
element is no such value; writing returns the markup, or the empty string after
telling the pen what was lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from lxml.etree import _Element
from msgspec import Struct

from mcbridge.mappers.elmo import values as v
from mcbridge.mappers.elmo.aside import data_uri
from mcbridge.mappers.elmo.pen import Pen, nowhere, strange
from mcbridge.mappers.elmo.residues import attributes_of
from mcbridge.mappers.elmo.values import ADDRESS_NAMESPACE, LANG, NAMESPACE, Leaf, collapse
from mcbridge.mappers.elmo.words import ATTACHMENT_TYPES, CREDIT_LEVELS, GENDERS, LOS_TYPES, NO_COUNTRY
from mcbridge.model import (
    Address,
    AddressPart,
    Category,
    Concept,
    Content,
    Field,
    GroupRef,
    Identifier,
    Link,
    Place,
    Status,
    Text,
)
from mcbridge.origins import Contents

LOS_SCHEME: Final = "elmo-los-type"
ATTACHMENT_SCHEME: Final = "elmo-attachment-type"
AREA_SCHEME: Final = "erasmus-subject-area"
ISCED_SCHEME: Final = "isced-f"

Attributes = Mapping[str, str]
Value = Callable[[Attributes], Callable[[str], Any]]
Write = Callable[[str, Any, str, Pen], str]


class Codec(Struct, frozen=True, eq=False):
    """One way of being an element.

    ``attributes`` are those the element may have; ``within`` tells where parts of the value stand
    (``{"lang": "@xml:lang"}``). ``leaf`` is set where the element is one string of a simple type, ``beside`` where an
    attribute goes to a field of its own, ``plain`` where the value alone does not give the element back.
    ``mixed`` elements may hold anything, ``empty`` ones neither text nor elements.
    ``holds`` says which of a collection's values this element is for.
    ``value`` takes the attributes and returns what makes the value of the text (white space collapsed, unless
    ``exact``), where no more is needed; ``few`` tells that there are not many such values. With them plain elements are
    read at less cost than by ``read``, and with the same result.
    """

    read: Callable[[_Element, Contents], Any]
    write: Write
    attributes: frozenset[str] = frozenset()
    within: Mapping[str, str] = {}
    leaf: Leaf | None = None
    mixed: bool = False
    empty: bool = False
    beside: tuple[str, str] | None = None
    plain: Callable[[Attributes, Any], bool] | None = None
    holds: Callable[[Any, Pen], bool] | None = None
    value: Value | None = None
    exact: bool = False
    few: bool = False


class Row(Struct, frozen=True, eq=False):
    """One element and the field it goes to.

    ``slot`` is the dictionary of the frame, ``many`` whether the element repeats, ``alone`` that the field is a
    collection although the element stands once. Without a codec the element has the shape that it stands in.
    """

    tag: str
    to: str
    codec: Codec | Shape | None
    slot: int = 0
    many: bool = False
    alone: bool = False
    namespace: str = NAMESPACE

    @property
    def name(self) -> str:
        """The tag in Clark notation."""
        return f"{{{self.namespace}}}{self.tag}"

    @property
    def written(self) -> str:
        """The tag as it is written; parts of an address have a namespace of their own."""
        return f"a:{self.tag}" if self.namespace == ADDRESS_NAMESPACE else self.tag

    @property
    def known(self) -> str:
        """The tag as residue paths have it."""
        return self.tag if self.namespace == NAMESPACE else self.name


class Shape(Struct, frozen=True, eq=False):
    """An element that becomes a struct of its own: its attributes and its children.

    ``done`` completes the fields once all are read; ``also`` names fields that come from another field's element.
    ``demands`` are the fields without which a document of ours does not have the element.
    """

    struct: type[msgspec.Struct]
    rows: Sequence[Row] = ()
    attributes: tuple[tuple[str, str, Leaf], ...] = ()
    done: Callable[[dict[str, Any]], None] | None = None
    also: tuple[tuple[str, str], ...] = ()
    demands: tuple[str, ...] = ()


_rest_identifier = nowhere(Identifier, frozenset(("value", "type")))
_rest_concept = nowhere(Concept, frozenset(("code", "scheme")))
_rest_field = nowhere(Field, frozenset(("scheme", "code")))
_rest_link = nowhere(Link, frozenset(("url",)))
_rest_place = nowhere(Place, frozenset(("names",)))
_rest_site = nowhere(Place, frozenset(("addresses",)))
_rest_address = nowhere(Address, frozenset(("country",)))


_LANGUAGE: Final = re.compile("(?:[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*)?")
"""``xml:lang``: a tag as XML Schema has it, or nothing."""


def _simple(value: Value, write: Write, *, exact: bool = False, words: bool = False, **more: Any) -> Codec:
    """A codec whose value is made of the element's text and attributes.

    What stands inside counts for nothing, unless the text is ``words``: of HTML that nobody escaped all words are read,
    as half a sentence is no description, and a B<sup>+</sup> no B.
    """

    def read(e: _Element, _: Contents) -> Any:
        text = v.words_of(e) if words and len(e) else e.text or ""
        return value(dict(attributes_of(e)))(text if exact else collapse(text))

    return Codec(read, write, value=value, exact=exact, **more)


def _leaf(leaf: Leaf) -> Codec:
    read, form, exact, strict = leaf.read, leaf.format, leaf.exact, leaf.strict

    def write(tag: str, value: Any, path: str, pen: Pen) -> str:
        text = form(value)
        if not pen.as_read and not strict(text):
            pen.lose(path, "loss/not-a-number", f"ELMO takes a plain number in <{tag}>, and no words")
            return ""
        return f"<{tag}>{pen.escaped(text, path, exact=exact)}</{tag}>"

    return _simple(lambda _: read, write, leaf=leaf, exact=exact, few=not exact)


def _listed(find: Callable[[str, Pen], str | None], what: str) -> Codec:
    """A token of a closed list, or what another list has for it."""

    def write(tag: str, value: str, path: str, pen: Pen) -> str:
        found = value if pen.as_read and value not in NO_COUNTRY else find(value, pen)
        if found is None:
            pen.lose(path, "loss/not-listed", f"ELMO has a closed list of {what}, and this is not on it")
            return ""
        return f"<{tag}>{pen.escaped(found, path, exact=False)}</{tag}>"

    return _simple(lambda _: v.TOKEN.read, write, leaf=v.TOKEN, few=True)


def _credit_level(word: str, _: Pen) -> str | None:
    return word if word in CREDIT_LEVELS else None


def _country(word: str, pen: Pen) -> str | None:
    code = pen.lists.country(collapse(word))
    return code if code in pen.lists.countries else None


def _gender(word: str, pen: Pen) -> str | None:
    return word if word in GENDERS else pen.lists.gender(word)


def _with_lang(tag: str, lang: str, body: str, path: str, pen: Pen) -> str:
    if not pen.as_read and not _LANGUAGE.fullmatch(lang):
        pen.lose(f"{path}.lang", "loss/language", "this is no language tag, and ELMO takes no other word")
        return f"<{tag}>{body}</{tag}>"
    return f'<{tag} xml:lang="{pen.quoted(lang, f"{path}.lang", exact=True)}">{body}</{tag}>'


def _text(*, exact: bool) -> Codec:
    """A text with its optional language."""

    def write(tag: str, value: Text, path: str, pen: Pen) -> str:
        body = pen.escaped(value.value, path, exact=exact, part=".value")
        lang = value.lang
        return f"<{tag}>{body}</{tag}>" if lang is None else _with_lang(tag, lang, body, path, pen)

    def value(attributes: Attributes) -> Callable[[str], Text]:
        lang = attributes.get(LANG)
        return lambda text: Text(text, lang)

    return _simple(value, write, exact=exact, words=True, attributes=_LANG, within=_WITHIN_LANG)


def _identifier(attributes: Attributes) -> Callable[[str], Identifier]:
    written = attributes.get("type")
    kind = None if written is None else collapse(written)
    return lambda text: Identifier(value=text, type=kind)


def _write_identifier(tag: str, value: Identifier, path: str, pen: Pen) -> str:
    kind = value.type
    if kind is None and not pen.as_read:
        kind = value.scheme_name or pen.identifier_type
        pen.assumed.append((f"{path}.type", f'"{kind}" as the type of an identifier'))
    _rest_identifier(value, path, pen)
    body = pen.escaped(value.value, path, exact=False, part=".value")
    if kind is None:
        return f"<{tag}>{body}</{tag}>"
    return f'<{tag} type="{pen.quoted(kind, f"{path}.type", exact=False)}">{body}</{tag}>'


def _concept(scheme: str, words: frozenset[str], *, crossed: bool = False) -> Codec:
    """A word of a list of ELMO's own; other lists come through a crosswalk where there is one."""

    def word(value: Concept, pen: Pen) -> str | None:
        if value.scheme == scheme:
            return value.code if pen.as_read or value.code in words else None
        return pen.lists.kind(value) if crossed else None

    def write(tag: str, value: Concept, path: str, pen: Pen) -> str:
        found = word(value, pen)
        if found is None:
            pen.lose(path, "loss/not-listed", "ELMO has a closed list of kinds, and this is not on it", value)
            return ""
        _rest_concept(value, path, pen)
        return f"<{tag}>{pen.escaped(found, path, exact=False, part='.code')}</{tag}>"

    def value(_: Attributes) -> Callable[[str], Concept]:
        return lambda text: Concept(code=text, scheme=scheme)

    return _simple(value, write, holds=lambda value, pen: word(value, pen) is not None, few=True)


def _field(scheme: str) -> Codec:
    def write(tag: str, value: Field, path: str, pen: Pen) -> str:
        _rest_field(value, path, pen)
        return f"<{tag}>{pen.escaped(value.code, path, exact=False, part='.code')}</{tag}>"

    def value(_: Attributes) -> Callable[[str], Field]:
        return lambda text: Field(scheme=scheme, code=text)

    return _simple(value, write, holds=lambda value, _: value.scheme == scheme, few=True)


def _write_plain(tag: str, value: Text, path: str, pen: Pen) -> str:
    if value.lang is not None:
        pen.lose(f"{path}.lang", "loss/language", "ELMO gives no language here")
    return f"<{tag}>{pen.escaped(value.value, path, exact=False, part='.value')}</{tag}>"


def _write_url(tag: str, value: Link, path: str, pen: Pen) -> str:
    _rest_link(value, path, pen)
    return f"<{tag}>{pen.escaped(value.url, path, exact=False, part='.url')}</{tag}>"


def _write_birthplace(tag: str, value: Place, path: str, pen: Pen) -> str:
    _rest_place(value, path, pen)
    strange(value, path, pen)
    for index, name in enumerate(value.names[1:], 1):
        pen.lose(f"{path}.names[{index}]", "loss/one-only", "ELMO holds one place of birth in one language", name)
    return _write_plain(tag, value.names[0], f"{path}.names[0]", pen) if value.names else ""


def _write_country(tag: str, value: Place, path: str, pen: Pen) -> str:
    _rest_site(value, path, pen)
    strange(value, path, pen)
    text = ""
    for index, address in enumerate(value.addresses):
        here = f"{path}.addresses[{index}]"
        _rest_address(address, here, pen)
        strange(address, here, pen)
        if address.country is not None and text:
            pen.lose(f"{here}.country", "loss/one-only", "ELMO holds one country of an institution")
        elif address.country is not None:
            text = COUNTRY_CODE.write(tag, address.country, f"{here}.country", pen)
    return text


def _write_status(tag: str, value: Status, path: str, pen: Pen) -> str:
    if value is Status.UNKNOWN:
        pen.lose(path, "loss/not-listed", "ELMO has no word for an unknown status")
        return ""
    return f"<{tag}>{value.value}</{tag}>"


def _write_content(tag: str, value: Content, path: str, pen: Pen) -> str:
    name = value.written or value.sha256
    data = pen.contents.get(name)
    if data is None:
        pen.lose(path, "loss/content-missing", "the bytes of this document did not come with the record", value)
        return ""
    if value.written is None and value.state == "ok":
        body = data_uri(value.media_type, data)
    else:
        body = pen.escaped(data.decode(errors="replace"), path, exact=True)
    return f"<{tag}>{body}</{tag}>" if value.lang is None else _with_lang(tag, value.lang, body, path, pen)


def _grouping(attributes: Attributes) -> Callable[[str], GroupRef]:
    return lambda text: GroupRef(type=attributes.get("typeref"), id=attributes.get("idref"), text=text)


def _write_grouping(tag: str, value: GroupRef, path: str, pen: Pen) -> str:
    kind = "" if value.type is None else f' typeref="{pen.quoted(value.type, f"{path}.type", exact=True)}"'
    ref = "" if value.id is None else f' idref="{pen.quoted(value.id, f"{path}.id", exact=True)}"'
    return f"<{tag}{kind}{ref}>{pen.escaped(value.text, path, exact=True, part='.text')}</{tag}>"


def _category(attributes: Attributes) -> Callable[[str], Category]:
    label, number = attributes.get("label"), attributes.get("count")
    if label is None or number is None:
        raise ValueError("a category needs label and count")
    found = Category(label=collapse(label), count=v.COUNT.read(collapse(number)))
    return lambda _: found


def _write_category(tag: str, value: Category, path: str, pen: Pen) -> str:
    return f'<{tag} label="{pen.quoted(value.label, f"{path}.label", exact=False)}" count="{value.count}"/>'


def _read_introduction(e: _Element, _: Contents) -> str:
    if len(e) or e.attrib:
        raise ValueError("markup is kept as it is")
    return e.text or ""


def _write_exact(tag: str, value: str, path: str, pen: Pen) -> str:
    return f"<{tag}>{pen.escaped(value, path, exact=True)}</{tag}>"


def part(name: str) -> Codec:
    """One named part of a structured address."""

    def write(tag: str, value: AddressPart, path: str, pen: Pen) -> str:
        return f"<{tag}>{pen.escaped(value.value, path, exact=False, part='.value')}</{tag}>"

    def value(_: Attributes) -> Callable[[str], AddressPart]:
        return lambda text: AddressPart(name=name, value=text)

    return _simple(value, write, holds=lambda value, _: value.name == name)


_LANG = frozenset((LANG,))
_WITHIN_LANG = {"lang": "@xml:lang"}

TOKEN, STRING, DATE, DATETIME, DECIMAL = (_leaf(leaf) for leaf in (v.TOKEN, v.STRING, v.DATE, v.DATETIME, v.DECIMAL))
DECIMAL_TEXT = _leaf(v.DECIMAL_TEXT)
COUNTRY_CODE = _listed(_country, "countries")
CREDIT_LEVEL = _listed(_credit_level, "credit levels")
GENDER = _listed(_gender, "genders")
TOKENS = _text(exact=False)
LTEXTS = _text(exact=True)
IDENTIFIER = _simple(_identifier, _write_identifier, attributes=frozenset(("type",)), within={"type": "@type"})
LOS_TYPE = _concept(LOS_SCHEME, LOS_TYPES, crossed=True)
ATTACHMENT_TYPE = _concept(ATTACHMENT_SCHEME, ATTACHMENT_TYPES)
SUBJECT_AREA = _field(AREA_SCHEME)
ISCED = _field(ISCED_SCHEME)
PLAIN = _simple(lambda _: Text, _write_plain, words=True, few=True)
URL = _simple(lambda _: lambda text: Link(url=text), _write_url)
BORN = _simple(lambda _: lambda text: Place(names=(Text(text),)), _write_birthplace)
COUNTRY = _simple(lambda _: lambda text: Place(addresses=(Address(country=text),)), _write_country)
STATUS = _simple(lambda _: Status, _write_status, few=True)
CONTENT = Codec(lambda e, c: v.content_of(e.text or "", e.get(LANG), c), _write_content, _LANG, _WITHIN_LANG)
INTRODUCTION = Codec(_read_introduction, _write_exact, mixed=True)
SECTION_CONTENT = Codec(lambda e, _: e.text or "", _write_exact, frozenset(("type",)), beside=("type", "content_type"))
GROUPING = _simple(
    _grouping,
    _write_grouping,
    exact=True,
    attributes=frozenset(("typeref", "idref")),
    within={"type": "@typeref", "id": "@idref"},
)
CATEGORY = _simple(
    _category,
    _write_category,
    attributes=frozenset(("label", "count")),
    within={"label": "@label", "count": "@count"},
    empty=True,
    plain=lambda attributes, value: attributes.get("count") == str(value.count),
)
