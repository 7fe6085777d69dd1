"""A document read piece by piece gives what it gives when it is read as a whole: records, findings, losses, places."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mcbridge.conversion.opening import finding
from mcbridge.errors import InputError
from mcbridge.limits import Limits
from mcbridge.losses import Loss
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.mappers.elmo.streaming import surveyed
from mcbridge.model import Record
from mcbridge.model.leaves import leaves
from mcbridge.origins import Contents, Luggage, Read, Source
from mcbridge.tables import Tables
from tests.conformance.elmo_documents import everything, least
from tests.golden.cases import cases
from tests.unit.cli.command import environment

WHOLE = Limits()
PIECES = Limits(stream=0)


def told(data: bytes, limits: Limits, look: Callable[[list[Read], Luggage], Any] = lambda *_: None) -> dict[str, Any]:
    """All that comes of a document. ``look`` sees the records before anything else is asked."""
    mapper, luggage = ElmoMapper(Tables(), {}), Luggage()
    source = Source("input.xml", data, limits=limits)
    reads: list[Read] = []
    failed = None
    try:
        reads += mapper.read(source, luggage)
    except InputError as error:
        failed = finding(error, source).to_dict()
    seen = look(reads, luggage)
    return {
        "records": [read.record for read in reads],
        "findings": luggage.report.to_json(),
        "losses": set(luggage.losses),
        "wholes": [read.origin.whole for read in reads],
        "places": [[(path, read.origin.of(path)) for path, _ in leaves(read.record)] for read in reads],
        "contents": {name: luggage.contents[name] for read in reads for name in _spoken_of(read.record, luggage)},
        "failed": failed,
        "refused": luggage.refused,
        "seen": seen,
    }


def _spoken_of(record: Record, luggage: Luggage) -> Iterator[str]:
    for path, value in leaves(record):
        if path.endswith((".sha256", ".written")):
            assert value in luggage.contents
            yield value


def streams(data: bytes) -> bool:
    """Whether a document is really read piece by piece."""
    try:
        return surveyed(Source("input.xml", data, limits=PIECES), Contents(), None) is not None
    except InputError:
        return False


def alike(data: bytes) -> None:
    """Both ways give the same, whatever is asked and when."""
    whole = told(data, WHOLE)
    assert told(data, PIECES) == whole


GOLDEN = [case for case in cases() if case.format == "elmo" and case.input is not None]


@pytest.mark.parametrize("case", GOLDEN, ids=str)
def test_golden_cases(case: Any) -> None:
    alike(case.input.read_bytes())


@pytest.mark.parametrize("case", [case for case in GOLDEN if case.output is not None], ids=str)
def test_what_golden_cases_write(case: Any) -> None:
    alike(case.output.read_bytes())


def test_enough_of_the_golden_cases_do_stream() -> None:
    assert sum(streams(case.input.read_bytes()) for case in GOLDEN if case.input is not None) >= 10


def filler(size: int) -> bytes:
    """Bytes that are no text, and not the same all over."""
    return bytes(number * number % 251 for number in range(size))


def uri(size: int, wrapped: int = 0) -> str:
    """A data URI of an attachment of so many bytes, perhaps with a line break after so many characters."""
    text = base64.b64encode(filler(size)).decode()
    lines = [text[at : at + wrapped] for at in range(0, len(text), wrapped)] if wrapped else [text]
    return "data:application/pdf;base64," + "\r\n".join(lines)


def attachment(content: str, title: str = "Copy") -> str:
    return (
        f'<attachment><title>{title}</title><type>Other</type><content xml:lang="en">{content}</content></attachment>'
    )


INTRODUCTION = "<introduction>One <b xmlns='urn:x'>of</b> many</introduction>"


def supplement(introduction: str, attached: str) -> str:
    return (
        f"<diplomaSupplement><version>2018</version><issueDate>2031-01-01</issueDate>{introduction}"
        f'<section number="1"><title>One</title>{attached}</section></diplomaSupplement>'
    )


def course(name: str, inside: str = "", parts: int = 0) -> str:
    more = "".join(f"<hasPart>{course(f'{name}.{part}')}</hasPart>" for part in range(parts))
    return (
        f"<learningOpportunitySpecification><title>{name} &amp; more</title><specifies><learningOpportunityInstance>"
        f"<status>passed</status>{inside}</learningOpportunityInstance></specifies>{more}</learningOpportunitySpecification>"
    )


def report(name: str, courses: str, attached: str = "") -> str:
    return (
        f'<report><issuer><identifier type="schac">{name}.example.edu</identifier><title>{name}</title>'
        f"<url>https://{name}.example.edu</url></issuer>\n{courses}\n"
        f"<issueDate>2031-05-01T10:00:00Z</issueDate>{attached}</report>\n"
    )


def document(reports: str, after: str = "", head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    return (
        f'{head}<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">\n'
        "<generatedDate>2031-05-01T10:00:00Z</generatedDate><learner><givenNames>Ada</givenNames>"
        f"<familyName>Izmišljena</familyName><bday>2001-02-28</bday></learner>\n{reports}{after}</elmo>\n"
    )


MANY = "".join(report(f"u{number}", course(f"C{number}", parts=number % 3)) for number in range(300))
LONG = 400_000

VALID = {
    "many reports": document(MANY),
    "many reports in two bytes a letter": document(MANY, head=""),
    "attachments of reports and of the document": document(
        "".join(report(f"u{n}", course("C"), attachment(uri(LONG + n)) + attachment(uri(10 + n))) for n in range(3)),
        "".join(attachment(uri(LONG + n)) for n in range(3, 6)),
    ),
    "attachments in lines": document(report("u", course("C"), attachment(uri(LONG, 76)) + attachment(uri(LONG, 64)))),
    "an attachment that is no base64": document(report("u", course("C"), attachment("data:a/b;base64,@" + "A" * LONG))),
    "padding in the middle": document(report("u", course("C"), attachment("data:a/b;base64,QQ==" + "A" * LONG))),
    "an attachment without type": document(
        report("u", course("C"), attachment(uri(LONG).replace("application/pdf", "")))
    ),
    "an attachment cut short": document(report("u", course("C"), attachment(uri(LONG)[:-3]))),
    "an attachment of entities": document(report("u", course("C"), attachment("data:a/b,&amp;&lt;&#13;" + "ž" * LONG))),
    "a supplement": document(report("u", course("C", supplement("<introduction/>", attachment(uri(LONG)))))),
    "a supplement that is kept as it is": document(
        report("u", course("C", supplement(INTRODUCTION, attachment(uri(LONG)) + attachment(uri(LONG, 76)))))
    ),
    "comments and CDATA": document(
        MANY.replace("<status>", "<!-- <report> --><status>").replace("&amp; more", "<![CDATA[& more]]>")
    ),
}


@pytest.mark.parametrize("name", VALID)
def test_large_documents(name: str) -> None:
    data = VALID[name].encode("utf-16" if "two bytes" in name else "utf-8")
    assert streams(data)
    alike(data)


@pytest.mark.parametrize("path", ["example-1.7.0.xml", "example-2.0.0.xml"])
def test_official_examples(path: str, shared_root: Path) -> None:
    alike((shared_root / "official" / "elmo" / path).read_bytes())


@pytest.mark.parametrize("data", [least(), everything()], ids=["least", "everything"])
def test_all_that_the_schema_declares(data: bytes) -> None:
    assert streams(data)
    alike(data)


def prefixed(text: str) -> str:
    import re

    text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1e:", text)
    return text.replace("xmlns=", "xmlns:e=", 1)


def test_a_prefix() -> None:
    data = prefixed(document(MANY)).encode()
    assert streams(data)
    alike(data)


@pytest.mark.parametrize("order", ["as they come", "backwards", "after all"])
def test_places_are_found_whenever_they_are_asked_for(order: str) -> None:
    data = document(MANY, attachment("data:a/b;base64,QQ==", "Whole")).encode()
    mapper = ElmoMapper(Tables(), {})
    reads = {
        kind: mapper.read(Source("input.xml", data, limits=limits), Luggage())
        for kind, limits in (("whole", WHOLE), ("pieces", PIECES))
    }

    def places(kind: str) -> list[Any]:
        if order == "as they come":
            return [[read.origin.of(path) for path, _ in leaves(read.record)] for read in reads[kind]]
        found = list(reads[kind])
        some = found[::-37] if order == "backwards" else found[::29]
        return [[read.origin.of(path) for path, _ in leaves(read.record)] for read in some]

    assert places("pieces") == places("whole")


def test_losses_of_a_signature_are_those_of_each_report() -> None:
    signed = "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><SignedInfo>{}</SignedInfo>{}</Signature>".format(
        "<CanonicalizationMethod Algorithm='urn:c'/><SignatureMethod Algorithm='urn:s'/>"
        "<Reference URI=''><DigestMethod Algorithm='urn:d'/><DigestValue>QQ==</DigestValue></Reference>",
        "<SignatureValue>QQ==</SignatureValue>",
    )
    data = document(MANY, signed).encode()
    assert streams(data)
    alike(data)
    assert len({lost for lost in told(data, PIECES)["losses"] if isinstance(lost, Loss)}) == 300


@pytest.mark.parametrize("broken", ["", "<unknown/>"], ids=["valid", "broken"])
def test_a_report_with_too_many_achievements_is_left_out_and_the_others_are_read(broken: str) -> None:
    several = report("a", course("A")) + report("b", course("B", parts=3)) + report("c", course("C", parts=1))
    data = document(several, broken).encode()
    found = {
        kind: told(data, Limits(stream=stream, achievements=3)) for kind, stream in (("whole", 2**30), ("pieces", 0))
    }
    assert found["whole"] == found["pieces"]
    assert found["whole"]["refused"] == 1
    assert [record.document.position for record in found["whole"]["records"]] == [1, 3]
    (said,) = (one for one in found["whole"]["findings"] if one["rule"] == "credential/too-many-achievements")
    assert said["path"] == "elmo/report[2]"
    assert said["line"] == 7
    assert "more than 3 achievements" in said["message"]
    assert "--limit achievements=" in said["hint"]
    assert told(data, Limits(stream=0, achievements=4))["refused"] == 0


MEASURED = """
import atexit, sys
from pathlib import Path
def tell():
    lines = Path("/proc/self/status").read_text().splitlines()
    print(next(line for line in lines if line.startswith("VmHWM")).split()[1])
atexit.register(tell)
from mcbridge.cli import main
sys.exit(main())
"""


def megabytes(source: Path, folder: Path) -> float:
    """The most memory that converting a file takes."""
    call = ["convert", str(source), "--to", "canonical", "-o", str(folder / "out.ndjson"), "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *call],
        env={**environment(folder / "home"), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1]) / 1024


def test_a_large_document_takes_little_more_memory_than_a_small_one(tmp_path: Path) -> None:
    several = "".join(report(f"u{number}", course("C", parts=9)) for number in range(20))
    content = attachment(uri(6_000_000))
    peaks = []
    for times in (0, 120):
        source = tmp_path / f"{times}.xml"
        with source.open("w", encoding="utf-8") as file:
            before, _, behind = document("@", content if times else "").partition("@")
            file.write(before + several)
            for _ in range(times):
                file.write(several)
            file.write(behind)
        peaks.append(megabytes(source, tmp_path))
        size = source.stat().st_size / 1e6
        print(f"{size:.0f} MB: {peaks[-1]:.0f} MB of memory")
    assert peaks[1] - peaks[0] <= 64
