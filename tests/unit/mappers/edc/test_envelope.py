"""The file: what it is called, where it goes, when it begins, and what is refused."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest

from mcbridge.diagnostics import JsonLocation
from mcbridge.errors import BadOption, UsageError
from mcbridge.mappers import writer
from mcbridge.mappers.base import Writer
from mcbridge.mappers.edc import EdcMapper
from mcbridge.model import (
    Attachment,
    Award,
    Concept,
    Contact,
    Content,
    Delivery,
    Document,
    Evidence,
    Identifier,
    Learner,
    Note,
    Provision,
    QualityAssurance,
    Specification,
    Text,
)
from mcbridge.origins import Contents, Luggage, Origin, Read
from tests.unit.mappers.edc.writing_one import TABLES, Result, achievement, body, credential, en

MAIL = Learner(family_name=en("Izmišljić"), contacts=(Contact(emails=("first@example.org", "second@example.org")),))
UNDATED = achievement(award=None)


def test_the_registry_knows_the_writer() -> None:
    found = writer("edc", TABLES, {})
    assert isinstance(found, EdcMapper)
    assert isinstance(found, Writer)
    assert found.format.one_per_file


def test_writing_twice_gives_the_same_bytes() -> None:
    record = credential(achievement(), achievement())
    assert Result(record).data == Result(record).data


def test_the_id_follows_from_that_of_the_record() -> None:
    one, same, other = (Result(credential(id=name)).credential["id"] for name in ("one", "one", "two"))
    assert one == same != other
    assert one.startswith("urn:credential:")


def test_the_file_is_utf_8_with_two_spaces() -> None:
    data = Result(credential()).data
    assert data.startswith(b'{\n  "credential": {\n')
    assert "Izmišljić".encode() in data
    assert data.endswith(b"}\n")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"colour": "red"}, "no option"),
        ({"form": "sealed"}, "not written in the form"),
        ({"deliver": " "}, "no delivery address"),
        ({"deliver": "two words"}, "no delivery address"),
        ({"deliver": "ana@example"}, "no delivery address"),
        ({"deliver": "ana@@example.org"}, "no delivery address"),
        ({"deliver": "a@example.org;b@example.org;c@example.org"}, "one or two"),
        ({"batch": "many"}, "no size"),
        ({"batch": "0MB"}, "no size"),
        ({"application-profile": "microcredential"}, "no profile"),
        ({"embed-source": "perhaps"}, "cannot be"),
        ({"embed-source": "true", "application-profile": "generic"}, "not embedded with the profile"),
        ({"country": "Atlantis"}, "no country"),
        ({"lang": "en,Klingon"}, "no language"),
    ],
)
def test_options_that_are_not_known_are_refused_and_the_known_are_named(
    options: dict[str, str], complaint: str
) -> None:
    with pytest.raises(BadOption, match=complaint) as refused:
        EdcMapper(TABLES, options)
    assert refused.value.hint


def test_a_file_holds_one_credential() -> None:
    reads = [Read(credential(), Origin(JsonLocation("two.ndjson", line=line))) for line in (1, 2)]
    with pytest.raises(UsageError, match="holds one credential"):
        EdcMapper(TABLES, {}).write(reads, io.BytesIO(), Luggage("edc"))


def test_a_provision_is_no_credential() -> None:
    offer = Provision(version="1", key="example.edu/1", provider="a", specification=Specification(title=en("Maps")))
    found = Result(offer)
    assert (found.count, found.data, found.rules()) == (0, b"", [("edc/no-learner", None)])
    assert found.lost() == [("", "loss/record-refused")]


def test_a_refused_record_is_a_loss_as_a_whole_and_names_no_other() -> None:
    found = Result(credential(organisations=(body(places=()),), identifiers=()))
    assert (found.count, found.data) == (0, b"")
    assert found.rules() == [("edc/required-missing", "achievements[0].award.bodies[0]")]
    assert [(lost.field, lost.code) for lost in found.losses] == [("", "loss/record-refused")]
    assert found.losses[0].leaves > 5


class TestDelivery:
    """One or two addresses: the option's, else the record's, else the learner's, else none."""

    def test_the_option_comes_first(self) -> None:
        record = credential(learner=MAIL, delivery=Delivery(addresses=("record@example.org",)))
        found = Result(record, deliver="office@example.edu")
        assert found.document["deliveryDetails"]["deliveryAddress"] == ["office@example.edu"]
        assert ("delivery.addresses[0]", "loss/overridden") in found.lost()

    def test_an_option_may_name_two_and_each_once(self) -> None:
        found = Result(credential(), deliver="mailto:a@example.org; https://wallet.example.org/7;a@example.org")
        wanted = ["a@example.org", "https://wallet.example.org/7"]
        assert found.document["deliveryDetails"]["deliveryAddress"] == wanted

    def test_what_cannot_be_an_address_is_said_and_the_learner_s_next_one_taken(self) -> None:
        learner = Learner(family_name=en("Izmišljić"), contacts=(Contact(emails=("none@", "b@example.org")),))
        found = Result(credential(learner=learner))
        assert found.document["deliveryDetails"]["deliveryAddress"] == ["b@example.org"]
        assert ("edc/delivery-address-doubtful", "learner.contacts[0].emails[0]") in found.rules()
        stated = Result(credential(delivery=Delivery(addresses=("ana@example",))))
        assert stated.document["deliveryDetails"]["deliveryAddress"] == ["ana@example"]
        assert ("edc/delivery-address-doubtful", "delivery.addresses[0]") in stated.rules()

    def test_the_record_comes_second(self) -> None:
        addresses = ("one@example.org", "two@example.org", "three@example.org")
        found = Result(credential(learner=MAIL, delivery=Delivery(addresses=addresses)))
        assert found.document["deliveryDetails"]["deliveryAddress"] == ["one@example.org", "two@example.org"]
        assert found.lost() == [("delivery.addresses[2]", "loss/single-value")]

    def test_the_learner_comes_third_and_a_note_says_so(self) -> None:
        found = Result(credential(learner=MAIL))
        assert found.document["deliveryDetails"] == {"deliveryAddress": ["first@example.org"]}
        assert ("edc/delivery-address-assumed", "learner.contacts[0].emails[0]") in found.rules()

    def test_without_any_there_are_no_details_and_a_warning(self) -> None:
        found = Result(credential(delivery=Delivery(labels=())))
        assert "deliveryDetails" not in found.document
        assert ("edc/delivery-address-missing", "delivery") in found.rules()


