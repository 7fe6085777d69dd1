"""Damage by a wrong encoding is found in the names of many languages, and in no honest text."""

from __future__ import annotations

import pytest

from mcbridge.checks.texts import damage, excerpt

NAMES = [
    "Žarko Šimić",
    "Đorđe Čačak",
    "Müller",
    "MÜLLER",
    "Weiß",
    "Åse",
    "ÅSE",
    "UMEÅ",
    "MALMÖ",
    "LULEÅ",
    "Ødegård",
    "KØBENHAVN",
    "EJK-HØJ",
    "Nguyễn",
    "Trần Thị",
    "Łukasz",
    "WAŁĘSA",
    "BOŻENA",
    "są",
    "Dvořák",
    "DVOŘÁK",
    "Şükrü",
    "İstanbul",
    "Ștefan",
    "ȚARĂ",
    "Αθήνα",
    "Ελλάδα",
    "Москва",
    "Ждановъ",
    "Київ",
    "Šúrová",
    "Ágnes",
    "ŐRI",
    "Jürgen’s",
    "“quoted”",
    "50 €",
    "Óscar",
    "ÓSCAR",
    "NIÑO",
    "Ñandú",
    "François",
    "GARÇON",
    "Þórður",
    "ÐURO",
    "đak",
    "JOÃO",
    "SÃO",
    "São",
    "Ieva Ķēniņa",
    "Gėdvilas",
    "BIRUTĖ",
    "Æbler",
    "Zoë",
    "naïve",
    "voilà",
    "à",
    "Côté",
    "CÔTÉ",
    "TÔ",
    "š",
    "Š",
    "CITÉ",
    "Ô",
    "北京大学",
    "東京",
    "서울",
    "שלום",
    "مرحبا",
    "ქართული",
    "Հայաստան",
    "a – b",
    "one… two",
    "½ h",
    "20 °C",
    "Łódź–Kraków",
    "Straße",
    "Ĝis",
    "Ħal",
    "Llŷn",
    "Ẅ",
]

HONEST = [
    *NAMES,
    *[
        "MAÇÃ",
        "AMANHÃ…",
        "“IRMÃ”",
        "«IRMÃ»",
        "IRMÃ – FILHA",
        "JYVÄSKYLÄ–TAMPERE",
        "UMEÅ–STOCKHOLM",
        "« café »",
        "« CAFÉ »",
        "«mamá»…",
        "«Panamá» ",
        "DÚŠEK",
        "KÔŠ",
        "NÔŽ",
        "Spaß“",
        "„Spaß“",
        "„SPAß“",
        "ČÍŽEK",
        "PÁŽE",
        "ÝŽ",
        "GENÇ…",
        "“HAÏ”",
        "voilà »",
        "È “così”",
        "„SISÄ”",
        "PÄIVÄ…",
        "ESPAÑA",
        "CORAZÓN",
        "Văn Ân",
        "ÂN",
        "CÂMARA",
        "CÂMPULUNG",
        "ŻÓŁĆ",
        "ÍŠOV",
        "BÁŠTA",
        "ÎLE-DE-FRANCE",
        "PÂTÉ",
        "À LA CARTE",
        "DÉJÀ…",
        "Québec — Montréal",
        "CITÉ–UNIVERSITÉ",
        "ÅS",
        "”LULEÅ”",
        "«À »",
        "«LÄ»",
        "À. Â. Ã. Ç. É",
        "ÑANDÚ",
        "L’ÉTÉ",
        "ÜÇ",
        "ÇOK",
        "GÜÇ’TE",
        "ÖĞRETİM",
        "ÄÄNI",
        "HÄÄYÖAIE",
        "ØRE",
        "ÆØÅ",
        "ÆØÅ.",
        "ÞÆÖ",
        "ß",
        "Â",
        "Ã",
        "Ä",
        "Å",
        "x² ± 5 µm",
        "§ 5",
        "© 2031",
        "10 £",
    ],
]


def misread(text: str, encoding: str) -> str:
    """The UTF-8 of a text read in another encoding; where Windows-1252 has nothing, most software reads a control."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("text", ["à€€", "ÂÃ", "« à »"])
def test_what_would_be_no_utf_8_is_no_damage(text: str) -> None:
    assert damage(text) is None


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_is_left_alone(text: str) -> None:
    assert damage(text) is None


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("name", NAMES)
def test_utf_8_that_was_read_as_something_else_is_found(name: str, encoding: str) -> None:
    once = misread(name, encoding)
    assert damage(once)
    assert damage(f"Uvod: {once}, 5 ECTS")
    assert damage(misread(once, encoding))


@pytest.mark.parametrize("text", ["Kart\ufffdr", "\x93Maps\x94", "caf\x8e", "\u0080"])
def test_lost_signs_and_controls_are_found(text: str) -> None:
    assert damage(text)


def test_what_is_quoted_stands_around_the_damage() -> None:
    text = f"{'a' * 500}KÃ¸benhavn{'b' * 500}"
    found = damage(text)
    assert found
    quoted = excerpt(text, found[1])
    assert "Ã¸" in quoted
    assert len(quoted) < 130
    assert excerpt("short", 2) == "short"
