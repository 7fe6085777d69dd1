"""Credentials that stand in other XML: presentations, what the old issuer took, anything with credentials in it.

Each credential is a document of its own, made of its very bytes, so that its seal still
holds: only declarations of namespaces that it uses and that stand further out are put
into its start tag. Lines are counted as in the file that the user has. Where only the
presentation is sealed, the document is the whole file, as its seal covers it. What a
presentation says of itself is kept beside each of its credentials.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml.etree import _Element
from msgspec import Struct
from msgspec.structs import replace

from mcbridge.diagnostics import Location, XmlLocation
from mcbridge.errors import InputError, NotThisFormat, Unreadable
from mcbridge.limits import raising
from mcbridge.mappers import _xml
from mcbridge.mappers._xml import slices
from mcbridge.mappers._xml.encoding import utf8
from mcbridge.mappers.edc_xml.frames import FORMAT, HEAVY, SIGNATURE, XSI, children, local, local_name, raw, where
from mcbridge.model import Residue
from mcbridge.origins import HEAD, Contents, Source
from mcbridge.packing import beginning, from_base64

CREDENTIAL: Final = "europassCredential"
PRESENTATION: Final = "verifiablePresentation"
_NAMED: Final = re.compile(rf"<(?:[^\s/>:!?<]+:)?(?:{CREDENTIAL}s?|{PRESENTATION})(?=[\s/>])")
_ROOT: Final = re.compile(
    r"\ufeff?(?:\s++|<\?.*?\?>|<!--.*?-->)*+<(?:[^\s/>:!?<]+:)?([^\s/>:!?<]+)(?=[\s/>])", re.DOTALL
)
_DECLARED: Final = re.compile(r"<\?xml\s[^>]*?\?>")
_LEAST: Final = 64
"""A text of fewer characters holds no document."""
_OTHERS: Final = frozenset({"elmo", "html"})
"""Roots of documents of other formats, whatever is in them."""


def recognised(head: str, *, root: bool = False) -> bool:
    """Whether a document begins like a credential, a presentation, or something that holds a credential.

    With ``root`` it is a credential by itself.
    """
    found = _ROOT.match(head)
    if found is None or root:
        return found is not None and found[1] == CREDENTIAL
    return found[1] not in _OTHERS and _NAMED.search(head) is not None


class Kept(Struct, frozen=True):
    """Something that a wrapper says of itself."""

    path: str
    content: str


class Enclosed(Source):
    """A credential that stood in another document, which is called ``wrapper``.

    ``lead`` is its path there. ``whole`` is its number among the credentials of the file, from nought, where its bytes
    are those of the file; else they are its own. ``line`` is that of the element that it stands in as text (in CDATA or
    base64), since no line of its own is one of the file then. ``sealed`` is the place of a seal of the wrapper.
    """

    whole: int | None = None
    line: int | None = None
    sealed: XmlLocation | None = None
    said: tuple[Kept, ...] = ()

    def __init__(self, outer: Source, number: int, data: bytes, wrapper: str, lead: str) -> None:
        name = f"{outer.name}!{CREDENTIAL}[{number}]"
        super().__init__(name, data, limits=outer.limits, envelope=(*outer.envelope, wrapper))
        self.wrapper = wrapper
        self.lead = lead

    def located(self, where: Location) -> Location:
        """A place in the credential as a place in the file."""
        if self.whole is not None or not isinstance(where, XmlLocation) or where.xpath is None:
            return where
        if self.line is not None:
            return XmlLocation(where.source, self.line, None, f"{self.lead}/text()/{where.xpath}")
        rest = where.xpath.partition("/")[2]
        return XmlLocation(where.source, where.line, None, f"{self.lead}/{rest}" if rest else self.lead)

    def kept(self, contents: Contents) -> tuple[Residue, ...]:
        """What the wrapper says of itself."""
        return tuple(
            Residue(format=FORMAT, path=each.path, sha256=contents.keep(each.content.encode()))
            if len(each.content) > HEAVY
            else Residue(format=FORMAT, path=each.path, content=each.content)
            for each in self.said
        )


def documents(source: Source, head: str) -> Iterator[Source | InputError]:
    """The credentials of a source, itself where it is one. Raises ``InputError`` where there is none."""
    root = _ROOT.match(head)
    if isinstance(source, Enclosed) or (root is not None and root[1] == CREDENTIAL):
        yield source
        return
    # a credential that stands as text is one long text; by itself it is read within the usual limits
    limits = replace(source.limits, text=max(source.limits.text, source.limits.content))
    tree = _xml.parse(source.data, source.name, limits)
    if local(tree) == CREDENTIAL:  # behind a prolog that is longer than the head
        yield source
        return
    found = _holders(tree, source)
    if not found:
        raise NotThisFormat(
            f"the root element is <{local(tree)}>, and there is no <{CREDENTIAL}> in it",
            where=source.name,
            hint="this is another kind of document; see `mcbridge formats` for those that are read",
            line=tree.sourceline,  # type: ignore[arg-type]  # the stubs say that it may be a string
        )
    yield from _apart(source, tree, found)


def _holders(tree: _Element, source: Source) -> list[_Element]:
    """The credentials, and the elements that hold one as text; none stands in another."""
    most = source.limits.documents
    found = list(islice(_outermost(tree), most + 1))
    if len(found) > most:
        raise Unreadable(
            f"there are more than {most:,} documents in it",
            where=source.name,
            hint=f"ask the sender for several files; {raising('documents')}",
        )
    return found


def _outermost(tree: _Element) -> Iterator[_Element]:
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if local(element) == CREDENTIAL or _holds_text(element):
            yield element
        else:
            waiting += reversed(list(children(element)))


def _holds_text(element: _Element) -> bool:
    text = element.text
    if text is None or len(element) or len(text) < _LEAST:
        return False
    plain = text[:HEAD].lstrip()
    return recognised(plain if plain[:1] == "<" else beginning(plain).decode(errors="ignore"), root=True)


def _apart(source: Source, tree: _Element, found: list[_Element]) -> Iterator[Source | InputError]:
    inside = {inner for each in found for inner in each.iter(SIGNATURE)}
    outer = next((each for each in tree.iter(SIGNATURE) if each not in inside), None)
    said = tuple(_said(tree, "", {above for each in found for above in each.iterancestors()}, set(found)))
    numbers = {element: at for at, element in enumerate(tree.iter(f"{{*}}{CREDENTIAL}"))}
    slicing = _Slicing(utf8(source.data, source.name))
    for number, element in enumerate(found, 1):
        given = (local(tree), _xml.xpath(element))
        if element not in numbers:
            try:
                one = Enclosed(
                    source, number, _unpacked(element, f"{source.name}!{CREDENTIAL}[{number}]", source), *given
                )
            except InputError as error:
                yield error
                continue
            one.line = element.sourceline  # type: ignore[assignment]  # the stubs say that it may be a string
        elif outer is not None and not inside:
            one = Enclosed(source, number, source.data, *given)
            one.whole = numbers[element]
            vars(one)["sha256"] = hashlib.sha256(f"{source.sha256}/{number}".encode()).hexdigest()
        else:
            one = Enclosed(source, number, slicing.taken(element, numbers[element]), *given)
        one.said = said
        if outer is not None:
            one.sealed = where(one.name, outer)
            one.outer = source
        yield one


class _Slicing:
    """The credentials of a file by their bytes, in order, each behind as many empty lines as stand above it."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._spans = slices.spans(text, CREDENTIAL)
        self._line = self._counted = 0

    def taken(self, element: _Element, number: int) -> bytes:
        """The bytes of the credential of this number."""
        start, name_end, end = self._spans[number]
        self._line += self._text.count(b"\n", self._counted, start)
        self._counted = start
        parent = element.getparent()
        data = self._text[start:end]
        added = slices.declarations(data, CREDENTIAL, {} if parent is None else parent.nsmap)
        at = name_end - start
        return b"\n" * self._line + data[:at] + added + data[at:]


