"""What ELMO has in words, where no single small document shows it: across reports, documents, profiles and formats."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from msgspec.structs import replace

import mcbridge
from mcbridge import conversion
from mcbridge.checks import before_writing, checks
from mcbridge.checks.elmo import Elmo
from mcbridge.checks.elmo.attachments import LARGE, contradiction
from mcbridge.checks.elmo.languages import judged
from mcbridge.checks.elmo.residues import NAMESPACE
from mcbridge.checks.elmo.texts import marked_up
from mcbridge.checks.grades import among
from mcbridge.checks.ruling import Rules
from mcbridge.checks.texts import damage
from mcbridge.diagnostics import Diagnostic, Severity
from mcbridge.errors import UsageError
from mcbridge.model import (
    Achievement,
    Activity,
    Attachment,
    Category,
    Content,
    Credential,
    DiplomaSupplement,
    Document,
    Framework,
    Group,
    GroupRef,
    GroupType,
    Identifier,
    Level,
    Link,
    Residue,
    Section,
    Spelling,
    Status,
    Text,
)
from mcbridge.model.codec import encode
from mcbridge.origins import Contents, Luggage, Read
from mcbridge.tables import Tables
from tests.unit.records import achievement, course, credential, credits_of, offer, origin

TABLES = Tables()
GENERATED = datetime(2025, 7, 1, tzinfo=UTC)


def of_elmo(record: Credential, *, id: str = "d", position: int = 1, count: int = 1, **more: object) -> Credential:
    fields: dict[str, object] = {"generated": GENERATED, **more}
    return replace(record, document=Document(id=id, format="elmo", position=position, count=count, **fields))  # type: ignore[arg-type]


def of_another_format(record: Credential) -> Credential:
    return replace(record, document=Document(id="d", format="edc", position=1, count=1))


def findings(
    *records: Credential, sets: tuple[str, ...] = ("elmo",), contents: Contents | None = None
) -> list[Diagnostic]:
    rules = Rules(sets, TABLES, contents or Contents())
    return [found for record in records for found in rules.see(Read(record, origin()))]


def ids(found: list[Diagnostic]) -> list[str]:
    return [each.rule.id for each in found]


BRANCH = achievement(
    specification=course(title=(Text("Programme"),), identifiers=(), credits=()),
    credits=credits_of("60"),
    parts=(achievement(specification=course(credits=()), credits=credits_of("60")),),
)


def test_records_of_other_formats_are_passed_over() -> None:
    assert findings(of_another_format(credential(BRANCH))) == []
    both = findings(of_another_format(credential(BRANCH)), sets=("semantic", "elmo:strict"))
    assert [(each.rule.id, each.level) for each in both] == [("credit/counted-twice", Severity.WARNING)]


def test_a_rule_of_two_sets_is_asked_once_and_graded_by_the_profile() -> None:
    for sets, level in (
        (("semantic",), Severity.WARNING),
        (("elmo",), Severity.WARNING),
        (("semantic", "elmo"), Severity.WARNING),
        (("semantic", "elmo:strict"), Severity.ERROR),
        (("elmo:strict",), Severity.ERROR),
        (("elmo:lenient",), Severity.WARNING),
    ):
        found = [
            each for each in findings(of_elmo(credential(BRANCH)), sets=sets) if each.rule.id == "credit/counted-twice"
        ]
        assert [each.level for each in found] == [level], sets


def test_lenient_has_no_error_but_for_what_cannot_be_processed() -> None:
    record = of_elmo(
        credential(achievement(attachment_refs=("9",), specification=course(title=(Text("a"), Text("b")))))
    )
    assert Severity.ERROR in {each.level for each in findings(record)}
    assert Severity.ERROR not in {each.level for each in findings(record, sets=("elmo:lenient",))}


def test_alone_the_set_says_nothing_that_is_in_no_clause() -> None:
    record = of_elmo(replace(credential(achievement(award=None)), issuer=None))
    assert "awarding/body-missing" not in ids(findings(record))
    assert "awarding/body-missing" in ids(findings(record, sets=("elmo", "semantic")))


def test_a_profile_that_there_is_not_is_a_usage_error() -> None:
    for name in ("elmo:hard", "semantic:strict", "elmo:"):
        with pytest.raises(UsageError):
            Rules((name,), TABLES)


def test_what_is_said_of_the_learner_and_the_document_is_said_once_for_all_reports() -> None:
    bare = replace(credential(), learner=replace(credential().learner, birth_date=None))
    found = findings(of_elmo(bare, count=2), of_elmo(bare, position=2, count=2))
    assert ids(found).count("elmo/birth-date-missing") == 1
    assert ids(found).count("elmo/readable-copy-missing") == 1
    assert ids(found).count("elmo/signature-missing") == 1
    assert ids(found).count("elmo/issuer-repeated") == 1
    other = findings(of_elmo(bare), of_elmo(bare, id="e"))
    assert ids(other).count("elmo/birth-date-missing") == 2
    assert ids(other).count("elmo/issuer-repeated") == 0


def attachment(name: str) -> Attachment:
    return Attachment(identifiers=(Identifier(value=name, type="internal"),))


def test_references_lead_to_attachments_of_any_report_of_the_document() -> None:
    refers = credential(achievement(attachment_refs=("in-2", "of-document", "nowhere")))
    holds = replace(credential(), attachments=(attachment("in-2"),))
    shared = (attachment("of-document"),)
    first = of_elmo(refers, count=2, attachments=shared)
    second = of_elmo(holds, position=2, count=2, attachments=shared)
    found = [each for each in findings(first, second) if each.rule.id.startswith("elmo/attachment-")]
    assert [each.value for each in found if each.rule.id == "elmo/attachment-ref-unknown"] == ["nowhere"]
    assert "elmo/attachment-identifier-repeated" not in ids(found)


def test_of_a_document_that_is_not_complete_nothing_is_said_to_be_missing() -> None:
    found = findings(of_elmo(credential(achievement(attachment_refs=("in-2",))), count=2))
    assert {"elmo/attachment-ref-unknown", "elmo/readable-copy-missing"}.isdisjoint(ids(found))


def test_attachments_that_are_too_large_together() -> None:
    pdf = Content(sha256="a", size=LARGE, media_type="application/pdf")
    light, heavy = (Attachment(contents=(pdf,) * number) for number in (1, 2))
    assert "elmo/attachments-heavy" not in ids(findings(of_elmo(credential(), attachments=(light,))))
    found = findings(of_elmo(credential(), attachments=(heavy,)))
    assert [each.value for each in found if each.rule.id == "elmo/attachments-heavy"] == [str(2 * LARGE)]


def instance(status: Status | None, name: str = "7") -> Credential:
    return credential(achievement(status=status, identifiers=(Identifier(value=name, type="local"),)))


@pytest.mark.parametrize(
    ("first", "second", "changed"),
    [
        (Status.PASSED, Status.FAILED, True),
        (Status.FAILED, Status.PASSED, True),
        (Status.IN_PROGRESS, Status.PASSED, False),
        (Status.PASSED, Status.IN_PROGRESS, True),
        (Status.PASSED, Status.PASSED, False),
        (None, Status.FAILED, False),
    ],
)
def test_a_final_status_does_not_change_between_documents(first: Status, second: Status, changed: bool) -> None:
    later = datetime(2025, 8, 1, tzinfo=UTC)
    found = findings(of_elmo(instance(first)), of_elmo(instance(second), id="e", generated=later))
    assert ("elmo/status-changed" in ids(found)) is changed
    other = findings(of_elmo(instance(first)), of_elmo(instance(second, "8"), id="e", generated=later))
    assert "elmo/status-changed" not in ids(other)
    same = findings(of_elmo(instance(first), count=2), of_elmo(instance(second), position=2, count=2))
    assert "elmo/status-changed" not in ids(same)


def test_a_thing_taken_twice_has_one_local_identifier() -> None:
    def taken(title: str) -> Achievement:
        offered = course(title=(Text(title),), identifiers=(Identifier(value="0036", type="local"),))
        return achievement(specification=offered)

    assert "elmo/local-identifier-repeated" not in ids(findings(of_elmo(credential(taken("Maps"), taken("Maps")))))
    assert "elmo/local-identifier-repeated" in ids(findings(of_elmo(credential(taken("Maps"), taken("Charts")))))


# --- credits added up -----------------------------------------------------------------------------------------------


def programme(points: str | None, *parts: Achievement, status: Status | None = Status.PASSED) -> Achievement:
    credits_ = () if points is None else credits_of(points)
    return achievement(specification=course(credits=()), credits=credits_, status=status, parts=parts)


def test_a_branch_is_counted_once_however_often_it_gives_its_credits() -> None:
    """As in a Swedish transcript: each of 8 programmes, its 8 courses, and each of these again."""
    courses = [programme("7.5", *(programme("1.5") for _ in range(5))) for _ in range(8)]
    whole = credential(programme("60", *courses))
    assert mcbridge.earned_ects(whole) == Decimal(60)
    assert ids(findings(of_elmo(whole))).count("credit/counted-twice") == 8 + 40
    assert mcbridge.earned_ects(credential(programme(None, *courses))) == Decimal(60)


@pytest.mark.parametrize(
    ("record", "total"),
    [
        (credential(programme("60", programme("60"))), "60"),
        (credential(programme("180", programme("60"), status=Status.IN_PROGRESS)), "60"),
        (credential(programme("10", programme("5"), status=Status.FAILED)), "5"),
        (credential(programme("10", status=Status.FAILED), programme("5", status=None)), "5"),
        (credential(programme("0", programme("5"), programme("2.5"))), "7.5"),
        (credential(achievement(specification=course(credits=credits_of("5", "ECVET")))), "0"),
        (credential(achievement(specification=course(credits=credits_of("3")), credits=credits_of("3"))), "3"),
    ],
)
def test_what_was_passed_counts_and_nothing_else(record: Credential, total: str) -> None:
    assert mcbridge.earned_ects(record) == Decimal(total)


# --- texts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<b>Maps</b>",
        "Maps<br/>",
        "Maps<br>",
        "<p class='x'>Maps",
        "&lt;b&gt;",
        "Maps &amp; more",
        "x&#8217;s",
        "&nbsp;",
        "<!-- none -->",
        "<![CDATA[x]]>",
        "</div>",
        "<o:p></o:p>",
        '<font size="2">',
        "<IMG SRC=x>",
    ],
)
def test_markup_is_found(text: str) -> None:
    assert marked_up(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "x < 5",
        "x<5 and y>3",
        "a <b and c> d",
        "AT&T",
        "Q&A; R&D;",
        "&nothing; of the kind",
        "<ada@example.org>",
        "<https://example.org>",
        "1 <2",
        "vector<int>",
        "<- back",
        "<3",
        "a & b;",
        "Marks & Spencer",
        "if a<b; c>d",
        "<…>",
    ],
)
def test_signs_of_comparison_are_no_markup(text: str) -> None:
    assert marked_up(text) is None


@pytest.mark.parametrize(
    ("tag", "verdict"),
    [
        ("hr", None),
        ("en-GB", None),
        ("sr-Latn", None),
        ("zh-Hant-TW", None),
        ("de-CH-1901", None),
        ("x-own", None),
        ("se", None),
        ("und", None),
        ("es-419", None),
        ("fil", None),
        ("i-klingon", None),
        ("en_GB", "malformed"),
        ("", "malformed"),
        ("e", "malformed"),
        ("hr-", "malformed"),
        ("č", "malformed"),
        ("dk", "unknown"),
        ("DK", "unknown"),
        ("cz", "unknown"),
        ("english", "unknown"),
        ("en-UK", "unknown"),
        ("FI", "spelling"),
        ("SE", "spelling"),
        ("eng", "spelling"),
        ("ger", "spelling"),
    ],
)
def test_language_tags_are_judged(tag: str, verdict: str | None) -> None:
    found = judged(tag, TABLES)
    assert (found and found.what) == verdict


@pytest.mark.parametrize(
    ("media", "data", "wrong"),
    [
        ("application/pdf", b"%PDF-1.7", False),
        ("application/pdf", b"\xef\xbb\xbf\n%PDF-1.7", False),
        ("application/pdf", b"<!DOCTYPE html><html>", True),
        ("application/pdf", b"\x89PNG\r\n\x1a\n", True),
        ("application/pdf", b"PDF", True),
        ("application/pdf", b"", True),
        ("image/png", b"\xff\xd8\xff\xe0", True),
        ("image/jpeg", b"\xff\xd8\xff\xe0", False),
        ("application/zip", b"PK\x03\x04", False),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04", False),
        ("application/octet-stream", b"%PDF", False),
        ("text/plain", b"%PDF", True),
        ("text/plain", b"anything", False),
        ("image/svg+xml", b"<svg/>", False),
    ],
)
def test_bytes_are_compared_with_their_media_type(media: str, data: bytes, wrong: bool) -> None:
    assert (contradiction(media, data) is not None) is wrong


# --- written from other formats ---------------------------------------------------------------------------------------


def with_page(record: Credential) -> Credential:
    """ELMO demands the web address of an issuer."""
    (issuer,) = record.organisations
    return replace(record, organisations=(replace(issuer, homepages=(Link(url="https://example.edu/"),)),))


def written(record: Credential, tmp_path: Path, to: str = "elmo") -> tuple[list[Diagnostic], int]:
    source = tmp_path / "record.json"
    source.write_bytes(encode(record))
    luggage = Luggage(to)
    reading = conversion.Reading(tables=TABLES)
    target = conversion.Destination(format=to, out=BytesIO())
    outcome = conversion.convert(conversion.expand([str(source)]), reading, target, luggage)
    return list(luggage.report), outcome.tally.written


def test_what_is_written_from_another_format_breaks_no_must_in_silence(tmp_path: Path) -> None:
    found, count = written(of_another_format(with_page(credential(BRANCH))), tmp_path)
    breaches = [each for each in found if each.level is Severity.ERROR]
    assert ids(breaches) == ["credit/counted-twice"]
    assert breaches[0].field == "achievements[0].parts[0].credits[0].points"
    assert breaches[0].location.source.endswith("record.json")
    assert count == 1


def test_what_was_read_from_elmo_and_other_targets_are_not_held_against_it(tmp_path: Path) -> None:
    assert "credit/counted-twice" not in ids(written(of_elmo(credential(BRANCH)), tmp_path)[0])
    assert "credit/counted-twice" not in ids(written(of_another_format(credential(BRANCH)), tmp_path, "canonical")[0])


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (credential(achievement(specification=course(description=(Text("<p>x</p>"),)))), "elmo/markup-in-text"),
        (
            credential(achievement(specification=course(title=(Text("a"), Text("b", "en"))))),
            "elmo/title-language-missing",
        ),
        (credential(achievement(attachment_refs=("9",))), "elmo/attachment-ref-unknown"),
        (credential(achievement(specification=course(description=(Text("x", "en_GB"),)))), "elmo/language-malformed"),
        (credential(achievement(credits=credits_of("-1"))), "credit/negative"),
    ],
)
def test_musts_are_asked_before_writing_and_are_errors(record: Credential, rule: str) -> None:
    check = before_writing("elmo", Contents())
    found = list(check(of_another_format(record), origin(), TABLES))
    assert {each.level for each in found} == {Severity.ERROR}
    assert rule in ids(found)
    assert list(check(of_elmo(record), origin(), TABLES)) == []


def test_a_record_in_order_is_written_without_a_word() -> None:
    assert list(before_writing("elmo", Contents())(of_another_format(credential()), origin(), TABLES)) == []


def test_values_stay_out_of_the_facts_and_reports_can_be_masked() -> None:
    record = of_elmo(credential(achievement(specification=course(title=(Text("Maps & secrets", "XYZZY-secret"),)))))
    for each in findings(record):
        assert "secret" not in each.masked + each.masked_hint + json.dumps(list(map(str, each.facts.values())))


def test_the_checks_of_the_set_can_be_had_one_by_one() -> None:
    assert {type(check).__name__ for check in checks("elmo:strict")} >= {"Elmo", "Credits", "Texts"}


def test_texts_of_strangers_are_gone_through_once() -> None:
    """Each of these takes minutes where an expression goes back over what it has seen."""
    size = 200_000
    for text in (
        "<a " + "=" * size,
        "<a" + " " * size,
        "<a x=" + " " * size,
        "<x " + "y" * size,
        "&" * size,
        "<" * size,
    ):
        assert marked_up(text) is None
    damage("“IRMÃ” " * (size // 7))
    damage("«mamá»… " * (size // 8))
    tags = Text("<b>" * size)
    record = of_elmo(credential(achievement(specification=course(description_html=(tags,)))))
    assert "elmo/html-active" not in ids(findings(record))
    assert not among(" " * size, (Category(label=" " * size + "-", count=1),))


@pytest.mark.parametrize(
    ("html", "active"),
    [
        ('<p class="one">The <a href="https://example.edu/script">data</a> &amp; <em>more</em></p>', False),
        ('<img src="data:image/png;base64,AAAA">', False),
        ('<p style="color: red">x</p>', False),
        ("5 < 6 and onload=1", False),
        ("<SCRIPT>x</SCRIPT>", True),
        ("<svg/onload=x>", True),
        ("<iframe src=x", True),
        ('<a href=" java\nscript:x">y</a>', True),
        ('<a href="data:text/html,x">y</a>', True),
        ('<p OnClick="x">y</p>', True),
        ('<p style="background: url(x)">y</p>', True),
        ("<base href=x>", True),
    ],
)
def test_html_that_does_something_is_told_from_html_that_says_something(html: str, active: bool) -> None:
    record = of_elmo(credential(achievement(specification=course(description_html=(Text(html),)))))
    assert ("elmo/html-active" in ids(findings(record))) is active


def test_what_could_not_be_read_is_looked_at_too() -> None:
    def kept(path: str, content: str = "", sha256: str | None = None) -> Residue:
        return Residue(format="elmo", path=path, content=content, sha256=sha256)

    contents = Contents()
    long = contents.keep(f'<extension xmlns="{NAMESPACE}"><x/></extension>'.encode())
    spelled = Spelling(format="elmo", path="specification.title[0]", text="<title><b>x</b></title>")
    odd = achievement(
        residue=(
            kept("specifies/learningOpportunityInstance/languageOfInstruction[2]", "<languageOfInstruction>de</…>"),
            kept("specifies/extension[1]", sha256=long),
            kept("extension[1]", "<not-xml"),
            kept("text()[1]", "words"),
            kept("specifies/learningOpportunityInstance/credit[2]", "<credit/>"),
            kept("{urn:x}thing[1]", "<thing/>"),
            Residue(format="edc", path="/x", content="1"),
        ),
        spellings=(spelled, Spelling(format="elmo", path="period.start", text="2014-10-01Z")),
    )
    found = findings(of_elmo(credential(odd)), contents=contents)
    told = [(each.rule.id, each.field) for each in found if each.field and "residue" in each.field]
    assert told == [
        ("elmo/instruction-language-unknown", "achievements[0].residue[0]"),
        ("elmo/extension-own-namespace", "achievements[0].residue[1]"),
        ("elmo/unknown-element", "achievements[0].residue[5]"),
    ]
    assert ("elmo/unknown-element", "<b>") in [(each.rule.id, each.value) for each in found]


def test_groups_without_a_type_and_groups_that_could_not_be_read() -> None:
    def kinds(*names: str) -> tuple[GroupType, ...]:
        return tuple(GroupType(id=name, groups=(Group(id="1"),)) for name in names)

    refers = credential(achievement(group_ref=GroupRef(id="1")))
    assert "elmo/group-type-unknown" in ids(findings(of_elmo(refers, group_types=kinds("a", "b"))))
    assert "elmo/group-type-unknown" not in ids(findings(of_elmo(refers, group_types=kinds("a"))))
    named = credential(achievement(group_ref=GroupRef(type="a")))
    assert "elmo/group-unknown" not in ids(findings(of_elmo(named, group_types=kinds("a"))))
    unread = (Residue(format="elmo", path="groups[1]", content="<groups/>"),)
    assert "elmo/group-unknown" not in ids(findings(of_elmo(refers, residue=unread)))


def test_issuers_without_identifiers_are_told_apart_by_their_titles() -> None:
    (issuer,) = credential().organisations
    bare = replace(credential(), organisations=(replace(issuer, identifiers=()),))
    assert "elmo/issuer-repeated" in ids(findings(of_elmo(bare, count=2), of_elmo(bare, position=2, count=2)))
    other = replace(bare, organisations=(replace(issuer, identifiers=(), names=(Text("Another", "en"),)),))
    assert "elmo/issuer-repeated" not in ids(findings(of_elmo(bare, count=2), of_elmo(other, position=2, count=2)))


def test_hours_in_words_and_attachments_of_sections_are_no_trouble() -> None:
    section = Section(number="4", sections=(Section(number="4.1", attachments=(attachment("inner"),)),))
    odd = achievement(
        activities=(Activity(contact_hours="thirty"), Activity(contact_hours="0")),
        diploma_supplement=DiplomaSupplement(version="2018", sections=(section,)),
        attachment_refs=("inner",),
    )
    found = ids(findings(of_elmo(replace(credential(odd), issuer=None))))
    assert {"elmo/hours-zero", "elmo/attachment-ref-unknown"}.isdisjoint(found)
    assert "elmo/attachment-without-content" in found


def test_records_that_are_about_nobody_are_passed_over() -> None:
    rules = Rules(("elmo",), TABLES)
    assert list(rules.see(Read(offer(), origin()))) == []
    assert list(rules.end()) == []
    assert list(Elmo()(offer(), origin(), TABLES)) == []
    nobody = replace(instance(Status.PASSED), learner=replace(credential().learner, birth_date=None, identifiers=()))
    assert "elmo/status-changed" not in ids(findings(of_elmo(nobody), of_elmo(nobody, id="e")))


def test_a_learner_is_known_again_by_names_and_date_of_birth() -> None:
    def said(status: Status, generated: datetime | None, id: str) -> Credential:
        record = instance(status)
        bare = replace(record, learner=replace(record.learner, identifiers=(), birth_date=date(2001, 2, 28)))
        return of_elmo(bare, id=id, generated=generated)

    def found(*records: Credential) -> bool:
        return "elmo/status-changed" in ids(findings(*records))

    assert found(said(Status.PASSED, None, "a"), said(Status.FAILED, None, "b"))
    assert not found(said(Status.PASSED, None, "a"), said(Status.IN_PROGRESS, GENERATED, "b"))
    assert not found(said(Status.PASSED, GENERATED.replace(tzinfo=None), "a"), said(Status.IN_PROGRESS, GENERATED, "b"))


def test_a_status_that_could_not_be_read_is_not_taken_for_none() -> None:
    kept = Residue(
        format="elmo", path="specifies/learningOpportunityInstance/status[1]", content="<status>studira</status>"
    )
    record = of_elmo(credential(achievement(residue=(kept,))))
    assert "elmo/status-missing" not in ids(findings(record))
    assert "elmo/status-missing" in ids(findings(of_elmo(credential(achievement()))))


def test_titles_of_what_is_counted_twice_are_left_out_where_values_are() -> None:
    twice = [each for each in findings(of_elmo(credential(BRANCH))) if each.rule.id == "credit/counted-twice"]
    title = BRANCH.specification.title[0].value  # type: ignore[union-attr]
    assert twice
    assert all(title in each.message and title not in each.masked for each in twice)


@pytest.mark.parametrize("written", ["6.0", "Level 6", "EQF 6"])
def test_an_eqf_level_that_is_no_bare_number_is_that_level_all_the_same(written: str) -> None:
    levels = (Level(framework=Framework.EQF, scheme="EQF", value=written),)
    record = of_elmo(credential(achievements=(achievement(specification=course(levels=levels)),)))
    found = [each for each in findings(record, sets=("elmo", "semantic")) if "eqf" in each.rule.id]
    assert [(each.rule.id, each.value) for each in found] == [("elmo/eqf-not-a-number", written)]
