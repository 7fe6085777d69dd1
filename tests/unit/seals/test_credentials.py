"""Sealed credentials on their way: what commands tell, what presentations change, and that no seal is carried over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from mcbridge.conversion import Reading, Tally, expand, read, read_all, write
from mcbridge.diagnostics import place
from mcbridge.errors import InputError
from mcbridge.losses import SEAL
from mcbridge.mappers import RecordKind, describe, names
from mcbridge.model import Credential, SealState
from mcbridge.origins import Luggage, Source
from mcbridge.seals import Terms, Trusted
from mcbridge.seals.keys import of_certificate
from tests.golden.cases import FOLDER, TABLES
from tests.house.test_start import start
from tests.unit.cli.command import run
from tests.unit.seals import xades_signing
from tests.unit.seals.jades_signing import CREDENTIAL, TEXT, Way, seal_certificate, sealed, written
from tests.unit.seals.signing import pem_certificate, rsa_key

NOW = datetime(2031, 6, 1, tzinfo=UTC)
TERMS = Terms(at=NOW)
LIBRARIES = frozenset(("signxml", "cryptography", "certifi", "cffi"))
CURRENT = Way(
    certificate=seal_certificate(
        rsa_key(), begins=datetime(2020, 1, 1, tzinfo=UTC), ends=datetime(2100, 1, 1, tzinfo=UTC)
    )
)
OTHER = TEXT.replace("Maps for", "Atlases for").replace("6a0d2f0e", "7b1e3f1f")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder with sealed credentials, and one with keys."""
    (tmp_path / "home").mkdir()
    (tmp_path / "sealed.jsonld").write_bytes(written(sealed(way=CURRENT)))
    (tmp_path / "broken.jsonld").write_bytes(written(sealed(way=CURRENT) | {"payload": OTHER}))
    (tmp_path / "bare.json").write_text(TEXT, encoding="utf-8")
    (tmp_path / "keys").mkdir()
    assert CURRENT.certificate is not None
    (tmp_path / "keys" / "seal.pem").write_bytes(pem_certificate(CURRENT.certificate))
    return tmp_path


UNJUDGED: Final = ("--from", "edc:validate=no")
"""These credentials say no more than a seal needs; what else ELM demands is not looked for."""


def test_inspect_check_and_convert_say_that_trust_was_not_evaluated(room: Path) -> None:
    inspected = run("inspect", "sealed.jsonld", folder=room)
    line = next(line for line in inspected.out.splitlines() if "  seal  " in line)
    assert "valid with embedded key (trust not evaluated; JAdES; signed 2031-05-02T09:30:00Z as it says; " in line
    assert "VATHR-00000000001" in line
    told = json.loads(run("inspect", "sealed.jsonld", "--json", folder=room).out)["sources"][0]["seal"]
    assert (told["trust"], told["signedAt"], told["organisationIdentifier"]) == (
        "not-evaluated",
        "2031-05-02T09:30:00Z",
        "VATHR-00000000001",
    )
    checked = run("check", "sealed.jsonld", *UNJUDGED, folder=room)
    assert (checked.code, "seals: 1 valid with embedded key (trust not evaluated)" in checked.err) == (0, True)
    done = run("convert", "sealed.jsonld", *UNJUDGED, "--to", "canonical", "-o", "out.json", folder=room)
    assert (done.code, "seals: 1 valid with embedded key (trust not evaluated); 1 loss (loss/seal 1)" in done.err) == (
        0,
        True,
    ), done.err
    assert json.loads((room / "out.json").read_text(encoding="utf-8"))["seal"]["trust"] == "not-evaluated"


def test_a_broken_seal_fails_a_conversion_unless_it_is_allowed(room: Path) -> None:
    done = run("convert", "broken.jsonld", *UNJUDGED, "--to", "canonical", "-o", "out.json", folder=room)
    assert (done.code, "[seal/invalid]" in done.err, "at /signatures/0" in done.err) == (3, True, True)
    allowed = run(
        "convert",
        "broken.jsonld",
        *UNJUDGED,
        "--to",
        "canonical",
        "-o",
        "out.json",
        "--allow",
        "seal/invalid",
        folder=room,
    )
    assert (allowed.code, "seals: 1 invalid" in allowed.err) == (0, True)
    trusted = run("check", "sealed.jsonld", *UNJUDGED, "--trusted-keys", "keys", folder=room)
    assert (trusted.code, "seals: 1 valid with a trusted key" in trusted.err) == (0, True)


