"""Our verdict is that of XML Schema, as a second library reads it: by our schema, and by the published ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from mcbridge.diagnostics import Rule, Severity
from mcbridge.errors import InputError
from mcbridge.mappers import _xml
from mcbridge.mappers._xml.official import Published
from mcbridge.mappers._xml.validation import Schema
from mcbridge.schemas import Store, recognised
from tests.conformance.elmo_declarations import Declarations
from tests.conformance.elmo_documents import everything, least
from tests.conformance.elmo_mutations import mutations
from tests.conformance.test_elmo_xsd import OURS, SEED

RULE = Rule("example/schema", Severity.ERROR, "An example", _xml.TEMPLATE, _xml.HINT, "because the schema says so")

LENIENT = re.compile(
    r"expects an address \(URI\)"  # it takes brackets and colons anywhere in an address
    r"|expects a number with a decimal point"  # "1 2" is a number to it
    r"|between its elements (extension|introduction) holds"  # it passes over text there
)
"""What the other library lets through, against the letter of XML Schema."""

BASE64 = "text '-_-_'"
"""libxml2 takes the other alphabet of base64 for base64, whoever asks it; only signatures hold any."""

_SPACES = ("", " ", "\n", "\t", " \r\n ", "\u00a0")
_DATES = ("2001-02-28", "2001-02-30", "2001-02-28Z", "2001-02-28+14:00", "28.02.2001", "")
_MOMENTS = (
    "2031-05-01T10:00:00",
    "2031-05-01T10:00:00.5+02:00",
    "2031-05-01T24:00:00",
    "2031-05-01",
    "2031-05-01 10:00",
)


def padded() -> Iterator[tuple[str, bytes]]:
    """Days and moments with space around them, good ones and bad ones, beside true faults and without."""
    text = least().decode()
    for before in _SPACES:
        for after in _SPACES:
            for day in _DATES:
                for beside in ("", "<gender>7</gender>"):
                    born = f"<familyName/><bday>{before}{day}{after}</bday>{beside}"
                    yield f"bday {before!r}{day}{after!r}{beside}", text.replace("<familyName/>", born).encode()
            for moment in _MOMENTS:
                made = text.replace("2031-05-01T10:00:00Z", f"{before}{moment}{after}")
                yield f"generatedDate {before!r}{moment}{after!r}", made.encode()


def changed() -> Iterator[tuple[str, bytes]]:
    """Each kind of change to the least document, and some to the one with everything."""
    declarations = Declarations(Path(str(OURS)), {})
    for source, step in ((least(), 1), (everything(), 19)):
        root = etree.fromstring(source)
        for number, found in enumerate(mutations(root, declarations.of(root), SEED)):
            if number % step == 0:
                yield f"{found.key} {found.detail}", etree.tostring(found.root)


@pytest.fixture(scope="module", params=["ours", "elmo/1.7"])
def judge(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """Our schema, or a published one as a user has added it."""
    if request.param == "ours":
        return _xml.schema("elmo/1.7")
    folder: Path = request.getfixturevalue("shared_root")
    store = Store(tmp_path_factory.mktemp("schemas"))
    for path in sorted((folder / "official" / "elmo").iterdir()):
        known = recognised(path.read_bytes())
        if known is not None:
            store.keep(*known)
    return Published(request.param, store.folder)


def verdicts(judge: Schema, data: bytes) -> tuple[bool, bool, str]:
    """Ours, the other library's, and what we say."""
    root = _xml.parse(data, "d.xml")
    said = [] if judge.validate(root) else [one.message for one in judge.explain(root, data, "d.xml", RULE)]
    return not said, judge.library.is_valid(root), "; ".join(said)


def test_space_around_dates_is_judged_as_xml_schema_says(judge: Schema) -> None:
    counts: Counter[bool] = Counter()
    for name, data in padded():
        ours, theirs, said = verdicts(judge, data)
        expected = theirs and "\u00a0" not in data.decode()  # a no-break space is no white space of XML
        assert ours is expected, f"{name}: {said}"
        counts[ours] += 1
    print(f"{judge.name}: {counts[True]} valid, {counts[False]} not")
    assert counts[False] > 100
    assert counts[True] > 100


def test_changed_documents_are_judged_as_the_other_library_does(judge: Schema) -> None:
    counts: Counter[bool] = Counter()
    for name, data in changed():
        try:
            ours, theirs, said = verdicts(judge, data)
        except (InputError, KeyError, ValueError, etree.XMLSyntaxError):
            continue  # no XML any more, or a type that the other library stumbles over
        counts[ours] += 1
        if ours is not theirs and BASE64 not in name:
            assert not ours, f"{name}: the other library finds a fault"
            assert LENIENT.search(said), f"{name}: {said}"
    print(f"{judge.name}: {counts[True]} valid, {counts[False]} not")
    assert counts.total() > 250


def test_the_published_example_is_valid_by_the_published_schema(judge: Schema, shared_root: Path) -> None:
    data = (shared_root / "official" / "elmo" / "example-1.7.0.xml").read_bytes()
    assert verdicts(judge, data) == (True, True, "")
