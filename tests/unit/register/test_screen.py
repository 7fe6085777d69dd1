"""A text that gives a learner away is found, however it is written; chance meetings are left alone."""

from __future__ import annotations

from datetime import date

import pytest

from mcbridge.register.screen import ADDRESS, BIRTH, NAME, NUMBER, Screen, same_number


def screen() -> Screen:
    made = Screen()
    made.name("Testa Maria", "Primjerić-Uzorak")
    made.whole_name("Izmišljen Đurđević")
    made.number("0036512345")
    made.number("urn:schac:personalUniqueCode:int:esi:hr:1234567890")
    made.number("71234")
    made.address("testa.primjeric@student.example.edu")
    made.birth(date(1999, 5, 2))
    return made


@pytest.mark.parametrize(
    "text",
    [
        "Testa Maria Primjerić-Uzorak",
        "Primjerić-Uzorak, Testa Maria",
        "prepared for TESTA PRIMJERIĆ by the office",
        "Primjeric Testa",
        "uzorak maria",
        "testa-maria-primjeric-uzorak",
        "https://example.edu/people/testa_primjeric",
        "https://example.edu/~testaprimjeric",
        "Testa\u00a0Primjeric\u0301",
        "Te\u00adsta Prim\u200bjerić",
        "Đurđević Izmišljen",
        "izmisljen durdevic",
    ],
)
def test_a_name_is_found_in_any_order_and_spelling(text: str) -> None:
    assert screen().find(text) == NAME


@pytest.mark.parametrize(
    "text",
    ["Testa", "Maria and the others", "a course about Primjerić", "", "   ", "Testa and Primjerić", "Maria Test"],
)
def test_half_a_name_is_nobody(text: str) -> None:
    assert screen().find(text) is None


@pytest.mark.parametrize("text", ["JMBAG 0036512345", "0036-512-345".replace("-", ""), "1234567890", "no. 71234!"])
def test_a_number_is_found(text: str) -> None:
    assert screen().find(text) == NUMBER


@pytest.mark.parametrize(
    ("text", "found"), [("0036512345", NUMBER), ("71234", None), ("MC-71234", None), ("example.edu/71234", None)]
)
def test_in_codes_only_long_numbers_are_looked_for_because_short_ones_meet_by_chance(
    text: str, found: str | None
) -> None:
    assert screen().find(text, code=True) == found


def test_a_name_in_a_code_is_found_all_the_same() -> None:
    assert screen().find("testa-primjeric-2025", code=True) == NAME


def test_an_address_is_found() -> None:
    assert screen().find("write to TESTA.PRIMJERIC@student.example.edu.") in {ADDRESS, NAME}
    only = Screen()
    only.address("kontakt@student.example.edu")
    assert only.find("write to kontakt@student.example.edu") == ADDRESS
    assert only.find("kontakt@example.edu") is None


@pytest.mark.parametrize(
    "text", ["born 1999-05-02", "2.5.1999.", "02. 05. 1999", "2/5/1999", "1999-5-2", "19990502", "02-05-1999"]
)
def test_a_date_of_birth_is_found(text: str) -> None:
    assert screen().find(text) == BIRTH


@pytest.mark.parametrize("text", ["1999-05-03", "since 1999", "2.5 ECTS in 1999"])
def test_another_date_is_not(text: str) -> None:
    assert screen().find(text) is None


def test_what_would_be_found_everywhere_is_not_looked_for() -> None:
    made = Screen()
    made.name("", "")
    made.name("X", "Li")
    made.name("", "An")
    made.whole_name("")
    made.number("12")
    made.number("00000000")
    made.number("unknown")
    made.number("")
    made.address("none")
    made.address("@")
    for text in ("An introduction", "12 weeks", "00000000", "unknown", "none", "Li is a name"):
        assert made.find(text) is None
    assert made.find("li x") == NAME


def test_a_single_name_that_is_long_enough_is_looked_for() -> None:
    made = Screen()
    made.name("Onlyname", "")
    assert made.find("with Onlyname") == NAME


@pytest.mark.parametrize(
    ("one", "others", "same"),
    [
        ("0036-512345", ["0036512345"], True),
        ("ab 1", ["AB-1"], True),
        ("12", ["123", "21"], False),
        ("", [""], False),
        ("-", [], False),
    ],
)
def test_numbers_are_compared_without_punctuation(one: str, others: list[str], same: bool) -> None:
    assert same_number(one, others) is same


@pytest.mark.parametrize(
    "text",
    ["Rad Teste Primjerić", "s Testom Primjerićem", "T. Primjerić", "Primjerićeva Testa", "uzorka Mariji Uzorak"],
)
def test_a_name_in_another_case_or_with_an_initial_is_found(text: str) -> None:
    assert screen().find(text) == NAME


@pytest.mark.parametrize("text", ["metoda Primjerić", "i Primjerić", "Testiranje i uzorak", "Tečaj i uzorke"])
def test_a_family_name_without_a_given_one_is_a_word_like_others(text: str) -> None:
    assert screen().find(text) is None
