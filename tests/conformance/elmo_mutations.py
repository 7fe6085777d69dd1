"""Changes to an ELMO document, each small, named and repeatable; some leave it valid and some do not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import islice

from lxml import etree

from tests.conformance.elmo_documents import ADDRESS, ELMO, EWP, SIGNATURE

XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def _cut(values: str) -> tuple[str, ...]:
    """Values between bars; ↵ and ⇥ stand for a line break and a tab."""
    return tuple(values.replace("↵", "\n").replace("⇥", "\t").split("|"))


_DAYS = _cut("2031-05-01|2032-02-29|0001-01-01|12031-12-31|-0044-03-15")
_NO_DAYS = _cut("2031-5-1|2031-02-29|2031-13-01|0000-01-01|01.05.2031.|20310501||soon")
_ZONES = _cut("|Z|+14:00|-00:00|+14:01| Z|z")

VALUES: Mapping[str, Sequence[str]] = {
    "string": (*_cut("| |two↵lines|<p>markup</p>|Ž € 漢 😀"), "x" * 2000),
    "token": (*_cut("| padded |two  spaces|tab⇥and↵line|0588|<b>markup</b>|Ž € 漢 😀"), "x" * 2000),
    "date": (
        *_DAYS,
        *_NO_DAYS,
        *(f"2031-05-01{zone}" for zone in _ZONES),
        *_cut("2031-05-01T00:00:00| 2031-05-01 |↵2031-05-01⇥"),
    ),
    "dateTime": (
        *(f"{day}T10:00:00" for day in (*_DAYS, *_NO_DAYS)),
        *(f"2031-05-01T10:00:00{zone}" for zone in _ZONES),
        *(f"2031-05-01T{time}" for time in _cut("24:00:00|24:00:01|10:60:00|10:00|10:00:00.123456789+02:00")),
        *_cut("2031-05-01|2031-05-01 10:00:00|2031-05-01t10:00:00| 2031-05-01T10:00:00 |↵2031-05-01T10:00:00Z"),
    ),
    "decimal": (*_cut("0|-1|+6|7.5|.5|5.|007.50| 7.5 |7,5|1e3|INF|NaN||--1|1 2"), "9" * 24),
    "integer": (*_cut("0|-1|+1|007| 3 |1.0||one|0x1|1 2"), "9" * 30),
    "nonNegativeInteger": (*_cut("0|-0|+1|007| 3 |-1|1.0||one"), "9" * 30),
    "base64Binary": _cut("AAEC|AA==| A A E C ||AB==|A|AAE|AA=A|====|-_-_|Ž|AAEC↵AAEC"),
    "anyURI": _cut("|#part|https://example.edu/?a=b#c|urn:x|a b|%|https://[|Ž| padded |::|\\\\share"),
    "ID": _cut("fresh|_1|a.b-c| padded |1st||a b|a:b|whole"),
    "language": _cut("en|en-GB|x-own|zh-Hans-CN|FI|| | en |en |en_GB|toolonglanguage|1a|hr-"),
    "NCName": _cut("default|preserve| default |other|"),
}
"""Values of each built-in type, good, bad and on the edge."""

WORDS: Mapping[str, Sequence[str]] = {
    "[A-Z][A-Z]": ("HR", "XK"),
    "[A-Z]{2}": ("HR", "XK"),
    r"[0-9\.]+": ("4.2", "1"),
    "[.0-9]+": ("4.2", "1"),
    r"[^@]+@[^.]+\..+": ("office@example.edu",),
}
"""Good values for the patterns of the schemas, as one and the other writes them."""

_FOREIGN = (
    ('<x:any xmlns:x="urn:example:x" a="1">text<x:deep/></x:any>', "foreign"),
    ('<any xmlns="">text</any>', "no namespace"),
    (f'<title xmlns="{ELMO}">text</title>', "namespace of ELMO"),
    (f'<KeyName xmlns="{SIGNATURE}">known</KeyName>', "known and good"),
    (f'<SignatureValue xmlns="{SIGNATURE}">-</SignatureValue>', "known and bad"),
    (f'<X509SKI xmlns="{SIGNATURE}">-</X509SKI>', "known only inside"),
    (f'<street-address xmlns="{ADDRESS}"><locality>Town</locality></street-address>', "known and good"),
    (f'<street-address xmlns="{ADDRESS}"><town/></street-address>', "known and bad"),
    (f'<admin-email xmlns="{EWP}">office@example.edu</admin-email>', "known and good"),
    (f'<admin-email xmlns="{EWP}">nobody</admin-email>', "known and bad"),
    ('<x:any xmlns:x="urn:example:x" xml:lang="no language"/>', "foreign with a known attribute"),
)
_ATTRIBUTES = (
    ("unknown", "value"),
    ("{urn:example:x}unknown", "value"),
    (f"{{{XML}}}lang", "en"),
    (f"{{{XML}}}space", "preserve"),
    (f"{{{XML}}}base", "https://example.edu/"),
    (f"{{{XML}}}id", "fresh"),
    (f"{{{XSI}}}nil", "true"),
    (f"{{{XSI}}}nil", "false"),
    (f"{{{XSI}}}type", "xs:string"),
    (f"{{{XSI}}}type", "xs:token"),
    (f"{{{XSI}}}type", "e:TokenWithOptionalLang"),
    (f"{{{XSI}}}type", "e:PlaintextMultilineStringWithOptionalLang"),
    (f"{{{XSI}}}type", "e:LearningOpportunitySpecification"),
    (f"{{{XSI}}}type", "e:Attachment"),
    (f"{{{XSI}}}type", "e:Issuer"),
    (f"{{{XSI}}}type", "e:RecognitionReport"),
    (f"{{{XSI}}}schemaLocation", f"{ELMO} https://example.edu/never-fetched.xsd"),
)


@dataclass(frozen=True)
class Leaf:
    """What may stand in a text or attribute: the built-in type it derives from, and the words it knows."""

    builtin: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.builtin} of {len(self.words)}: {' '.join(self.words)}" if self.words else self.builtin

    def values(self) -> tuple[str, ...]:
        """Values to try: good ones, and those next to good."""
        near = tuple(change for word in self.words[:2] for change in (word.swapcase(), f" {word} ", f"{word}s", ""))
        return (*self.words, *near, *VALUES[self.builtin][:3]) if self.words else tuple(VALUES[self.builtin])


@dataclass(frozen=True)
class Declared:
    """One element declaration of the schema: its key, its text if it is a leaf, and its attributes."""

    key: str
    text: Leaf | None
    attributes: Mapping[str, Leaf]


@dataclass(frozen=True)
class Mutation:
    """A changed document and how it came about."""

    kind: str
    key: str
    detail: str
    leaf: Leaf | None
    root: etree._Element


Apply = Callable[[etree._Element], object]
Step = tuple[str, Leaf | None, Apply]
Change = Callable[[etree._Element, Declared, random.Random], Iterator[Step]]


def mutations(
    root: etree._Element, declared: Mapping[etree._Element, Declared], seed: int, per_declaration: int = 1
) -> Iterator[Mutation]:
    """Every kind of change at ``per_declaration`` elements of every declaration, chosen by the seed."""
    choose = random.Random(seed)  # noqa: S311 - repeatable, not secret
    order = {element: number for number, element in enumerate(root.iter())}
    places: dict[str, list[etree._Element]] = {}
    for element, declaration in declared.items():
        places.setdefault(declaration.key, []).append(element)
    for key, elements in sorted(places.items()):
        for element in choose.sample(elements, min(per_declaration, len(elements))):
            for kind, change in CHANGES.items():
                for detail, leaf, apply in change(element, declared[element], choose):
                    copy = deepcopy(root)
                    apply(next(islice(copy.iter(), order[element], None)))
                    yield Mutation(kind, key, detail, leaf, copy)


def _texts(element: etree._Element, declared: Declared, choose: random.Random) -> Iterator[Step]:
    values = ("stray", " \n\t") if declared.text is None else declared.text.values()
    for value in values:
        yield f"text {value[:40]!r}", declared.text, partial(_write, value=value)


def _attributes(element: etree._Element, declared: Declared, choose: random.Random) -> Iterator[Step]:
    for name, leaf in declared.attributes.items():
        if name in element.attrib:
            yield f"without {name}", None, partial(_without, name=name)
        for value in choose.sample(leaf.values(), min(4, len(leaf.values()))):
            yield f"{name}={value[:40]!r}", leaf, partial(_put, name=name, value=value)
    for name, value in choose.sample(_ATTRIBUTES, 3):
        yield f"{name}={value!r}", None, partial(_put, name=name, value=value)


def _removals(element: etree._Element, declared: Declared, choose: random.Random) -> Iterator[Step]:
    if element.getparent() is not None:
        yield "removed", None, _remove
    if len(element):
        yield "emptied", None, etree._Element.clear
        yield "last child removed", None, lambda found: _remove(found[-1])
        for name in sorted({child.tag for child in element.iterchildren(etree.Element)}):
            yield f"without all {name}", None, partial(_without_all, name=name)


def _repetitions(element: etree._Element, declared: Declared, choose: random.Random) -> Iterator[Step]:
    if element.getparent() is not None:
        times = choose.choice((1, 1, 4))
        yield f"repeated {times}", None, partial(_repeat, times=times)
    if len(element):
        yield "contents twice", None, lambda found: found.extend([_nameless(child) for child in found])


def _moves(element: etree._Element, declared: Declared, choose: random.Random) -> Iterator[Step]:
    parent = element.getparent()
    if parent is not None and len(parent) > 1:
        yield "after the next", None, partial(_move, at=parent.index(element) + 1)
        yield "before the first", None, partial(_move, at=0)


def _names(element: etree._Element, declared: Declared, choose: random.Random) -> Iterator[Step]:
    tags = [found.tag for found in element.getroottree().iter(etree.Element)]
    local = etree.QName(element).localname
    namespace = choose.choice((f"{{{ELMO}}}", f"{{{ADDRESS}}}", f"{{{SIGNATURE}}}", "{urn:example:x}", ""))
    for name in (choose.choice(tags), f"{namespace}{local}"):
        yield f"named {name}", None, partial(_name, name=name)


def _children(element: etree._Element, declared: Declared, choose: random.Random) -> Iterator[Step]:
    at = choose.randint(0, len(element))
    yield f"comment at {at}", None, lambda found: found.insert(at, etree.Comment(" said in passing "))
    samples = 4 if etree.QName(element).localname in ("extension", "introduction", "Object") else 1
    for source, detail in choose.sample(_FOREIGN, samples):
        yield f"child at {at}: {detail}", None, partial(_insert, at=at, source=source)


CHANGES: Mapping[str, Change] = {
    "text": _texts,
    "attribute": _attributes,
    "removal": _removals,
    "repetition": _repetitions,
    "move": _moves,
    "name": _names,
    "child": _children,
}


def _write(found: etree._Element, value: str) -> None:
    found.text = value


def _put(found: etree._Element, name: str, value: str) -> None:
    found.set(name, value)


def _without(found: etree._Element, name: str) -> None:
    del found.attrib[name]


def _parent(found: etree._Element) -> etree._Element:
    parent = found.getparent()
    assert parent is not None
    return parent


def _remove(found: etree._Element) -> None:
    _parent(found).remove(found)


def _move(found: etree._Element, at: int) -> None:
    parent = _parent(found)
    parent.remove(found)
    parent.insert(at, found)


def _name(found: etree._Element, name: str) -> None:
    found.tag = name


def _insert(found: etree._Element, at: int, source: str) -> None:
    found.insert(at, etree.fromstring(source))


def _without_all(found: etree._Element, name: str) -> None:
    for child in found.findall(name):
        found.remove(child)


def _repeat(found: etree._Element, times: int) -> None:
    for _ in range(times):
        found.addnext(_nameless(found))


def _nameless(found: etree._Element) -> etree._Element:
    """A copy without identifiers, so that it is the number of elements that is judged."""
    copy = deepcopy(found)
    copy.tail = None
    for element in copy.iter(etree.Element):
        if "Id" in element.attrib:
            del element.attrib["Id"]
    return copy