def _unpacked(element: _Element, name: str, source: Source) -> bytes:
    """The document that an element holds as text. Raises ``Unreadable``."""
    text = (element.text or "").strip()
    if text[:1] != "<":
        return from_base64(text.encode(), name, source.limits)
    declared = _DECLARED.match(text)  # it has been decoded by now, whatever it was in
    return (text[declared.end() :] if declared else text).encode()


def _said(element: _Element, path: str, above: set[_Element], found: set[_Element]) -> Iterator[Kept]:
    """What stands in a wrapper beside the credentials and the seal."""
    yield from _attributes(element, path)
    counts: dict[str, int] = {}
    for child in children(element):
        counts[local(child)] = counts.get(local(child), 0) + 1
        step = f"{path}{local(child)}[{counts[local(child)]}]"
        if child in found and local(child) != CREDENTIAL:
            yield from _attributes(child, f"{step}/")
        elif child in above:
            yield from _said(child, f"{step}/", above, found)
        elif child not in found and not (local(child) == "proof" and _only_seal(child)):
            yield Kept(step, raw(child))
    texts = [text for text in (element.text, *(child.tail for child in element)) if text and text.strip()]
    for number, text in enumerate(texts, 1):
        yield Kept(f"{path}text()[{number}]", text)


def _attributes(element: _Element, path: str) -> Iterator[Kept]:
    for name in map(str, element.attrib):
        if not name.startswith(XSI):
            yield Kept(f"{path}@{local_name(name)}", element.get(name, ""))


def _only_seal(proof: _Element) -> bool:
    return all(child.tag == SIGNATURE for child in children(proof)) and not (proof.text or "").strip()
