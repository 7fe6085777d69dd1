"""The schema and the page of our ELMO extension, as the rows of its table have them."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from enum import Enum
from typing import Final

import msgspec
from lxml import etree

from mcbridge.mappers.elmo.codecs import Row, Shape
from mcbridge.mappers.elmo.extension.table import BLOCKS, NAMESPACE, SIMPLE, Block, kind_of
from mcbridge.mappers.elmo.residues import camel

HEAD: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Extension 1 of mcbridge for EMREX ELMO, structure only; docs/elmo-extension.md says what it is for.
     Made from the rows of mcbridge/mappers/elmo/extension/table.py, by the tests of it. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns="{NAMESPACE}"
           targetNamespace="{NAMESPACE}"
           elementFormDefault="qualified">

  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>

  <xs:complexType name="Text">
    <xs:simpleContent>
      <xs:extension base="xs:string">
        <xs:attribute ref="xml:lang"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>

  <xs:complexType name="Instead">
    <xs:attribute name="of" type="xs:token" use="required"/>
    <xs:attribute name="digest" type="xs:token"/>
  </xs:complexType>

  <xs:simpleType name="Mark">
    <xs:restriction base="xs:token">
      <xs:pattern value="[0-9a-f]{{12}}"/>
    </xs:restriction>
  </xs:simpleType>
"""
MARKS: Final = {
    "record": (
        ("position", "xs:positiveInteger", True),
        ("institution", "xs:string", False),
    ),
}
"""Attributes of a block itself."""


def shapes() -> list[Shape]:
    """All shapes below the blocks, in the order in which they are met."""
    found: dict[Shape, None] = {}

    def look(shape: Shape) -> None:
        for row in shape.rows:
            if isinstance(row.codec, Shape) and row.codec not in found:
                found[row.codec] = None
                look(row.codec)

    for block in BLOCKS:
        look(block.shape)
    return list(found)


def type_of(shape: Shape, row: Row) -> str:
    """What XML Schema calls the content of an element."""
    if row.codec is None:
        return shape.struct.__name__
    if isinstance(row.codec, Shape):
        return row.codec.struct.__name__
    type_, _ = kind_of(typing.get_type_hints(shape.struct)[row.to])
    return SIMPLE[type_].xsd if type_ in SIMPLE else type_.__name__


def blocks(root: etree._Element) -> list[etree._Element]:
    """The blocks of a document."""
    return [element for element in root.iter(*(block.name for block in BLOCKS)) if _holder(element) == "extension"]


def _holder(element: etree._Element) -> str | None:
    above = element.getparent()
    return None if above is None else etree.QName(above).localname


def words() -> list[type[Enum]]:
    """The closed lists."""
    found: dict[type[Enum], None] = {}
    for shape in [block.shape for block in BLOCKS] + shapes():
        for row in shape.rows:
            type_, _ = kind_of(typing.get_type_hints(shape.struct)[row.to])
            if issubclass(type_, Enum):
                found[type_] = None
    return sorted(found, key=lambda one: one.__name__)


def required(struct: type[msgspec.Struct], field: str) -> bool:
    """Whether the struct cannot do without a field."""
    return any(info.required for info in msgspec.structs.fields(struct) if info.name == field)


def schema() -> str:
    """``xsd/mcbridge/elmo-extension/1/extension.xsd``."""
    lines = [HEAD]
    for listed in words():
        lines.append(f'\n  <xs:simpleType name="{listed.__name__}">\n    <xs:restriction base="xs:token">\n')
        lines += [f'      <xs:enumeration value="{word.value}"/>\n' for word in listed]
        lines.append("    </xs:restriction>\n  </xs:simpleType>\n")
    for shape in shapes():
        lines.append(f'\n  <xs:complexType name="{shape.struct.__name__}">\n')
        lines += _sequence(shape, "    ", whole=True)
        for key, name, _ in shape.attributes:
            use = ' use="required"' if required(shape.struct, name) else ""
            lines.append(f'    <xs:attribute name="{key}" type="xs:string"{use}/>\n')
        lines.append("  </xs:complexType>\n")
    for block in BLOCKS:
        lines += _element(block)
    return "".join([*lines, "\n</xs:schema>\n"])


def _sequence(shape: Shape, indent: str, *, whole: bool) -> Iterator[str]:
    if not shape.rows:
        return
    yield f"{indent}<xs:sequence>\n"
    if not whole:
        yield f'{indent}  <xs:element name="instead" type="Instead" minOccurs="0" maxOccurs="unbounded"/>\n'
        yield f'{indent}  <xs:element name="echo" type="Mark" minOccurs="0" maxOccurs="unbounded"/>\n'
    for row in shape.rows:
        low = "" if whole and not row.many and required(shape.struct, row.to) else ' minOccurs="0"'
        high = ' maxOccurs="unbounded"' if row.many else ""
        yield f'{indent}  <xs:element name="{row.tag}" type="{type_of(shape, row)}"{low}{high}/>\n'
    yield f"{indent}</xs:sequence>\n"


def _element(block: Block) -> Iterator[str]:
    yield f'\n  <xs:element name="{block.tag}">\n    <xs:complexType>\n'
    yield from _sequence(block.shape, "      ", whole=False)
    for name, type_, needed in MARKS.get(block.tag, ()):
        use = ' use="required"' if needed else ""
        yield f'      <xs:attribute name="{name}" type="{type_}"{use}/>\n'
    yield "    </xs:complexType>\n  </xs:element>\n"


# ------------------------------------------------------------------------------------------------------------ the page


def page() -> str:
    """The tables of ``docs/elmo-extension.md``."""
    parts = [_table(f"`{one.tag}`, in `{one.stands_in}`", one.shape, [*_marks(one)]) for one in BLOCKS]
    listed = {shape.struct: shape for shape in shapes()}
    parts += [_table(f"`{struct.__name__}`", shape, []) for struct, shape in sorted(listed.items(), key=_name)]
    parts.append("### Closed lists\n\n| List | Words |\n|---|---|\n")
    parts[-1] += "".join(f"| `{one.__name__}` | {', '.join(f'`{word.value}`' for word in one)} |\n" for one in words())
    return "\n" + "\n".join(parts)


def _name(item: tuple[type, Shape]) -> str:
    return item[0].__name__


def _marks(block: Block) -> Iterator[str]:
    for name, type_, _ in MARKS.get(block.tag, ()):
        yield f"| `@{name}` |  | `{type_}` |  |\n"
    yield "| `instead` |  | `@of`: a field; `@digest` | yes |\n"
    yield "| `echo` |  | `Mark` | yes |\n"


def _table(title: str, shape: Shape, marks: list[str]) -> str:
    lines = [f"### {title}\n\n| Element | Field | Holds | Several |\n|---|---|---|---|\n", *marks]
    lines += [f"| `@{key}` | `{key}` | `xs:string` |  |\n" for key, _, _ in shape.attributes]
    for row in shape.rows:
        several = "yes" if row.many else ""
        lines.append(f"| `{row.tag}` | `{camel(row.to)}` | `{type_of(shape, row)}` | {several} |\n")
    return "".join(lines)
