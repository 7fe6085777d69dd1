"""A document is verified as it stood before it was put into something else."""

from __future__ import annotations

import gzip
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from mcbridge.conversion import Reading, Tally, expand, read_all
from mcbridge.diagnostics import XmlLocation, place
from mcbridge.model import Credential, SealState
from mcbridge.origins import Luggage
from mcbridge.seals import Terms
from tests.golden.cases import TABLES
from tests.unit.seals.signing import DOCUMENT, DS, EXCLUSIVE, INCLUSIVE, Manner, rsa_key, signed
from tests.unit.seals.test_wrapping import bare, by_id

SIGNED = signed(DOCUMENT, rsa_key())
EWP = "https://github.com/erasmus-without-paper/ewp-specs-api-imobility-tors/blob/stable-v1/endpoints/get-response.xsd"


def ewp(*documents: str) -> bytes:
    tors = "".join(f"<tor><omobility-id>m{n}</omobility-id>{each}</tor>" for n, each in enumerate(documents))
    return f'<imobility-tors-get-response xmlns="{EWP}">{tors}</imobility-tors-get-response>'.encode()


ENVELOPES: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "base64": b64encode,
    "emrex": lambda data: b64encode(gzip.compress(data)),
    "url-safe": lambda data: urlsafe_b64encode(gzip.compress(data)),
    "form": lambda data: b"sessionId=a&returnCode=NCP_OK&elmo=" + quote(b64encode(gzip.compress(data))).encode(),
    "ewp": lambda data: ewp(bare(data)),
    "ewp, as base64": lambda data: ewp(f"<elmo>{b64encode(gzip.compress(data)).decode()}</elmo>"),
    "soap": lambda data: (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r>'
        + bare(data).encode()
        + b"</r></s:Body></s:Envelope>"
    ),
}


def taken(data: bytes, folder: Path, terms: Terms = Terms()) -> tuple[list[SealState | None], Luggage]:  # noqa: B008
    (folder / "came").write_bytes(data)
    luggage = Luggage()
    found = expand([str(folder / "came")])
    states: list[SealState | None] = []
    for each in read_all(found, Reading(tables=TABLES, seals=terms), luggage, Tally()):
        assert isinstance(each.record, Credential)
        states.append(None if each.record.seal is None else each.record.seal.state)
    return states, luggage


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_a_document_in_an_envelope_holds_as_it_did_before(envelope: str, tmp_path: Path) -> None:
    wrap = ENVELOPES[envelope]
    assert taken(wrap(SIGNED), tmp_path)[0] == [SealState.EMBEDDED]
    assert taken(wrap(SIGNED.replace(b"Maps", b"Naps")), tmp_path)[0] == [SealState.INVALID]
    assert taken(wrap(DOCUMENT), tmp_path)[0] == [None]


@pytest.mark.parametrize("form", [INCLUSIVE, EXCLUSIVE])
def test_what_a_wrapper_declares_does_not_break_a_seal(form: str, tmp_path: Path) -> None:
    """Not even in the inclusive form, which counts declarations: those of the wrapper were not there before."""
    data = signed(DOCUMENT, rsa_key(), Manner(transforms=(f"{DS}enveloped-signature", form), canonical=form))
    wrapped = ewp(bare(data)).replace(b" xmlns=", b' xmlns:other="urn:example:o" xmlns=', 1)
    assert taken(wrapped, tmp_path)[0] == [SealState.EMBEDDED]


def test_each_document_of_a_wrapper_has_a_seal_of_its_own_and_its_place_is_that_in_the_file(tmp_path: Path) -> None:
    second = DOCUMENT.replace(b"Maps", b"Atlases")
    broken = signed(DOCUMENT, rsa_key()).replace(b"beginners", b"experts")
    states, luggage = taken(ewp(bare(SIGNED), bare(second), bare(broken)), tmp_path)
    assert states == [SealState.EMBEDDED, None, SealState.INVALID]
    [found] = [each for each in luggage.report if each.rule.id == "seal/invalid"]
    assert isinstance(found.location, XmlLocation)
    assert place(found.location) == "imobility-tors-get-response/tor[3]/elmo[1]/Signature[1]"
    assert found.location.source.endswith("!elmo[3]")


def test_a_document_within_a_signature_is_not_said_to_be_unsigned(tmp_path: Path) -> None:
    """The enveloping kind: the signature around the document may cover it, or anything else in the file."""
    inner = bare(DOCUMENT).replace("<elmo ", '<elmo Id="real" ', 1).strip()
    around = by_id(b"<elmo><a/></elmo>", inner.encode(), objects=f"<ds:Object>{inner}</ds:Object>").decode()
    signature = around[around.index("<ds:Signature") : around.index("</ds:Signature>") + 15]
    states, luggage = taken(signature.encode(), tmp_path)
    assert states == [SealState.UNSUPPORTED]
    [found] = [each for each in luggage.report if each.rule.id.startswith("seal/")]
    assert (found.rule.id, "enveloping" in found.message) == ("seal/unsupported-algorithm", True)
