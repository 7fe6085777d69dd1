"""base64 and gzip: what programs do to them on the way is undone, and nothing else is taken for them."""

from __future__ import annotations

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcbridge.errors import Unreadable
from mcbridge.limits import Limits
from mcbridge.packing import base64_of_gzip, from_base64, gunzip, is_base64

DOCUMENT = b"<elmo>" + bytes(range(32, 127)) * 20 + b"</elmo>"


@given(st.binary(max_size=5_000))
def test_what_is_packed_is_unpacked_and_known_again(data: bytes) -> None:
    text = base64_of_gzip(data)
    assert text == base64_of_gzip(data)
    assert is_base64(text)
    assert gunzip(from_base64(text, "x"), "x") == data == gzip.decompress(base64.b64decode(text))


@given(st.binary(min_size=40, max_size=600))
def test_the_alphabet_for_addresses_is_the_other_one(data: bytes) -> None:
    text = base64.urlsafe_b64encode(b"\x1f\x8b\x08" + data)
    assert is_base64(text)
    assert from_base64(text, "x") == from_base64(text.rstrip(b"="), "x") == b"\x1f\x8b\x08" + data


@given(st.binary(max_size=600))
def test_only_what_begins_as_a_document_when_it_is_decoded_is_base64(data: bytes) -> None:
    known = (b"\x1f\x8b", b"PK", b"%PDF-", b"<", b"{", b" ", b"\t", b"\r", b"\n", b"\0", b"\xef", b"\xff", b"\xfe")
    assert data.startswith(known) or not is_base64(base64.b64encode(data))


@pytest.mark.parametrize("cut", range(480, 540))
def test_where_the_beginning_is_cut_does_not_matter(cut: int) -> None:
    text = base64.b64encode(DOCUMENT * 3)
    escaped = text[:cut] + b"%2B" + text[cut + 1 :]
    assert is_base64(escaped)
    assert is_base64(text[:cut] + b"\\r\\n" + text[cut:])


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"QUJD",
        b"PD94",
        b"a;b;c\n1;2;3",
        b"<elmo/>",
        b'{"a": 1}',
        b"PD94" * 10 + b";",
        b"H4sI*" * 20,
        b"PGE+" + b"\xff" * 40,
    ],
)
def test_other_text_is_not_taken_for_base64(text: bytes) -> None:
    assert not is_base64(text)


@pytest.mark.parametrize("text", [b"H4sI!AAA", b"H4sIA", b"H4sI=AAA", b"H4sI\x00AAA"])
def test_damaged_base64_is_said_to_be(text: bytes) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        from_base64(text, "x")


def test_the_limits_of_envelopes_are_settings() -> None:
    with pytest.raises(Unreadable, match="at most 100 are") as caught:
        from_base64(base64.b64encode(DOCUMENT), "x", Limits(envelope=100))
    assert "--limit envelope=" in str(caught.value.hint)
    with pytest.raises(Unreadable, match="more than 2 times"):
        gunzip(gzip.compress(bytes(10_000)), "x", Limits(free=0, ratio=2))
    assert gunzip(gzip.compress(bytes(10_000)), "x", Limits(free=0, ratio=2_000)) == bytes(10_000)
