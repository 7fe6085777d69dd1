"""One way of comparing words that people typed: without case, accents, spaces and punctuation at the ends.

Headings and coded words in exports are typed by hand (``E-pošta``, ``e-posta``,
``DATUM ROĐENJA ``), and spreadsheets add no-break spaces. Codes are never compared
like this: they are strings and mean what they say.
"""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "þ": "th", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not take apart into a base letter and a mark."""


def fold(text: str) -> str:
    """``text`` as a key: equal for words that differ in case, accents, spaces or a colon at the end."""
    if text.isascii():  # nothing to take apart
        word = "".join(text.casefold().split())
        return word.rstrip(":.*") or word
    apart = unicodedata.normalize("NFKD", text)
    for _ in range(2):  # taking letters apart and folding them, each may make work for the other
        apart = unicodedata.normalize("NFKD", apart.casefold()).translate(_LETTERS)
    kept = [letter for letter in apart if not unicodedata.combining(letter) and not letter.isspace()]
    word = "".join(kept).replace("\u200b", "").replace("\ufeff", "")
    return word.rstrip(":.*") or word