class TestValidity:
    """The beginning of validity: stated, else the moment of issue, else the newest award, else refused."""

    ISSUED = dt.datetime(2025, 7, 1, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))

    def test_stated(self) -> None:
        found = Result(credential(valid_from=dt.datetime(2025, 7, 2, tzinfo=dt.UTC), issued=self.ISSUED))
        assert found.credential["validFrom"] == "2025-07-02T00:00:00Z"
        assert found.lost() == [("issued", "loss/issued")]

    def test_issued(self) -> None:
        found = Result(credential(issued=self.ISSUED))
        assert found.credential["validFrom"] == "2025-07-01T09:30:00+02:00"
        assert found.lost() == []
        assert "moment of issue" in found.message("edc/valid-from-assumed")

    def test_awarded(self) -> None:
        older = achievement(award=Award(bodies=("body",), date=dt.date(2024, 1, 1)))
        found = Result(credential(older, achievement()))
        assert found.credential["validFrom"] == "2025-06-30T00:00:00Z"
        assert "newest day of award" in found.message("edc/valid-from-assumed")

    def test_never_the_clock(self) -> None:
        found = Result(credential(UNDATED, issuer="body"))
        assert found.count == 0
        assert found.rules() == [("edc/required-missing", "validFrom")]

    def test_a_moment_without_a_zone_is_in_utc_and_that_is_said(self) -> None:
        found = Result(credential(valid_from=dt.datetime(2025, 7, 2, 8, 30)))  # noqa: DTZ001 - this is the point
        assert found.credential["validFrom"] == "2025-07-02T08:30:00Z"
        assert ("edc/written-in-utc", "validFrom") in found.rules()

    def test_an_end_is_said_twice(self) -> None:
        found = Result(credential(valid_until=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))).credential
        assert found["validUntil"] == found["expirationDate"] == "2030-01-01T00:00:00Z"


