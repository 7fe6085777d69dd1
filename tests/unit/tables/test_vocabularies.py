from __future__ import annotations

import pickle
from collections.abc import Callable

import pycountry
import pytest
from lxml import etree

from mcbridge.errors import ConfigError
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT

Write = Callable[[str, str], Tables]

LIST = """
title = "Colours"
scheme = "https://example.org/colour"
iri = "https://example.org/colour/{code}"
version = "1"
source = "invented for a test"
retrieved = 2026-01-02
strict = false
columns = ["code", "word", "en", "hr"]
lookup = ["word"]
rows = [["01", "red", "Red", "crvena"], ["02", "blue", "Blue", ""]]
[aliases]
rot = "01"
"""

NOT_YET = """
cls cxh dsk dyr eud hbs hnm ikh isv izm lgs luh lvl nzr oak pze rrm rsw sjc tvi uly vjk vsn wtb ycr ykh ynb zem zlu
"""
"""Languages of ISO 639-3 that the European list does not have: young codes, and Serbo-Croatian (hbs)."""

WITHDRAWN = """
lsg rsi aam adp agp ais ajp ajt aoh asd aue ayx ayy baz bbz bgm bhk bic bij bjd bjq bkb blg bmy bpb btb btl bxx byy
cbe cbh cca ccq cdg cjr cka cmk coy cqu cug cum daf dap dek dgu dha dit djl dkl drh drr drw dud duj dwl elp emo gav
gbc ggn ggo ggr gio gji gli gti guv hrr iap ibi ill ilw ime izi jar jeg kbf kdv kgc kgd kgh kgm kjf koj kox kpp krm
ksa ktr kvs kwq kxe kxl kxu kzh kzj kzt lak lba leg lii llo lmm lmz lno meg mgx mhh mja mld mnt mof mst mvm mwd mwj
mwx mwy myd myi myq myt nad nbf nbx ncp ngo nln nlr nns nnx nom noo nte nts nxu ome oun pat pbz pcr pgy pii plj plp
pmc pmk pmu pod ppa ppr prb prp pry puk puz rie rmr rna sap sca sdm sgl sgo skk slq smd snb snh sul sum svr szd tbb
tdu tgg thc thw thx tid tie tkk tlw tmk tmp tne tnf toe tpw tsf unp uok uun vki wgw wit wiw wra wrd wya xba xbx xia
xip xkh xss xtz ybd yds yen yiy yma ymt ynh yos yri yuu zir zkb zua
"""
"""Codes that ISO 639-3 withdrew, as duplicates or as languages that never were; the European list keeps them."""


@pytest.mark.parametrize("name", Tables().names("vocabularies"))
def test_every_shipped_vocabulary_loads_and_says_where_it_came_from(shipped: Tables, name: str) -> None:
    vocabulary = shipped.vocabulary(name)
    assert len(vocabulary)
    assert vocabulary.source
    assert vocabulary.version
    assert vocabulary.retrieved.year > 2000
    for entry in vocabulary:
        assert vocabulary.by_iri(entry.iri) is entry
        assert vocabulary.find(entry.code) is entry
        assert vocabulary.label(entry.code) == entry.labels["en"]
        assert entry.code in vocabulary


def test_countries_are_those_of_iso_and_three_more(shipped: Tables) -> None:
    """Kosovo, Clipperton and the European Union have European codes; every other country is the one of ISO 3166-1."""
    ours = {entry.code: entry for entry in shipped.vocabulary("country")}
    iso = {country.alpha_2: country.alpha_3 for country in pycountry.countries}
    assert set(ours) == set(iso) | {"XK", "CP", "EU"}
    assert {code: entry.properties["alpha3"] for code, entry in ours.items() if code in iso} == iso
    european = {code for code, entry in ours.items() if entry.properties["authority"] != entry.properties.get("alpha3")}
    assert european == {"XK", "TF", "EU", "CP"}


def test_countries_are_found_by_the_spellings_of_european_lists(shipped: Tables) -> None:
    find = shipped.vocabulary("country").find
    spellings = {"EL": "GR", "GR": "GR", "grc": "GR", "UK": "GB", "GBR": "GB", "1A0": "XK", "XKX": "XK", " hr ": "HR"}
    assert {word: entry.code for word in spellings if (entry := find(word))} == spellings
    greece = find("EL")
    assert greece is not None
    assert greece.iri == "http://publications.europa.eu/resource/authority/country/GRC"
    assert find("ZZ") is None
    assert find("") is None


