from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mcbridge.errors import ConfigError, UsageError
from mcbridge.tables import TARGETS, As, Kind, Tables

Write = Callable[[str, str], Tables]

HEADINGS = [
    "Šifra",
    "Ime",
    "Prezime",
    "Datum rođenja",
    "E-pošta",
    "Naziv mikrokvalifikacije (hr)",
    "Naziv (en)",
    "ECTS",
    "Opterećenje (h)",
    "EQF razina",
    "ISCED",
    "Ishodi učenja",
    "ESCO",
    "Način izvođenja",
    "Provjera",
    "Ocjena",
    "Datum stjecanja",
    "Izdavatelj",
    "Završeno (da/ne)",
]

PROFILE = """
title = "Units of an invented school"
record = "credential"
one_row_is = "achievement"
group_by = ["learner.identifier"]
[dialect]
encoding = "cp1250"
delimiter = ";"
decimal = ","
dates = "%d.%m.%Y."
booleans = { true = ["da"], false = ["ne"] }
[columns]
"JMBAG" = { to = "learner.identifier", type = "JMBAG", required = true }
"Naziv" = { to = "specification.title", lang = "hr", aliases = ["Naziv predmeta"] }
"Naziv (en)" = { to = "specification.title", lang = "en" }
"ECTS" = { to = "specification.credit", scheme = "ects", suffix = "ECTS" }
"Način" = { to = "specification.mode", via = "crosswalks/hr-mode", split = "|" }
"Položeno" = { to = "achievement.status", as = "boolean", via = "crosswalks/completed-achievement-status" }
"Napomena" = { ignore = "for the office" }
[constants]
"specification.kind" = "course"
[defaults]
"credential.title" = { en = "Units", hr = "Predmeti" }
"""


def test_the_office_profile_maps_every_heading_of_the_sheet(shipped: Tables) -> None:
    profile = shipped.profile("microcredential-office")
    mapped = {heading: column.to.name for heading in HEADINGS if (column := profile.column(heading)) and column.to}
    assert list(mapped) == HEADINGS
    assert mapped["Šifra"] == "specification.identifier"
    assert len(set(mapped.values())) == len(mapped) - 1, "only the title is given twice, in two languages"
    remarks = profile.column("Napomena")
    assert remarks is not None
    assert remarks.ignore


def test_the_office_profile_reads_cp1250_after_utf_8_and_croatian_words(shipped: Tables) -> None:
    dialect = shipped.profile("microcredential-office").dialect
    assert dialect.encoding == ("utf-8", "cp1250")
    assert (dialect.delimiter, dialect.decimal) == (";", ",")
    assert {"%d.%m.%Y", "%d.%m.%Y."} <= set(dialect.dates)
    assert "da" in dialect.booleans.true
    assert "ne" in dialect.booleans.false


def test_the_office_profile_knows_its_institutions_by_name_alias_and_number(shipped: Tables) -> None:
    organisations = shipped.profile("microcredential-office").organisations
    assert organisations is not None
    for name in ("Sveučilište u Primjerovu", "sveuciliste u primjerovu ", "UNIPRIM", "example.edu"):
        known = organisations.find(name)
        assert known is not None
        assert known.identifiers == {"schac": "example.edu"}
        assert known.country == "HR"
    assert organisations.find("Nepoznato učilište") is None
    assert organisations.find("") is None


@pytest.mark.parametrize("name", Tables().names("csv"))
def test_every_shipped_profile_loads(shipped: Tables, name: str) -> None:
    profile = shipped.profile(name)
    assert profile.columns
    assert profile.title


def test_headings_are_compared_without_case_accents_and_spaces(write: Write) -> None:
    profile = write("csv/school", PROFILE).profile("school")
    for heading in ("naziv", " NAZIV ", "Naziv\u00a0predmeta", "nazivpredmeta", "Naziv:"):
        column = profile.column(heading)
        assert column is not None
        assert column.header == "Naziv"
    passed = profile.column("POLOZENO")
    assert passed is not None
    assert passed.as_ is As.BOOLEAN
    assert profile.column("Naslov") is None


