"""Places are such that a person finds them: in the tree by names, in the file by line and column."""

from __future__ import annotations

from lxml import etree

from mcbridge.mappers._xml import columns, parse, xpath, xpaths

DOCUMENT = (
    b'<?xml version="1.0"?>\n<elmo xmlns="urn:example:e" xmlns:a="urn:example:a">\n'
    b'<report/>\n  <report><title xml:lang="en">x</title><a:title/>\n'
    b'<title\n   xml:lang="hr"\n/></report>\n<!-- c --><note/></elmo>'
)


def test_steps_have_local_names_and_numbers_among_siblings_of_that_name() -> None:
    root = parse(DOCUMENT, "x")
    assert [xpath(element) for element in root.iter("*")] == [
        "elmo",
        "elmo/report[1]",
        "elmo/report[2]",
        "elmo/report[2]/title[1]",
        "elmo/report[2]/title[2]",
        "elmo/report[2]/title[3]",
        "elmo/note[1]",
    ]


def test_an_attribute_is_a_step_with_an_at() -> None:
    title = parse(DOCUMENT, "x")[1][0]
    assert xpath(title, "{http://www.w3.org/XML/1998/namespace}lang") == "elmo/report[2]/title[1]/@lang"
    assert xpath(title, "other") == "elmo/report[2]/title[1]/@other"


def test_one_walk_gives_the_same_paths_for_all() -> None:
    root = parse(DOCUMENT, "x")
    paths = xpaths(root)
    assert len(set(paths.values())) == len(paths) == 7
    assert {element: xpath(element) for element in root.iter("*")} == paths


def test_elements_with_comments_between_them_are_counted_alike() -> None:
    root = etree.fromstring("<a><!-- x --><b/><?pi?><b/></a>")
    assert list(xpaths(root).values()) == ["a", "a/b[1]", "a/b[2]"]
    assert xpath(root[3]) == "a/b[2]"


def test_columns_are_those_of_the_start_tags_in_document_order() -> None:
    assert list(columns(DOCUMENT)) == [(2, 1), (3, 1), (4, 3), (4, 11), (4, 41), (5, 1), (8, 11)]


def test_columns_count_characters_in_every_encoding() -> None:
    text = '<?xml version="1.0" encoding="{}"?>\n<a>ž漢😀<b/></a>'
    assert list(columns(text.format("utf-8").encode())) == [(2, 1), (2, 7)]
    assert list(columns(text.format("utf-8").encode("utf-8-sig"))) == [(2, 1), (2, 7)]
    assert list(columns(text.format("utf-16").encode("utf-16"))) == [(2, 1), (2, 7)]
    cyrillic = '<?xml version="1.0" encoding="windows-1251"?>\n<a>жз<b/></a>'
    assert list(columns(cyrillic.encode("cp1251"))) == [(2, 1), (2, 6)]


def test_columns_are_found_in_documents_longer_than_one_piece() -> None:
    data = b"<a>\n" + b"<b>text</b>\n" * 20_000 + b"</a>"
    found = list(columns(data))
    assert len(found) == 20_001
    assert found[-1] == (20_001, 1)


def test_columns_run_out_where_a_document_breaks_off() -> None:
    assert list(columns(b"<a>\n<b/>\n<c")) == [(1, 1), (2, 1)]
