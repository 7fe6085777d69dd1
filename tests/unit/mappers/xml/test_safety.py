"""Parsing takes what is XML, and refuses what could hurt, with its place and what to do."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from mcbridge.errors import InputError, NotThisFormat, Unreadable
from mcbridge.limits import Limits
from mcbridge.mappers._xml import parse

SMALL = Limits(bytes=2000, depth=8, nodes=150, text=50, content=200)

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def refused(data: bytes, limits: Limits = SMALL) -> InputError:
    """The error that a document is refused with. It always has a place and says what to do."""
    with pytest.raises(InputError) as caught:
        parse(data, "export.xml", limits)
    error = caught.value
    assert error.where
    assert error.where.startswith("export.xml")
    assert error.hint
    assert error.message
    return error


# ------------------------------------------------------------------------------------------------------------- taken


def test_text_arrives_whole_whatever_interrupts_it() -> None:
    root = parse(b"<a>one<!-- x -->, <?pi y?>two<![CDATA[ & <three>]]> &amp; &#x66;our</a>", "x")
    assert root.text == "one, two & <three> & four"
    assert len(root) == 0


def test_comments_and_instructions_around_the_root_go() -> None:
    root = parse(b'<?xml version="1.0"?><!-- <!DOCTYPE a> --><?pi <!DOCTYPE a> ?>\n<a/><!-- end --><?pi?>', "x")
    assert root.getprevious() is None
    assert root.getnext() is None


def test_a_doctype_in_text_is_text() -> None:
    assert parse(b"<a><![CDATA[<!DOCTYPE html>]]></a>", "x").text == "<!DOCTYPE html>"


def test_namespaces_and_attributes_stay() -> None:
    root = parse(b'<p:a xmlns:p="urn:example:p" xmlns="urn:example:d" p:x="1" xml:lang="en"><b/></p:a>', "x")
    assert root.tag == "{urn:example:p}a"
    assert root[0].tag == "{urn:example:d}b"
    assert dict(root.items()) == {"{urn:example:p}x": "1", "{http://www.w3.org/XML/1998/namespace}lang": "en"}


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        (None, "utf-8"),
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        (None, "utf-8-sig"),
        ("iso-8859-1", "utf-8-sig"),  # the byte order mark knows better
        ("UTF-16", "utf-16"),
        (None, "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("utf-8", "utf-16"),
        ("windows-1250", "cp1250"),
        ("iso-8859-2", "iso8859-2"),
    ],
)
def test_letters_arrive_in_every_encoding_that_is_declared_or_marked(declared: str | None, codec: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    assert parse(f"{declaration}<a>Žižć</a>".encode(codec), "x").text == "Žižć"


def test_a_large_attachment_is_taken() -> None:
    root = parse(b"<a><content>" + b"QUJD" * 3_750_000 + b"</content></a>", "x")
    assert len(root[0].text or "") == 15_000_000


def test_256_levels_are_taken_also_beside_a_large_attachment() -> None:
    assert parse(b"<a>" * 256 + b"</a>" * 256, "x").tag == "a"
    assert parse(b"<a>" * 255 + b"<content>" + b"QUJD" * 3_000_000 + b"</content>" + b"</a>" * 255, "x").tag == "a"


def test_more_levels_are_taken_when_the_limit_says_so() -> None:
    assert parse(b"<a>" * 300 + b"</a>" * 300, "x", Limits(depth=300)).tag == "a"
    refused(b"<a>" * 301 + b"</a>" * 301, Limits(depth=300))


# ----------------------------------------------------------------------------------------------------------- DOCTYPE


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE a [<!ENTITY e0 "ha">{BOMB}]><a>&e9;</a>',
        f'<!DOCTYPE a [<!ENTITY e0 "ha">{BOMB}]><a x="&e9;"/>',
        f'<!DOCTYPE a [<!ENTITY e "{"x" * 50_000}">]><a>{"&e;" * 50_000}</a>',
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>',
        '<!DOCTYPE a [<!ENTITY e SYSTEM "http://example.org/never">]><a>&e;</a>',
        '<!DOCTYPE a [<!ENTITY % e SYSTEM "http://example.org/never"> %e;]><a/>',
        '<!DOCTYPE a SYSTEM "http://example.org/never.dtd"><a/>',
        '<!DOCTYPE a PUBLIC "-//EXAMPLE//EN" "never.dtd"><a/>',
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!-- --><!ELEMENT a ANY>]><a/>",
    ],
    ids=[
        "bomb",
        "bomb-in-attribute",
        "quadratic",
        "file",
        "network",
        "parameter",
        "system",
        "public",
        "bare",
        "subset",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_doctype_is_refused_before_anything_in_it_is_done(document: str, codec: str) -> None:
    before = '<?xml version="1.0"?>\n<!-- harmless -->\n  '
    error = refused((before + document).encode(codec), Limits())
    assert isinstance(error, NotThisFormat)
    assert "DOCTYPE" in error.message
    assert (error.line, error.column) == (3, 3)
    assert error.where == "export.xml:3:3"


@pytest.mark.parametrize("codec", ["utf-7", "utf-32", "utf-32-le", "utf-32-be", "cp037", "cp500"])
def test_a_doctype_cannot_hide_in_another_encoding(codec: str) -> None:
    document = f'<?xml version="1.0" encoding="{codec}"?><!-- x --><!DOCTYPE a [<!ENTITY e "unfolded">]><a>&e;</a>'
    refused(document.encode(codec), Limits())
    refused(document.replace(f' encoding="{codec}"', "").encode(codec), Limits())


def test_a_comment_that_ends_in_another_encoding_hides_nothing() -> None:
    hidden = '<!DOCTYPE a [<!ENTITY e "unfolded">]><a>&e;</a>'
    data = b'<?xml version="1.0" encoding="utf-7"?><!-- +AC0ALQA+-' + hidden.encode() + b"--><a>&e;</a>"
    refused(data, Limits())


# ------------------------------------------------------------------------------------------------------------ limits


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<a>" + b" " * 2000 + b"</a>", "2,007 bytes; at most 2,000"),
        (b"<a>" * 9 + b"</a>" * 9, "more than 8 deep"),
        (b"<a>" + b"<b/>" * 150 + b"</a>", "about 151 elements and attributes; at most 150"),
        (b"<a>" + b'<b c=""/>' * 80 + b"</a>", "about 161 elements and attributes"),
        (b"<a>\n<b>" + b"x" * 51 + b"</b></a>", "51 characters stands at a/b[1]; at most 50"),
        (b"<a>\n<b/>" + b"x" * 51 + b"</a>", "51 characters stands at a; at most 50"),
        (b'<a>\n<b c="' + b"x" * 51 + b'"/></a>', "51 characters stands at a/b[1]/@c; at most 50"),
        (b'<a>\n<content c="' + b"x" * 51 + b'"/></a>', "51 characters stands at a/content[1]/@c; at most 50"),
        (b"<a>\n<content>" + b"x" * 201 + b"</content></a>", "201 characters stands at a/content[1]; at most 200"),
        (b"<a>\n<b>" + b"x<!-- <c> -->" * 51 + b"</b></a>", "51 characters stands at a/b[1]"),
        (b"<a>\n<b>" + b"x<?c <c> ?>" * 51 + b"</b></a>", "51 characters stands at a/b[1]"),
        (b"<a>\n<b><![CDATA[" + b"</b>" * 13 + b"]]></b></a>", "52 characters stands at a/b[1]"),
    ],
)
def test_what_exceeds_a_limit_is_refused_by_name(data: bytes, said: str) -> None:
    error = refused(data)
    assert isinstance(error, Unreadable)
    assert said in error.message


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" + b"<b/>" * 149 + b"</a>",
        b"<a><b>" + b"x" * 50 + b"</b>" + b"y" * 50 + b"</a>",
        b"<a><b>" + "ž".encode() * 50 + b"</b></a>",
        b"<a><b>" + b"&#x41;" * 50 + b"</b></a>",
        b"<a><content>" + b"x" * 200 + b"</content></a>",
        b"<a><!-- " + b"x" * 500 + b" --></a>",
        b"<a>" * 8 + b"</a>" * 8,
    ],
)
def test_what_just_meets_a_limit_is_taken(data: bytes) -> None:
    assert parse(data, "x", SMALL).tag == "a"


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" * 300 + b"</a>" * 300,
        b"<a>" * 100_000,
        b"<a>" * 300 + b"<content>" + b"x" * 11_000_000 + b"</content>" + b"</a>" * 300,
        b"<a>" * 3_000 + b"<content>" + b"x" * 11_000_000 + b"</content>" + b"</a>" * 3_000,
        b"<a><b>" + b"x" * 11_000_000 + b"</b></a>",
        b"<a><b><![CDATA[" + b"<c/>" * 2_750_000 + b"]]></b></a>",
        b"<a><content>" + b"x" * 34_000_000 + b"</content></a>",
        b'<a b="' + b"x" * 11_000_000 + b'"/>',
        b"<" + b"x" * 60_000 + b"/>",
        b"<a>" + b"<b/>" * 5_000_001 + b"</a>",
    ],
    ids=["300", "100000", "300+11M", "3000+11M", "11M", "11M-cdata", "34M", "attribute", "name", "nodes"],
)
def test_hostile_sizes_are_refused_by_default(data: bytes) -> None:
    assert isinstance(refused(data, Limits()), Unreadable)


@pytest.mark.parametrize(
    "opening", [b"<!--", b"<![CDATA[", b"<?x ", b"<!-- -->", b"<![CDATA[]]>", b"<?x?>", b"<", b"&"]
)
def test_marks_without_end_do_not_cost_more_the_more_there_are(opening: bytes) -> None:
    """Were each of these searched to the end of the document, this would take hours."""
    refused(b"<a>" + opening * 500_000, Limits())


def test_many_lines_before_an_error_cost_nothing_much() -> None:
    error = refused(b"<a>" + b"\n" * 3_000_000 + b"\xe9</a>", Limits(text=4_000_000))
    assert error.where == "export.xml:3000001:1"
    assert "0xE9" in error.message


# -------------------------------------------------------------------------------------------------------- malformed


@pytest.mark.parametrize("data", [b"", b" \r\n\t", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF8 + b"\n"])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    error = refused(data)
    assert isinstance(error, NotThisFormat)
    assert "empty" in error.message


@pytest.mark.parametrize(
    "data", [b'<?xml version="1.0"?>', b"<!-- nothing -->\n", b'<?xml version="1.0"?>\n<!-- x -->']
)
def test_a_prolog_alone_is_no_document(data: bytes) -> None:
    assert "nothing but its prolog" in refused(data).message


DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- c -->\n<elmo xmlns="urn:example:x" kind="z">'
    '<t xml:lang="en">Čas &amp; red</t>\n<c><![CDATA[x]]></c><e/></elmo>'
).encode()


@pytest.mark.parametrize("length", range(70, len(DOCUMENT)))
def test_a_document_cut_off_anywhere_is_refused(length: int) -> None:
    assert refused(DOCUMENT[:length]).message == "the document ends too early"


def test_a_truncated_utf_16_document_is_refused() -> None:
    assert isinstance(refused(DOCUMENT.decode().encode("utf-16")[:-3]), Unreadable)


@pytest.mark.parametrize(
    ("data", "said", "place"),
    [
        (b"Ime;Prezime\nAda;Izmi", "this is not XML", (1, 1)),
        (b'{"a": 1}', "this is not XML", (1, 1)),
        (b"\n<?xml version='1.0'?><a/>", "declaration does not stand at the very beginning", (2, 6)),
        (b"<a>\n<b></a></b>", "the element b, opened in line 2, is closed as a", (2, 8)),
        (b"<a>\nR&D </a>", "an & stands in the text by itself", (2, 4)),
        (b"<a>\n1 < 2</a>", "a < or & stands in the text by itself", (2, 4)),
        (b"<a>\n&nbsp;</a>", "the entity &nbsp; is not known", (2, 7)),
        (b"<a>\n<b c='1' c='2'/></a>", "the attribute c stands twice", (2, 15)),
        (b"<a>\n<p:b/></a>", "the namespace prefix p is not declared", (2, 5)),
        (b"<a>\n<b p:c=''/></a>", "the namespace prefix p is not declared", (2, 10)),
        (b"<a>\n\x01</a>", "the character with the number 1", (2, 1)),
        (b"<a>\n<b c=1/></a>", "not well-formed XML", (2, 6)),
        (b"<a/>\n<b/>", "something follows after the end", (2, 1)),
    ],
)
def test_what_is_not_well_formed_is_named_with_its_place(data: bytes, said: str, place: tuple[int, int]) -> None:
    error = refused(data)
    assert isinstance(error, NotThisFormat)
    assert said in error.message
    assert (error.line, error.column) == place
    assert error.where == f"export.xml:{place[0]}:{place[1]}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<?xml version="1.0" encoding="UTF-8"?>\n<a>Stra\xdfe 5</a>', "the bytes here (0xDF) are not UTF-8"),
        (b"<a>\xed\xa0\x80</a>", "the bytes here (0xED) are not UTF-8"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "klingon, an encoding that is not read"),
        (b'<?xml version="1.0" encoding="rot13"?><a/>', "rot13, an encoding that is not read"),
        (b'<?xml version="1.0" encoding="unicode_escape"?><a/>', "unicode_escape, an encoding that is not read"),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "the declaration says utf-16, but the bytes are not in it"),
        (b'<?xml version="1.0" encoding="windows-1250"?><a>\x81</a>', "byte 49 (0x81) is not cp1250"),
        (b'<?xml version="1.0" encoding="us-ascii"?><a>\xc5\xbe</a>', "byte 45 (0xC5) is not ascii"),
    ],
)
def test_a_wrong_encoding_is_named_with_the_byte(data: bytes, said: str) -> None:
    error = refused(data)
    assert isinstance(error, Unreadable)
    assert said in error.message


def test_refused_bytes_are_not_repeated_in_full(tmp_path: Path) -> None:
    """An error names the place; what stands there may be somebody's."""
    assert "Nepostoje" not in str(refused(b"<a>Ada Nepostoje\xe6a</a>"))