def test_words_that_may_stand_alone_become_lists_and_readings_follow_the_target(write: Write) -> None:
    profile = write("csv/school", PROFILE).profile("school")
    assert profile.dialect.encoding == ("cp1250",)
    assert profile.dialect.dates == ("%d.%m.%Y.",)
    credit, mode = profile.column("ECTS"), profile.column("Način")
    assert credit is not None
    assert mode is not None
    assert (credit.as_, credit.suffix, credit.scheme, credit.via) == (As.DECIMAL, ("ECTS",), "ects", None)
    assert (mode.as_, mode.split) == (As.TEXT, ("|",))
    assert [target.name for target in profile.group_by] == ["learner.identifier"]


def test_a_coded_column_without_a_crosswalk_is_read_by_its_own_list(shipped: Tables) -> None:
    level = shipped.profile("microcredential-office").column("EQF razina")
    assert level is not None
    assert level.via == "vocabularies/eqf"
    gives, code = shipped.via(level.via)
    assert gives == "eqf"
    assert [code(cell) for cell in ("6", "Level 6", "EQF 7", "9", "šest")] == ["6", "6", "7", None, None]


def test_constants_become_codes_and_defaults_keep_their_languages(write: Write) -> None:
    profile = write("csv/school", PROFILE).profile("school")
    assert [(given.to.name, given.value) for given in profile.constants] == [("specification.kind", "05053c1cbe")]
    assert [(given.lang, given.value) for given in profile.defaults] == [("en", "Units"), ("hr", "Predmeti")]


