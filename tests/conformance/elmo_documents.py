"""ELMO 1.7 and 2.0 documents to start from: one that holds every element declared, and the least that is valid.

The people, schools, keys and signatures are invented; nothing here was ever issued.
"""

from typing import cast

from lxml import etree

ELMO = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
ADDRESS = "https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1"
EWP = "https://github.com/erasmus-without-paper/ewp-specs-architecture/blob/stable-v1/common-types.xsd"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"

_PREFIXES = f'xmlns:e="{ELMO}" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
"""So that an ``xsi:type`` can name the types of both."""

_ATTACHMENT_TYPES = (
    "Diploma",
    "Diploma Supplement",
    "Transcript of Records",
    "EMREX transcript",
    "Micro Credential",
    "Letter of Nomination",
    "Certificate of Training",
    "Learning Agreement",
    "Other",
)


def least(version: str = "1.7") -> bytes:
    """What no valid document of a version may leave out."""
    other = "<alternativeName/>" if version == "2.0" else ""
    return (
        f'<elmo xmlns="{ELMO}" {_PREFIXES}><generatedDate>2031-05-01T10:00:00Z</generatedDate>'
        f"<learner><givenNames/><familyName/>{other}</learner>"
        '<report><issuer><identifier type="schac">example.edu</identifier><title/><url/></issuer>'
        "<issueDate>2031-05-01T10:00:00</issueDate></report></elmo>"
    ).encode()


def everything(version: str = "1.7") -> bytes:
    """Every element that a version, its address and XML signatures declare, each at least once, in a valid document."""
    second = version == "2.0"
    reports = _report(1, depth=3, second=second) + _report(2, depth=1, second=second)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><elmo xmlns="{ELMO}" xmlns:a="{ADDRESS}" xmlns:w="{EWP}" {_PREFIXES}>'
        "<generatedDate>2031-05-01T10:00:00.5+02:00</generatedDate>"
        f"{_learner(second=second)}{reports}{_attachments(_ATTACHMENT_TYPES)}{_groups()}"
        f'<extension xml:lang="en" xml:space="default">{_foreign()}</extension>'
        f"{_signature('whole', everything=True)}</elmo>"
    ).encode()


def seconded(document: bytes) -> bytes:
    """A document of 1.7 as one of 2.0: renamed, completed, and without what 2.0 has no element for."""
    root = etree.fromstring(document)
    for born in root.iter(f"{{{ELMO}}}bday"):
        born.tag = f"{{{ELMO}}}dateOfBirth"
    family = next(root.iter(f"{{{ELMO}}}familyName"))
    family.addnext(etree.Element(f"{{{ELMO}}}alternativeName"))
    for level in [*root.iterfind(f".//{{{ELMO}}}credit/{{{ELMO}}}level")]:
        cast("etree._Element", level.getparent()).remove(level)
    for number, offer in enumerate(root.iter(f"{{{ELMO}}}learningOpportunitySpecification")):
        if offer[0].tag != f"{{{ELMO}}}identifier":
            named = etree.Element(f"{{{ELMO}}}identifier", type="local")
            named.text = f"made-up-{number}"
            offer.insert(0, named)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _learner(*, second: bool) -> str:
    born = "<bday>2001-02-28Z</bday>"
    if second:
        born = (
            '<alternativeName xml:lang="en">Ada\nthe Invented</alternativeName><dateOfBirth>2001-02-28Z</dateOfBirth>'
        )
    return (
        "<learner><citizenship>HR</citizenship>"
        '<identifier type="nationalIdentifier">00000000001</identifier>'
        '<identifier type="esi">urn:schac:personalUniqueCode:int:esi:example.edu:1</identifier>'
        "<givenNames>Ada Izmišljena</givenNames><familyName>Nepostojeća</familyName>"
        f"{born}"
        "<placeOfBirth>Nowhere</placeOfBirth><birthName>Prijašnja</birthName>"
        "<currentAddress><a:recipientName>Ada</a:recipientName><a:recipientName>c/o Nobody</a:recipientName>"
        "<a:buildingNumber>1</a:buildingNumber><a:buildingName>Tower</a:buildingName><a:streetName>Lane</a:streetName>"
        "<a:unit>2</a:unit><a:floor>3</a:floor><a:postOfficeBox>4</a:postOfficeBox>"
        "<a:deliveryPointCode>5</a:deliveryPointCode><a:deliveryPointCode>6</a:deliveryPointCode>"
        "<a:postalCode>00000</a:postalCode><a:locality>Town</a:locality><a:region>Region</a:region>"
        "<a:country>XK</a:country></currentAddress><gender>9</gender></learner>"
    )


