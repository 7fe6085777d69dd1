"""The structural checker against the published shapes: the same verdict, on samples and on what was made of them.

``shacl`` over RDF that pyoxigraph makes says which shapes object; pyshacl over RDF that PyLD makes is the referee of
verdicts.
"""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pyshacl
import pytest
from pyld import jsonld
from rdflib import RDF, RDFS, SKOS, Graph, URIRef
from rdflib.exceptions import ParserError

from mcbridge.diagnostics import Severity
from mcbridge.errors import ConfigError
from mcbridge.mappers.edc.structure import MODES, SEALED, UPLOADABLE, Structure, official
from mcbridge.mappers.edc.structure.table import demands, table
from mcbridge.tables import Tables
from tests.conformance.edc_oracle import ELM, SH, edc_folder, graph_of, published, shapes
from tests.conftest import CHECKOUT
from tests.edc_mutations import aimed, seeded
from tests.edc_specimens import Maker, classes

Node = dict[str, Any]
STRUCTURE = Structure(Tables())
SAMPLES = (
    "Sample-MC-Annex1-signed.jsonld",
    "Sample-MC-Annex1-unsigned.jsonld",
    "Sample-MC-Annex1-unsigned-uploadable.json",
)
SEEDED, SEED = 500, 20260630

NAMELESS = "generic-no-cv/Organisation-rov_legalName"
STRICTER = {
    "edc/id-not-absolute": "RDF completes or drops such an id, and whatever is said of it, in silence",
    "edc/json-ld-keyword": "other ways of writing the same RDF are not read by the software of issuers and viewers",
    "edc/language-tag": "RDF drops a text whose language is none, in silence",
    NAMELESS: "the issuer takes an organisation without a name before it seals; an awarding body has to have one",
    "edc/malformed-value": "pyshacl takes a day for a moment",
}
"""Rules whose findings may stand where the shapes say nothing, and why."""
UNREACHED = {
    "generic-no-cv/Geometry-clv_latitude": "the key means another property, by a slip in the context",
    "generic-no-cv/Geometry-clv_longitude": "the key means another property, by a slip in the context",
    "generic-full/LearningOpportunity-elm_defaultLanguage": "no key of the context means it",
    "generic-no-cv/LearningOpportunity-elm_defaultLanguage": "no key of the context means it",
    "generic-no-cv/Location-locn_geometry": "no key of the context means it",
    "generic-no-cv/Organisation-org_hasMember": "no key of the context means it",
    "generic-no-cv/Phone-elm_areaDialing": "no key of the context means it; that of areaDialingCode means another one",
    "generic-no-cv/EuropeanDigitalPresentation-cred_holder": "its key holds in presentations and credentials only",
    "generic-no-cv/EuropeanDigitalPresentation-cred_verifiableCredential": "its key holds in presentations only",
    "generic-no-cv/VerifiablePresentation-cred_holder": "a presentation is not in a credential",
    "generic-no-cv/VerifiablePresentation-cred_verifiableCredential": "a presentation is not in a credential",
    "generic-no-cv/VerifiablePresentation-sec_proof": "a presentation is not in a credential",
}
"""Shapes that no credential in JSON can break, and why."""


