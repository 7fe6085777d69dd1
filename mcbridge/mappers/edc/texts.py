"""Texts: tuples with a language each become language maps, as the uploadable form has them.

Keys are lower-case tags and values are arrays. Some properties hold one string a
language (``title``, ``description``, ``legalName``, ``prefLabel``), a person's names
one string in all, the others any number.
"""

from __future__ import annotations

from collections.abc import Iterator

from mcbridge.mappers.edc.rows import Convert, Frame
from mcbridge.mappers.edc.writing import Node, Writing
from mcbridge.model import Texts


def language_map(run: Writing, texts: Texts, path: str, *, unique: bool = True, only: int | None = None) -> Node | None:
    """The texts by language; ``None`` when there is nothing to say. With ``unique`` a language holds one string.

    A text without a language stands under the primary language of the record, behind those that state theirs.
    ``only`` is the index of the one text to be looked at.
    """
    found: Node = {}
    stated, unstated = [], []
    for index, text in enumerate(texts):
        if only is not None and index != only:
            continue
        here = f"{path}[{index}]"
        if not text.value.strip():
            run.lose(here, "loss/empty", "an empty text is not written", text)
            continue
        tag = None if text.lang is None else run.tag(text.lang)
        if tag is None:
            if text.lang is not None:
                why = "this is no language tag; the text is written in the language of the record"
                run.lose(f"{here}.lang", "loss/language-tag", why, text.lang, changed=bool(text.lang.strip()))
            unstated.append((here, text, run.primary))
        else:
            stated.append((here, text, tag))
    for here, text, tag in (*stated, *unstated):
        values = found.setdefault(tag, [])
        if not (unique and values):
            values.append(text.value)
        else:
            why = f'ELM holds one text in "{tag}" here, and this is another'
            run.lose(here, "loss/language-repeated", why, text)
    run.assumed.extend(here for here, _, _ in unstated)
    return _in_order(texts, found, run)


def _in_order(texts: Texts, found: Node, run: Writing) -> Node | None:
    order: dict[str, None] = {}
    for text in texts:
        tag = (run.tag(text.lang) if text.lang is not None else None) or run.primary
        if tag in found:
            order.setdefault(tag)
    return {tag: found[tag] for tag in order} or None


def heading_of(run: Writing, *several: Texts) -> Node | None:
    """The first of several texts that says something, as a language map; nothing is recorded."""
    for texts in several:
        found: Node = {}
        for tag, value in _spoken(run, texts):
            found.setdefault(tag, [value])
        if found:
            return found
    return None


def _spoken(run: Writing, texts: Texts) -> Iterator[tuple[str, str]]:
    ranked = sorted(texts, key=lambda text: text.lang is None or run.tag(text.lang) is None)
    for text in ranked:
        if text.value.strip():
            yield (run.tag(text.lang) if text.lang is not None else None) or run.primary, text.value


def one_a_language(frame: Frame, texts: Texts, path: str) -> Node | None:
    """Texts of a property that holds one string a language."""
    return language_map(frame.run, texts, path)


def any_number(frame: Frame, texts: Texts, path: str) -> Node | None:
    """Texts of a property that holds any number of strings."""
    return language_map(frame.run, texts, path, unique=False)


def one_in_all(frame: Frame, texts: Texts, path: str) -> Node | None:
    """Texts of a property that holds one string: in a preferred language, else in the primary one, else the first."""
    run = frame.run
    filled = [index for index, text in enumerate(texts) if text.value.strip()]
    if not filled:
        return language_map(run, texts, path)
    tags = {run.tag(lang): index for index in reversed(filled) if (lang := texts[index].lang) is not None}
    chosen = next((tags[tag] for tag in (*run.preferred, run.primary) if tag in tags), filled[0])
    for index, text in enumerate(texts):
        if index != chosen:
            why = "ELM holds this name in one language"
            run.lose(f"{path}[{index}]", "loss/language-dropped", why, text)
    return language_map(run, texts, path, only=chosen)


TITLE: Convert = one_a_language