def test_every_two_letter_language_of_iso_is_there_but_the_withdrawn_one(shipped: Tables) -> None:
    """``sh`` (Serbo-Croatian) was withdrawn from ISO 639-1 and has no concept in the European list."""
    ours = {entry.code: entry for entry in shipped.vocabulary("language") if len(entry.code) == 2}
    iso = {each.alpha_2: each for each in pycountry.languages if hasattr(each, "alpha_2")}
    assert set(ours) == set(iso) - {"sh"}
    for code, entry in ours.items():
        assert entry.properties["authority"] == iso[code].alpha_3.upper()
        assert entry.properties.get("bibliographic", "") == getattr(iso[code], "bibliographic", "")


def test_every_three_letter_language_is_the_one_of_iso_but_for_these(shipped: Tables) -> None:
    """The European list has families of languages as well, keeps what ISO 639-3 withdrew, and is behind by a few."""
    common, rest = shipped.vocabulary("language"), shipped.vocabulary("language-rest")
    for entry in common:
        assert len(entry.code) == 2 or entry.properties["authority"] == entry.code.upper()
    for entry in rest:
        assert entry.iri.rpartition("/")[2] == entry.code.upper()
    ours = {entry.properties["authority"].lower() for entry in common} | {entry.code for entry in rest}
    assert len(ours) == len(common) + len(rest)
    iso = {each.alpha_3 for each in pycountry.languages}
    families = {each.alpha_3 for each in pycountry.language_families}
    assert ours - iso - families == set(WITHDRAWN.split())
    assert iso - ours == set(NOT_YET.split())
    assert {entry.code for entry in rest} & families == set()


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("csq", "csq"),  # a sign language
        ("wbs", "wbs"),  # one that is seldom met
        ("SQX", "sqx"),
        ("sgn", "sgn"),  # sign languages, whichever
        ("grc", "grc"),
        ("http://publications.europa.eu/resource/authority/language/GRC", "grc"),
        ("http://publications.europa.eu/resource/authority/language/ELL", "el"),
        ("mul", "mul"),
        ("und", "und"),
        ("qaa", None),  # for private use: no concept says what it is
        ("sh", None),  # withdrawn: Croatian, Serbian or Bosnian, and nobody knows which
        ("hbs", None),
        ("no", "no"),
        ("nob", "nb"),
        ("zho", "zh"),
        ("yue", "yue"),
        ("en-GB", None),
        ("", None),
    ],
)
def test_seldom_languages_are_found_too_and_private_ones_are_not(shipped: Tables, word: str, code: str | None) -> None:
    found = shipped.vocabulary("language").find(word)
    assert (found and found.code) == code


def test_countries_that_are_no_more_are_found_beside_the_others(shipped: Tables) -> None:
    """The European table has its own three letters for Zaire."""
    former = {entry.code: entry for entry in shipped.vocabulary("country-former")}
    iso = {each.alpha_4: each for each in pycountry.historic_countries}
    assert set(former) == set(iso)
    differ = {code for code, entry in former.items() if entry.properties["authority"] != iso[code].alpha_3}
    assert differ == {"ZRCD"}
    two = {code: entry.properties["alpha2"] for code, entry in former.items() if "alpha2" in entry.properties}
    assert all(iso[code].alpha_2 == letters for code, letters in two.items())
    reused = {each.alpha_2 for each in pycountry.countries} | {"CS"}
    assert {code for code in former if code not in two} == {code for code in iso if iso[code].alpha_2 in reused}
    find = shipped.vocabulary("country").find
    words = {"YU": "YUCS", "YUG": "YUCS", "SCG": "CSXX", "ZR0": "ZRCD", "AI": "AI", "ATF": "TF", "BY": "BY", "CS": None}
    assert {word: (entry.code if (entry := find(word)) else None) for word in words} == words
    south = shipped.vocabulary("country").by_iri("http://publications.europa.eu/resource/authority/country/ATF")
    assert south is not None
    assert south.code == "FQHH"


def test_what_is_seldom_met_is_read_when_it_is_asked_for(write: Write) -> None:
    tables = write("vocabularies/language-rest", "this is no list")
    languages = tables.vocabulary("language")
    assert languages.find("hr")
    assert languages.by_iri("http://publications.europa.eu/resource/authority/language/HRV")
    assert "de" in languages
    with pytest.raises(ConfigError):
        languages.find("wbs")