def test_without_the_libraries_a_seal_is_there_and_not_verified(room: Path) -> None:
    code, loaded, printed = start(room, "check", "sealed.jsonld", *UNJUDGED, absent=LIBRARIES)
    assert (code, loaded & LIBRARIES) == (0, set()), printed
    assert "seals: 1 present, not verified" in printed
    assert "pip install 'mcbridge[seal]'" in printed
    none = sealed(None, Way(alg="none"))
    (room / "none.jsonld").write_bytes(written(none))
    code, _, printed = start(room, "check", "none.jsonld", *UNJUDGED, absent=LIBRARIES)
    assert (code, "[seal/invalid]" in printed) == (3, True), "what is no signature needs no library to be refused"
    code, loaded, printed = start(room, "check", "bare.json", *UNJUDGED)
    assert (code, loaded & LIBRARIES) == (0, set()), printed


# --- nothing is carried over

FULL = (FOLDER / "edc" / "bare" / "output.json").read_text(encoding="utf-8")
OLDER = re.sub(
    r"<proof>.*</proof>",
    "",
    (FOLDER / "edc-xml" / "everything" / "input.xml").read_text(encoding="utf-8"),
    flags=re.DOTALL,
)
SEALED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "JAdES": ("credential.jsonld", lambda: written(sealed(text=FULL))),
    "JAdES, flattened": (
        "credential.jsonld",
        lambda: written({"payload": FULL, **sealed(text=FULL)["signatures"][0]}),
    ),
    "JAdES, broken": ("credential.jsonld", lambda: written(sealed() | {"payload": FULL})),
    "XAdES": ("credential.xml", lambda: xades_signing.sealed(OLDER)),
    "XAdES, broken": ("credential.xml", lambda: xades_signing.sealed(OLDER).replace(b"</title>", b" </title>", 1)),
    "XAdES of a presentation": (
        "presentation.xml",
        lambda: xades_signing.sealed(xades_signing.presentation(OLDER)),
    ),
}
TARGETS = [name for name in names() if RecordKind.CREDENTIAL in describe(name).writes]
MARKS = (b'"signatures"', b'"protected"', b'"payload"', b'"proof"', b"Signature", b"x5c", b"eIDASIdentifier")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", SEALED)
def test_a_converted_document_never_carries_a_seal_over(name: str, target: str) -> None:
    called, make = SEALED[name]
    outputs = []
    for options in describe(target).fullest or ({},):
        luggage = Luggage(target)
        reads = list(read(Source(called, make()), luggage, reading=Reading(tables=TABLES, seals=TERMS)))
        sink = BytesIO()
        write(reads, sink, luggage, to=target, options=options, tables=TABLES)
        outputs.append(sink.getvalue())
        assert [mark for mark in MARKS if mark in sink.getvalue()] == []
        lost = [each for each in luggage.losses if each.code == SEAL]
        assert {each.field for each in lost} == {"seal"}
        assert all(isinstance(each.record, Credential) and each.record.seal is not None for each in reads)
    assert any(outputs)


def test_the_sealed_bytes_are_not_in_what_is_written_to_edc() -> None:
    luggage = Luggage("edc")
    document = written(sealed(text=FULL))
    reads = list(read(Source("a.jsonld", document), luggage, reading=Reading(tables=TABLES, seals=TERMS)))
    sink = BytesIO()
    assert write(reads, sink, luggage, to="edc", options={"form": "bare"}, tables=TABLES) == 1
    found = json.loads(sink.getvalue())
    assert found["id"] != json.loads(FULL)["id"], "what is not sealed is not that credential"
    assert not {"payload", "signatures", "proof"} & found.keys()


# --- presentations


def presented(*credentials: Any, **others: Any) -> dict[str, Any]:
    kinds = ["VerifiablePresentation", "EuropeanDigitalPresentation"]
    return {"@context": CREDENTIAL["@context"], "type": kinds, "verifiableCredential": list(credentials), **others}


def around(presentation: dict[str, Any], number: int = 1) -> dict[str, Any]:
    return sealed(rsa_key(number), text=json.dumps(presentation, ensure_ascii=False))


