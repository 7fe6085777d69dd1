"""What one version of ELMO has an element for and another has not.

All versions share a namespace and most elements, so they share a table; this is where they differ. A difference is
a loss, named at its place. It is not carried in our extension: who asks for a version gets what that version says.
"""

from __future__ import annotations

from typing import Any, Final

from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.mappers.elmo.codecs import Codec
from mcbridge.mappers.elmo.pen import Pen
from mcbridge.mappers.elmo.values import NAMESPACE
from mcbridge.model import Assessment, Credit, Entity, Learner

FIRST: Final = "1.7"
SECOND: Final = "2.0"
WRITTEN: Final = (FIRST, SECOND)
"""The versions that are written; the first where nobody says which."""

LOST: Final = "loss/version"

BORN: Final = {FIRST: "bday", SECOND: "dateOfBirth"}
"""The date of birth, which 2.0 gave another name."""

RECOGNITION: Final = "resultOfRecognition"
ARRIVED: Final = frozenset(("alternativeName", "dateOfBirth", "gradingSchemeExternalId", RECOGNITION))
"""The elements that 2.0 brought."""

OWN: Final = frozenset(((Learner, "alternative_names"), (Assessment, "external_grading_scheme")))
"""The fields that only 2.0 has an element for."""


def second(root: _Element) -> bool:
    """Whether a document is of 2.x: it has an element that 1.x has not, where it is ELMO's own."""
    for name in ARRIVED:
        for found in root.iter(f"{{{NAMESPACE}}}{name}"):
            if not any(above.tag == f"{{{NAMESPACE}}}extension" for above in found.iterancestors()):
                return True
    return False


def since_second(codec: Codec) -> Codec:
    """The codec of an element that 1.7 has not."""
    write = codec.write

    def written(tag: str, value: Any, path: str, pen: Pen) -> str:
        if pen.version == SECOND:
            return write(tag, value, path, pen)
        pen.lose(path, LOST, f"ELMO {pen.version} has no {tag}; only ELMO 2.0 has", value)
        return ""

    return replace(codec, write=written)


def strange_to(version: str, tag: str | None, entity: Entity) -> str | None:
    """Why an element of this name, kept aside at an entity, is not written in a version; nothing where it may be."""
    if version == FIRST and tag in ARRIVED:
        return f"ELMO {version} has no {tag}; only ELMO 2.0 has"
    if version == SECOND and (
        (tag == BORN[FIRST] and isinstance(entity, Learner)) or (tag == "level" and isinstance(entity, Credit))
    ):
        return f"ELMO {version} has no {tag} here; only ELMO 1.x has"
    return None
