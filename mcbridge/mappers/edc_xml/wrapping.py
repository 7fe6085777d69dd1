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

from mcbridge.diagnostics import Location, XmlLocation
from mcbridge.errors import InputError, NotThisFormat, Unreadable
from mcbridge.limits import raising
from mcbridge.mappers import _xml
from mcbridge.mappers._xml import slices
from mcbridge.mappers._xml.encoding import utf8
from mcbridge.mappers.edc_xml.frames import FORMAT, HEAVY, SIGNATURE, XSI, children, local, local_name, raw, where
from mcbridge.model import Residue
from mcbridge.origins import Contents, Source

CREDENTIAL: Final = "europassCredential"
PRESENTATION: Final = "verifiablePresentation"
_NAMED: Final = re.compile(rf"<(?:[^\s/>:!?<]+:)?(?:{CREDENTIAL}s?|{PRESENTATION})(?=[\s/>])")
_ROOT: Final = re.compile(
    r"\ufeff?(?:\s++|<\?.*?\?>|<!--.*?-->)*+<(?:[^\s/>:!?<]+:)?([^\s/>:!?<]+)(?=[\s/>])", re.DOTALL
)
_OTHERS: Final = frozenset({"elmo", "html"})
"""Roots of documents of other formats, whatever is in them."""


def recognised(head: str) -> bool:
    """Whether a document begins like a credential, a presentation, or something that holds a credential."""
    root = _ROOT.match(head)
    return root is not None and root[1] not in _OTHERS and _NAMED.search(head) is not None


class Kept(Struct, frozen=True):
    """Something that a wrapper says of itself."""

    path: str
    content: str


class Enclosed(Source):
    """A credential that stood in another document, which is called ``wrapper``.

    ``lead`` is its path there. ``whole`` is its number among the credentials of the file, from nought, where its bytes
    are those of the file; else they are its own. ``sealed`` is the place of a seal of the wrapper.
    """

    def __init__(
        self, outer: Source, number: int, data: bytes, wrapper: str, lead: str, *, whole: int | None = None
    ) -> None:
        super().__init__(
            f"{outer.name}!{CREDENTIAL}[{number}]", data, limits=outer.limits, envelope=(*outer.envelope, wrapper)
        )
        self.wrapper = wrapper
        self.lead = lead
        self.whole = whole
        self.sealed: XmlLocation | None = None
        self.said: tuple[Kept, ...] = ()
        if whole is not None:
            vars(self)["sha256"] = hashlib.sha256(f"{outer.sha256}/{number}".encode()).hexdigest()

    def located(self, where: Location) -> Location:
        """A place in the credential as a place in the file."""
        if self.whole is not None or not isinstance(where, XmlLocation) or where.xpath is None:
            return where
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
    tree = _xml.parse(source.data, source.name, source.limits)
    if local(tree) == CREDENTIAL:  # behind a prolog that is longer than the head
        yield source
        return
    found = _credentials(tree, source)
    if not found:
        raise NotThisFormat(
            f"the root element is <{local(tree)}>, and there is no <{CREDENTIAL}> in it",
            where=source.name,
            hint="this is another kind of document; see `mcbridge formats` for those that are read",
            line=tree.sourceline,  # type: ignore[arg-type]  # the stubs say that it may be a string
        )
    yield from _apart(source, tree, found)


def _credentials(tree: _Element, source: Source) -> list[_Element]:
    """The credentials, none of which stands in another."""
    most = source.limits.documents
    outermost = (
        each
        for each in tree.iter(f"{{*}}{CREDENTIAL}")
        if not any(local(above) == CREDENTIAL for above in each.iterancestors())
    )
    found = list(islice(outermost, most + 1))
    if len(found) > most:
        raise Unreadable(
            f"there are more than {most:,} documents in it",
            where=source.name,
            hint=f"ask the sender for several files; {raising('documents')}",
        )
    return found


def _apart(source: Source, tree: _Element, found: list[_Element]) -> Iterator[Source]:
    inside = {inner for each in found for inner in each.iter(SIGNATURE)}
    outer = next((each for each in tree.iter(SIGNATURE) if each not in inside), None)
    said = tuple(_said(tree, "", {above for each in found for above in each.iterancestors()}, set(found)))
    text = utf8(source.data, source.name)
    numbers = {element: at for at, element in enumerate(tree.iter(f"{{*}}{CREDENTIAL}"))}
    spans = slices.spans(text, CREDENTIAL)
    wrapper = local(tree)
    line, counted = 0, 0
    for number, element in enumerate(found, 1):
        lead = _xml.xpath(element)
        if outer is not None and not inside:
            one = Enclosed(source, number, source.data, wrapper, lead, whole=numbers[element])
        else:
            start, name_end, end = spans[numbers[element]]
            line += text.count(b"\n", counted, start)
            counted = start
            parent = element.getparent()
            around = {} if parent is None else parent.nsmap
            data = text[start:end]
            added = slices.declarations(data, CREDENTIAL, around)
            at = name_end - start
            one = Enclosed(source, number, b"\n" * line + data[:at] + added + data[at:], wrapper, lead)
        one.said = said
        if outer is not None:
            one.sealed = where(one.name, outer)
            one.outer = source
        yield one


def _said(element: _Element, path: str, above: set[_Element], found: set[_Element]) -> Iterator[Kept]:
    """What stands in a wrapper beside the credentials and the seal."""
    for name in map(str, element.attrib):
        if not name.startswith(XSI):
            yield Kept(f"{path}@{local_name(name)}", element.get(name, ""))
    counts: dict[str, int] = {}
    for child in children(element):
        counts[local(child)] = counts.get(local(child), 0) + 1
        step = f"{path}{local(child)}[{counts[local(child)]}]"
        if child in above:
            yield from _said(child, f"{step}/", above, found)
        elif child not in found and not (local(child) == "proof" and _only_seal(child)):
            yield Kept(step, raw(child))
    texts = [text for text in (element.text, *(child.tail for child in element)) if text and text.strip()]
    for number, text in enumerate(texts, 1):
        yield Kept(f"{path}text()[{number}]", text)


def _only_seal(proof: _Element) -> bool:
    return all(child.tag == SIGNATURE for child in children(proof)) and not (proof.text or "").strip()
