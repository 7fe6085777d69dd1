"""Expected files: how they are compared, and how they are laid out for those who review them."""

from __future__ import annotations

import json
from difflib import unified_diff
from pathlib import Path
from typing import Any

from lxml import etree

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def canonical_form(document: bytes) -> str:
    """An XML document as C14N 2.0 has it, without the space between elements that only hold elements."""
    root = etree.fromstring(document, _PARSER)
    for element in _plain(root):
        element.text = None
        for child in element:
            child.tail = None
    return str(etree.canonicalize(etree.tostring(root, encoding="unicode"), rewrite_prefixes=True))


def _plain(root: etree._Element) -> list[etree._Element]:
    """The elements in which space says nothing: nothing else stands in them but elements of the document's own kind."""
    space = etree.QName(root).namespace

    def is_own(element: etree._Element) -> bool:
        return etree.QName(element).namespace == space

    found, waiting = [], [root]
    while waiting:
        element = waiting.pop()
        texts = [element.text, *(child.tail for child in element)]
        if len(element) and all(map(is_own, element)) and not any(text and text.strip() for text in texts):
            found.append(element)
            waiting.extend(element)
    return found


def laid_out(document: bytes) -> bytes:
    """An XML document with a line for each element, where that says nothing."""
    root = etree.fromstring(document, _PARSER)
    for element in _plain(root):
        depth = sum(1 for _ in element.iterancestors())
        element.text = "\n" + "  " * (depth + 1)
        for child in element:
            last = child.getnext() is None
            child.tail = "\n" + "  " * (depth if last else depth + 1)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _json_bytes(found: Any) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def _lines(found: list[Any]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found).encode()


def compare_values(path: Path | None, found: list[Any], *, where: str, bless: bool) -> None:
    """Records against ``.json`` with one of them, or ``.ndjson`` with one a line."""
    if path is None:
        assert found == [], f"{where}: make an empty file for what came out, and bless it"
        return
    text = path.read_bytes()
    lines = path.suffix == ".ndjson"
    before = [json.loads(line) for line in (text.splitlines() if lines else [text]) if line.strip()]
    if before == found:
        return
    if bless and found:
        path.write_bytes(_lines(found) if lines else _json_bytes(found[0]))
        assert lines or len(found) == 1, f"{where}: {len(found)} records do not stand in one .json file"
        return
    raise AssertionError(_difference(path, _json_bytes(before), _json_bytes(found)))


def compare_json(path: Path, found: Any, *, empty: bool, bless: bool) -> None:
    """A JSON file that is absent when there is nothing to say."""
    if not path.exists():
        assert empty, f"there is no {path.name}: make an empty file and bless it\n{_json_bytes(found).decode()}"
        return
    assert not empty, f"{path.name} expects something, and there was nothing: remove it"
    text = path.read_bytes()
    before = json.loads(text) if text.strip() else None
    if before == found:
        return
    if not bless:
        raise AssertionError(_difference(path, _json_bytes(before), _json_bytes(found)))
    path.write_bytes(_json_bytes(found))


def compare_output(path: Path | None, found: bytes, *, where: str, bless: bool) -> None:
    """XML by canonical form, JSON by value, everything else by bytes."""
    if path is None:
        assert found == b"", f"{where}: make an empty output file for what was written, and bless it"
        return
    before = path.read_bytes()
    assert found, f"{where}: nothing was written, but {path.name} is there"
    if path.suffix in {".json", ".ndjson"}:
        compare_values(path, _split(path, found), where=where, bless=bless)
        return
    is_xml = path.suffix == ".xml"
    if before == found or (is_xml and before and canonical_form(before) == canonical_form(found)):
        return
    shown = laid_out(found) if is_xml else found
    if not bless:
        raise AssertionError(_difference(path, laid_out(before) if is_xml and before else before, shown))
    path.write_bytes(shown)


def _split(path: Path, found: bytes) -> list[Any]:
    return [json.loads(line) for line in (found.splitlines() if path.suffix == ".ndjson" else [found]) if line.strip()]


def _difference(path: Path, before: bytes, after: bytes) -> str:
    lines = unified_diff(
        before.decode(errors="replace").splitlines(),
        after.decode(errors="replace").splitlines(),
        f"{path.name} as expected",
        f"{path.name} as it came out",
        n=2,
        lineterm="",
    )
    return f"{path.parent.parent.name}/{path.parent.name}\n" + "\n".join(line[:300] for line in list(lines)[:200])