def test_a_list_and_its_rest_are_one_to_whoever_asks(write: Write) -> None:
    more = LIST.replace('"01", "red"', '"03", "pink"').replace('"02", "blue"', '"04", "grey"').replace('rot = "01"', "")
    tables = write("vocabularies/colour-rest", more)
    tables = write("vocabularies/colour", LIST.replace("strict = false", 'strict = false\nrest = "colour-rest"'))
    colours = tables.vocabulary("colour")
    assert [entry.code for entry in colours] == ["01", "02"]
    assert ("04" in colours, "05" in colours, 4 in colours) == (True, False, False)
    assert colours.label("03", "hr") == "crvena"
    assert colours.by_code("04") is colours.find("GREY") is colours.by_iri("https://example.org/colour/04")
    assert tables.vocabulary_of("https://example.org/colour/04") is colours


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('scheme = "https://example.org/', 'scheme = "https://example.org/other-', "is of another scheme"),
        ("strict = false", 'strict = false\nrest = "colour"', "has a rest itself"),
    ],
)
def test_a_rest_that_does_not_go_with_its_list_is_named(write: Write, before: str, after: str, words: str) -> None:
    write("vocabularies/colour-rest", LIST.replace(before, after))
    tables = write("vocabularies/colour", LIST.replace("strict = false", 'strict = false\nrest = "colour-rest"'))
    with pytest.raises(ConfigError, match=words) as caught:
        tables.vocabulary("colour").find("nothing")
    assert (caught.value.where or "").endswith("colour.toml: rest")


def test_national_levels_know_their_framework_and_its_country(shipped: Tables) -> None:
    levels = shipped.vocabulary("qdr")
    countries = shipped.vocabulary("country")
    frameworks = {entry.properties["framework"]: entry for entry in levels if "level" not in entry.properties}
    assert len(frameworks) == 43
    for entry in levels:
        named = frameworks[entry.properties["framework"]]
        assert entry.properties["country"] == named.properties["country"]
        assert entry.properties["country"] in countries
        assert entry is named or entry.labels["en"].startswith(f"{entry.properties['framework']} ")
    croatian = {entry.properties.get("level") for entry in levels if entry.properties["country"] == "HR"}
    assert croatian == {None, "1", "2", "3", "4.1", "4.2", "5", "6", "7.1", "7.2", "8.1", "8.2"}


def test_languages_are_found_by_all_their_codes(shipped: Tables) -> None:
    find = shipped.vocabulary("language").find
    spellings = {"ger": "de", "deu": "de", "DEU": "de", "fre": "fr", "iw": "he", "HRV": "hr", "scr": "hr", "csb": "csb"}
    assert {word: entry.code for word in spellings if (entry := find(word))} == spellings


def test_isced_fields_keep_their_zeros_and_have_their_parents(shipped: Tables) -> None:
    fields = shipped.vocabulary("isced-f")
    assert "0588" in fields
    assert "588" not in fields
    assert fields.find("588") is None
    assert fields.label("0612") == "Database and network design and administration"
    for entry in fields:
        assert entry.code.isdecimal()
        assert len(entry.code) in {2, 3, 4}
        assert entry.code[:2] in fields
        assert entry.code[: max(2, len(entry.code) - 1)] in fields


def test_only_ects_counts_as_ects(shipped: Tables) -> None:
    find = shipped.vocabulary("education-credit").find
    same = ("ects", "ECTS", " Ects ", "http://data.europa.eu/snb/education-credit/6fcec5c5af", "6fcec5c5af")
    assert {entry.code for word in same if (entry := find(word))} == {"ects"}
    ecvet = find("ECVET")
    assert ecvet is not None
    assert ecvet.code == "ecvet"
    for other in ("h", "hours", "gradingSchemeAbitur", "", "ects2", "CATS"):
        assert find(other) is None


def test_media_types_have_one_file_type_each(shipped: Tables) -> None:
    types = shipped.vocabulary("file-type")
    pdf = types.find("application/pdf")
    assert pdf is not None
    assert pdf.iri == "http://publications.europa.eu/resource/authority/file-type/PDF"
    archive = types.by_code("PDFA1B")
    assert archive is not None
    assert archive.properties["media_type"] == "application/pdf"
    for entry in types:
        if "media_type" not in entry.properties:
            continue
        found = types.find(entry.properties["media_type"])
        assert found is not None
        assert found.properties["media_type"] == entry.properties["media_type"]


