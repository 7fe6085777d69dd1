"""The learner: who the credential is about."""

from __future__ import annotations

from typing import Final

from mcbridge.mappers.edc.coded import code, known_concept, labelled
from mcbridge.mappers.edc.organisations import membership
from mcbridge.mappers.edc.pieces import identifier
from mcbridge.mappers.edc.places import contact, place
from mcbridge.mappers.edc.rows import DAY, Frame, Table, add, elsewhere, many, one, own
from mcbridge.mappers.edc.rules import AS_IDENTIFIER, UNKNOWN_CODE
from mcbridge.mappers.edc.texts import any_number, one_in_all
from mcbridge.mappers.edc.writing import Node
from mcbridge.model import Identifier, Learner, Place


def _place(frame: Frame, value: Place, path: str) -> Node | None:
    return place(frame, value, path)


def _gender(frame: Frame, value: str, path: str) -> Node | None:
    run = frame.run
    known = run.lists.known("human-sex", value) or run.lists.walked("elmo-gender-human-sex", value)
    if known is not None:
        return known_concept(run, known, labelled(run, path).labels, path)
    run.find(UNKNOWN_CODE, path, value, list="human-sex")
    run.lose(path, "loss/unknown-code", "this is not in the list human-sex", value)
    return None


def _national(frame: Frame, value: Identifier, path: str) -> None:
    node = identifier(frame, value, path)
    if node is None:
        return
    if node["type"] == "LegalIdentifier":
        frame.node["nationalID"] = node
    else:
        node.setdefault("schemeName", "nationalID")
        add(frame.node, "identifier", node)
        frame.run.find(AS_IDENTIFIER, path)


def _members(frame: Frame, value: tuple[str, ...], path: str) -> None:
    for index, item in enumerate(value):
        membership(frame, item, f"{path}[{index}]")


LEARNER: Final = Table(
    Learner,
    elsewhere("id", "id"),
    elsewhere("residue"),
    one("full_name", "fullName", one_in_all),
    one("given_names", "givenName", one_in_all),
    one("family_name", "familyName", one_in_all),
    one("birth_name", "birthName", any_number),
    one("patronymic_name", "patronymicName", any_number),
    one("birth_date", "dateOfBirth", DAY),
    one("place_of_birth", "placeOfBirth", _place),
    many("citizenships", "citizenshipCountry", code("country")),
    one("gender", "gender", _gender),
    own("national_id", ("nationalID", "identifier"), _national),
    many("identifiers", "identifier", identifier),
    one("address", "location", _place),
    many("contacts", "contactPoint", contact),
    own("member_of", ("memberOf", "groupMemberOf"), _members),
)
