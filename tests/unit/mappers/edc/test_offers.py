"""What was offered: levels, fields, credits, outcomes, quality assurance, and what ELM has no property for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mcbridge.model import (
    Assessment,
    Concept,
    Credit,
    Field,
    Framework,
    LearningOutcome,
    Level,
    Note,
    QualityAssurance,
    Specification,
    Stackability,
    StackabilityKind,
    Target,
    Text,
)
from tests.unit.mappers.edc.writing_one import Result, achievement, body, credential, en, offering

PATH = "achievements[0].specification"
QDR = "http://data.europa.eu/snb/qdr"


def offered(**more: Any) -> Result:
    """What came of an achievement whose specification has these fields."""
    return Result(credential(offering(**more), organisations=(body(), body("agency"))))


def lost(found: Result) -> list[tuple[str, str]]:
    """The losses but for the agency that a test may leave unused."""
    return [(field.removeprefix(f"{PATH}."), code) for field, code in found.lost() if field != "organisations[1]"]


class TestLevels:
    def test_an_eqf_level_makes_it_a_qualification(self) -> None:
        found = offered(levels=(Level(framework=Framework.EQF, value="6", scheme="EQF"),))
        assert found.offer["type"] == "Qualification"
        assert found.offer["eqfLevel"]["id"] == "http://data.europa.eu/snb/eqf/6"
        assert lost(found) == []

    @pytest.mark.parametrize("value", ["9", "0", "Qx7", ""])
    def test_a_level_that_there_is_not_is_left_out_and_found(self, value: str) -> None:
        found = offered(levels=(Level(framework=Framework.EQF, value=value),))
        assert found.offer["type"] == "LearningAchievementSpecification"
        assert ("edc/unknown-code", f"{PATH}.levels[0]") in found.rules()
        assert lost(found) == [("levels[0]", "loss/unknown-code")]

    def test_there_is_room_for_one(self) -> None:
        found = offered(levels=tuple(Level(framework=Framework.EQF, value=value) for value in ("6", "7", "6")))
        assert lost(found) == [("levels[1]", "loss/single-value"), ("levels[2]", "loss/single-value")]

    def test_a_cycle_is_a_free_concept_that_says_what_it_is(self) -> None:
        (found,) = offered(levels=(Level(framework=Framework.QF_EHEA, value="second"),)).offer["educationLevel"]
        assert found["prefLabel"]["en"] == ["QF-EHEA second cycle"]

    def test_a_national_level_needs_the_european_code_to_stand_at_its_property(self) -> None:
        plain = Level(framework=Framework.NQF, value="7.1", country="HR", scheme="HKO")
        (found,) = offered(levels=(plain,)).offer["educationLevel"]
        assert (found["prefLabel"], found["notation"]) == ({"en": ["HKO HR 7.1"]}, "7.1")
        coded = Level(framework=Framework.NQF, value="7.1", country="HR", code=f"{QDR}/c_d6860258")
        assert offered(levels=(coded,)).offer["nqfLevel"] == [
            {
                "id": f"{QDR}/c_d6860258",
                "type": "Concept",
                "inScheme": {"id": f"{QDR}/25831c2", "type": "ConceptScheme"},
                "prefLabel": {"en": ["CROQF Level 7.1"]},
            }
        ]

    def test_a_code_that_the_european_list_does_not_have_is_found_and_the_level_is_written_without_it(self) -> None:
        """The issuer would refuse the whole credential for it."""
        told = offered(levels=(Level(framework=Framework.NQF, value="7.1", country="HR", code=f"{QDR}/c_1"),))
        assert "nqfLevel" not in told.offer
        assert told.offer["educationLevel"][0]["prefLabel"] == {"en": ["NQF HR 7.1"]}
        assert told.offer["educationLevel"][0]["id"].startswith("urn:epass:concept:")
        assert told.offer["type"] == "LearningAchievementSpecification"
        assert lost(told) == [("levels[0].code", "loss/unknown-code")]
        assert ("edc/unknown-code", f"{PATH}.levels[0].code") in told.rules()
        bare = offered(levels=(Level(framework=Framework.NQF, code=f"{QDR}/c_1"),))
        assert "educationLevel" not in bare.offer
        assert lost(bare) == [("levels[0]", "loss/unknown-code")]


class TestFields:
    def test_isced_f_and_others_go_apart(self) -> None:
        found = offered(fields=(Field(scheme="isced-f", code="0532"), Field(scheme="own-areas", code="07.3")))
        assert found.offer["thematicArea"][0]["prefLabel"] == {"en": ["Earth sciences"]}
        (subject,) = found.offer["educationSubject"]
        assert (subject["notation"], subject["inScheme"]["id"]) == ("07.3", "urn:epass:conceptScheme:own-areas")

    def test_a_code_that_isced_f_does_not_have_is_left_out(self) -> None:
        found = offered(fields=(Field(scheme="isced-f", code="532"),))
        assert "thematicArea" not in found.offer
        assert ("edc/unknown-code", f"{PATH}.fields[0]") in found.rules()


class TestCredits:
    @pytest.mark.parametrize("word", ["ects", "ECTS", "Ects"])
    def test_ects_is_ects_however_it_is_written(self, word: str) -> None:
        (found,) = offered(credits=(Credit(scheme=word, points=Decimal("6.00")),)).offer["creditPoint"]
        assert found["framework"]["id"].endswith("/6fcec5c5af")
        assert found["point"] == "6.00"

    def test_another_scheme_is_never_ects(self) -> None:
        (found,) = offered(credits=(Credit(scheme="hours", points=Decimal(30)),)).offer["creditPoint"]
        assert found["framework"]["prefLabel"] == {"en": ["hours"]}

    def test_without_points_they_are_left_out(self) -> None:
        assert lost(offered(credits=(Credit(scheme="ECTS"),))) == [("credits[0]", "loss/required-missing")]


class TestOutcomes:
    SKILL = Concept(code="http://data.europa.eu/esco/skill/abc", labels=en("draw maps"))

    def test_esco_skills_and_others(self) -> None:
        other = Concept(code="https://skills.example.org/1", labels=en("read maps"))
        made = LearningOutcome(title=en("Makes maps"), esco_skills=(self.SKILL, other), skills=(Concept(code="own"),))
        (found,) = offered(learning_outcomes=(made,)).offer["learningOutcome"]
        assert found["relatedESCOSkill"][0]["notation"] == "Skill"
        assert [skill["prefLabel"]["en"] for skill in found["relatedSkill"]] == [["read maps"], ["own"]]

    def test_one_that_is_a_skill_only_is_called_by_its_label(self) -> None:
        found = offered(learning_outcomes=(LearningOutcome(esco_skills=(self.SKILL,)),))
        assert found.offer["learningOutcome"][0]["title"] == {"en": ["draw maps"]}
        assert ("edc/title-assumed", f"{PATH}.learningOutcomes[0]") in found.rules()

    def test_one_without_any_title_is_left_out(self) -> None:
        found = offered(learning_outcomes=(LearningOutcome(esco_skills=(Concept(code=self.SKILL.code),)),))
        assert lost(found) == [("learningOutcomes[0]", "loss/required-missing")]


class TestQualityAssurance:
    KIND = Concept(code="programme-quality-assurance", scheme="accreditation")

    def test_with_kind_and_agency_it_is_an_accreditation(self) -> None:
        found = offered(quality_assurance=(QualityAssurance(kind=self.KIND, agency="agency", title=en("Review")),))
        (written,) = found.offer["accreditation"]
        assert written["accreditingAgent"]["legalName"] == {"en": ["Body agency"]}
        assert found.offer["type"] == "Qualification"

    def test_without_an_agency_it_is_a_note_that_says_its_type(self) -> None:
        found = offered(quality_assurance=(QualityAssurance(kind=self.KIND, status="released"),))
        (written,) = found.offer["additionalNote"]
        assert written["subject"]["id"].endswith("/accreditation/820101cba6")
        assert ("edc/written-as-note", f"{PATH}.qualityAssurance[0]") in found.rules()
        assert lost(found) == [("qualityAssurance[0].status", "loss/no-place")]

    def test_without_type_and_title_there_is_nothing_to_say(self) -> None:
        found = offered(quality_assurance=(QualityAssurance(status="released"),))
        assert lost(found) == [("qualityAssurance[0]", "loss/required-missing")]


def test_entry_requirements_are_joined_in_one_note() -> None:
    several = (Note(texts=(*en("School"), Text("Škola", "hr"))), Note(texts=en("A computer")))
    found = offered(entry_requirements=several)
    assert found.offer["entryRequirement"]["noteLiteral"] == {"en": ["School", "A computer"], "hr": ["Škola"]}
    assert lost(found) == []


def test_stackability_is_a_note_and_what_it_is_part_of() -> None:
    found = offered(
        is_partial=True,
        stackability=Stackability(
            kind=StackabilityKind.STACKABLE, towards=(Target(titles=en("Diploma")), Target(titles=()))
        ),
    )
    assert found.offer["isPartialQualification"] is True
    assert found.offer["isPartOf"][0]["title"] == {"en": ["Diploma"]}
    assert found.offer["isPartOf"][0]["type"] == found.offer["type"]
    assert found.offer["additionalNote"][0]["subject"]["id"] == "urn:mcbridge:stackability:stackable"
    assert lost(found) == [("stackability.towards[1]", "loss/required-missing")]


def test_supervision_is_said_of_assessments_that_do_not_say_it_themselves() -> None:
    supervised = Concept(code="supervised-with-id", scheme="supervision-verification")
    spec = Specification(title=en("Maps"), supervision=supervised)
    tested = achievement(specification=spec, assessments=(Assessment(title=en("Test"), grade=en("A")),))
    found = Result(credential(tested))
    assert found.claim["provenBy"][0]["idVerification"]["id"].endswith("/70be69aaf9")
    assert "additionalNote" not in found.offer
    alone = offered(supervision=supervised).offer["additionalNote"]
    assert alone[0]["noteLiteral"] == {"en": ["Supervised with ID Verification"]}


def test_html_is_a_note_that_says_so() -> None:
    (found,) = offered(description_html=en("<p>Maps</p>")).offer["additionalNote"]
    assert found["noteFormat"]["id"].endswith("/file-type/HTML")
    assert found["noteLiteral"] == {"en": ["<p>Maps</p>"]}


def test_parts_of_a_qualification_are_qualifications_and_those_of_others_are_not() -> None:
    part = Specification(title=en("Part"), is_qualification=False)
    found = offered(is_qualification=True, parts=(part,))
    assert found.offer["hasPart"][0]["type"] == "Qualification"
    assert lost(found) == [("parts[0].isQualification", "loss/qualification")]
    plain = offered(parts=(part,))
    assert plain.offer["hasPart"][0]["type"] == "LearningAchievementSpecification"
    assert lost(plain) == []


def test_a_type_of_another_format_goes_by_the_crosswalk_and_what_does_not_come_back_is_told() -> None:
    course = offered(kinds=(Concept(code="Course", scheme="elmo-los-type"),))
    assert course.offer["dcType"][0]["id"].endswith("/05053c1cbe")
    assert lost(course) == []


def test_each_kind_of_assessment_on_offer_is_a_specification_of_its_own() -> None:
    kinds = (Concept(code="quiz", scheme="assessment"), Concept(code="viva", labels=en("Viva voce")))
    found = offered(assessment_kinds=kinds, contact_hours=("30",))
    assert [each["title"]["en"] for each in found.offer["provenBy"]] == [["quiz"], ["Viva voce"]]
    assert found.offer["influencedBy"][0]["contactHour"] == ["30"]
    assert lost(found) == []
