"""Who awarded what, when, and what is not an achievement at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mcbridge.model import (
    Achievement,
    Activity,
    Assessment,
    Award,
    ClaimKind,
    Concept,
    Credit,
    Duration,
    Entitlement,
    EntitlementTerms,
    GradingScheme,
    Opportunity,
    OrganisationKind,
    Period,
    Residue,
    ShortenedGrading,
    Specification,
    Status,
    Term,
)
from tests.unit.mappers.edc.writing_one import Result, achievement, award, body, credential, en, offering

NOT_AWARDED = "loss/not-awarded"


class TestAwarding:
    """Every claim is awarded by somebody: its own bodies, those of the whole, or the issuer, which is said."""

    def test_joint_awards_have_all_their_bodies(self) -> None:
        found = Result(credential(achievement(award=award("a", "b")), organisations=(body("a"), body("b"))))
        names = [each["legalName"]["en"][0] for each in found.claim["awardedBy"]["awardingBody"]]
        assert names == ["Body a", "Body b"]

    def test_one_body_of_several_that_cannot_be_written_refuses_the_record(self) -> None:
        bodies = (body("a"), body("b", places=()))
        found = Result(credential(achievement(award=award("a", "b")), organisations=bodies))
        assert found.count == 0
        assert found.rules() == [("edc/required-missing", "achievements[0].award.bodies[1]")]

    def test_parts_repeat_the_process_of_the_whole(self) -> None:
        part = Achievement(title=en("Part"), assessments=(Assessment(title=en("Test"), grade=en("A")),))
        found = Result(credential(achievement(parts=(part,)))).claim
        process = found["awardedBy"]
        assert found["hasPart"][0]["awardedBy"] == process
        assert found["hasPart"][0]["provenBy"][0]["awardedBy"] == process

    def test_equal_awards_are_one_object(self) -> None:
        found = Result(credential(achievement(), achievement())).credential["credentialSubject"]["hasClaim"]
        assert found[0]["awardedBy"] == found[1]["awardedBy"]

    def test_what_is_lost_of_an_award_is_named_wherever_it_stands(self) -> None:
        noted = Award(bodies=("body",), residue=(Residue(format="elmo", path="x", content="<x/>"),))
        found = Result(credential(achievement(award=noted), achievement(award=noted), valid_from=NOON))
        assert [field for field, _ in found.lost()] == [f"achievements[{at}].award.residue[0]" for at in (0, 1)]

    def test_the_issuer_stands_in_for_a_body_that_is_not_named(self) -> None:
        found = Result(credential(achievement(award=None), issuer="body", valid_from=NOON))
        assert found.claim["awardedBy"]["awardingBody"][0]["legalName"] == {"en": ["Body body"]}
        assert ("awarding/body-assumed", "achievements[0].award") in found.rules()
        assert found.lost() == []

    def test_an_issuer_that_awards_nothing_is_a_loss(self) -> None:
        found = Result(credential(issuer="office", organisations=(body(), body("office"))))
        assert found.lost() == [("issuer", "loss/issuer"), ("organisations[1]", "loss/unreached")]

    def test_without_anybody_the_record_is_refused(self) -> None:
        assert Result(credential(achievement(award=None))).rules() == [
            ("edc/required-missing", "achievements[0].award")
        ]

    def test_the_day_of_completion_stands_in_for_the_day_of_award(self) -> None:
        done = achievement(award=Award(bodies=("body",)), period=Period(end=dt.date(2025, 5, 31)))
        found = Result(credential(done))
        assert found.claim["awardedBy"]["awardingDate"] == "2025-05-31T00:00:00Z"
        assert ("edc/awarding-date-assumed", "achievements[0].period.end") in found.rules()

    def test_a_body_that_is_nobody_is_found_and_the_others_award(self) -> None:
        found = Result(credential(achievement(award=award("body", "nobody"))))
        assert len(found.claim["awardedBy"]["awardingBody"]) == 1
        assert ("edc/reference-dangling", "achievements[0].award.bodies[1]") in found.rules()
        assert found.lost() == [("achievements[0].award.bodies[1]", "loss/dangling-reference")]


NOON = dt.datetime(2025, 6, 30, 12, tzinfo=dt.UTC)


class TestStatus:
    """A learning achievement says that something was achieved."""

    @pytest.mark.parametrize("status", [Status.FAILED, Status.IN_PROGRESS, Status.UNKNOWN])
    def test_what_was_not_passed_is_one_loss_and_no_achievement(self, status: Status) -> None:
        other = achievement(
            status=status, residue=(Residue(format="elmo", path="x"),), credits=(Credit(scheme="ECTS"),)
        )
        found = Result(credential(achievement(), other))
        assert len(found.credential["credentialSubject"]["hasClaim"]) == 1
        ((field, code),) = found.lost()
        assert (field, code) == ("achievements[1]", NOT_AWARDED)
        assert found.losses[0].leaves == 8

    def test_when_nothing_was_passed_there_is_no_credential(self) -> None:
        found = Result(credential(achievement(status=Status.FAILED)))
        assert found.rules() == [("edc/required-missing", "achievements")]

    def test_parts_that_were_passed_stand_in_the_place_of_the_whole(self) -> None:
        passed = Achievement(title=en("Passed"), status=Status.PASSED)
        whole = achievement(status=Status.IN_PROGRESS, parts=(Achievement(title=en("Module"), parts=(passed,)),))
        found = Result(credential(whole, issuer="body", valid_from=NOON))
        assert found.claim["title"] == {"en": ["Passed"]}
        assert {code for _, code in found.lost()} == {NOT_AWARDED}
        assert not any("achievements[0].parts[0].parts[0]".startswith(field) for field, _ in found.lost())

    @pytest.mark.parametrize(("status", "kept"), [(Status.IN_PROGRESS, True), (Status.FAILED, False)])
    def test_a_part_with_a_result_and_no_status_counts_within_what_goes_on(self, status: Status, kept: bool) -> None:
        silent = Achievement(title=en("Silent"), credits=(Credit(scheme="ECTS", points=Decimal(5)),))
        announced = Achievement(title=en("Announced"))
        whole = achievement(status=status, parts=(silent, announced))
        found = Result(credential(achievement(), whole, issuer="body"))
        titles = [claim["title"]["en"][0] for claim in found.credential["credentialSubject"]["hasClaim"]]
        assert titles == ["Basics of maps", "Silent"] if kept else ["Basics of maps"]


class TestTitles:
    """A title said once stands where ELM demands it; one that belongs to something else is a note."""

    def test_that_of_the_offer_heads_the_achievement_and_the_other_way_round(self) -> None:
        offered = achievement(title=(), specification=Specification(title=en("Offer")))
        found = Result(credential(offered))
        assert found.claim["title"] == found.offer["title"] == {"en": ["Offer"]}
        achieved = Result(credential(achievement(specification=Specification(languages=("en",)))))
        assert achieved.offer["title"] == {"en": ["Basics of maps"]}
        assert achieved.rules().count(("edc/title-assumed", "title")) == 1

    def test_an_assessment_takes_that_of_its_achievement_and_says_so(self) -> None:
        found = Result(credential(achievement(assessments=(Assessment(grade=en("A")),))))
        assert found.claim["provenBy"][0]["title"] == {"en": ["Basics of maps"]}
        assert ("edc/title-assumed", "achievements[0].assessments[0]") in found.rules()

    def test_a_claim_without_any_is_refused(self) -> None:
        assert Result(credential(achievement(title=()))).rules() == [("edc/required-missing", "achievements[0].title")]


class TestAssessments:
    def test_without_a_grade_a_neutral_text_stands_there(self) -> None:
        silent = Assessment(title=en("Test"), shortened=None)
        for status, text in ((Status.PASSED, "Passed"), (None, "No grade stated")):
            found = Result(credential(achievement(status=status, assessments=(silent,))))
            assert found.claim["provenBy"][0]["grade"]["noteLiteral"] == {"en": [text]}
            assert ("edc/grade-assumed", "achievements[0].assessments[0]") in found.rules()

    def test_the_scale_stands_at_the_specification_of_the_assessment(self) -> None:
        tested = Assessment(title=en("Test"), grade=en("5"), grading_scheme="five")
        scale = GradingScheme(id="five", description=en("5 is best"))
        found = Result(credential(achievement(assessments=(tested,)), grading_schemes=(scale,)))
        written = found.claim["provenBy"][0]["specifiedBy"]["gradingScheme"]
        assert written["description"] == {"en": ["5 is best"]}
        assert written["identifier"][0]["notation"] == "five"
        assert ("edc/title-assumed", "gradingSchemes[0]") in found.rules()
        assert found.lost() == []

    def test_shares_are_rounded_and_that_is_said(self) -> None:
        short = ShortenedGrading(lower=Decimal("62.5"), equal=Decimal(22), higher=Decimal("15.5"))
        found = Result(credential(achievement(assessments=(Assessment(grade=en("A"), shortened=short),))))
        written = found.claim["provenBy"][0]["shortenedGrading"]
        assert [written[key] for key in ("percentageLower", "percentageEqual", "percentageHigher")] == [63, 22, 16]
        assert [code for _, code in found.lost()] == ["loss/rounded", "loss/rounded"]
        assert all(lost.changed for lost in found.losses)


class TestTime:
    def test_period_and_term_are_the_time_of_an_activity(self) -> None:
        when = achievement(
            period=Period(start=dt.date(2025, 2, 1), end=dt.date(2025, 6, 15)), term=Term(title=en("Summer"))
        )
        (activity,) = Result(credential(when)).claim["influencedBy"]
        assert [sorted(each) for each in activity["temporal"]] == [
            ["endDate", "id", "startDate", "type"],
            ["id", "prefLabel", "type"],
        ]

    def test_they_join_an_activity_that_states_no_time_of_its_own(self) -> None:
        silent = Activity(contact_hours="30")
        timed = Activity(title=en("Trip"), periods=(Period(start=dt.date(2025, 3, 1)),))
        when = achievement(period=Period(start=dt.date(2025, 2, 1)), activities=(timed, silent))
        first, second = Result(credential(when)).claim["influencedBy"]
        assert [each["startDate"] for each in first["temporal"]] == ["2025-03-01T00:00:00Z"]
        assert [each["startDate"] for each in second["temporal"]] == ["2025-02-01T00:00:00Z"]
        assert second["specifiedBy"]["contactHour"] == ["30"]

    def test_amounts_are_apart(self) -> None:
        worked = Activity(title=en("Class"), workload=Duration(seconds=Decimal(5400)), completion=0)
        found = Result(credential(activities=(worked,), achievements=(), issuer="body", valid_from=NOON))
        assert found.claim["workload"] == "PT1H30M"
        assert found.lost() == [("activities[0].completion", "loss/completion")]

    def test_nothing_lasts_less_than_no_time(self) -> None:
        found = Result(credential(offering(volume_of_learning=Duration(seconds=Decimal(-1)))))
        assert found.lost() == [("achievements[0].specification.volumeOfLearning", "loss/duration")]


class TestOrder:
    CLAIMS = (achievement(), achievement(title=en("Second")))
    EXAM = Assessment(title=en("Exam"), grade=en("A"), award=award())

    def titles(self, *order: ClaimKind) -> tuple[list[str], list[tuple[str, str]]]:
        found = Result(credential(*self.CLAIMS, assessments=(self.EXAM,), claim_order=order))
        return [one["title"]["en"][0] for one in found.credential["credentialSubject"]["hasClaim"]], found.lost()

    def test_claims_come_in_the_order_of_the_source(self) -> None:
        order = (ClaimKind.ACHIEVEMENT, ClaimKind.ASSESSMENT, ClaimKind.ACHIEVEMENT)
        assert self.titles(*order) == (["Basics of maps", "Exam", "Second"], [])

    def test_an_order_that_does_not_fit_is_a_loss(self) -> None:
        order = (ClaimKind.ASSESSMENT, ClaimKind.ASSESSMENT)
        assert self.titles(*order) == (["Basics of maps", "Second", "Exam"], [("claimOrder", "loss/claim-order")])


def test_an_entitlement_needs_type_and_status_to_be_specified() -> None:
    def right(**more: Concept) -> Result:
        terms = EntitlementTerms(status=more["status"]) if "status" in more else None
        kinds = (more["kind"],) if "kind" in more else ()
        offered = Specification(title=en("Licence"), kinds=kinds, entitlement=terms)
        return Result(credential(achievement(entitlements=(Entitlement(title=en("May"), specification=offered),))))

    kind, status = Concept(code="occupation", scheme="entitlement"), Concept(code="actual", scheme="entitlement-status")
    whole = right(kind=kind, status=status)
    assert whole.claim["entitlesTo"][0]["specifiedBy"]["entitlementStatus"]["id"].endswith("b7015a8a8c")
    assert whole.lost() == []
    path = "achievements[0].entitlements[0].specification"
    for part in (right(kind=kind), right(status=status)):
        assert "specifiedBy" not in part.claim["entitlesTo"][0]
        assert part.lost() == [(path, "loss/required-missing")]


def test_a_run_needs_an_organisation_that_provides_it() -> None:
    def run(*providers: str) -> Result:
        person = body("person", kind=OrganisationKind.PERSON)
        offer = Opportunity(title=en("Autumn"), providers=providers)
        return Result(credential(achievement(opportunity=offer), organisations=(body(), person)))

    assert run("body").claim["learningOpportunity"]["providedBy"][0]["legalName"] == {"en": ["Body body"]}
    found = run("person")
    assert "learningOpportunity" not in found.claim
    assert ("edc/part-left-out", "achievements[0].opportunity") in found.rules()


def test_parts_are_written_to_a_depth_and_those_below_are_a_loss() -> None:
    deep = Achievement(title=en("Deepest"))
    for _ in range(300):
        deep = Achievement(title=en("Deep"), parts=(deep,))
    found = Result(credential(achievement(parts=(deep,))))
    ((field, code),) = found.lost()
    assert (field.count("parts"), code) == (41, "loss/too-deep")