def _report(number: int, depth: int, *, second: bool) -> str:
    return f"<report>{_account(number, depth, recognitions=2 if second else 0, second=second)}</report>"


def _account(number: int, depth: int, *, recognitions: int, second: bool) -> str:
    """What a report holds; ``recognitions`` say how deep those are that rest on one another."""
    recognised = _recognition(number, recognitions - 1) if recognitions else ""
    return (
        f"<issuer><country>NO</country>"
        f'<identifier type="schac">school{number}.example.edu</identifier>'
        f'<identifier type="pic">99999999{number}</identifier>'
        f'<title xml:lang="en">School {number}</title><title xml:lang="nb">Skole {number}</title>'
        f"<url>https://school{number}.example.edu/</url></issuer>"
        f"{_specification(f'{number}', depth, second=second)}{_specification(f'{number}b', 0, second=second)}"
        f"{recognised}"
        "<issueDate>2031-04-30T24:00:00Z</issueDate>"
        '<gradingScheme localId="local"><description xml:lang="en">A to F</description>'
        "<description>1 to 5\nin two lines</description></gradingScheme>"
        '<gradingScheme localId="bare"/>'
        f"{_attachments(('Micro Credential', 'Other'))}"
    )


def _recognition(number: int, deeper: int) -> str:
    basis = _account(number + 10, 0, recognitions=deeper, second=True)
    return (
        '<resultOfRecognition><title xml:lang="en">Recognised</title><title>Priznato</title>'
        '<description xml:lang="en">In full\nor in part</description><subjectArea>11.3</subjectArea>'
        "<iscedCode>0588</iscedCode><status>Partially Positive</status><decisionDate>2031-03-01</decisionDate>"
        f"<recognitionBasis><recognitionReport>{basis}</recognitionReport></recognitionBasis>"
        f"<recognitionResult>{_specification(f'{number}.r', 0, second=True)}</recognitionResult>"
        "<recognitionMapping><mapping><fromMapping><ref>one</ref><ref>two</ref></fromMapping>"
        "<toMapping><ref>three</ref></toMapping></mapping></recognitionMapping>"
        "<attachments><ref>one</ref></attachments></resultOfRecognition>"
        "<resultOfRecognition><status>Negative</status></resultOfRecognition>"
    )


def _specification(code: str, depth: int, *, second: bool) -> str:
    kind = ("Class", "Course", "Module", "Degree Programme")[depth]
    parts = "".join(
        f"<hasPart>{_specification(f'{code}.{part}', depth - 1, second=second)}</hasPart>"
        for part in range((0, 1, 1, 2)[depth])
    )
    return (
        "<learningOpportunitySpecification>"
        f'<identifier type="local">{code}</identifier><identifier type="ewp-los-id">los/{code}</identifier>'
        f'<title xml:lang="en">Unit {code}</title><title xml:lang="">Predmet {code}</title><type>{kind}</type>'
        "<subjectArea>11.3</subjectArea><iscedCode>0588</iscedCode><url>https://example.edu/unit</url>"
        '<description xml:lang="en">First line\nsecond line</description><description/>'
        '<descriptionHtml xml:lang="en-GB">&lt;p&gt;First&lt;/p&gt;</descriptionHtml><descriptionHtml/>'
        f"<specifies>{_instance(code, depth, second=second)}<extension>{_note()}</extension></specifies>{parts}"
        f"<extension>{_note()}{_note()}</extension></learningOpportunitySpecification>"
    )


