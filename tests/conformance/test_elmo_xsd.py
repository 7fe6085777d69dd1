"""The ELMO schemas written here, 1.7 and 2.0, give the same verdicts as the published ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest
from lxml import etree

from mcbridge.resources import data_root
from tests.conformance.elmo_declarations import Declarations
from tests.conformance.elmo_documents import ELMO, SIGNATURE, everything, least, seconded
from tests.conformance.elmo_mutations import mutations

LOCATIONS = {
    "xml.xsd": "xml.xsd",
    "xmldsig-core-schema.xsd": "xmldsig-core-schema.xsd",
    "EUROPASS_ISOCountries_V1.1.xsd": "EUROPASS_ISOCountries_V1.1.xsd",
    "schema.xsd": "ewp-address.xsd",
    "ewp-common-types.xsd": "ewp-common-types.xsd",
}
"""Last part of an address that the published schemas import → file in the folder of official schemas."""

NAMESPACES = {
    "http://europass.cedefop.europa.eu/Europass/V2.0": "EUROPASS_ISOCountries_V1.1.xsd",
    "http://www.w3.org/2000/09/xmldsig#": "xmldsig-core-schema.xsd",
    "http://www.w3.org/XML/1998/namespace": "xml.xsd",
    "https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1": "ewp-address.xsd",
}
OURS = data_root("xsd") / "elmo" / "1.7" / "elmo.xsd"
VERSIONS = ("1.7", "2.0")
EXAMPLES = ("example-1.7.0.xml", "example-2.0.0.xml")
SEED = 20310501


class _Folder(etree.Resolver):
    """Answers every import from the folder; one that is not listed fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]  # the stubs lack it
        name = LOCATIONS[system_url.rsplit("/", 1)[-1]]
        return self.resolve_string((self.folder / name).read_bytes(), context, base_url=system_url)


@pytest.fixture(scope="module")
def folder(shared_root: Path) -> Path:
    found = shared_root / "official" / "elmo"
    if not found.is_dir():
        pytest.skip(f"the published ELMO schemas are not in {found}")
    return found


class Schemas:
    """The two schemas of one version, and what the published one declares."""

    def __init__(self, version: str, folder: Path) -> None:
        self.version = version
        path = folder / f"elmo-{version}.0.xsd"
        parser = etree.XMLParser()
        parser.resolvers.add(_Folder(folder))
        self.published = etree.XMLSchema(etree.fromstring(path.read_bytes(), parser, base_url="urn:published/elmo.xsd"))
        self.ours = etree.XMLSchema(etree.parse(str(self.file)))
        self.declarations = Declarations(path, NAMESPACES)

    @property
    def file(self) -> Path:
        """Where ours stands."""
        return Path(str(data_root("xsd") / "elmo" / self.version / "elmo.xsd"))

    def verdicts(self, root: etree._Element) -> tuple[bool, bool]:
        """That of the published schema, and ours."""
        # Identifiers are remembered in the tree when they are checked, so each schema gets a tree of its own.
        other = deepcopy(root)
        return self.published.validate(root), self.ours.validate(other)


@cache
def schemas_of(version: str, folder: Path) -> Schemas:
    """Those of a version, made once."""
    return Schemas(version, folder)


@pytest.fixture(scope="module", params=VERSIONS)
def schemas(request: pytest.FixtureRequest, folder: Path) -> Schemas:
    return schemas_of(request.param, folder)


@pytest.fixture(scope="module")
def published(folder: Path) -> etree.XMLSchema:
    return schemas_of("1.7", folder).published


@pytest.fixture(scope="module")
def ours() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(OURS)))


@pytest.fixture(scope="module")
def declarations(folder: Path) -> Declarations:
    return schemas_of("1.7", folder).declarations


@pytest.mark.parametrize("name", EXAMPLES)
def test_both_published_examples_are_valid_by_the_version_that_they_are_of(
    name: str, folder: Path, schemas: Schemas
) -> None:
    """Both are of 1.x: neither has another name of the learner, which 2.0 demands."""
    valid = schemas.version == "1.7"
    assert schemas.verdicts(etree.fromstring((folder / name).read_bytes())) == (valid, valid)


@pytest.mark.parametrize("written", VERSIONS)
@pytest.mark.parametrize("document", [least, everything])
def test_own_documents_are_valid_by_their_own_version_only(
    document: Callable[[str], bytes], written: str, schemas: Schemas
) -> None:
    valid = schemas.version == written
    assert schemas.verdicts(etree.fromstring(document(written))) == (valid, valid)


def test_same_verdict_on_thousands_of_changed_documents(folder: Path, schemas: Schemas) -> None:
    """At least 1,000 changes, every element and simple type hit, 40 % still valid, and never two opinions."""
    documents = {"everything": everything(schemas.version), "least": least(schemas.version)}
    examples = {name: (folder / name).read_bytes() for name in EXAMPLES}
    documents |= examples if schemas.version == "1.7" else {name: seconded(data) for name, data in examples.items()}
    declarations = schemas.declarations
    kinds: Counter[tuple[str, bool]] = Counter()
    types: dict[str, Counter[bool]] = {}
    hit: set[str] = set()
    differences = []
    for seed, (name, data) in enumerate(documents.items(), SEED):
        root = etree.fromstring(data)
        assert schemas.verdicts(root) == (True, True)
        declared = declarations.of(root)
        for found in mutations(root, declared, seed):
            verdict, mine = schemas.verdicts(found.root)
            if verdict != mine:
                differences.append(f"{name}, {found.key}, {found.detail}: published {verdict}, ours {mine}")
            kinds[found.kind, verdict] += 1
            hit.add(found.key)
            if found.leaf is not None:
                types.setdefault(str(found.leaf), Counter())[verdict] += 1
    print(f"\nELMO {schemas.version}:", end="")
    _print(kinds, types, f"{len(hit)} of {len(declarations.keys)} element declarations hit", len(differences))
    assert not differences, "\n".join(differences[:20])
    assert kinds.total() >= 1000
    assert sum(count for (_, valid), count in kinds.items() if valid) >= 0.4 * kinds.total()
    assert declarations.keys <= hit
    assert {name for name, seen in types.items() if not seen[False]} == {"string", "token"}, "only plain text takes all"
    assert all(seen[True] for seen in types.values())