def test_lists_that_the_issuer_checks_are_strict(shipped: Tables) -> None:
    strict = {name for name in shipped.names("vocabularies") if shipped.vocabulary(name).strict}
    europass = {name for name in strict if shipped.vocabulary(name).scheme.startswith("http://data.europa.eu/snb/")}
    assert europass == {
        "accreditation",
        "accreditation-decision",
        "credential",
        "entitlement-status",
        "eqf",
        "evidence-type",
        "isced-f",
        "learning-setting",
        "qdr",
        "supervision-verification",
        "verifiable-presentation",
        "verification-status",
    }


def test_labels_are_found_whatever_the_case_and_not_when_two_codes_share_one(shipped: Tables) -> None:
    kind = shipped.vocabulary("learning-opportunity").by_label("SHORT learning programme")
    assert kind is not None
    assert kind.code == "74a4a268e8"
    assert shipped.vocabulary("isced-f").by_label("Education") is None


def test_a_label_that_is_missing_in_a_language_is_given_in_english(write: Write) -> None:
    colours = write("vocabularies/colour", LIST).vocabulary("colour")
    assert colours.label("01", "hr") == "crvena"
    assert colours.label("02", "hr") == "Blue"
    assert colours.label("03") is None


def test_codes_words_and_aliases_lead_to_the_same_entry(write: Write) -> None:
    colours = write("vocabularies/colour", LIST).vocabulary("colour")
    red = colours.by_code("01")
    assert red is not None
    assert [colours.find(word) for word in ("01", "RED", "Rot", "https://example.org/colour/01")] == [red] * 4
    assert colours.find("1") is None
    assert colours.by_code("red") is None


@pytest.mark.parametrize(
    ("before", "after", "key", "words"),
    [
        ('["02", "blue"', '["01", "blue"', "rows[1]", "'01' stands twice"),
        ('["02", "blue"', '["02", "red"', "rows[1]", "means '01' and '02'"),
        ('["02", "blue", "Blue", ""]', '["02", "blue"]', "rows[1]", "2 cells, but 4 columns"),
        ('["02", "blue"', '["", "blue"', "rows[1]", "empty"),
        ('"blue", "Blue"', '"blue", ""', "rows[1]", "no English label"),
        ('rot = "01"', 'rot = "03"', "aliases.rot", "unknown code '03'"),
        ('rot = "01"', '02 = "01"', "aliases.02", "is a code itself"),
        ("strict = false", 'strict = "no"', "strict", "expected true or false"),
        ("strict = false", "strict = false\ncolour = 1", "", "unknown key 'colour'"),
        ('source = "invented for a test"\n', "", "", "source"),
        ("retrieved = 2026-01-02", 'retrieved = "soon"', "retrieved", "date"),
        ("{code}", "{cod}", "iri", "unknown column 'cod'"),
        ("{code}", "01", "iri", "no column in braces"),
        ('"word", "en", "hr"]', '"word", "word", "en"]', "columns[2]", "stands twice"),
        ('"en", "hr"]', '"de", "hr"]', "columns", "English"),
        ('lookup = ["word"]', 'lookup = ["words"]', "lookup[0]", "unknown column 'words'"),
        ('["02", "blue", "Blue", ""]', '["02", 2, "Blue", ""]', "rows[1][1]", "expected a string"),
    ],
)
def test_what_is_wrong_in_a_list_is_named_by_file_and_key(
    write: Write, before: str, after: str, key: str, words: str
) -> None:
    assert before in LIST
    tables = write("vocabularies/colour", LIST.replace(before, after))
    with pytest.raises(ConfigError) as caught:
        tables.vocabulary("colour")
    file, _, place = (caught.value.where or "").partition(".toml")
    assert file.endswith("colour")
    assert place.removeprefix(": ") == key
    assert words in caught.value.message


def test_a_file_that_is_no_toml_or_not_utf_8_is_named(write: Write) -> None:
    tables = write("vocabularies/colour", LIST.replace("strict = false", "strict ="))
    with pytest.raises(ConfigError, match=r"no TOML.*line 8"):
        tables.vocabulary("colour")
    assert tables.user is not None
    (tables.user / "vocabularies" / "colour.toml").write_bytes(b'title = "\xe8"')
    with pytest.raises(ConfigError, match="not UTF-8"):
        Tables(tables.user).vocabulary("colour")