def _instance(code: str, depth: int, *, second: bool) -> str:
    external = "<gradingSchemeExternalId>https://scales.example.edu/5</gradingSchemeExternalId>" if second else ""
    level = "" if second else f"<level>{('Bachelor', 'Master', 'PhD', 'Bachelor')[depth]}</level>"
    supplement = _supplement() if depth == 3 else ""
    return (
        f'<learningOpportunityInstance><identifier type="ewp-loi-id">loi/{code}</identifier>'
        "<start>2030-10-01</start><date>2031-02-15+01:00</date>"
        '<academicTerm><title xml:lang="en">Winter</title><title>Zima</title>'
        "<start>2030-10-01</start><end>2031-02-28</end></academicTerm>"
        f"<status>{('passed', 'failed', 'in-progress', 'passed')[depth]}</status>"
        f"<gradingSchemeLocalId>local</gradingSchemeLocalId>{external}<resultLabel>-3</resultLabel>"
        "<shortenedGrading><percentageLower>62.25</percentageLower><percentageEqual>20</percentageEqual>"
        "<percentageHigher>17.75</percentageHigher></shortenedGrading>"
        '<resultDistribution><category label="A" count="3"/><category label="B" count="0"/>'
        '<description xml:lang="en">Cohort</description><description>Generacija</description></resultDistribution>'
        f"<credit><scheme>ects</scheme>{level}"
        "<value>7.5</value></credit><credit><scheme>local</scheme></credit>"
        '<level><type>EQF</type><description xml:lang="en">Framework</description><value>7</value></level>'
        "<level><type>NQF</type></level><languageOfInstruction>hr</languageOfInstruction>"
        "<engagementHours>30.0</engagementHours><attachments><ref>one</ref><ref>two</ref></attachments>"
        '<grouping typeref="1" idref="2">Optional</grouping>'
        f"<extension>{_note()}</extension>{supplement}</learningOpportunityInstance>"
    )


def _supplement() -> str:
    return (
        '<diplomaSupplement xml:lang="en"><version>2018</version><issueDate>2031-05-01</issueDate>'
        '<introduction xml:lang="en" any="way">This <b xmlns="">model</b></introduction>'
        '<section number="1"><title>Holder</title></section>'
        '<section number="4"><title>Contents</title><content type="text/plain">Overview</content>'
        "<additionalInformation>One\ntwo</additionalInformation><additionalInformation/>"
        f"{_attachments(('Other',))}"
        '<section number="4.1"><title>Mode</title><content>Full time</content></section>'
        '<section number="4.2"><title>Requirements</title></section></section>'
        f"{_signature('part', everything=False)}</diplomaSupplement>"
    )


def _attachments(types: tuple[str, ...]) -> str:
    return "".join(
        f'<attachment><identifier type="internal">one</identifier><identifier type="other">{number}</identifier>'
        f'<title xml:lang="en">Paper {number}</title><title>Papir</title><type>{kind}</type>'
        '<description xml:lang="en">A paper\nof two lines</description><description/>'
        '<content xml:lang="en">data:application/pdf;base64,JVBERi0=</content>'
        f"<content>data:text/plain,hello</content><extension>{_note()}</extension></attachment>"
        for number, kind in enumerate(types)
    )


def _groups() -> str:
    groups = "".join(
        f'<group id="{number}" sortingKey="{9 - number}"><title xml:lang="en">Group {number}</title>'
        f"<title>Grupa {number}</title></group>"
        for number in (1, 2)
    )
    return (
        f'<groups><groupType id="1"><title xml:lang="en">Kind</title><title>Vrsta</title>{groups}</groupType></groups>'
    )


def _note() -> str:
    return '<x:note xmlns:x="urn:example:notes" free="1">kept<x:deep/></x:note>'