def _print(
    kinds: Counter[tuple[str, bool]], types: Mapping[str, Counter[bool]], coverage: str, differences: int
) -> None:
    valid = sum(count for (_, verdict), count in kinds.items() if verdict)
    print(f"\n{kinds.total()} changed documents, {valid / kinds.total():.0%} still valid; {differences} differences")
    print(f"    {coverage}")
    for kind in sorted({kind for kind, _ in kinds}):
        print(f"    {kind:<12}{kinds[kind, True]:>6} valid {kinds[kind, False]:>6} not")
    for name, seen in sorted(types.items()):
        print(f"    {name:<60.60}{seen[True]:>6} valid {seen[False]:>6} not")


B = ">AAEC</"
PQ, SEED_PAIR = f"<P{B}P><Q{B}Q>", f"<Seed{B}Seed><PgenCounter{B}PgenCounter>"
Y, PACKET, OTHER = f"<Y{B}Y>", f"<PGPKeyPacket{B}PGPKeyPacket>", '<k xmlns="urn:example:key"/>'


@pytest.mark.parametrize(
    ("keys", "valid"),
    [
        (f"<KeyValue><DSAKeyValue>{Y}</DSAKeyValue></KeyValue>", True),
        (f"<KeyValue><DSAKeyValue>{PQ}{Y}</DSAKeyValue></KeyValue>", True),
        (f"<KeyValue><DSAKeyValue>{Y}{SEED_PAIR}</DSAKeyValue></KeyValue>", True),
        (f"<KeyValue><DSAKeyValue>{PQ}{PQ}{Y}</DSAKeyValue></KeyValue>", False),
        (f"<KeyValue><DSAKeyValue>{Y}{SEED_PAIR}{SEED_PAIR}</DSAKeyValue></KeyValue>", False),
        (f"<KeyValue><DSAKeyValue>{PQ}</DSAKeyValue></KeyValue>", False),
        (f"<KeyValue>{OTHER}</KeyValue>", True),
        (f"<KeyValue>{OTHER}{OTHER}</KeyValue>", False),
        (f"<PGPData>{PACKET}{OTHER}{OTHER}</PGPData>", True),
        (f"<PGPData>{PACKET}{PACKET}</PGPData>", False),
        ("<PGPData><PGPKeyPacket>A</PGPKeyPacket></PGPData>", False),
        (f"<SPKIData><SPKISexp{B}SPKISexp>{OTHER}</SPKIData>", True),
        (f"<SPKIData><SPKISexp{B}SPKISexp>{OTHER}{OTHER}</SPKIData>", False),
        (f"<X509Data>{OTHER}{OTHER}</X509Data>", True),
        ("<X509Data/>", False),
        ("only text", False),
        (OTHER, True),
    ],
)
def test_same_verdict_on_every_form_of_key(keys: str, valid: bool, schemas: Schemas) -> None:
    signature = (
        f'<Signature xmlns="{SIGNATURE}"><SignedInfo><CanonicalizationMethod Algorithm="c"/>'
        '<SignatureMethod Algorithm="s"/><Reference><DigestMethod Algorithm="d"/><DigestValue/></Reference>'
        f"</SignedInfo><SignatureValue/><KeyInfo>{keys}</KeyInfo></Signature></elmo>"
    )
    root = etree.fromstring(least(schemas.version).replace(b"</elmo>", signature.encode()))
    assert schemas.verdicts(root) == (valid, valid)


@pytest.mark.parametrize(
    ("attributes", "valid"),
    [
        ('xml:id="one"', True),
        ('xml:base="a/b"', True),
        ('xml:base="https://["', False),
        ('xml:space="preserve"', True),
        ('xml:space="collapse"', False),
        ('xml:lang=""', True),
        ('xml:lang="e n"', False),
        ('xml:other=""', False),
        ('own=""', False),
    ],
)
def test_same_verdict_on_attributes_of_an_extension(attributes: str, valid: bool, schemas: Schemas) -> None:
    extension = f"<extension {attributes}/></elmo>"
    root = etree.fromstring(least(schemas.version).replace(b"</elmo>", extension.encode()))
    assert schemas.verdicts(root) == (valid, valid)


def test_same_types(schemas: Schemas) -> None:
    """Texts and attributes have the same built-in types and words, also where no verdict depends on them."""
    root = etree.fromstring(everything(schemas.version))
    ours = Declarations(schemas.file, {}).of(root)
    for element, theirs in schemas.declarations.of(root).items():
        assert ours[element].text == theirs.text, theirs.key
        assert ours[element].attributes == theirs.attributes, theirs.key


def test_same_countries(schemas: Schemas) -> None:
    """Of all pairs of capital letters exactly the same 197 are countries."""
    root = etree.fromstring(least(schemas.version))
    citizenship = etree.Element(f"{{{ELMO}}}citizenship")
    root[1].insert(0, citizenship)
    accepted = Counter[bool]()
    for first in ascii_uppercase:
        for second in ascii_uppercase:
            citizenship.text = first + second
            verdict = schemas.published.validate(root)
            assert schemas.ours.validate(root) == verdict, citizenship.text
            accepted[verdict] += 1
    assert accepted[True] == 197
