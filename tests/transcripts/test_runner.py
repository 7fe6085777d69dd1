from __future__ import annotations

from pathlib import Path

import pytest

from tests.transcripts.runner import agrees, play, steps

DOCUMENT = """\
Text with a $ sign.

```console
$ echo one; echo two >&2; exit 3
one
two
=> 3
$ cat > file.txt <<END
> kept
> END
```

1. In a list:

   ```console
   $ cat file.txt
   kept
   $ echo out; echo err >&2
   out
   2> err
   ```

```sh
$ exit 9
```
"""


def written(folder: Path, text: str) -> Path:
    document = folder / "document.md"
    document.write_text(text, encoding="utf-8")
    return document


def room(folder: Path) -> Path:
    inside = folder / "room"
    inside.mkdir()
    return inside


def test_only_console_blocks_are_commands() -> None:
    assert [str(step) for step in steps(DOCUMENT.splitlines())] == [
        "echo one; echo two >&2; exit 3",
        "cat > file.txt <<END",
        "cat file.txt",
        "echo out; echo err >&2",
    ]


def test_a_document_that_tells_the_truth_plays_through(tmp_path: Path) -> None:
    assert play(written(tmp_path, DOCUMENT), room(tmp_path), bless=False) == 4


@pytest.mark.parametrize(
    ("truth", "lie"),
    [("one\ntwo", "one\nthree"), ("=> 3", "=> 4"), ("=> 3\n", ""), ("2> err", "2> other"), ("   out\n", "")],
)
def test_a_document_that_shows_something_else_fails(tmp_path: Path, truth: str, lie: str) -> None:
    document = written(tmp_path, DOCUMENT.replace(truth, lie))
    with pytest.raises(AssertionError, match="--- printed"):
        play(document, room(tmp_path), bless=False)


def test_blessing_writes_what_was_printed_and_leaves_the_rest(tmp_path: Path) -> None:
    document = written(tmp_path, DOCUMENT.replace("one\ntwo", "…\nthree").replace("   kept", "   lost"))
    play(document, room(tmp_path), bless=True)
    assert document.read_text(encoding="utf-8") == DOCUMENT


@pytest.mark.parametrize(
    ("expected", "actual", "equal"),
    [
        (("a", "…", "d"), ["a", "b", "c", "d"], True),
        (("a", "…", "d"), ["a", "d"], True),
        (("a", "…", "d"), ["a", "b", "c"], False),
        (("took … s",), ["took 12.5 s"], True),
        (("took … s",), ["took 12.5", "s"], False),
        (("a (b)",), ["a b"], False),
        ((), ["a"], False),
        (("=> 0",), [], True),
        (("…",), ["no such command", "=> 127"], False),
        (("…", "=> 127"), ["no such command", "=> 127"], True),
    ],
    ids=str,
)
def test_an_ellipsis_stands_for_text_and_for_lines(expected: tuple[str, ...], actual: list[str], equal: bool) -> None:
    assert agrees(expected, actual) is equal