def test_the_users_file_stands_in_front_of_ours_and_the_others_stay(write: Write) -> None:
    tables = write("vocabularies/eqf", LIST)
    assert tables.vocabulary("eqf").title == "Colours"
    assert tables.vocabulary("qf-ehea").title != "Colours"
    assert "eqf" in tables.names("vocabularies")


def test_a_list_that_is_not_there_is_named_with_what_comes_near(shipped: Tables) -> None:
    for name in ("contry", "../csv/microcredential-office", ""):
        with pytest.raises(ConfigError) as caught:
            shipped.vocabulary(name)
        assert caught.value.hint
    with pytest.raises(ConfigError, match="did you mean country"):
        shipped.vocabulary("contry")


def test_a_folder_that_is_not_there_is_an_error(write: Write) -> None:
    user = write("vocabularies/colour", LIST).user
    assert user is not None
    with pytest.raises(ConfigError, match="no such folder"):
        Tables(user / "nowhere")


def test_only_what_is_asked_for_is_read_and_only_once(write: Write) -> None:
    """A conversion that needs countries reads no list of fields."""
    tables = write("vocabularies/isced-f", "this is no list")
    first = tables.vocabulary("country")
    assert tables.vocabulary("country") is first
    with pytest.raises(ConfigError):
        tables.vocabulary("isced-f")


def test_tables_travel_to_another_process_by_their_place(write: Write) -> None:
    tables = write("vocabularies/colour", LIST)
    tables.vocabulary("colour")
    again = pickle.loads(pickle.dumps(tables))  # noqa: S301 - our own bytes
    assert again.user == tables.user
    assert again.vocabulary("colour").title == "Colours"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("elmo-attachment-type", ".//xs:enumeration[@value='Micro Credential']/.."),
        ("elmo-country", ".//xs:simpleType[@name='countryCode']/xs:restriction"),
        ("elmo-credit-level", ".//xs:enumeration[@value='PhD']/.."),
        ("elmo-gender", ".//xs:enumeration[@value='9']/.."),
        ("elmo-los-type", ".//xs:enumeration[@value='Degree Programme']/.."),
        ("elmo-status", ".//xs:enumeration[@value='in-progress']/.."),
    ],
)
def test_the_enumerations_of_elmo_are_those_of_our_schema(shipped: Tables, name: str, path: str) -> None:
    names = {"xs": "http://www.w3.org/2001/XMLSchema"}
    lists = [
        {str(each.get("value")) for each in restriction.iterfind("xs:enumeration", names)}
        for file in ("elmo.xsd", "countries.xsd")
        for restriction in etree.parse(CHECKOUT / "xsd" / "elmo" / "1.7" / file).getroot().iterfind(path, names)
    ]
    assert lists == [{entry.code for entry in shipped.vocabulary(name)}]


def test_countries_of_elmo_are_countries(shipped: Tables) -> None:
    countries = shipped.vocabulary("country")
    for entry in shipped.vocabulary("elmo-country"):
        known = countries.by_code(entry.code)
        assert known is not None
        assert known.labels == entry.labels


def test_two_codes_with_one_iri_are_refused(write: Write) -> None:
    text = LIST.replace("/{code}", "/{word}").replace('"blue"', '"red"')
    with pytest.raises(ConfigError, match=r"rows\[1\]: the IRI https://example\.org/colour/red stands twice"):
        write("vocabularies/colour", text).vocabulary("colour")


@pytest.mark.parametrize("name", Tables().names("vocabularies"))
def test_a_list_is_found_by_its_scheme_and_by_its_concepts(name: str) -> None:
    tables = Tables()
    vocabulary = tables.vocabulary(name)
    owner = tables.vocabulary_of(vocabulary.scheme)
    assert owner is not None
    assert owner.scheme == vocabulary.scheme
    for entry in vocabulary:
        owner = tables.vocabulary_of(entry.iri)
        assert owner is not None
        assert owner.by_iri(entry.iri) is entry


def test_a_list_is_found_without_reading_the_others(write: Write) -> None:
    tables = write("vocabularies/isced-f", LIST.replace("columns", "column"))
    found = tables.vocabulary_of("http://data.europa.eu/snb/eqf/25831c2")
    assert found is tables.vocabulary("eqf")
    assert tables.vocabulary_of("https://example.org/nothing/7") is None
    assert tables.vocabulary_of("") is None
    with pytest.raises(ConfigError):
        tables.vocabulary_of("https://example.org/colour/01")
