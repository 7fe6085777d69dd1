"""The two files that a credential goes into.

Uploadable is what the European issuer takes, ``{"credential": …, "deliveryDetails": …}``
with every property that repeats as an array. Issuer and moment of issue are not in it:
the issuer sets them when it seals. Bare is the credential itself, spelled as issuer and
viewer spell it: one value stands by itself. Neither is sealed, and neither says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from mcbridge.mappers.edc.envelope import delivery
from mcbridge.mappers.edc.rows import Frame, residues
from mcbridge.mappers.edc.rules import UNSEALED
from mcbridge.mappers.edc.write import credential
from mcbridge.mappers.edc.writing import Node, Writing

CONTEXT: Final = ("https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap")
"""The contexts of ELM 3.2; their order matters, since the first protects its terms."""


def uploadable(run: Writing, deliver: tuple[str, ...]) -> Node:
    """The file for the issuer. Raises ``Refused`` when the record lacks what the format demands."""
    found = {"credential": credential(run)}
    if run.record.issuer is not None and not run.issuer_awards:
        why = "the issuer of a European Digital Credential is the organisation whose seal it gets"
        run.lose("issuer", "loss/issuer", why, run.record.issuer)
    details = delivery(run, deliver)
    if details is not None:
        found["deliveryDetails"] = details
    return _whole(run, found, found["credential"])


_UNSEALED: Final = {"issuer": "issuer", "issued": "moment of issue"}


def bare(run: Writing, deliver: tuple[str, ...]) -> Node:
    """The credential by itself. What a sealed one has and the record lacks is left out, and found."""
    found = {"@context": list(CONTEXT)} | credential(run)
    for key, what in _UNSEALED.items():
        if key not in found:
            run.find(UNSEALED, key, what=what)
    if "individualDisplay" not in found["displayParameter"]:
        run.find(UNSEALED, "display", what="picture of the certificate")
    stated = run.record.delivery
    if stated is not None or deliver:
        why = "a credential by itself does not say where it is to be sent"
        run.lose("delivery", "loss/delivery", why, stated)
    compacted: Node = _single(_whole(run, found, found), {})
    return compacted


FORMS: Final[Mapping[str, Callable[[Writing, tuple[str, ...]], Node]]] = {"uploadable": uploadable, "bare": bare}


def _whole(run: Writing, file: Node, node: Node) -> Node:
    residues(Frame(run, run.record, "", node), run.record.residue, "residue")
    _unreached(run, file)
    return file


def _single(value: Any, done: dict[int, Any]) -> Any:
    """The same with single values by themselves; what stands in several places is looked at once."""
    if isinstance(value, list):
        items = [_single(item, done) for item in value]
        return items[0] if len(items) == 1 else items
    if not isinstance(value, dict):
        return value
    if id(value) not in done:
        done[id(value)] = {key: _single(item, done) for key, item in value.items()}
    return done[id(value)]


# what is not in the file


def _unreached(run: Writing, found: Node) -> None:
    """What nothing in the file refers to is not in it."""
    held = _ids(found)
    for index, item in enumerate(run.record.organisations):
        nodes = [run.agents.get((item.id, as_group)) for as_group in (False, True)]
        first = run.organisations[item.id] == index
        if not first or not any(node is not None and node["id"] in held for node in nodes):
            _lose_unreached(run, f"organisations[{index}]", item, "organisation")
    for index, scheme in enumerate(run.record.grading_schemes):
        node = run.scheme_nodes.get(scheme.id)
        if run.schemes[scheme.id] != index or node is None or node["id"] not in held:
            _lose_unreached(run, f"gradingSchemes[{index}]", scheme, "grading scheme")


def _lose_unreached(run: Writing, path: str, value: Any, what: str) -> None:
    run.lose(path, "loss/unreached", f"nothing that is written refers to this {what}", value)


def _ids(found: Node) -> set[str]:
    """The ids of all objects of a file; an object that stands in several places is looked at once."""
    ids: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [found]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if id(item) in seen:
                continue
            seen.add(id(item))
            if isinstance(item.get("id"), str):
                ids.add(item["id"])
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return ids
