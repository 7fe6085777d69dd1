"""What corresponds to what between a draft and the model: one function an element, found by its name.

A function takes what it understands and says so; an element that it does not take is residue of the entity. Attributes
are taken one by one, so what is beside a value is not lost with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from lxml.etree import QName, _Element

from mcbridge.mappers.elmo import codecs
from mcbridge.mappers.elmo import values as v
from mcbridge.mappers.elmo.draft import values as dv
from mcbridge.mappers.elmo.draft.collecting import Bag
from mcbridge.mappers.elmo.residues import DRAFT, raw
from mcbridge.mappers.elmo.values import LANG, collapse, content_of
from mcbridge.mappers.elmo.words import LEVEL_WORDS, LOS_TYPES, framework_of
from mcbridge.model import (
    Address,
    Attachment,
    Concept,
    Credit,
    Field,
    Framework,
    Identifier,
    Level,
    Link,
    Note,
    Place,
    Status,
    Text,
)

Take = Callable[[Bag, _Element], bool]
TYPES: Final = f"{DRAFT}-type"
_TYPES_OF_TODAY: Final = {"Degree": "Degree Programme", **{word: word for word in LOS_TYPES}}


def local(element: _Element) -> str:
    """The name of an element, whatever its namespace: drafts mix those of Dublin Core and MLO in."""
    return QName(element).localname


def text_of(element: _Element) -> str:
    """The text, space collapsed. Raises ``ValueError`` for an element that holds others, or nothing."""
    text = collapse(element.text or "")
    if len(element) or not text:
        raise ValueError(local(element))
    return text


def _plain(name: str, make: Callable[[str], Any], *, many: bool = True) -> Take:
    """A field that takes the text, made into something."""

    def take(bag: Bag, element: _Element) -> bool:
        return bag.put(name, make(text_of(element)), element, many=many)

    return take


def _words(name: str) -> Take:
    def take(bag: Bag, element: _Element) -> bool:
        lang = bag.attribute(element, LANG) or bag.attribute(element, "lang")
        return bag.put(name, Text(text_of(element), lang), element)

    return take


def _identifier(bag: Bag, element: _Element) -> bool:
    kind = bag.attribute(element, "type")
    return bag.put("identifiers", Identifier(value=text_of(element), type=kind), element)


def _day(name: str) -> Take:
    def take(bag: Bag, element: _Element) -> bool:
        text, pattern = text_of(element), element.get("dtf")
        value = dv.day(text, pattern)
        taken = bag.put(name, value, element, many=False)
        if taken and pattern is not None:
            bag.attribute(element, "dtf")
            bag.spell(name, raw(element))
        elif taken and text != value.isoformat():
            bag.spell(name, text)
        return taken

    return take


def _moment(name: str) -> Take:
    def take(bag: Bag, element: _Element) -> bool:
        text, pattern = text_of(element), element.get("dtf")
        value = dv.moment(text, pattern)
        taken = bag.put(name, value, element, many=False)
        if taken and pattern is not None:
            bag.attribute(element, "dtf")
            bag.spell(name, raw(element))
        elif taken and text != v.DATETIME.format(value):
            bag.spell(name, text)
        return taken

    return take


def _country(bag: Bag, element: _Element) -> bool:
    return bag.put("places", Place(addresses=(Address(country=text_of(element)),)), element)


def _kind(bag: Bag, element: _Element) -> bool:
    word = text_of(element)
    today = _TYPES_OF_TODAY.get(word)
    if today is None:
        return bag.put("kinds", Concept(code=word, scheme=TYPES), element)
    taken = bag.put("kinds", Concept(code=today, scheme=codecs.LOS_SCHEME), element)
    if today != word:
        bag.spell("kinds[0]", word)
    return taken


def _field(scheme: str) -> Take:
    def take(bag: Bag, element: _Element) -> bool:
        lang = bag.attribute(element, LANG)
        text = text_of(element)
        return bag.put("fields", Field(scheme=scheme, code=text, labels=(Text(text, lang),) if lang else ()), element)

    return take


def _parts(element: _Element) -> dict[str, str]:
    """The texts of the elements inside, which must be leaves without attributes and of different names."""
    found = {local(child): text_of(child) for child in element}
    if len(found) != len(element) or any(child.attrib for child in element):
        raise ValueError(local(element))
    return found


def _credit(bag: Bag, element: _Element) -> bool:
    """``<credit scheme="ECTS">10</credit>``, or with ``scheme``, ``level`` and ``value`` inside."""
    if len(element):
        parts = _parts(element)
        if not parts.keys() <= {"scheme", "level", "value"} or "scheme" not in parts:
            raise ValueError(element.tag)
        points = parts.get("value")
        made = Credit(
            scheme=parts["scheme"], level=parts.get("level"), points=None if points is None else dv.number(points)
        )
    else:
        scheme, points = element.get("scheme") or element.get("type"), text_of(element)
        if scheme is None:
            raise ValueError(element.tag)
        made = Credit(scheme=scheme, level=element.get("level"), points=dv.number(points))
        for name in ("scheme" if element.get("scheme") else "type", "level"):
            bag.attribute(element, name)
    taken = bag.put("credits", made, element)
    if taken and points is not None and str(made.points) != points:
        bag.spell(f"credits[{bag.last('credits')}].points", points)
    return taken


def _level(bag: Bag, element: _Element) -> bool:
    """A level with its type, as an attribute or inside; a bare word is a level of no named framework."""
    if len(element):
        parts = _parts(element)
        if not parts.keys() <= {"type", "value", "description"}:
            raise ValueError(element.tag)
        kind, value = parts.get("type"), parts.get("value")
        described = (Text(parts["description"]),) if "description" in parts else ()
    else:
        kind, value, described = element.get("type") or element.get("scheme"), text_of(element), ()
        for name in ("type", "scheme"):
            if element.get(name) == kind:
                bag.attribute(element, name)
                break
    framework = Framework.OTHER if kind is None else framework_of(kind)
    if LEVEL_WORDS.get(framework) == kind:
        kind = None
    return bag.put("levels", Level(framework=framework, scheme=kind, value=value, description=described), element)


def _result(bag: Bag, element: _Element) -> bool:
    """``<result scheme="NO30">B</result>``: the grade, and the scheme that it belongs to."""
    if "grade" in bag.fields and bag.fields.get("grading_scheme") != element.get("scheme"):
        raise ValueError(element.tag)  # a result of another scheme, or one of none beside one of some
    taken = bag.put("grade", Text(text_of(element)), element)
    if taken and "grading_scheme" in bag.fields:
        bag.attribute(element, "scheme")
    elif taken and (scheme := bag.attribute(element, "scheme")) is not None:
        bag.put("grading_scheme", scheme, element, many=False, within="/@scheme")
    return taken


def _status(bag: Bag, element: _Element) -> bool:
    return bag.put("status", Status(text_of(element)), element, many=False)


def _duration(bag: Bag, element: _Element) -> bool:
    """Nobody says whether it is a planned or a longest one, so it is a remark."""
    subject = Concept(code="duration", scheme=DRAFT)
    lang = bag.attribute(element, LANG)
    unit = element.get("unit")
    text = text_of(element)
    if unit is not None:
        bag.attribute(element, "unit")
        text = f"{text} {unit}"
    return bag.put("notes", Note(texts=(Text(text, lang),), subject=subject), element)


def _qualification(bag: Bag, element: _Element) -> bool:
    """The qualification that an offer leads to, as codes with its titles as labels. It is understood whole or not."""
    codes: list[tuple[str, str | None]] = []
    titles: list[Text] = []
    for child in element:
        name, known = local(child), {LANG} if local(child) == "title" else {"type"}
        if name not in ("identifier", "title") or not known.issuperset(map(str, child.attrib)):
            raise ValueError(name)
        if name == "title":
            titles.append(Text(text_of(child), child.get(LANG)))
        else:
            codes.append((text_of(child), child.get("type")))
    if not codes and not titles:
        raise ValueError(element.tag)
    labels = tuple(titles)
    concepts = [Concept(code=code, scheme=scheme) for code, scheme in codes[1:]]
    first = Concept(code=codes[0][0], scheme=codes[0][1], labels=labels) if codes else Concept(labels=labels)
    for one in (first, *concepts):
        bag.put("qualification_codes", one, element)
    return True


def _attachment(bag: Bag, element: _Element) -> bool:
    """A document with a title, a type, a description and contents, and nothing else."""
    texts: dict[str, list[Text]] = {"title": [], "description": []}
    kind: Concept | None = None
    contents = []
    for child in element:
        name, lang = local(child), child.get(LANG)
        if len(child) or not {LANG}.issuperset(map(str, child.attrib)):
            raise ValueError(name)
        if name in texts:
            texts[name].append(Text(collapse(child.text or ""), lang))
        elif name == "type" and kind is None:
            kind = Concept(code=text_of(child), scheme=codecs.ATTACHMENT_SCHEME)
        elif name == "content":
            contents.append(content_of(child.text or "", lang, bag.contents))
        else:
            raise ValueError(name)
    made = Attachment(
        title=tuple(texts["title"]), description=tuple(texts["description"]), kind=kind, contents=tuple(contents)
    )
    return bag.put("attachments", made, element)


LEARNER: Final[Mapping[str, Take]] = {
    "identifier": _identifier,
    "givenNames": _plain("given_names", Text),
    "givenName": _plain("given_names", Text),
    "familyName": _plain("family_name", Text),
    "fullName": _plain("full_name", Text),
    "bday": _day("birth_date"),
    "citizenship": _plain("citizenships", str),
}
ISSUER: Final[Mapping[str, Take]] = {
    "country": _country,
    "identifier": _identifier,
    "title": _words("names"),
    "url": _plain("homepages", lambda text: Link(url=text)),
}
SPECIFICATION: Final[Mapping[str, Take]] = {
    "title": _words("title"),
    "type": _kind,
    "subject": _field(f"{DRAFT}-subject"),
    "subjectArea": _field(codecs.AREA_SCHEME),
    "iscedCode": _field(codecs.ISCED_SCHEME),
    "url": _plain("homepages", lambda text: Link(url=text)),
    "description": _words("description"),
    "descriptionHtml": _words("description_html"),
    "level": _level,
    "identifier": _identifier,
    "languageOfInstruction": _plain("languages", str),
    "duration": _duration,
    "qualification": _qualification,
}
RESULT: Final[Mapping[str, Take]] = {
    "result": _result,
    "resultLabel": _plain("grade", Text),
}
PERIOD: Final[Mapping[str, Take]] = {"start": _day("start"), "date": _day("end")}
ACHIEVEMENT: Final[Mapping[str, Take]] = {"credit": _credit, "status": _status}
INSTANCE: Final[Mapping[str, Take]] = {**ACHIEVEMENT, "identifier": _identifier}
"""In an instance an identifier is that of the achievement."""
ACTIVITY: Final[Mapping[str, Take]] = {"engagementHours": _plain("contact_hours", str, many=False)}
REPORT: Final[Mapping[str, Take]] = {
    "issueDate": _moment("issued"),
    "attachment": _attachment,
}
ROOT: Final[Mapping[str, Take]] = {
    "generatedDate": _moment("generated"),
    "attachment": _attachment,
}
