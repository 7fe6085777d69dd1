"""A wrapper taken apart: its documents, what is kept beside them, and what is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from lxml.etree import _Element

from mcbridge.diagnostics import XmlLocation
from mcbridge.errors import InputError, NotThisFormat, Unreadable
from mcbridge.limits import Limits, raising
from mcbridge.losses import Loss
from mcbridge.mappers._xml.encoding import utf8
from mcbridge.mappers.elmo.origin import line_of
from mcbridge.mappers.elmo.residues import attributes_of, raw
from mcbridge.mappers.elmo.wrappers.slices import declarations, namespace_of, spans, undeclared
from mcbridge.mappers.elmo.wrappers.wrapped import Kept, Spot, Wrapped
from mcbridge.origins import Luggage, Source
from mcbridge.packing import from_base64, gunzip, is_base64, is_gzip

LOSSES: Final = 1_000
"""Losses of one wrapper that are named one by one; the rest is counted in the last."""

NAMESPACES: Final = 1_000_000
"""Declarations of namespaces that are looked at, each once for every document that it holds for."""

LOST: Final = "loss/wrapper"
_RESPONSES: Final = frozenset({"imobility-tors-get-response", "tors-get-response", "tors-response"})
_SOAP: Final = frozenset({"http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"})
_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


class Wrapper:
    """A wrapper on its way apart."""

    def __init__(self, source: Source, root: _Element, holders: list[_Element]) -> None:
        self.source = source
        self.holders = {element: number for number, element in enumerate(holders, 1)}
        self.chain = {above for element in holders for above in element.iterancestors()}
        self.root = root
        self.text = utf8(source.data, source.name)
        self.paths: dict[_Element, str] = {root: local_name(root)}
        self.kept: dict[_Element, list[Kept]] = {}
        self.lost: list[tuple[XmlLocation, int]] = []
        self._left = 2 * source.limits.content  # bytes of all that unfolds in it, together
        self._go_through()

    def _where(self, element: _Element, path: str) -> XmlLocation:
        return XmlLocation(self.source.name, line_of(element), None, path)

    def _go_through(self) -> None:
        """Every element that holds documents, once: the paths, what is kept, and what is lost."""
        waiting = [self.root] if self.root in self.chain else []
        for element in waiting:  # grows on the way
            above, counts = self.paths[element], dict[str, int]()
            self._lose_attributes(element, above)
            for child in element.iterchildren("*"):
                local = local_name(child)
                counts[local] = number = counts.get(local, 0) + 1
                path = f"{above}/{local}[{number}]"
                if child in self.chain or child in self.holders:
                    self.paths[child] = path
                    if child in self.chain:
                        waiting.append(child)
                    elif not len(child):
                        self._lose_attributes(child, path)
                elif local_name(element) == "tor":
                    kept = Kept(f"tor/{local}[{number}]", raw(child), self._where(child, path))
                    self.kept.setdefault(element, []).append(kept)
                elif leaves := _leaves(child):
                    self.lost.append((self._where(child, path), leaves))
            for text in (element.text, *(child.tail for child in element)):
                if text and text.strip():
                    self.lost.append((self._where(element, f"{above}/text()"), 1))

    def _lose_attributes(self, element: _Element, path: str) -> None:
        for name, _value in attributes_of(element):
            if not name.startswith(_XSI):
                self.lost.append((self._where(element, f"{path}/@{name.rpartition('}')[2]}"), 1))

    def taken(self, luggage: Luggage) -> Iterator[Source | InputError]:
        """Each document, in order."""
        self._check_namespaces()
        self._name_losses(luggage)
        seen: set[str] = set()
        for one, kept in self._each():
            if isinstance(one, InputError):
                _lose(kept, "the document that it belongs to cannot be taken out", luggage)
            elif one.sha256 in seen:
                _lose(kept, "the document that it belongs to was read before, at another place", luggage)
            else:
                seen.add(one.sha256)
            yield one

    def _each(self) -> Iterator[tuple[Source | InputError, tuple[Kept, ...]]]:
        kind = "EWP" if local_name(self.root) in _RESPONSES else "SOAP" if namespace_of(self.root) in _SOAP else "XML"
        found = spans(self.text)
        line, counted = 1, 0
        numbered = {element: at for at, element in enumerate(self.root.iter("{*}elmo"))}
        for element, number in self.holders.items():
            parent = element.getparent()
            kept = () if parent is None else tuple(self.kept.get(parent, ()))
            if not len(element) and (element.text or "").strip():
                if self._left < 0:
                    raise Unreadable(
                        f"its documents in base64 unfold to more than {2 * self.source.limits.content:,} bytes",
                        where=f"{self.source.name}!elmo[{number}]",
                        hint=f"ask the sender for the documents themselves; {raising('content')}",
                    )
                try:
                    yield self._from_text(element, number, kind, kept), kept
                except InputError as error:
                    yield error, kept
                continue
            start, name_end, end = found[numbered[element]]
            line += self.text.count(b"\n", counted, start)
            counted = start
            column = len(self.text[self.text.rfind(b"\n", 0, start) + 1 : start].decode()) + 1
            data = self.text[start:end]
            added = declarations(element, data, _around(element))
            at = name_end - start
            spot = Spot(self.paths[element], line, column, "columns", len(added.decode()), at)
            data = data[:at] + added + data[at:] if added else data
            yield Wrapped(self.source, number, data, spot, (kind,), kept), kept

    def _check_namespaces(self) -> None:
        count = 0
        for element in self.holders:
            count += len(_around(element))
            if count > NAMESPACES:
                raise Unreadable(
                    "its documents stand among too many declarations of namespaces",
                    where=self.source.name,
                    hint="ask the sender what this is; no message has thousands of namespaces",
                )

    def _from_text(self, element: _Element, number: int, kind: str, kept: tuple[Kept, ...]) -> Wrapped:
        text, path, line = element.text or "", self.paths[element], line_of(element) or 1
        plain = text.lstrip("\ufeff \t\r\n")
        if plain[:1] == "<":
            line += text.count("\n", 0, len(text) - len(plain))
            spot = Spot(path, line, told="lines")
            return Wrapped(self.source, number, undeclared(plain), spot, (kind, "text"), kept)
        name = f"{self.source.name}!elmo[{number}]"
        if not is_base64(plain[:1024].encode()):
            raise NotThisFormat(
                "there is no document in this element, only text that is neither XML nor base64 of it",
                where=f"{name}:{line}",
                hint="ask the sender what was meant",
                line=line,
            )
        self._left -= self.source.limits.free  # which it takes where it turns out to be damaged at its end
        data, packed = _unpacked(plain, name, self.source.limits)
        self._left += self.source.limits.free - len(data)
        envelope = (kind, "base64", "gzip") if packed else (kind, "base64")
        return Wrapped(self.source, number, data, Spot(path, line, told="neither"), envelope, kept)

    def _name_losses(self, luggage: Luggage) -> None:
        reason = "it stands beside the documents, in what they were sent in, and is about the sending"
        named, rest = self.lost[:LOSSES], self.lost[LOSSES:]
        for where, leaves in named:
            luggage.losses.add(Loss("", "", LOST, reason, where, leaves))
        if rest:
            count = sum(leaves for _, leaves in rest)
            reason = f"{reason}; this one stands for {len(rest):,} more"
            luggage.losses.add(Loss("", "", LOST, reason, rest[0][0], count))


def _around(element: _Element) -> dict[str | None, str]:
    parent = element.getparent()
    return {} if parent is None else parent.nsmap


def _lose(kept: Iterable[Kept], reason: str, luggage: Luggage) -> None:
    for each in kept:
        luggage.losses.add(Loss("", "", LOST, reason, each.where))


def _unpacked(text: str, name: str, limits: Limits) -> tuple[bytes, bool]:
    """What base64 text holds, and whether that was packed by gzip."""
    data = from_base64(text.encode(), name, limits)
    return (gunzip(data, name, limits), True) if is_gzip(data) else (data, False)


def _leaves(element: _Element) -> int:
    """How many values there are in an element, attributes included."""
    count = 0
    for each in element.iter("*"):
        count += len(each.attrib) + bool((each.text or "").strip())
    return count


def local_name(element: _Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