def _foreign() -> str:
    """What is foreign to ELMO, some of it declared elsewhere and therefore checked."""
    return (
        f"{_note()}<a:street-address><a:addressLine>One</a:addressLine><a:addressLine>Two</a:addressLine></a:street-address>"
        "<a:mailing-address><a:country>NO</a:country></a:mailing-address>"
        "<w:admin-email>office@example.edu</w:admin-email><w:admin-provider>school</w:admin-provider>"
        "<w:admin-notes>one\ntwo</w:admin-notes>"
        '<w:success-user-message xml:lang="en">done</w:success-user-message>'
        "<w:error-response><w:developer-message>why</w:developer-message>"
        '<w:user-message xml:lang="en">sorry</w:user-message></w:error-response>'
    )


def _signature(name: str, *, everything: bool) -> str:
    transforms = (
        '<Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
        '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">as <XPath>true()</XPath></Transform>'
        "</Transforms>"
    )
    reference = (
        f'<Reference Id="{name}-r" Type="urn:example:type" URI="">{transforms}'
        '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256">mixed<d:one xmlns:d="urn:example:d"/>'
        '<d:two xmlns:d="urn:example:d"/></DigestMethod>'
        "<DigestValue>AAEC</DigestValue></Reference>"
    )
    return (
        f'<Signature xmlns="{SIGNATURE}" Id="{name}"><SignedInfo Id="{name}-i">'
        '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">as usual'
        "<KeyName/><a:street-address/></CanonicalizationMethod>"
        '<SignatureMethod Algorithm="urn:example:hmac">of <HMACOutputLength>128</HMACOutputLength>'
        "<a:street-address/><w:admin-notes/></SignatureMethod>"
        f"{reference}</SignedInfo>"
        f'<SignatureValue Id="{name}-v">AAEC AwQF</SignatureValue>'
        f"{_keys(name, transforms) if everything else ''}{_objects(name, reference) if everything else ''}</Signature>"
    )


def _keys(name: str, transforms: str) -> str:
    return (
        f'<KeyInfo Id="{name}-k">keys: <KeyName>the office</KeyName><MgmtData>none</MgmtData>'
        "<KeyValue><RSAKeyValue><Modulus>AAEC</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>"
        "<KeyValue><DSAKeyValue><P>AAEC</P><Q>AAEC</Q><G>AAEC</G><Y>AAEC</Y><J>AAEC</J><Seed>AAEC</Seed>"
        "<PgenCounter>AAEC</PgenCounter></DSAKeyValue></KeyValue>"
        "<KeyValue>other: <k xmlns='urn:example:key'/></KeyValue>"
        f'<RetrievalMethod Type="urn:example:type" URI="#key">{transforms}</RetrievalMethod>'
        "<X509Data><X509IssuerSerial><X509IssuerName>CN=Nobody</X509IssuerName>"
        "<X509SerialNumber>1234567890123456789012</X509SerialNumber></X509IssuerSerial><X509SKI>AAEC</X509SKI>"
        "<X509SubjectName>CN=School</X509SubjectName><X509Certificate>AAEC</X509Certificate><X509CRL>AAEC</X509CRL>"
        "<k xmlns='urn:example:key'/></X509Data>"
        "<PGPData><PGPKeyID>AAEC</PGPKeyID><PGPKeyPacket>AAEC</PGPKeyPacket><k xmlns='urn:example:key'/></PGPData>"
        "<PGPData><PGPKeyPacket>AAEC</PGPKeyPacket></PGPData>"
        "<SPKIData><SPKISexp>AAEC</SPKISexp><k xmlns='urn:example:key'/><SPKISexp>AAEC</SPKISexp></SPKIData></KeyInfo>"
    )


def _objects(name: str, reference: str) -> str:
    return (
        f'<Object Id="{name}-o" Encoding="urn:example:plain" MimeType="text/xml">free text <k xmlns="">any</k>'
        f'<Manifest Id="{name}-m">{reference.replace(f"{name}-r", f"{name}-mr")}</Manifest>'
        f'<SignatureProperties Id="{name}-ps"><SignatureProperty Id="{name}-p" Target="#{name}">at '
        "<when xmlns='urn:example:key'>noon</when></SignatureProperty></SignatureProperties></Object>"
    )