def taken(document: Any, folder: Path, terms: Terms = TERMS) -> tuple[list[tuple[str, str] | None], list[str], Tally]:
    (folder / "shown.jsonld").write_bytes(written(document))
    luggage, tally = Luggage(), Tally()
    states: list[tuple[str, str] | None] = []
    for each in read_all(expand([str(folder / "shown.jsonld")]), Reading(tables=TABLES, seals=terms), luggage, tally):
        assert isinstance(each.record, Credential)
        seal = each.record.seal
        states.append(None if seal is None else (seal.state.value, seal.kind))
    found = [f"{each.rule.id} {place(each.location)}" for each in luggage.report if each.rule.id.startswith("seal/")]
    public = list(
        read(Source("shown.jsonld", written(document)), Luggage(), reading=Reading(tables=TABLES, seals=terms))
    )
    assert [each.record.seal is None for each in public] == [state is None for state in states]  # type: ignore[union-attr]
    return states, found, tally


EMBEDDED, INVALID = SealState.EMBEDDED.value, SealState.INVALID.value
SHOWN = "JAdES of the presentation"


def test_each_credential_of_a_presentation_has_a_seal_of_its_own(tmp_path: Path) -> None:
    broken = sealed() | {"payload": OTHER}
    inside = presented(sealed(), json.loads(OTHER), json.dumps(broken))
    states, found, tally = taken(inside, tmp_path)
    assert states == [(EMBEDDED, "JAdES"), None, (INVALID, "JAdES")]
    assert sorted(found) == [
        "seal/invalid /verifiableCredential/2/signatures/0",
        "seal/untrusted /verifiableCredential/0/signatures/0",
    ]
    told = [each.status for each in tally.seals.values()]
    assert told == ["valid with embedded key", "absent", "invalid"]


def test_the_seal_of_a_presentation_covers_what_has_none_and_is_called_by_its_name(tmp_path: Path) -> None:
    shown = around(presented(json.loads(TEXT), sealed(text=OTHER)))
    states, found, _ = taken(shown, tmp_path)
    assert states == [(EMBEDDED, SHOWN), (EMBEDDED, "JAdES")]
    places = ["/payload/verifiableCredential/1/signatures/0", "/signatures/0"]
    assert sorted(found) == [f"seal/untrusted {each}" for each in places]


def test_a_broken_presentation_breaks_all_that_is_in_it(tmp_path: Path) -> None:
    shown = around(presented(json.loads(TEXT), sealed(text=OTHER)))
    shown["payload"] = shown["payload"].replace("Maps for", "Maps fox")
    states, found, _ = taken(shown, tmp_path)
    assert states == [(INVALID, SHOWN), (INVALID, SHOWN)]
    assert [each for each in found if "invalid" in each] == ["seal/invalid /signatures/0"], "it is said once"


def test_a_presentation_that_is_signed_in_another_way_says_so(tmp_path: Path) -> None:
    states, found, _ = taken(presented(sealed(), json.loads(OTHER), proof={"type": "DataIntegrityProof"}), tmp_path)
    assert states == [(EMBEDDED, "JAdES"), (SealState.UNSUPPORTED.value, "data-integrity of the presentation")]
    assert "seal/unsupported-algorithm /proof" in found


def test_a_sealed_credential_says_nothing_that_was_not_sealed() -> None:
    """What it refers to and does not say itself is not taken from whoever shows it."""
    text = json.loads(TEXT)
    text["credentialSubject"]["hasClaim"] = ["urn:epass:learningAchievement:1", "urn:epass:learningAchievement:2"]
    forged = {"id": "urn:epass:learningAchievement:2", "type": "LearningAchievement", "title": {"en": "Forged"}}
    shown = presented(sealed(text=json.dumps(text)), forged=[forged], evidence=forged)
    for document in (shown, [sealed(text=json.dumps(text))]):
        reads = list(
            read(Source("a.jsonld", written(document)), Luggage(), reading=Reading(tables=TABLES, seals=TERMS))
        )
        [record] = [each.record for each in reads]
        assert isinstance(record, Credential)
        assert record.seal is not None
        assert (record.seal.state, "Forged" in str(record.achievements)) == (SealState.EMBEDDED, False)


def shown_in_xml(data: bytes, terms: Terms = TERMS) -> tuple[list[tuple[str, str] | None], list[str]]:
    luggage = Luggage()
    reads = read(Source("shown.xml", data), luggage, reading=Reading(tables=TABLES, seals=terms))
    seals = [each.record.seal for each in reads if isinstance(each.record, Credential)]
    found = [f"{each.rule.id} {place(each.location)}" for each in luggage.report if each.rule.id.startswith("seal/")]
    return [None if each is None else (each.state.value, each.kind) for each in seals], sorted(found)


def renamed(data: bytes) -> str:
    """With ids of its own in its signature, made anew; ids in a document are there once."""
    how = xades_signing.Seal(properties="#p2", target="#s2", ids="2")
    return xades_signing.sealed(data.decode(), None, how).decode()


