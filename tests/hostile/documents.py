"""Documents that somebody made badly, or on purpose: each with what has to be said about it, and where.

All are made here, from a good document with one thing wrong, so that nothing else can be what is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

SPACE: Final = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
MILLION: Final = 1_000_000


@dataclass(frozen=True)
class Bad:
    """A bad document. ``says`` and ``place`` are parts of what is told; large ones are made when they are asked for."""

    name: str
    made: bytes | Callable[[], bytes]
    says: str
    place: str

    def data(self) -> bytes:
        """The bytes."""
        return self.made if isinstance(self.made, bytes) else self.made()

    def __str__(self) -> str:
        return self.name


def course(title: str, inside: str = "") -> str:
    """One learning opportunity of ELMO, with others inside."""
    parts = f"<hasPart>{inside}</hasPart>" if inside else ""
    return (
        f'<learningOpportunitySpecification><identifier type="local">C1</identifier><title>{title}</title>'
        f"<specifies><learningOpportunityInstance/></specifies>{parts}</learningOpportunitySpecification>"
    )


def elmo(title: str = "Uvod u podatke", inside: str = "", *, head: str = HEAD, after: str = "") -> str:
    """A valid ELMO document with one course."""
    return (
        f'{head}<elmo xmlns="{SPACE}"><generatedDate>2026-06-30T12:00:00Z</generatedDate>\n'
        "<learner><givenNames>Ana</givenNames><familyName>Primjer</familyName></learner>\n"
        '<report><issuer><identifier type="schac">example.edu</identifier><title>Example University</title>'
        "<url>https://example.edu</url></issuer>\n"
        f"{course(title, inside)}<issueDate>2026-06-30T12:00:00Z</issueDate></report>{after}</elmo>\n"
    )


def nested(levels: int) -> str:
    """Courses in courses; two levels of elements each."""
    inside = ""
    for _ in range(levels):
        inside = course("Dio", inside)
    return inside


def laughs() -> str:
    """Ten entities, each ten times the one before."""
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return f"<!DOCTYPE elmo [{lines}]>\n" + elmo("&a9;", head="")


def blow_up() -> str:
    """One long entity, used many times: quadratic, and no entity is nested."""
    return f'<!DOCTYPE elmo [<!ENTITY a "{"a" * 100_000}">]>\n' + elmo("&a;" * 10_000, head="")


def outside(system: str) -> str:
    """An entity that is to be fetched."""
    return f'<!DOCTYPE elmo [<!ENTITY a SYSTEM "{system}">]>\n' + elmo("&a;", head="")


XML: Final = (
    Bad("a bomb of entities", lambda: laughs().encode(), "DOCTYPE", ":1:1"),
    Bad("a quadratic blow-up", lambda: blow_up().encode(), "DOCTYPE", ":"),
    Bad("an entity from a file", lambda: outside("file:///etc/hostname").encode(), "DOCTYPE", ":1:1"),
    Bad("an entity from the network", lambda: outside("http://127.0.0.1:9/x").encode(), "DOCTYPE", ":1:1"),
    Bad(
        "a document type from elsewhere",
        lambda: elmo(head='<!DOCTYPE elmo SYSTEM "http://127.0.0.1:9/elmo.dtd">\n').encode(),
        "DOCTYPE",
        ":1:1",
    ),
    Bad("an entity that nobody declared", lambda: elmo("a&nbsp;b").encode(), "&nbsp;", ":5:"),
    Bad("300 levels", lambda: elmo(inside=nested(300)).encode(), "256 deep", ":5:"),
    Bad(
        "100,000 levels",
        lambda: elmo(after="<extension>" + "<a>" * 100_000 + "</a>" * 100_000 + "</extension>").encode(),
        "256 deep",
        ":5:",
    ),
    Bad("a text of 40 MB", lambda: elmo("x" * 40 * MILLION).encode(), "40,000,000 characters", "title[1]"),
    Bad(
        "an attachment of 40 MB",
        lambda: elmo(after=f"<attachment><content>{'QUJD' * 10 * MILLION}</content></attachment>").encode(),
        "40,000,000 characters",
        "content[1]",
    ),
    Bad("a byte of no encoding", lambda: elmo("\x81itanje").encode("latin-1"), "0x81", ":5:"),
    Bad("a null", lambda: elmo("a\0b").encode(), "the number 0 ", ":5:"),
    Bad("half a document", lambda: elmo().encode()[:-30], "ends too early", ":5:"),
    Bad("a closing tag too many", lambda: elmo(after="</report>").encode(), "", ":5:"),
    Bad("two attributes of one name", lambda: elmo(after='<a b="1" b="2"/>').encode(), "b", ":5:"),
    Bad("six million elements", lambda: elmo(after="<a/>" * 6 * MILLION).encode(), "elements", ""),
)


_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"


def _courses(courses: str) -> bytes:
    """A document with these courses."""
    return elmo().replace(course("Uvod u podatke"), courses).encode()


FAULTY: Final[dict[str, Callable[[], bytes]]] = {
    "3,000 attributes that nobody knows": lambda: (
        elmo().replace("<report>", "<report" + "".join(f" a{n}='1'" for n in range(3_000)) + ">").encode()
    ),
    "3,000 courses with one": lambda: (
        elmo().replace(course("Uvod u podatke"), course("Dio").replace("><", ' a=""><', 1) * 3_000).encode()
    ),
    "3,000 elements that nobody knows": lambda: elmo().replace("<issueDate>", "<a/>" * 3_000 + "<issueDate>").encode(),
    "8,000 titles in the wrong place": lambda: (
        elmo().replace("</specifies>", "</specifies>" + "<title>Dio</title>" * 8_000).encode()
    ),
    "60,000 courses with nothing in them": lambda: _courses("<learningOpportunitySpecification/>" * 60_000),
    "40,000 that say that they are nil": lambda: _courses(
        f'<learningOpportunitySpecification xmlns:x="{_INSTANCE}" x:nil="1"/>' * 40_000
    ),
    "30,000 titles in turn with descriptions": lambda: _courses(
        course("Uvod").replace("</title>", "</title>" + '<title xml:lang="?"/><description xml:lang="?"/>' * 15_000)
    ),
}
"""Small documents with a fault in each of thousands of elements, or in one."""


def record(**more: str) -> str:
    """A canonical credential; ``more`` are further members as they are to stand in it."""
    members = "".join(f',"{name}":{value}' for name, value in more.items())
    return f'{{"record":"credential","version":"1","id":"r1","learner":{{}}{members}}}'


def points(number: str) -> str:
    """A canonical credential with one amount of credits, as it is to stand there."""
    return record(achievements=f'[{{"credits":[{{"scheme":"ects","points":{number}}}]}}]')


def _canonical() -> Iterator[Bad]:
    at = "/achievements/0/credits/0"
    for number in ('"1e999999999"', '"1E-999999999"', "1e400", f'"{"9" * 100_000}"'):
        yield Bad(f"points of {number[:14]}", points(number).encode(), "digits", at)
    for number in ('"NaN"', '"sNaN"', '"Infinity"', '"-inf"'):
        yield Bad(f"points of {number}", points(number).encode(), "no number", at)
    for number in ("NaN", "Infinity", "-Infinity"):
        yield Bad(f"a bare {number}", points(number).encode(), "invalid character", "bad.in:1")
    yield Bad("a member twice", record(id='"r2"').encode(), '"id" stands twice', "at /id")
    yield Bad("a deep array", record(x="[" * 100_000 + "]" * 100_000).encode(), "128 deep", "bad.in:1")
    yield Bad("half a surrogate", record(title='[{"value":"\\ud800"}]').encode(), "half of a character", "bad.in:1")
    yield Bad("a letter of Latin-1 in JSON", record(id='"é"').encode("latin-1"), "not UTF-8", "")
    yield Bad("something after the end", (record() + "x").encode(), "trailing", "bad.in:1")
    yield Bad("half a record", record().encode()[:-5], "truncated", "bad.in:1")
    yield Bad("a text for a list", record(title='"x"').encode(), "array", "/title")
    yield Bad("null for a list", record(title="null").encode(), "array", "/title")


CANONICAL: Final = tuple(_canonical())
