"""ELMO → canonical → ELMO gives back what the document said, whatever it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest
from lxml import etree

from mcbridge.diagnostics import Location
from mcbridge.mappers._xml import schema
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.mappers.elmo.documents import Reading
from mcbridge.mappers.elmo.plain import Plain
from mcbridge.mappers.elmo.verdict import newer
from mcbridge.model import Credential
from mcbridge.model.codec import decode, encode
from mcbridge.origins import Contents, Luggage, Read, Source
from mcbridge.tables import Tables
from tests.conformance.elmo_declarations import Declarations
from tests.conformance.elmo_documents import ELMO, everything, least
from tests.conformance.elmo_mutations import mutations
from tests.conformance.elmo_normal import facts, parsed, said
from tests.conformance.test_elmo_xsd import SEED, declarations, folder, ours, published, schemas_of

__all__ = ["declarations", "folder", "ours", "published"]  # fixtures

TABLES = Tables()


def again(document: bytes, version: str = "1.7") -> tuple[bytes, Luggage]:
    """The document read, put through canonical JSON, and written."""
    luggage = Luggage("elmo")
    mapper = ElmoMapper(TABLES, {"version": version})
    reads = [Read(decode(encode(read.record)), read.origin) for read in mapper.read(Source("d.xml", document), luggage)]
    sink = BytesIO()
    assert mapper.write(reads, sink, luggage) == len(reads)
    return sink.getvalue(), luggage


def codes(luggage: Luggage) -> set[str]:
    """The codes of all losses."""
    return {lost.code for lost in luggage.losses}


def test_the_published_example_comes_back_element_by_element(folder: Path, published: etree.XMLSchema) -> None:
    document = (folder / "example-1.7.0.xml").read_bytes()
    written, luggage = again(document)
    assert published.validate(parsed(written))
    assert said(parsed(written)) == said(parsed(document))
    assert codes(luggage) == {"loss/seal"}
    assert not list(luggage.report)


@pytest.mark.parametrize("document", [everything(), least()], ids=["everything", "least"])
def test_whatever_a_document_may_hold_comes_back(document: bytes) -> None:
    written, luggage = again(document)
    assert said(parsed(written)) == said(parsed(document))
    assert codes(luggage) <= {"loss/seal"}


@pytest.mark.parametrize("document", [everything, least], ids=["everything", "least"])
def test_whatever_a_document_of_2_0_may_hold_comes_back(document: Callable[[str], bytes], folder: Path) -> None:
    written, luggage = again(document("2.0"), "2.0")
    assert schemas_of("2.0", folder).published.validate(parsed(written))
    assert said(parsed(written)) == said(parsed(document("2.0")))
    assert codes(luggage) <= {"loss/seal"}
    assert not list(luggage.report)


PREFIXED = (
    '<x:mark xmlns:x="urn:example:x" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:example:o" of="o:kind"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><x:value xsi:type="xs:string">{}</x:value></x:mark>'
)


@pytest.mark.parametrize("text", ["5", "o:code", "see http://example.edu o:code"])
@pytest.mark.parametrize("around", [False, True], ids=["declared there", "declared on the root"])
def test_a_prefix_that_only_a_value_has_still_means_something(text: str, around: bool) -> None:
    """What JAXB writes for a value of any type; without its declaration the schema refuses the document."""
    spaces = ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:example:o"'
    mark = PREFIXED.format(text)
    document = least()
    if around:
        mark = mark.replace(spaces, "")
        document = document.replace(b" xmlns=", b' xmlns:o="urn:example:o" xmlns=', 1)  # xs is there
    document = document.replace(b"</elmo>", f"<extension>{mark}</extension></elmo>".encode())
    assert schema("elmo/1.7").validate(parsed(document))
    written, luggage = again(document)
    assert schema("elmo/1.7").validate(parsed(written))
    assert said(parsed(written)) == said(parsed(document))
    assert not codes(luggage)
    (found,) = parsed(written).iter("{urn:example:x}value")
    assert found.nsmap["xs"] == "http://www.w3.org/2001/XMLSchema"
    assert found.nsmap["o"] == "urn:example:o"


def test_what_is_known_of_2_1_is_2_0_and_what_is_told_of_it(folder: Path) -> None:
    """Documents are judged by 2.1; that nothing is told of one which it takes means that 2.0 takes it, too."""
    schemas = schemas_of("2.0", folder)
    later = schema("elmo/2.1")
    root = parsed(everything("2.0"))
    counts: Counter[bool] = Counter()
    for change in mutations(root, schemas.declarations.of(root), SEED):
        if change.root.tag == root.tag:
            verdict = schemas.published.validate(change.root)
            assert verdict == (later.validate(change.root) and not list(newer(change.root))), change.detail
            counts[verdict] += 1
    assert min(counts.values()) > 400


def test_every_valid_change_of_2_0_comes_back_and_becomes_1_7_with_what_is_named(folder: Path) -> None:
    schemas = schemas_of("2.0", folder)
    root = parsed(everything("2.0"))
    declared = {
        element: found for element, found in schemas.declarations.of(root).items() if "xmldsig" not in found.key
    }
    first = schema("elmo/1.7")
    valid = 0
    for change in islice(mutations(root, declared, SEED), 0, None, 27):
        document = etree.tostring(change.root)
        if not schemas.ours.validate(parsed(document)):
            continue
        valid += 1
        luggage = Luggage("elmo")
        reads = list(ElmoMapper(TABLES, {}).read(Source("d.xml", document), luggage))
        where = f"{change.kind} {change.key} {change.detail}"
        assert not list(luggage.report), where
        for version in ("2.0", "1.7"):
            sink, losses = BytesIO(), Luggage("elmo")
            losses.contents = luggage.contents
            ElmoMapper(TABLES, {"version": version}).write(reads, sink, losses)
            if version == "2.0":
                assert said(parsed(sink.getvalue())) == said(parsed(document)), where
                assert codes(losses) <= {"loss/seal"}
            else:
                assert first.validate(parsed(sink.getvalue())), where
                assert codes(losses) <= {"loss/seal", "loss/version"}
    print(f"{valid} valid documents of 2.0")
    assert valid > 50


def test_reading_twice_gives_the_same_record() -> None:
    first, _ = again(everything())
    second, _ = again(first)
    assert second == first


def test_every_valid_change_comes_back_and_no_invalid_one_is_lost(
    declarations: Declarations, ours: etree.XMLSchema
) -> None:
    """Valid documents come back equal; of invalid ones every leaf is written again or named as lost."""
    root = parsed(everything())
    counts: Counter[str] = Counter()
    unequal: list[str] = []
    unaccounted: list[str] = []
    declared = {element: found for element, found in declarations.of(root).items() if "xmldsig" not in found.key}
    for change in islice(mutations(root, declared, SEED), 0, None, 2):
        if change.root.tag != root.tag:
            continue
        document = etree.tostring(change.root)
        source = parsed(document)
        luggage = Luggage("elmo")
        valid = ours.validate(source)
        mapper = ElmoMapper(TABLES, {"validate": "no"})
        reads = list(mapper.read(Source("d.xml", document), luggage))
        if not reads:
            continue
        counts["valid" if valid else "invalid"] += 1
        sink = BytesIO()
        mapper.write(reads, sink, luggage)
        written = parsed(sink.getvalue())
        where = f"{change.kind} {change.key} {change.detail}"
        if valid:
            blind = Reading(parsed(document), sha256(document).hexdigest(), Contents(), checked=False)
            assert blind.credentials == tuple(read.record for read in reads), where
            if said(written) != said(parsed(document)):
                unequal.append(where)
        else:
            missing = Counter((name, value) for _, name, value in facts(parsed(document)))
            missing -= Counter((name, value) for _, name, value in facts(written))
            lost = {spot for line in luggage.losses.resolved(locator(reads))["losses"] if (spot := line["path"])}
            for path, name, value in facts(parsed(document)):
                if (name, value) in missing and not any(below(path, place) for place in lost):
                    unaccounted.append(f"{where}: {path} {value[:40]!r}")
    print(f"{counts['valid']} valid and {counts['invalid']} invalid documents")
    print(f"{len(unequal)} came back unequal, {len(unaccounted)} leaves unaccounted for")
    assert counts["valid"] > 400
    assert counts["invalid"] > 400
    assert unequal == []
    assert unaccounted == [], "\n".join(unaccounted)


def test_opportunities_are_the_same_from_the_text_and_from_the_tree(declarations: Declarations) -> None:
    """Whatever is changed in a document that has no extensions and no diploma supplements, which are never plain."""
    root = parsed(everything())
    for element in [*root.iter(f"{{{ELMO}}}extension", f"{{{ELMO}}}diplomaSupplement")]:
        if (above := element.getparent()) is not None:
            above.remove(element)
    plain = unusual = 0
    for change in islice(mutations(root, declarations.of(root), SEED), 0, None, 3):
        if change.root.tag != root.tag:
            continue
        data = etree.tostring(change.root)
        tree = parsed(data)
        counted = Plain.within(tree, data, "d.xml")
        taken = [counted.take() for _ in tree.iterfind("{*}report/{*}learningOpportunitySpecification")]
        plain += sum(one is not None for one in taken)
        unusual += sum(one is None for one in taken)
        quick = Reading(tree, "d", Contents(), checked=True, plain=Plain.within(tree, data, "d.xml"))
        careful = Reading(tree, "d", Contents(), checked=True)
        assert quick.credentials == careful.credentials, f"{change.kind} {change.key} {change.detail}"
    print(f"{plain} opportunities from the text, {unusual} from the tree")
    assert plain > 1000
    assert unusual > 100


def locator(reads: list[Read]) -> Callable[[str, str], list[Location]]:
    origins = {read.record.id: read.origin for read in reads if isinstance(read.record, Credential)}

    def locate(record: str, field: str) -> list[Location]:
        return origins[record].places(field) if record in origins else []

    return locate


def below(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}/", f"{place}["))


def test_contents_survive_beside_the_record() -> None:
    contents = Contents()
    root = parsed(everything())
    reading = Reading(root, "d", contents, checked=False)
    assert reading.credentials[0].document is not None
    named = {
        content.sha256 for attachment in reading.credentials[0].document.attachments for content in attachment.contents
    }
    assert named <= set(contents)