def test_a_profile_may_be_a_file_anywhere(write: Write, shipped: Tables) -> None:
    user = write("csv/school", PROFILE).user
    assert user is not None
    path = user / "csv" / "school.toml"
    assert shipped.profile(path).name == "school"
    assert shipped.profile(str(path)) is shipped.profile(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        shipped.profile(Path("nowhere") / "school.toml")


def test_a_profile_that_is_not_there_is_a_wrong_call_and_names_what_comes_near(shipped: Tables) -> None:
    with pytest.raises(UsageError, match="did you mean microcredential-office"):
        shipped.profile("micro-credential-office")


@pytest.mark.parametrize(
    ("before", "after", "key", "words"),
    [
        ('to = "specification.mode"', 'to = "specification.modes"', 'columns."Način".to', "unknown target"),
        ('to = "specification.mode"', 'to = "provision.validFrom"', 'columns."Način".to', "no place in a credential"),
        ('to = "specification.mode"', 'to = "specification.setting"', 'columns."Način".split', "one value"),
        (', split = "|"', ', spilt = "|"', 'columns."Način"', "unknown key 'spilt'"),
        (', split = "|"', ', split = ""', 'columns."Način"', "empty separator"),
        ("crosswalks/hr-mode", "crosswalks/hr-modes", 'columns."Način".via', "no table"),
        ("crosswalks/hr-mode", "hr-mode", 'columns."Način".via', "no table"),
        ("crosswalks/hr-mode", "crosswalks/hr-assessment", 'columns."Način".via', "leads to 'assessment'"),
        (', via = "crosswalks/completed-achievement-status"', "", 'columns."Položeno".via', "yes or no is no code"),
        ("completed-achievement-status", "hr-mode", 'columns."Položeno".via', "leads to"),
        ('lang = "en"', 'lang = "hr"', 'columns."Naziv (en)"', "the column 'Naziv' gives specification.title"),
        ('"Naziv (en)" =', '"NAZIV PREDMETA" =', 'columns."NAZIV PREDMETA"', "called 'NAZIV PREDMETA' too"),
        ('ignore = "for the office"', 'ignore = ""', "columns.Napomena.ignore", "no reason"),
        ('ignore = "for the office"', 'ignore = "x", required = true', "columns.Napomena", "nothing else"),
        ('{ ignore = "for the office" }', "{}", "columns.Napomena", "neither mapped nor ignored"),
        ('scheme = "ects"', 'type = "ects"', "columns.ECTS.type", "has no type"),
        ('scheme = "ects"', 'lang = "hr"', "columns.ECTS.lang", "has no language"),
        ('scheme = "ects"', 'as = "hours"', "columns.ECTS.as", "cannot be read as 'hours'"),
        ('scheme = "ects"', 'as = "float"', "columns.ECTS.as", "float"),
        ('scheme = "ects"', 'via = "vocabularies/eqf"', "columns.ECTS.via", "is no code"),
        ("required = true", 'country = "HR"', "columns.JMBAG.country", "has no country"),
        ('scheme = "ects"', "nr = 2", "columns.ECTS.nr", "not numbered in a credential"),
        ('scheme = "ects"', "digits = 3", "columns.ECTS.digits", "no number made of digits"),
        ("required = true", 'check = "luhn"', "columns.JMBAG.check", "luhn"),
        (
            "required = true",
            'also = [{ to = "learner.email", required = true }]',
            "columns.JMBAG.also[0].required",
            "column",
        ),
        ("required = true", 'also = [{ to = "learner.mail" }]', "columns.JMBAG.also[0].to", "unknown target"),
        ("required = true", "also = [{}]", "columns.JMBAG.also[0]", "neither mapped nor ignored"),
        ('scheme = "ects"', "nr = 0", "columns.ECTS.nr", "1"),
        ("required = true", "required = 1", "columns.JMBAG.required", "true or false"),
        ('encoding = "cp1250"', 'encoding = "cp12500"', "dialect.encoding[0]", "unknown encoding"),
        ('delimiter = ";"', 'delimiter = ":"', "dialect.delimiter", ":"),
        ('decimal = ","', 'decimal = ","\nthousands = ","', "dialect.thousands", "same character"),
        ('"%d.%m.%Y."', '"%d. %B %Y"', "dialect.dates[0]", "language"),
        ('"%d.%m.%Y."', '"%d.%m.%Y %Y"', "dialect.dates[0]", "does not name a day"),
        ('"%d.%m.%Y."', '"%d.%m.%Q"', "dialect.dates[0]", "does not name a day"),
        ('"%d.%m.%Y."', '"%m.%Y"', "dialect.dates[0]", "does not name a day"),
        ('false = ["ne"]', 'false = ["DA"]', "dialect.booleans", "da means yes and no"),
        (
            '"specification.kind" = "course"',
            '"specification.kind" = "curse"',
            'constants."specification.kind"',
            "no code",
        ),
        (
            '"specification.kind" = "course"',
            '"specification.kinds" = "course"',
            'constants."specification.kinds"',
            "target",
        ),
        ('"specification.kind" = "course"', '"specification.kind" = 7', 'constants."specification.kind"', "a string"),
        (
            '"specification.kind" = "course"',
            '"specification.kind" = { en = "course" }',
            'constants."specification.kind"',
            "no language",
        ),
        (
            '"specification.kind" = "course"',
            '"specification.title" = { hr = "Predmet" }',
            'constants."specification.title"',
            "the column 'Naziv' gives",
        ),
        ('en = "Units"', 'en = " "', 'defaults."credential.title"', "empty value"),
        ('"learner.identifier"]', '"learner.email"]', "group_by[0]", "unknown mapped target 'learner.email'"),
        ('group_by = ["learner.identifier"]\n', "", "group_by", "group them"),
        ('one_row_is = "achievement"', 'one_row_is = "credential"', "group_by", "nothing is grouped"),
        ('one_row_is = "achievement"', 'one_row_is = "provision"', "one_row_is", "makes no 'credential'"),
        ('record = "credential"', 'record = "learner"', "record", "learner"),
        ('record = "credential"', 'recrod = "credential"', "", "recrod"),
        (
            'group_by = ["learner.identifier"]',
            'group_by = ["learner.identifier"]\norganisations = "nobody"',
            "organisations",
            "'nobody'",
        ),
    ],
)
def test_what_is_wrong_in_a_profile_is_named_by_file_and_key(
    write: Write, before: str, after: str, key: str, words: str
) -> None:
    assert before in PROFILE
    tables = write("csv/school", PROFILE.replace(before, after, 1))
    with pytest.raises(ConfigError) as caught:
        tables.profile("school")
    assert (caught.value.where or "").partition("school.toml")[2].removeprefix(": ") == key
    assert words in caught.value.message


def test_a_heading_twice_is_no_toml(write: Write) -> None:
    tables = write("csv/school", PROFILE.replace('"Napomena" =', '"ECTS" ='))
    with pytest.raises(ConfigError, match="no TOML"):
        tables.profile("school")


ORGANISATIONS = """
title = "Schools"
[organisations."Škola A"]
names = { hr = "Škola A", en = "School A" }
country = "HR"
identifiers = { schac = "a.example.org" }
[organisations."Škola B"]
names = { hr = "Škola B" }
country = "SI"
kind = "other-provider"
"""


@pytest.mark.parametrize(
    ("before", "after", "key", "words"),
    [
        ('"SI"', '"SLOVENIA"', 'organisations."Škola B".country', "unknown country"),
        ('"SI"', '"SVN"', 'organisations."Škola B".country', "another spelling of 'SI'"),
        ("other-provider", "school", 'organisations."Škola B".kind', "school"),
        (
            'names = { hr = "Škola B" }',
            'names = { hr = "School A" }',
            'organisations."Škola B"',
            "another organisation",
        ),
        ('country = "SI"', 'country = "SI"\nregions = ["SI032"]', 'organisations."Škola B".regions[0]', "address"),
        ('names = { hr = "Škola B" }', "names = {}", 'organisations."Škola B".names', "no name"),
        ('country = "HR"\n', "", 'organisations."Škola A"', "country"),
        ('country = "HR"', 'contry = "HR"', 'organisations."Škola A"', "contry"),
    ],
)
def test_what_is_wrong_with_a_known_organisation_is_named_by_file_and_key(
    write: Write, before: str, after: str, key: str, words: str
) -> None:
    assert before in ORGANISATIONS
    tables = write("organisations/schools", ORGANISATIONS.replace(before, after))
    with pytest.raises(ConfigError) as caught:
        tables.organisations("schools")
    assert (caught.value.where or "").partition(".toml")[2].removeprefix(": ") == key
    assert words in caught.value.message


def test_a_users_own_institutions_stand_in_front_of_the_invented_ones(write: Write) -> None:
    profile = write("organisations/issuers", ORGANISATIONS).profile("microcredential-office")
    assert profile.organisations is not None
    assert [name for name, _ in profile.organisations] == ["Škola A", "Škola B"]
    assert len(profile.organisations) == 2
    assert profile.organisations.find("school a") is profile.organisations.find("a.example.org")


def test_a_profile_may_hold_its_organisations_itself(write: Write) -> None:
    own = PROFILE + ORGANISATIONS.replace('\ntitle = "Schools"', "")
    known = write("csv/school", own).profile("school").organisations
    assert known is not None
    found = known.find("school a")
    assert (known.title, found and found.country) == ("those of the profile school", "HR")
    with pytest.raises(ConfigError) as caught:
        write("csv/school", own.replace('"SI"', '"SVN"')).profile("school")
    assert (caught.value.where or "").endswith('organisations."Škola B".country')


def test_an_institution_that_is_a_constant_must_be_a_known_one(write: Write) -> None:
    write("organisations/schools", ORGANISATIONS)
    text = PROFILE.replace(
        'group_by = ["learner.identifier"]', 'group_by = ["learner.identifier"]\norganisations = "schools"'
    )
    known = write("csv/school", text.replace('"specification.kind" = "course"', '"awardingBody" = "skola b"'))
    assert [given.value for given in known.profile("school").constants] == ["skola b"]
    unknown = write("csv/school", text.replace('"specification.kind" = "course"', '"awardingBody" = "Škola C"'))
    with pytest.raises(ConfigError, match="not among the organisations"):
        unknown.profile("school")


def test_targets_are_consistent(shipped: Tables) -> None:
    """Coded targets have lists that exist, and every target says what it means and who may use it."""
    for name, target in TARGETS.items():
        assert name == target.name
        assert target.meaning
        assert set(target.records) <= {"credential", "provision"}
        assert target.records
        if target.vocabulary is not None:
            assert target.kind is Kind.CODE
            assert len(shipped.vocabulary(target.vocabulary))
        if target.lang:
            assert target.kind is Kind.TEXT
    assert not any(name.startswith("learner.") for name, target in TARGETS.items() if "provision" in target.records)


def test_a_national_level_names_a_country_that_exists(write: Write) -> None:
    column = '"Razina" = { to = "specification.nqfLevel", country = "HR", scheme = "HKO" }\n"ECTS" ='
    profile = write("csv/school", PROFILE.replace('"ECTS" =', column)).profile("school")
    level = profile.column("razina")
    assert level is not None
    assert (level.country, level.scheme) == ("HR", "HKO")
    with pytest.raises(ConfigError, match="unknown country 'CRO'"):
        write("csv/other", PROFILE.replace('"ECTS" =', column.replace('"HR"', '"CRO"'))).profile("other")


def test_a_crosswalk_for_yes_and_no_must_know_both(write: Write) -> None:
    write(
        "crosswalks/half",
        'title = "Half"\nfrom = "words"\nto = "achievement-status"\nversion = "1"\nsource = "invented"\n'
        'retrieved = 2026-01-02\ncompleteness = "partial"\nlossy = false\n[rows]\ntrue = "passed"\n',
    )
    tables = write("csv/school", PROFILE.replace("completed-achievement-status", "half"))
    with pytest.raises(ConfigError, match="does not say what true and false are"):
        tables.profile("school")


def test_a_crosswalk_may_lead_to_words_where_the_target_is_text(write: Write) -> None:
    """A local grade becomes the label that the certificate has."""
    write(
        "crosswalks/grades",
        'title = "Grades"\nfrom = "words"\nto = "words"\nversion = "1"\nsource = "invented"\n'
        'retrieved = 2026-01-02\ncompleteness = "partial"\nlossy = false\n[rows]\n5 = "izvrstan (5)"\n',
    )
    column = '"Ocjena" = { to = "assessment.grade", via = "crosswalks/grades" }\n"ECTS" ='
    tables = write("csv/school", PROFILE.replace('"ECTS" =', column))
    grade = tables.profile("school").column("Ocjena")
    assert grade is not None
    assert grade.via is not None
    assert tables.via(grade.via)[1]("5") == "izvrstan (5)"


@pytest.mark.parametrize("name", ["course-catalogue", "isvu", "microcredential-office"])
def test_an_outline_has_the_headings_of_the_profile_and_what_must_be_there(shipped: Tables, name: str) -> None:
    outline, profile = Tables().outline(name), shipped.profile(name)
    assert [(each.header, each.aliases, each.required, each.to) for each in outline.columns] == [
        (each.header, each.aliases, each.required, each.to) for each in profile.columns
    ]
    assert (outline.dialect, outline.group_by) == (profile.dialect, profile.group_by)
    assert outline.by_heading.keys() == profile.by_heading.keys()
    assert {each.to for each in outline.constants} == {each.to for each in profile.constants}


def test_lists_that_a_profile_names_are_looked_for_only_when_it_is_used(write: Write) -> None:
    tables = write("csv/school", PROFILE.replace("crosswalks/hr-mode", "crosswalks/nowhere"))
    assert tables.outline("school").column("nacin") is not None
    with pytest.raises(ConfigError, match="nowhere"):
        tables.profile("school")
