"""A folder of keys is read as people keep them, and a file that is none is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from mcbridge.errors import ConfigError
from mcbridge.seals.keys import of_public_key
from mcbridge.seals.trust import LARGEST, trusted
from tests.unit.seals.signing import certificate, ec_key, pem, pem_certificate, rsa_key

PUBLIC = rsa_key().public_key()
SPKI = PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
PKCS1 = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.PKCS1)
CERTIFICATE = certificate(rsa_key())
PEM = pem_certificate(CERTIFICATE)

FORMS = {
    "certificate": PEM,
    "public key": pem(rsa_key()),
    "PKCS #1": PKCS1,
    "DER certificate": CERTIFICATE.public_bytes(Encoding.DER),
    "DER key": SPKI,
    "Windows line breaks": PEM.replace(b"\n", b"\r\n"),
    "one line": PEM.replace(b"\n", b""),
    "as JSON has it": PEM.replace(b"\n", b"\\n"),
    "without its marks": b"\n".join(PEM.splitlines()[1:-1]),
    "text around": b"Bag Attributes\n    friendlyName: ours\n" + PEM + b"thank you\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_the_same_in_whatever_it_comes(form: str, tmp_path: Path) -> None:
    (tmp_path / "Any Name.txt").write_bytes(FORMS[form])
    [found] = trusted(tmp_path)
    assert (found.file, found.der) == ("Any Name.txt", SPKI)
    of_certificate = "certificate" in form.lower() or form not in {"public key", "PKCS #1", "DER key"}
    assert (found.certificate is not None) == of_certificate


def test_all_keys_of_all_files_are_trusted(tmp_path: Path) -> None:
    (tmp_path / "b.pem").write_bytes(PEM + pem(ec_key()))
    (tmp_path / "a").write_bytes(pem(rsa_key(1)))
    (tmp_path / ".hidden").write_bytes(b"no key")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "c.pem").write_bytes(b"no key")
    assert [each.file for each in trusted(tmp_path)] == ["a", "b.pem", "b.pem"]


BROKEN = {
    "empty": b"",
    "text": b"these are our keys",
    "cut off": PEM[:400],
    "damaged": PEM.replace(PEM.splitlines()[1], b"A" * 64),
    "another thing": b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
    "a good one and a broken one": PEM + b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "too large": b"\0" * (LARGEST + 1),
    "zeros": b"\0" * 100,
    "private": rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_is_no_key_is_named(what: str, tmp_path: Path) -> None:
    (tmp_path / "good.pem").write_bytes(PEM)
    (tmp_path / "other.pem").write_bytes(BROKEN[what])
    with pytest.raises(ConfigError) as raised:
        trusted(tmp_path)
    assert raised.value.where == str(tmp_path / "other.pem")
    assert raised.value.hint
    if what == "private":
        assert "private key" in raised.value.message


def test_a_folder_without_keys_or_none_at_all_is_named(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(ConfigError) as raised:
            trusted(folder)
        assert raised.value.where == str(folder)


@pytest.mark.parametrize("der", [b"", b"0", SPKI[:-1], b"\x30\x03\x02\x01\x01"])
def test_what_is_no_key_is_a_value_error(der: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the library says of it
        of_public_key(der)
