from __future__ import annotations

from pathlib import Path

import pytest

from tests.transcripts.runner import play


@pytest.mark.parametrize("document", sorted(Path(__file__).parent.glob("*.md")), ids=lambda document: document.stem)
def test_the_commands_print_what_the_document_shows(document: Path, tmp_path: Path, bless: bool) -> None:
    assert play(document, tmp_path, bless=bless)
