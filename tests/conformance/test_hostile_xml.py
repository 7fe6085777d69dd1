"""The attacks that the European issuer's own tests keep are refused by name, and nothing of them is carried out."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcbridge.errors import NotThisFormat
from mcbridge.mappers._xml import parse

NAMES = ("xxe_base64.xml", "xxe_dos.xml", "xxe_entity.xml", "xxe_file.xml", "xxe_remote.xml")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_known_attack_is_refused(name: str, codec: str, shared_root: Path) -> None:
    path = shared_root / "official" / "hostile-xml" / name
    if not path.is_file():
        pytest.skip(f"the collection of hostile documents is not here: no {path}")
    with pytest.raises(NotThisFormat, match="DOCTYPE") as caught:
        parse(path.read_text(encoding="utf-8").encode(codec), name)
    assert caught.value.line in (1, 2, 3)
    assert caught.value.hint
