"""Our own extension of ELMO: what a record says and ELMO 1.7 has no element for.

``table`` has the rows; ``writing`` finds what ELMO would not give back and puts it
into blocks, ``reading`` takes the blocks out again, ``echo`` says the same in plain
text for software that does not know the extension. What ELMO carries by itself stands
in no block, so a document that was ELMO from the start gets none.

This file is all that is imported for documents without a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml.etree import _Element
from msgspec import Struct

from mcbridge.model import Text, Texts

FAMILY: Final = "urn:mcbridge:elmo-extension:"
"""What the namespaces of all versions begin with."""

SEPARATOR: Final = "\n\n"
"""Between a description and the echo that follows it."""

OPENING: Final = "[mcbridge 1]"
"""What an echo begins with."""

_MARKED: Final = tuple(OPENING.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_START: Final = re.compile(r"""<(?P<name>[^\s/>]+)(?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(?P<empty>/?)>""")


def ours(element: _Element) -> bool:
    """Whether a block of any version stands in an ``extension`` element."""
    return any(child.tag.startswith(f"{{{FAMILY}") for child in element)


def echoes(data: bytes) -> bool:
    """Whether there may be an echo in the bytes of a document."""
    # A bracket is looked for at a tenth of the cost of a word that begins with one, and is seldom there.
    return b"[" in data and any(marked in data for marked in _MARKED)


class Blocks(Struct, frozen=True):
    """What is added to one learning opportunity: a block beside the offer, one beside the instance, and the echoes."""

    offer: str = ""
    result: str = ""
    echoes: tuple[Text, ...] = ()

    def spoken(self, description: Texts, spelled: Iterable[str]) -> Texts:
        """The description with the echoes; ``spelled`` are the paths of texts that are written as they were read."""
        texts = list(description)
        taken = set(spelled)
        for echo in self.echoes:
            for index, text in enumerate(texts):
                if text.lang == echo.lang and f"specification.description[{index}]" not in taken:
                    texts[index] = Text(f"{text.value}{SEPARATOR}{echo.value}", text.lang)
                    break
            else:
                texts.append(echo)
        return tuple(texts)


def extended(kept: list[str], block: str) -> list[str]:
    """The ``extension`` elements of one place: what others wrote into them, and our block in front of it."""
    if not block:
        return kept
    found = _START.match(kept[0]) if kept else None
    if found is None:
        return [f"<extension>{block}</extension>", *kept]
    if found["empty"]:
        return [f"{kept[0][: found.start('empty')]}>{block}</{found['name']}>", *kept[1:]]
    return [f"{kept[0][: found.end()]}{block}{kept[0][found.end() :]}", *kept[1:]]
