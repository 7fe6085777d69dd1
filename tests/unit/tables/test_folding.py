from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcbridge.tables import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Datum rođenja", "DATUM RODENJA"),
        ("E-pošta", "e-posta"),
        ("Završeno (da/ne)", "završeno(da/ne)"),
        ("Naziv\u00a0(hr)", "Naziv (hr)"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("Ime:", "ime"),
        ("\ufeffŠifra", "sifra"),
        ("e\u0301cole", "école"),
        ("Œuvre", "oeuvre"),
    ],
)
def test_words_that_a_person_takes_for_the_same_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_words_that_differ_stay_different() -> None:
    words = ["Naziv (hr)", "Naziv (en)", "ECTS", "EQF", "Ime", "Prezime", "1", "11", "+", "-", "*", ".", ""]
    assert len({fold(word) for word in words}) == len(words)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