def test_a_national_identifier_without_a_country_says_what_it_is_and_is_found() -> None:
    found = Result(credential(learner=Learner(family_name=en("Izmišljić"), national_id=Identifier(value="12345"))))
    (node,) = found.credential["credentialSubject"]["identifier"]
    assert (node["type"], node["schemeName"], node["notation"]) == ("Identifier", "nationalID", "12345")
    assert ("edc/national-id-without-country", "learner.nationalId") in found.rules()


def test_a_code_of_a_strict_list_that_is_not_in_it_does_not_claim_to_be() -> None:
    """The issuer looks up each concept of its strict lists, and refuses the whole file when one is not there."""
    invented = Concept(
        code="https://example.org/9", scheme="http://data.europa.eu/snb/isced-f/25831c2", labels=en("Nine")
    )
    record = credential(achievement(specification=Specification(title=en("Maps"), kinds=(invented,))))
    found = Result(record)
    assert "inScheme" not in found.offer["dcType"][0]
    assert ("achievements[0].specification.kinds[0].scheme", "loss/scheme") in found.lost()
    bare = Result(record, form="bare").data.decode()
    assert "https://example.org/9" in bare
    assert "isced-f" not in bare


def test_the_profile_is_generic_by_default_and_a_note_says_so() -> None:
    found = Result(credential())
    assert found.credential["credentialProfiles"][0]["prefLabel"] == {"en": ["Generic"]}
    assert "Generic" in found.message("edc/profile-assumed")


@pytest.mark.parametrize("word", ["accredited", "converted", "mandated-issue", "diploma-supplement"])
def test_a_profile_whose_demands_are_not_met_gives_way_to_the_generic_one(word: str) -> None:
    found = Result(credential(kinds=(Concept(code=word, scheme="credential"),)))
    assert found.credential["credentialSchema"][0]["id"].endswith("edc-generic-full")
    assert ("edc/profile-unmet", "kinds[0]") in found.rules()
    assert ("kinds[0]", "loss/profile") in found.lost()


def test_a_profile_whose_demands_are_met_is_written() -> None:
    mandate = Evidence(
        kind=Concept(code="mandate", scheme="evidence-type"), statement=(Note(texts=(Text("We were asked to"),)),)
    )
    found = Result(credential(kinds=(Concept(code="mandated-issue", scheme="credential"),), evidence=(mandate,)))
    assert found.credential["credentialSchema"][0]["id"].endswith("edc-issued-by-mandate")
    assert found.lost() == []


def test_an_accreditation_as_evidence_needs_an_id_that_can_be_looked_up() -> None:
    def proof(id_: str | None) -> Evidence:
        quality = QualityAssurance(id=id_, kind=Concept(code="programme-licence"), agency="body")
        return Evidence(kind=Concept(code="accreditation", scheme="evidence-type"), accreditation=quality)

    accredited = (Concept(code="accredited", scheme="credential"),)
    assert "evidence" not in Result(credential(evidence=(proof("local"),), kinds=accredited)).credential
    record = credential(evidence=(proof("https://data.example.org/1"),), kinds=accredited)
    found = Result(record).credential
    assert found["evidence"][0]["accreditation"]["id"] == "https://data.example.org/1"
    assert found["credentialSchema"][0]["id"].endswith("edc-accredited")


def test_the_generic_profile_has_no_accreditation_as_evidence_where_the_issuer_would_look_it_up() -> None:
    quality = QualityAssurance(id="https://data.example.org/1", kind=Concept(code="programme-licence"), agency="body")
    proof = Evidence(kind=Concept(code="accreditation", scheme="evidence-type"), accreditation=quality)
    mandate = Evidence(kind=Concept(code="mandate", scheme="evidence-type"), statement=(Note(texts=(Text("Ours"),)),))
    record = credential(evidence=(proof, mandate))
    found = Result(record)
    assert [each["dcType"]["prefLabel"] for each in found.credential["evidence"]] == [{"en": ["Mandate"]}]
    assert ("edc/evidence-left-out", "evidence[0]") in found.rules()
    assert ("evidence[0]", "loss/profile") in found.lost()
    assert len(Result(record, form="bare").document["evidence"]) == 2
    assert "evidence" in Result(record, application_profile="accredited").credential


