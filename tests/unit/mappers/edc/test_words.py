"""Texts, codes, amounts, people and places, one by one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from mcbridge.mappers.edc.concepts import Foreign, Known, Lists, Unknown
from mcbridge.mappers.edc.values import day, duration, instant, number, rounded
from mcbridge.model import (
    Address,
    AddressPart,
    Concept,
    Contact,
    Duration,
    Identifier,
    Learner,
    Note,
    Organisation,
    OrganisationKind,
    Place,
    Text,
    Texts,
)
from tests.unit.mappers.edc.writing_one import TABLES, Result, achievement, award, body, credential, en

LISTS = Lists(TABLES)


@pytest.mark.parametrize(
    ("months", "seconds", "text"),
    [
        (0, "0", "PT0S"),
        (0, "216000", "PT60H"),
        (0, "5400", "PT1H30M"),
        (0, "59.5", "PT59.5S"),
        (6, "0", "P6M"),
        (14, "3601", "P14MT1H1S"),
    ],
)
def test_durations_have_months_hours_minutes_and_seconds(months: int, seconds: str, text: str) -> None:
    assert duration(Duration(months=months, seconds=Decimal(seconds))) == text


def test_numbers_keep_their_digits_and_have_no_exponent() -> None:
    assert [number(Decimal(text)) for text in ("6.00", "2.5", "1E+2", "0.1")] == ["6.00", "2.5", "100", "0.1"]
    assert [rounded(Decimal(text)) for text in ("0.5", "1.5", "-0.5", "2.4")] == [1, 2, -1, 2]


def test_instants_have_an_offset() -> None:
    moment = dt.datetime(2025, 6, 30, 12, 0, 5)  # noqa: DTZ001 - one without an offset is the case
    assert instant(moment) == "2025-06-30T12:00:05Z"
    assert instant(moment.replace(tzinfo=dt.UTC)) == "2025-06-30T12:00:05Z"
    assert instant(moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=-3)))) == "2025-06-30T12:00:05-03:00"
    assert day(dt.date(2001, 2, 28)) == "2001-02-28T00:00:00Z"


class TestTexts:
    def titled(self, *texts: Text, primary: str | None = "en") -> Result:
        return Result(credential(achievement(title=texts), primary_language=primary))

    def test_tags_are_small_and_as_short_as_they_can_be(self) -> None:
        found = self.titled(Text("a", "EN"), Text("b", "hrv"), Text("c", "de_AT"), Text("d", " fr "))
        assert found.claim["title"] == {"en": ["a"], "hr": ["b"], "de-at": ["c"], "fr": ["d"]}

    def test_one_text_a_language_and_the_stated_one_first(self) -> None:
        found = self.titled(Text("unstated"), Text("stated", "en"), Text("again", "en"), Text("stated", "en"))
        assert found.claim["title"] == {"en": ["stated"]}
        assert found.lost() == [
            ("achievements[0].title[2]", "loss/language-repeated"),
            ("achievements[0].title[3]", "loss/language-repeated"),
            ("achievements[0].title[0]", "loss/language-repeated"),
        ]

    def test_a_text_without_a_language_is_in_that_of_the_record_and_a_note_counts_them(self) -> None:
        found = self.titled(Text("Karte"), primary="hr")
        assert found.claim["title"] == {"hr": ["Karte"]}
        assert found.message("edc/language-assumed").startswith("in 1 texts no language is stated")

    def test_a_word_that_is_no_tag_is_lost_and_its_text_is_not(self) -> None:
        found = self.titled(Text("Karte", "hrvatski jezik"))
        assert found.claim["title"] == {"en": ["Karte"]}
        assert found.lost() == [("achievements[0].title[0].lang", "loss/language-tag")]

    def test_empty_texts_are_not_written(self) -> None:
        found = self.titled(Text("Maps", "en"), Text("", "hr"), Text("  ", "de"))
        assert found.claim["title"] == {"en": ["Maps"]}
        assert [code for _, code in found.lost()] == ["loss/empty", "loss/empty"]

    def test_a_name_is_in_one_language(self) -> None:
        names = (Text("Ana Primjerić", "en"), Text("Ана", "mk"), Text("Ana P.", "hr"))
        found = Result(credential(learner=Learner(full_name=names), primary_language="hr"))
        assert found.credential["credentialSubject"]["fullName"] == {"hr": ["Ana P."]}
        assert found.lost() == [(f"learner.fullName[{at}]", "loss/language-dropped") for at in (0, 1)]

    def test_a_name_is_in_the_preferred_language_that_there_is(self) -> None:
        names = (Text("Ana", "hr"), Text("Anna", "de"), Text("Anne", "fr"))
        for lang, kept in (("", "hr"), ("fr", "fr"), ("en,de,fr", "de"), ("en", "hr"), ("sv+fr", "fr")):
            found = Result(credential(learner=Learner(full_name=names), primary_language="hr"), lang=lang)
            assert list(found.credential["credentialSubject"]["fullName"]) == [kept]
            assert len([path for path, code in found.lost() if code == "loss/language-dropped"]) == 2

    @pytest.mark.parametrize(
        ("stated", "languages", "title", "code"),
        [
            ("hr", (), en("Maps"), "HRV"),
            ("HRV", (), en("Maps"), "HRV"),
            (None, ("de", "en"), en("Maps"), "DEU"),
            (None, (), (Text("Karte", "hr"),), "HRV"),
            (None, (), (Text("Maps"),), "ENG"),
            ("klingon", (), (Text("Karte", "hr"),), "HRV"),
        ],
        ids=["stated", "three-letters", "first-of-several", "of-the-texts", "default", "unknown"],
    )
    def test_the_language_of_the_record(
        self, stated: str | None, languages: tuple[str, ...], title: Texts, code: str
    ) -> None:
        plain = Learner(family_name=(Text("X"),))
        where = body(names=(Text("Body"),))
        record = credential(
            achievement(title=title),
            learner=plain,
            organisations=(where,),
            primary_language=stated,
            languages=languages,
        )
        found = Result(record)
        assert found.credential["displayParameter"]["primaryLanguage"]["id"].endswith(code)
        assert (stated == "klingon") == ("edc/unknown-code" in dict(found.rules()))
        assumed = not languages and (stated is None or stated == "klingon")
        assert assumed == ("edc/primary-language-assumed" in dict(found.rules()))


class TestConcepts:
    @pytest.mark.parametrize(
        ("concept", "list_"),
        [
            (Concept(code="920fbb3cbe"), "learning-assessment"),
            (Concept(code="online"), "learning-assessment"),
            (Concept(code="online", scheme="learning-assessment"), "learning-assessment"),
            (Concept(code="http://data.europa.eu/snb/learning-assessment/920fbb3cbe"), "learning-assessment"),
            (Concept(code="Course", scheme="elmo-los-type"), "learning-opportunity"),
            (Concept(code="http://data.europa.eu/esco/skill/1"), "esco-skills"),
        ],
    )
    def test_a_concept_of_the_list_however_it_is_given(self, concept: Concept, list_: str) -> None:
        assert isinstance(LISTS.sort(concept, list_), Known)

    def test_the_list_of_another_word_is_not_this_list(self) -> None:
        strange = Concept(code="online", scheme="somebody-else")
        assert isinstance(LISTS.sort(strange, "learning-assessment"), Foreign)

    def test_a_code_that_a_strict_list_does_not_have_is_no_concept(self) -> None:
        assert isinstance(LISTS.sort(Concept(code="stars"), "accreditation"), Unknown)
        beside = Concept(code="http://data.europa.eu/snb/accreditation/c_new")
        assert isinstance(LISTS.sort(beside, "accreditation"), Unknown)

    def test_a_newer_code_of_an_open_list_is_taken_as_it_is(self) -> None:
        newer = Concept(code="http://data.europa.eu/snb/learning-assessment/c_new")
        assert isinstance(LISTS.sort(newer, "learning-assessment"), Known)

    def test_one_iri_has_one_label_a_language_in_a_file(self) -> None:
        def named(label: str) -> Note:
            return Note(texts=en("x"), subject=Concept(code="https://lists.example.org/1", labels=en(label)))

        found = Result(credential(achievement(notes=(named("one"), named("two"), named("one")))))
        assert found.lost() == [("achievements[0].notes[1].subject.labels[0]", "loss/label-repeated")]


class TestPeople:
    def person(self, **more: object) -> Result:
        return Result(credential(learner=Learner(family_name=en("X"), **more)))  # type: ignore[arg-type]

    def test_a_national_number_needs_its_country(self) -> None:
        with_country = self.person(national_id=Identifier(value="1", country="HR"))
        subject = with_country.credential["credentialSubject"]
        assert subject["nationalID"]["spatial"]["id"].endswith("HRV")
        (plain,) = self.person(national_id=Identifier(value="1")).credential["credentialSubject"]["identifier"]
        assert (plain["schemeName"], plain["notation"]) == ("nationalID", "1")

    def test_sex_is_in_the_european_list_or_that_of_elmo(self) -> None:
        for word in ("FEMALE", "female", "2"):
            assert self.person(gender=word).credential["credentialSubject"]["gender"]["id"].endswith("FEMALE")
        assert self.person(gender="7").lost() == [("learner.gender", "loss/unknown-code")]

    def test_a_place_needs_a_country(self) -> None:
        found = self.person(place_of_birth=Place(names=en("Exampletown")))
        assert found.lost() == [("learner.placeOfBirth", "loss/country-missing")]

    def test_a_contact_of_which_nothing_is_left_is_lost(self) -> None:
        found = self.person(contacts=(Contact(emails=("not an address",)),))
        assert found.lost() == [("learner.contacts[0]", "loss/empty")]

    def test_an_address_is_one_text(self) -> None:
        parts = (AddressPart(name="streetName", value="Example Lane"),)
        where = Address(country="HR", lines=("2nd floor",), postal_code="10000", locality="Exampletown", parts=parts)
        found = self.person(address=Place(addresses=(where,)))
        (written,) = found.credential["credentialSubject"]["location"]["address"]
        assert written["fullAddress"]["noteLiteral"] == {"en": ["Example Lane, 2nd floor, 10000 Exampletown"]}
        assert found.lost() == [("learner.address.addresses[0].parts", "loss/address-structure")]


class TestOrganisations:
    def bodies(self, *several: Organisation) -> Result:
        return Result(credential(achievement(award=award(several[0].id)), organisations=several))

    @pytest.mark.parametrize("field", ["registration", "eidas_identifier"])
    def test_the_country_may_be_that_of_an_identifier(self, field: str) -> None:
        known: dict[str, Any] = {field: Identifier(value="1", country="SI")}
        found = self.bodies(body(places=(), **known))
        written = found.claim["awardedBy"]["awardingBody"][0]
        assert written["location"][0]["address"][0]["countryCode"]["id"].endswith("SVN")
        assert ("edc/country-assumed", "organisations[0]") in found.rules()

    def test_an_identifier_may_take_the_country_of_its_organisation(self) -> None:
        found = self.bodies(body(vat_identifiers=(Identifier(value="1"),)))
        (written,) = found.claim["awardedBy"]["awardingBody"][0]["vatIdentifier"]
        assert written["spatial"]["id"].endswith("HRV")
        assert ("edc/country-assumed", "organisations[0].vatIdentifiers[0]") in found.rules()

    def test_one_that_holds_itself_ends(self) -> None:
        found = self.bodies(body("a", parts=("b",)), body("b", member_of=("a",)))
        written = found.claim["awardedBy"]["awardingBody"][0]
        assert written["hasSubOrganization"][0]["legalName"] == {"en": ["Body b"]}
        assert found.lost() == [("organisations[1].memberOf[0]", "loss/cycle")]

    def test_a_person_who_awards_is_an_agent_without_claims(self) -> None:
        found = self.bodies(body("p", kind=OrganisationKind.PERSON))
        assert found.claim["awardedBy"]["awardingBody"][0]["type"] == "Agent"
        assert found.lost() == [("organisations[0].kind", "loss/agent-kind")]

    def test_ids_that_are_addresses_are_kept_and_others_are_numbered(self) -> None:
        assert self.bodies(body("https://orgs.example.org/1")).claim["awardedBy"]["awardingBody"][0]["id"] == (
            "https://orgs.example.org/1"
        )
        assert self.bodies(body("local")).claim["awardedBy"]["awardingBody"][0]["id"] == "urn:epass:org:1"
        taken = body("x", identifiers=(Identifier(value="1", creator="urn:epass:org:1"),))
        assert self.bodies(taken).claim["awardedBy"]["awardingBody"][0]["id"] == "urn:epass:org:2"
