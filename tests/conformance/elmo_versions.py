"""A document for each thing that a version of ELMO brought; nothing in it is newer. The people are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.conformance.elmo_documents import ELMO, SIGNATURE


@dataclass(frozen=True)
class Brought:
    """What a version brought, at its place in a document of 1.0, and the versions that the document can be of then."""

    what: str
    versions: str
    learner: str = ""
    offer: str = ""
    instance: str = ""
    credit: str = "<credit><scheme>ects</scheme><value>3</value></credit>"
    after: str = ""
    report: str = ""
    attachment: str = "<type>Transcript of Records</type><content>data:text/plain;base64,eA==</content>"
    groups: str = ""
    extension: str = ""
    born: str = "<bday>2001-02-28</bday>"
    recognised: str = ""

    def __str__(self) -> str:
        return self.what

    def document(self, *, signed: bool = True) -> bytes:
        """The document; up to 1.4 each had to be signed."""
        extension = f"<extension>{self.extension}</extension>" if self.extension else ""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<elmo xmlns="{ELMO}">'
            "<generatedDate>2031-05-01T10:00:00Z</generatedDate><learner>"
            '<identifier type="nationalIdentifier">00000000001</identifier>'
            f"<givenNames>Ada</givenNames><familyName>Nepostojeća</familyName>{self.born}{self.learner}</learner>"
            '<report><issuer><identifier type="schac">example.edu</identifier>'
            '<title xml:lang="en">Example University</title><url>https://example.edu/</url></issuer>'
            '<learningOpportunitySpecification><identifier type="local">A1</identifier>'
            f'<title xml:lang="en">Algebra</title><description xml:lang="en">Rings</description>{self.offer}'
            f"<specifies><learningOpportunityInstance>{self.instance}{self.credit}{self.after}"
            f"</learningOpportunityInstance></specifies></learningOpportunitySpecification>{self.recognised}"
            f"<issueDate>2031-05-01T10:00:00Z</issueDate>{self.report}"
            f"<attachment>{self.attachment}</attachment></report>{self.groups}{extension}{_SIGNED if signed else ''}"
            "</elmo>"
        ).encode()


_SIGNED: Final = (
    f'<Signature xmlns="{SIGNATURE}"><SignedInfo><CanonicalizationMethod Algorithm="c"/>'
    '<SignatureMethod Algorithm="s"/><Reference><DigestMethod Algorithm="d"/><DigestValue/></Reference>'
    "</SignedInfo><SignatureValue/></Signature>"
)
_CONTENT: Final = "<content>data:text/plain;base64,eA==</content>"
_SECOND_NAME: Final = "<alternativeName>Ада</alternativeName>"
_SUPPLEMENT: Final = (
    "<diplomaSupplement><version>2018</version><issueDate>2031-05-01</issueDate><introduction/>"
    '<section number="1"><title>Holder</title></section></diplomaSupplement>'
)
_GROUPS: Final = (
    '<groups><groupType id="1"><title>Kind</title>{}<group id="2"><title>Core</title>{}</group></groupType></groups>'
)
_ANOTHER: Final = '<title xml:lang="hr">Drugo</title>'
_STATUS: Final = "<status>Positive</status>"


def _attached(kind: str) -> str:
    return f"<type>{kind}</type>{_CONTENT}"


BROUGHT: Final = (
    Brought("the first version", "1.0 to 1.7"),
    Brought("levels of credits", "1.0 to 1.7", credit="<credit><scheme>ects</scheme><level>Bachelor</level></credit>"),
    Brought("several descriptions", "1.1 to 1.7", offer='<description xml:lang="hr">Prsteni</description>'),
    Brought("EMREX transcripts", "1.1 to 1.7", attachment=_attached("EMREX transcript")),
    Brought("extensions of unknown names", "1.1 to 1.7", extension='<x:note xmlns:x="urn:example:x"/>'),
    Brought("HTML", "1.2 to 1.7", offer="<descriptionHtml>&lt;p&gt;Rings&lt;/p&gt;</descriptionHtml>"),
    Brought("grading schemes", "1.2 to 1.7", report='<gradingScheme localId="s"/>'),
    Brought("use of a grading scheme", "1.2 to 1.7", instance="<gradingSchemeLocalId>s</gradingSchemeLocalId>"),
    Brought("status", "1.2 to 1.7", instance="<status>passed</status>"),
    Brought("names of instances", "1.2 to 1.7", instance='<identifier type="ewp-loi-id">1</identifier>'),
    Brought("levels", "1.2 to 1.7", after="<level><type>EQF</type><value>6</value></level>"),
    Brought("other attachments", "1.2 to 1.7", attachment=_attached("Other")),
    Brought("attachments without content", "1.2 to 1.7", attachment="<title>Paper</title>"),
    Brought(
        "attachments in a language", "1.0 to 1.7", attachment=_CONTENT.replace("<content", '<content xml:lang="en"')
    ),
    Brought("attachments in two languages", "1.2 to 1.7", attachment=_CONTENT * 2),
    Brought(
        "attachments with two descriptions",
        "1.2 to 1.7",
        attachment=f"<description>One</description><description>Two</description>{_CONTENT}",
    ),
    Brought(
        "distributions with two descriptions",
        "1.2 to 1.7",
        instance='<resultDistribution><category label="A" count="1"/><description>One</description>'
        "<description>Two</description></resultDistribution>",
    ),
    Brought("names of attachments", "1.3 to 1.7", attachment=f'<identifier type="internal">a</identifier>{_CONTENT}'),
    Brought("references to attachments", "1.3 to 1.7", after="<attachments><ref>a</ref></attachments>"),
    Brought("grouping", "1.3 to 1.7", after='<grouping typeref="1" idref="2"/>'),
    Brought("groups", "1.3 to 1.7", groups=_GROUPS.format("", "")),
    Brought("diploma supplements", "1.4 to 1.7", after=_SUPPLEMENT),
    Brought("place of birth", "1.5 to 1.7", learner="<placeOfBirth>Nowhere</placeOfBirth>"),
    Brought("name at birth", "1.5 to 1.7", learner="<birthName>Prijašnja</birthName>"),
    Brought("address", "1.5 to 1.7", learner="<currentAddress/>"),
    Brought("gender", "1.5 to 1.7", learner="<gender>2</gender>"),
    Brought("diplomas", "1.6 to 1.7", attachment=_attached("Diploma")),
    Brought("micro-credentials", "1.6 to 1.7", attachment=_attached("Micro Credential")),
    Brought("kinds of groups in two languages", "1.7", groups=_GROUPS.format(_ANOTHER, "")),
    Brought("groups in two languages", "1.7", groups=_GROUPS.format("", _ANOTHER)),
    Brought("other names", "2.0 to 2.1", born=f"{_SECOND_NAME}<dateOfBirth>2001-02-28</dateOfBirth>"),
    Brought(
        "grading schemes of others",
        "2.0 to 2.1",
        born=_SECOND_NAME,
        instance="<gradingSchemeExternalId>s</gradingSchemeExternalId>",
    ),
    Brought(
        "recognition",
        "2.0 to 2.1",
        born=_SECOND_NAME,
        recognised=f"<resultOfRecognition>{_STATUS}</resultOfRecognition>",
    ),
    Brought("no other name", "2.1", born="<dateOfBirth>2001-02-28</dateOfBirth>"),
    Brought(
        "names of recognitions",
        "2.1",
        born=_SECOND_NAME,
        recognised=f'<resultOfRecognition><identifier type="local">r</identifier>{_STATUS}</resultOfRecognition>',
    ),
    Brought(
        "two versions in one",
        "2.0 to 2.1, with elements of 1.x",
        born=f"{_SECOND_NAME}<bday>2001-02-28</bday><dateOfBirth>2001-02-28</dateOfBirth>",
    ),
)
"""One document for each."""
