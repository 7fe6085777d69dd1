"""A signature that does not cover what is read is refused, however well it holds for something else."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest
from lxml import etree

from mcbridge.model import SealState
from mcbridge.seals import Terms
from tests.unit.seals.signing import (
    DOCUMENT,
    DS,
    ENC,
    ENVELOPED,
    INCLUSIVE,
    Manner,
    rsa_key,
    signed,
)
from tests.unit.seals.test_states import looked, said, seal, trusting

SIGNATURE = re.compile(rb"<ds:Signature .*</ds:Signature>", re.DOTALL)
FORGED = DOCUMENT.replace(b">5<", b">1<")
TRUSTING = trusting(rsa_key())


def signature_of(data: bytes) -> bytes:
    found = SIGNATURE.search(data)
    assert found is not None
    return found[0]


def bare(data: bytes) -> str:
    return re.sub(r"^<\?xml[^>]*>\s*", "", data.decode())


def inside(document: bytes, before: str, what: str) -> bytes:
    return document.decode().replace(before, what + before, 1).encode()


def by_id(document: bytes, element: bytes, uri: str = "#real", **more: object) -> bytes:
    """A document with a signature over one element, right in itself."""
    covered = etree.tostring(etree.fromstring(element), method="c14n")
    manner = Manner(uri=uri, transforms=(INCLUSIVE,), **more)  # type: ignore[arg-type]
    return signed(document, rsa_key(), manner, covered=covered)


def in_an_object() -> bytes:
    """The true document moves into the signature, and a forged one stands around it."""
    true = bare(DOCUMENT).replace("<elmo ", '<elmo Id="real" ', 1).strip()
    return by_id(FORGED, true.encode(), objects=f"<ds:Object>{true}</ds:Object>")


def in_an_object_of_a_signature_over_all() -> bytes:
    true = bare(signed(DOCUMENT, rsa_key()))
    return signed(FORGED, rsa_key(1), Manner(objects=f'<ds:Object Id="real">{true}</ds:Object>'))


def in_an_extension() -> bytes:
    """The true document, signature and all, moves into an extension of a forged one."""
    return inside(FORGED, "</elmo>", f"<extension>{bare(signed(DOCUMENT, rsa_key()))}</extension>")


def in_an_extension_and_at_the_root() -> bytes:
    """So it does, and a copy of its signature stands where one is looked for."""
    true = signed(DOCUMENT, rsa_key())
    forged = inside(FORGED, "</elmo>", f"<extension>{bare(true)}</extension>")
    return inside(forged, "</elmo>", signature_of(true).decode()).replace(b"</elmo>\n</elmo>", b"</elmo>")


def covering_one_report() -> bytes:
    report = re.search(rb"<report>.*</report>", DOCUMENT, re.DOTALL)
    assert report is not None
    marked = report[0].replace(b"<report>", b'<report Id="real">')
    two = DOCUMENT.replace(report[0], marked + report[0].replace(b">5<", b">1<"))
    return by_id(two, marked)


def covering_one_of_two_of_one_name() -> bytes:
    """Two elements have the id that the signature names."""
    report = re.search(rb"<report>.*</report>", DOCUMENT, re.DOTALL)
    assert report is not None
    marked = report[0].replace(b"<report>", b'<report Id="real">')
    return by_id(DOCUMENT.replace(report[0], marked + marked.replace(b">5<", b">1<")), marked)


def covering_the_root_by_its_id() -> bytes:
    marked = DOCUMENT.replace(b"<elmo ", b'<elmo Id="real" ', 1)
    return signed(marked, rsa_key(), Manner(uri="#real"))


def covering_the_root_by_a_pointer() -> bytes:
    return signed(DOCUMENT, rsa_key(), Manner(uri="#xpointer(/)"))


def covering_a_file() -> bytes:
    return signed(DOCUMENT, rsa_key(), Manner(uri="file:transcript.xml"), covered=b"<a></a>")


def covering_an_address() -> bytes:
    return signed(DOCUMENT, rsa_key(), Manner(uri="https://example.org/true.xml"), covered=b"<a></a>")


def covering_nothing_named() -> bytes:
    return signed(DOCUMENT, rsa_key(), Manner(uri=None))


def covering_nothing() -> bytes:
    return signed(DOCUMENT, rsa_key(), Manner(references=0))


def covering_twice() -> bytes:
    return signed(DOCUMENT, rsa_key(), Manner(references=2))


def covering_more() -> bytes:
    """A second reference: to whatever its writer likes."""
    digest = b64encode(sha256(b"<a></a>").digest()).decode()
    extra = (
        f'<ds:Reference URI="#a"><ds:DigestMethod Algorithm="{ENC}sha256"/>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
    )
    return signed(DOCUMENT, rsa_key(), Manner(reference_extra=extra))


def filtered(address: str) -> Callable[[], bytes]:
    def made() -> bytes:
        return signed(DOCUMENT, rsa_key(), Manner(transforms=(ENVELOPED, address, INCLUSIVE)))

    return made


def signed_twice() -> bytes:
    true = signed(DOCUMENT, rsa_key())
    return inside(true, "</elmo>", signature_of(true).decode())


def signed_twice_by_two() -> bytes:
    return signed(signed(DOCUMENT, rsa_key()), rsa_key(1))


def within_the_report() -> bytes:
    """An enveloped signature that is right for the document, at another place."""
    true = signed(DOCUMENT, rsa_key())
    moved = SIGNATURE.sub(b"", true)
    return inside(moved, "</report>", signature_of(true).decode())


def within_the_learner_with_one_at_the_root() -> bytes:
    once = signed(DOCUMENT, rsa_key(1))
    nested = SIGNATURE.sub(b"", once)
    return signed(inside(nested, "</learner>", signature_of(once).decode()), rsa_key())


def leaving_nothing_out() -> bytes:
    return signed(DOCUMENT, rsa_key(), Manner(transforms=(INCLUSIVE,)))


def without_transforms() -> bytes:
    return signed(DOCUMENT, rsa_key(), Manner(transforms=()))


def with_a_manifest() -> bytes:
    return signed(DOCUMENT, rsa_key(), Manner(objects="<ds:Object><ds:Manifest/></ds:Object>"))


def with_a_reference_in_a_second_signed_info() -> bytes:
    true = signed(DOCUMENT, rsa_key()).decode()
    info = re.search(r"<ds:SignedInfo>.*</ds:SignedInfo>", true)
    assert info is not None
    forged = info[0].replace("rsa-sha256", "rsa-sha512")
    return true.replace(info[0], forged + info[0]).encode()


VARIANTS: tuple[Callable[[], bytes], ...] = (
    in_an_object,
    in_an_object_of_a_signature_over_all,
    in_an_extension,
    in_an_extension_and_at_the_root,
    covering_one_report,
    covering_one_of_two_of_one_name,
    covering_the_root_by_its_id,
    covering_the_root_by_a_pointer,
    covering_a_file,
    covering_an_address,
    covering_nothing_named,
    covering_nothing,
    covering_twice,
    covering_more,
    signed_twice,
    signed_twice_by_two,
    within_the_report,
    within_the_learner_with_one_at_the_root,
    leaving_nothing_out,
    without_transforms,
    with_a_manifest,
    with_a_reference_in_a_second_signed_info,
)
FILTERS = (
    "http://www.w3.org/TR/1999/REC-xpath-19991116",
    "http://www.w3.org/2002/06/xmldsig-filter2",
    "http://www.w3.org/TR/1999/REC-xslt-19991116",
    f"{DS}base64",
)


@pytest.mark.parametrize("terms", [Terms(), TRUSTING], ids=["no trust", "the signer is trusted"])
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.__name__)
def test_a_wrapped_document_is_invalid(variant: Callable[[], bytes], terms: Terms) -> None:
    known, ids = seal(variant(), terms)
    assert known is not None
    assert known.state is SealState.INVALID
    assert ids == ["seal/invalid"]


@pytest.mark.parametrize("address", FILTERS)
def test_a_transform_that_may_leave_parts_out_is_refused(address: str) -> None:
    data = filtered(address)()
    assert seal(data, TRUSTING)[1] == ["seal/invalid"]
    assert address in said(data)


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        (in_an_object, "content of its own"),
        (in_an_extension, "does not cover the whole"),
        (covering_one_report, 'covers an element that it names, and not the document as a whole: "#real"'),
        (covering_an_address, 'something outside the document: "https://example.org/true.xml"'),
        (covering_more, "covers 2 parts"),
        (covering_nothing, "covers 0 parts"),
        (signed_twice, "2 signatures at the root"),
        (within_the_learner_with_one_at_the_root, "a second signature within the document"),
        (leaving_nothing_out, "does not leave itself out"),
    ],
)
def test_it_is_said_what_is_not_covered(variant: Callable[[], bytes], words: str) -> None:
    assert words in said(variant())


def test_nothing_is_fetched() -> None:
    """The network is closed to tests, and a reference to a file that is there gives nothing either."""
    here = f"file:{__file__}"
    assert seal(signed(DOCUMENT, rsa_key(), Manner(uri=here), covered=b""))[1] == ["seal/invalid"]


def test_what_holds_where_it_stands_was_refused_for_its_place_alone() -> None:
    """The material of these tests is sound: unwrapped, it holds."""
    assert seal(signed(DOCUMENT, rsa_key()), TRUSTING)[1] == ["seal/trusted"]


def test_a_xades_signature_is_told_apart() -> None:
    """Properties that nobody signed are those of a forger."""
    properties = '<x:QualifyingProperties xmlns:x="http://uri.etsi.org/01903/v1.3.2#"/>'
    data = signed(DOCUMENT, rsa_key(), Manner(objects=f"<ds:Object>{properties}</ds:Object>"))
    known, ids = seal(data)
    assert known is not None
    assert (known.state, known.kind, ids) == (SealState.INVALID, "XAdES", ["seal/invalid"])
    assert "no signed properties" in said(data)


def test_properties_of_a_signature_are_no_content() -> None:
    properties = (
        '<ds:Object><ds:SignatureProperties><ds:SignatureProperty Target="">'
        '<x xmlns="urn:example:x">2031</x></ds:SignatureProperty></ds:SignatureProperties></ds:Object>'
    )
    assert seal(signed(DOCUMENT, rsa_key(), Manner(objects=properties)))[1] == ["seal/untrusted"]


SUPPLEMENT = (
    "<diplomaSupplement><version>2018</version><issueDate>2031-04-30</issueDate><introduction/>"
    '<section number="1"><title>Holder</title></section>{}</diplomaSupplement>'
)


def test_the_signature_of_a_supplement_is_named_and_not_verified() -> None:
    inner = signature_of(signed(DOCUMENT, rsa_key(1))).decode()
    supplement = SUPPLEMENT.format(inner)
    document = inside(DOCUMENT, "</learningOpportunityInstance>", supplement)
    assert seal(document) == (None, ["seal/inner-unverified"])
    assert sorted(seal(signed(document, rsa_key()), TRUSTING)[1]) == ["seal/inner-unverified", "seal/trusted"]
    records, _ = looked(document)
    assert [record.seal for record in records] == [None]


def test_a_signature_of_no_namespace_is_no_signature() -> None:
    assert seal(inside(DOCUMENT, "</elmo>", "<extension><Signature xmlns=''/></extension>")) == (None, [])
