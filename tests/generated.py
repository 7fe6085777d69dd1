"""Pages with a part that the code makes: compared with it, or written anew by ``make docs``."""

from __future__ import annotations

from pathlib import Path


def current(page: Path, name: str, made: str, *, bless: bool) -> None:
    """The part stands between ``<!-- name -->`` and ``<!-- /name -->``, each on a line of its own."""
    before, start, rest = page.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    shown, end, after = rest.partition(f"<!-- /{name} -->\n")
    assert start, f"{page.name} has no part {name}"
    assert end, f"{page.name} has no end of the part {name}"
    if bless and shown != made:
        page.write_text(f"{before}{start}{made}{end}{after}", encoding="utf-8")
    elif not bless:
        assert shown == made, "make docs"