class Verdict(NamedTuple):
    """Whether a judge lets a document pass; the properties that it objects to, and the shapes that do."""

    conforms: bool
    paths: frozenset[str] = frozenset()
    shapes: frozenset[tuple[str, str]] = frozenset()


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The maintainers' script."""
    spec = importlib.util.spec_from_file_location("edc_shapes", CHECKOUT / "tools" / "edc_shapes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_what_the_published_files_say(tool: ModuleType, shared_root: Path) -> None:
    made = tool.rendered(tool.extracted(edc_folder(shared_root)))
    assert made == tool.TARGET.read_text(encoding="utf-8")


def test_the_table_holds_facts_only(shared_root: Path) -> None:
    """Names of classes and properties are facts; no sentence of theirs is in it."""
    words = (CHECKOUT / "xsd" / "edc" / "3.2.json").read_text(encoding="utf-8")
    theirs = published(shared_root)
    spoken = (SH.description, SH.message, RDFS.comment)
    sentences = {str(each) for said in spoken for each in theirs.objects(None, said) if " " in str(each)}
    assert len(sentences) > 400
    assert [each for each in sentences if each in words] == []


# --- the judges


class Judges:
    """The published shapes of both modes: in a store as a user has one, and as graphs for the referee."""

    def __init__(self, shared: Path, store: Path) -> None:
        (store / "edc").symlink_to(edc_folder(shared), target_is_directory=True)
        self.shared = shared
        self.store = store
        self.graphs = {SEALED: published(shared), UPLOADABLE: shapes(shared)}
        targets = published(shared).subject_objects(SH.targetClass)
        self.targets = {_local(str(shape)): table().shorten(str(class_)) for shape, class_ in targets}

    def quick(self, document: Node, mode: str) -> Verdict:
        """Of pyoxigraph and shacl."""
        judge = official.published(self.store, mode, frozenset())
        try:
            report = judge.report(judge.graph(document))
        except SyntaxError:
            return Verdict(conforms=False)
        paths = frozenset(table().shorten((each.path or "").strip("<>")) for each in report.results)
        return Verdict(report.conforms, paths, frozenset(self._shape(each) for each in report.results))

    def _shape(self, result: Any) -> tuple[str, str]:
        """The name of a shape; that of the class and the property, where the shape has none."""
        source = _local((result.source_shape or "").strip("<>"))
        root = self.targets.get(_local((result.root_shape or "").strip("<>")), "")
        return (source, "") if source else (root, table().shorten((result.path or "").strip("<>")))

    def referee(self, documents: Sequence[Node], mode: str) -> list[bool]:
        """Which of them conform by PyLD and pyshacl. What is no RDF in the end, or has no credential, does not.

        They are judged together, which costs pyshacl a fifth: each under names of its own, so that they do not touch.
        """
        together, verdicts, owners = Graph(), [True] * len(documents), dict[object, int]()
        for number, document in enumerate(documents):
            try:
                graph = graph_of(document, self.shared)
            except (jsonld.JsonLdError, ParserError):
                verdicts[number] = False
                continue
            verdicts[number] = len(set(graph.subjects(RDF.type, ELM.EuropeanDigitalCredential))) == 1
            named = set(graph.objects(None, SKOS.inScheme))
            if any((scheme, RDF.type, SKOS.ConceptScheme) not in graph for scheme in named):
                # what a list lacks here it might have in another document, and lists keep their names
                verdicts[number] &= pyshacl.validate(graph, shacl_graph=self.graphs[mode])[0] is True
                continue
            for subject, predicate, value in graph:
                apart = [_apart(each, number, named) for each in (subject, value)]
                owners |= dict.fromkeys(apart, number)
                together.add((apart[0], predicate, value if predicate == RDF.type else apart[1]))
        report = pyshacl.validate(together, shacl_graph=self.graphs[mode])[1]
        assert isinstance(report, Graph)
        for focus in report.objects(None, SH.focusNode):
            verdicts[owners[focus]] = False
        return verdicts


def _apart(term: Any, number: int, named: set[Any]) -> Any:
    """A name that no other document has."""
    return URIRef(f"{term}?{number}") if isinstance(term, URIRef) and term not in named else term


def _local(iri: str) -> str:
    return iri.partition("/ap/edc-")[2]


def ours(document: Node, mode: str) -> tuple[set[str], set[str]]:
    """The rules by which the checker objects, and the properties that it objects to."""
    found = STRUCTURE.findings(document, mode)
    errors = [each for each in found if (each.severity or each.rule.severity) is Severity.ERROR]
    rules = {NAMELESS if mode == UPLOADABLE and NAMELESS in each.facts["clause"] else each.rule.id for each in errors}
    terms = table().terms
    return rules, {terms[key].iri for each in errors if (key := str(each.facts.get("key"))) in terms}


@pytest.fixture(scope="module")
def judges(shared_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Judges:
    return Judges(shared_root, tmp_path_factory.mktemp("schemas"))


def sample(shared: Path, name: str) -> Node:
    found: Node = json.loads((edc_folder(shared) / "samples" / name).read_text(encoding="utf-8"))
    inner: Node = json.loads(found["payload"]) if "payload" in found else found.get("credential", found)
    return inner


# --- the verdicts


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_get_the_same_verdict(name: str, mode: str, judges: Judges) -> None:
    document = sample(judges.shared, name)
    expected = mode == UPLOADABLE or "unsigned" not in name
    assert judges.referee([document], mode) == [expected]
    assert judges.quick(document, mode).conforms is expected
    assert (not ours(document, mode)[0]) is expected


@pytest.mark.parametrize("mode", MODES)
def test_a_document_of_each_class_conforms(mode: str, judges: Judges) -> None:
    for class_ in classes():
        document = Maker().document(class_)[0]
        assert judges.quick(document, mode).conforms, class_
        assert ours(document, mode)[0] == set(), class_


@pytest.mark.parametrize("mode", MODES)
def test_what_breaks_a_class_in_all_its_properties_is_told_of_each(mode: str, judges: Judges) -> None:
    """Whatever property the shapes object to, the checker does; and every property shape objects."""
    spoke: set[tuple[str, str]] = set()
    for each in aimed():
        theirs = judges.quick(each.document, mode)
        mine = ours(each.document, mode)
        assert theirs.paths <= mine[1], f"{each.title}: only the shapes object to {theirs.paths - mine[1]}"
        spoke |= theirs.shapes
    asked = [(iri, each) for iri, found in demands(mode, frozenset()).shapes.items() for each in found]
    silent = {each.id for iri, each in asked if (each.id, "") not in spoke and (iri, each.path) not in spoke}
    print(f"{mode}: {len(asked)} property shapes, {len(asked) - len(silent)} objected; {sorted(silent)} did not")
    assert sorted(silent) == sorted(UNREACHED)


def test_mutations_get_the_same_verdict(judges: Judges) -> None:
    """Never blind, and stricter only by a rule of the table above."""
    told: Counter[str] = Counter()
    conforming = differ = 0
    found = list(seeded(SEEDED, SEED))
    for number, mode in enumerate(MODES):
        mutants = found[number :: len(MODES)]
        for each, verdict in zip(mutants, judges.referee([each.document for each in mutants], mode), strict=True):
            mine = ours(each.document, mode)[0]
            differ += judges.quick(each.document, mode).conforms is not verdict
            conforming += verdict
            if verdict and mine:
                assert mine & STRICTER.keys(), f"{each.title} ({mode}): only the checker objects, by {mine}"
                told.update(mine & STRICTER.keys())
            assert verdict or mine, f"{each.title} ({mode}): only the shapes object"
    print(f"{SEEDED} mutations, {conforming} conform; pyoxigraph and PyLD differ on {differ}; stricter: {dict(told)}")
    assert conforming >= 0.3 * SEEDED


# --- the shapes themselves, as a user asks for them


def test_what_the_published_shapes_object_to_is_told_at_its_place(judges: Judges) -> None:
    document = Maker().document("elm:LearningAchievement")[0]
    del document["credentialSubject"]["hasClaim"]["title"]
    judge = official.published(judges.store, SEALED, frozenset())
    (first, *_) = judge.findings(document, "/payload")
    assert (first.rule.id, first.place, first.facts["key"]) == (
        "edc/shacl-violation",
        "/payload/credentialSubject/hasClaim",
        "title",
    )


def test_a_document_without_a_credential_does_not_conform_for_want_of_something_to_look_at(judges: Judges) -> None:
    judge = official.published(judges.store, SEALED, frozenset())
    document = Maker().document("elm:Note")[0] | {"type": ["VerifiableCredential"]}
    assert [each.rule.id for each in judge.findings(document)] == ["edc/credential-missing"]
    assert [each.rule.id for each in judge.findings({})] == ["edc/credential-missing"]


def test_contexts_of_a_document_are_not_followed(judges: Judges) -> None:
    """Its keys are those of the stored contexts, whatever address it names; sockets are watched by all tests."""
    document = Maker().document("elm:Note")[0] | {"@context": ["https://www.example.org/somewhere"]}
    judge = official.published(judges.store, SEALED, frozenset())
    assert list(judge.findings(document)) == []


def test_shapes_that_were_not_added_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"(?s)without code lists 3\.2.*mcbridge schemas add") as caught:
        official.published(tmp_path, SEALED, frozenset())
    assert caught.value.exit_code == 78


@pytest.mark.parametrize("profile", sorted(table().profiles))
def test_a_profile_objects_to_the_same(profile: str, judges: Judges) -> None:
    """Documents that name a profile and have none, some or all of its demands; one without end is a warning."""
    conforming = 0
    for class_ in ("elm:Evidence", "elm:Qualification", "elm:Person", "elm:LearningAchievement", "elm:Note"):
        document = Maker().document(class_)[0]
        document["credentialSchema"] = {"id": profile, "type": "ShaclValidator2017"}
        theirs = official.published(judges.store, SEALED, frozenset({profile}))
        report = theirs.report(theirs.graph(document))
        paths = {table().shorten((each.path or "").strip("<>")) for each in report.results}
        mine = ours(document, SEALED)[1]
        endless = {"elm:hasPart"} if profile.endswith("diploma-supplement") else set()
        assert paths - endless <= mine <= paths, class_
        conforming += report.conforms
    supplement = profile.endswith("diploma-supplement")
    assert conforming == (0 if supplement else 1), "the one with evidence of all kinds"