def test_an_option_chooses_the_profile_and_what_the_record_says_is_a_loss() -> None:
    mandate = Evidence(kind=Concept(code="mandate", scheme="evidence-type"), statement=(Note(texts=(Text("Ours"),)),))
    generic = (Concept(code="generic", scheme="credential"),)
    found = Result(credential(kinds=generic, evidence=(mandate,)), application_profile="mandated-issue")
    assert [each["prefLabel"] for each in found.credential["credentialProfiles"]] == [{"en": ["Mandated issue"]}]
    assert ("kinds[0]", "loss/overridden") in found.lost()
    same = Result(credential(kinds=generic), application_profile="generic")
    assert same.lost() == []
    without = Result(credential(), application_profile="converted")
    assert without.credential["credentialSchema"][0]["id"].endswith("edc-generic-full")
    assert "original document embedded" in without.message("edc/profile-unmet")


class TestAttachments:
    """Documents are embedded; what cannot be is lost with its reason."""

    def content(self, kept: Contents, **more: Any) -> Content:
        data = b"%PDF invented"
        given: dict[str, Any] = {"sha256": kept.keep(data), "size": len(data), "media_type": "application/pdf"}
        return Content(**(given | more))

    def test_each_content_is_a_document(self) -> None:
        kept = Contents()
        pages = (self.content(kept), self.content(kept, media_type="image/png"))
        found = Result(credential(attachments=(Attachment(title=en("Scan"), contents=pages),)), kept)
        assert [node["contentType"]["id"].rpartition("/")[2] for node in found.credential["attachment"]] == [
            "PDF",
            "PNG",
        ]
        assert [node["title"] for node in found.credential["attachment"]] == [{"en": ["Scan"]}] * 2
        assert {node["content"] for node in found.credential["attachment"]} == {"JVBERiBpbnZlbnRlZA=="}
        assert found.lost() == []

    def test_what_is_no_base64_or_did_not_come_is_lost(self) -> None:
        kept = Contents()
        pages = (self.content(kept, state="undecodable"), Content(sha256="0" * 64, size=1))
        found = Result(credential(attachments=(Attachment(title=en("Scan"), contents=pages),)), kept)
        assert found.lost() == [("attachments[0]", "loss/content")]
        assert ("edc/content-missing", "attachments[0].contents[1]") in found.rules()

    @pytest.mark.parametrize("stated", [None, "application/x-drawing"])
    def test_a_type_that_is_not_known_is_any_bytes(self, stated: str | None) -> None:
        kept = Contents()
        pages = (self.content(kept, media_type=stated),)
        found = Result(credential(attachments=(Attachment(contents=pages),)), kept)
        assert found.credential["attachment"][0]["contentType"]["id"].endswith("/OCTET")
        assert "edc/media-type-assumed" in dict(found.rules())

    def test_those_of_the_document_come_along_when_referred_to_or_alone(self) -> None:
        kept = Contents()
        scan = Attachment(id="scan", title=en("Scan"), contents=(self.content(kept),))

        def of(count: int, *refs: str) -> Result:
            source = Document(id="a" * 64, format="elmo", position=1, count=count, attachments=(scan,))
            return Result(credential(achievement(attachment_refs=refs), document=source), kept)

        assert "attachment" in of(1).credential
        assert "attachment" in of(2, "scan").credential
        assert "attachment" not in of(2).credential
        assert ("document.attachments[0]", "loss/unreached") in of(2).lost()


def test_the_source_is_named_by_its_hash() -> None:
    source = Document(id="ab" * 32, format="elmo", position=2, count=3)
    (found,) = Result(credential(document=source)).credential["identifier"]
    assert found["notation"] == "ab" * 32 + "#2/3"
    assert found["schemeName"] == "SHA-256 of the source document (elmo)"