BASE = "verifiablePresentation/verifiableCredential[1]/europassCredential"


def test_older_credentials_have_seals_of_their_own_and_of_their_presentation() -> None:
    one, two = (xades_signing.CREDENTIAL, xades_signing.CREDENTIAL.replace("urn:credential:9", "urn:credential:8"))
    assert shown_in_xml(xades_signing.sealed(one)) == (
        [(EMBEDDED, "XAdES")],
        ["seal/untrusted europassCredential/proof[1]/Signature[1]"],
    )
    around_both = xades_signing.sealed(xades_signing.presentation(one, two))
    of = "XAdES of the presentation"
    place_ = "verifiablePresentation/proof[1]/Signature[1]"
    assert shown_in_xml(around_both) == ([(EMBEDDED, of)] * 2, [f"seal/untrusted {place_}"])
    broken = around_both.replace(b"Maps for", b"Maps fox", 1)
    assert shown_in_xml(broken) == ([(INVALID, of)] * 2, [f"seal/invalid {place_}"])

    within = xades_signing.presentation(renamed(one.encode()), two)
    assert shown_in_xml(within.encode())[0] == [(EMBEDDED, "XAdES"), None]
    both = xades_signing.sealed(within, rsa_key(1))
    assert shown_in_xml(both) == (
        [(EMBEDDED, "XAdES"), (EMBEDDED, of)],
        [f"seal/untrusted {place_}", f"seal/untrusted {BASE}[1]/proof[1]/Signature[1]"],
    )
    forged = both.replace(b"urn:credential:8", b"urn:credential:7")
    assert shown_in_xml(forged)[0] == [(INVALID, of), (INVALID, of)], "a sound seal within hides no broken one around"


def test_a_credential_that_cannot_be_read_costs_only_itself() -> None:
    document = written(presented(sealed() | {"payload": "{"}, sealed(text=OTHER)))
    reads = read(Source("a.jsonld", document), Luggage(), reading=Reading(tables=TABLES, seals=TERMS))
    assert next(reads).record is not None
    with pytest.raises(InputError, match="cannot be read"):
        next(reads)


# --- official


def test_the_official_sealed_credential_holds_and_one_flipped_letter_does_not(shared_root: Path) -> None:
    data = (shared_root / "official/edc/samples/Sample-MC-Annex1-signed.jsonld").read_bytes()

    def seal(text: bytes, terms: Terms = TERMS) -> Any:
        [one] = read(Source("a.jsonld", text), Luggage(), reading=Reading(tables=TABLES, seals=terms))
        assert isinstance(one.record, Credential)
        return one.record.seal

    known = seal(data)
    assert (known.state, known.organisation_identifier) == (SealState.EMBEDDED, "VATES-A00000000")
    assert known.signed_at == datetime(2023, 9, 27, 11, 54, 17, tzinfo=UTC)
    assert (known.certificate.value, known.certificate_until.year) == ("expired", 2025)
    at = data.index(b"Micro-Credential")
    assert seal(data[:at] + b"m" + data[at + 1 :]).state is SealState.INVALID
    protected = data.index(b'"protected"') + 20
    flipped = data[:protected] + bytes((data[protected] ^ 1,)) + data[protected + 1 :]
    assert seal(flipped).state is SealState.INVALID
    text = json.loads(data)
    again = json.dumps(json.loads(text["payload"]), ensure_ascii=False)
    assert seal(json.dumps(text | {"payload": again}).encode()).state is SealState.INVALID
    assert seal(json.dumps(text, indent=4).encode()).state is SealState.EMBEDDED, "only the text within counts"


def test_the_official_seal_is_trusted_by_its_certificate(shared_root: Path) -> None:
    import base64

    data = (shared_root / "official/edc/samples/Sample-MC-Annex1-signed.jsonld").read_bytes()
    [entry] = json.loads(data)["signatures"]
    header = json.loads(base64.urlsafe_b64decode(entry["protected"] + "=="))
    der = base64.b64decode(header["x5c"][0])
    terms = Terms(trusted=(Trusted("issuer.pem", of_certificate(der).der, der),), at=NOW)
    [one] = read(Source("a.jsonld", data), Luggage(), reading=Reading(tables=TABLES, seals=terms))
    assert isinstance(one.record, Credential)
    assert one.record.seal is not None
    assert one.record.seal.state is SealState.TRUSTED
    assert seal_certificate(rsa_key()).public_bytes(Encoding.DER) != der
