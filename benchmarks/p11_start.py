"""P11: the command, cold: a process that converts one small file, against a process that does nothing.

Each way is a process of its own, begun, run and ended; the files are in the page cache and the byte code is there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measure import Goal, Way, compare, elmo_document

HERE = Path(__file__).parent.parent
GOAL = Goal("P11", "cold start: `mcbridge convert` of one small file", most=12.0, stretch=8.0, base="python -c pass")

SHEET = """Šifra;Ime;Prezime;Naziv (hr);ECTS;EQF razina;Datum stjecanja;Izdavatelj
MK-01;Ada;Izmišljena;Karte;3;6;15.06.2031;Veleučilište Ogledno
"""


def main() -> None:
    """Measure three walks, with the format told by content and by name, and what asking for the version takes."""
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    surroundings["PYTHONPATH"] = str(HERE)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.csv").write_text(SHEET, encoding="utf-8")
        (folder / "transcript.xml").write_bytes(elmo_document(1))

        def run(*command: str) -> Callable[[], None]:
            def process() -> None:
                done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, check=False)
                assert done.returncode == 0, done.stderr.decode()

            return process

        def mcbridge(*arguments: str) -> Callable[[], None]:
            start = "import sys; from mcbridge.cli import main; sys.exit(main())"  # as the installed command does
            return run(sys.executable, "-c", start, *arguments)

        nothing = Way("python -c pass", run(sys.executable, "-c", "pass"), "starts and ends")
        mcbridge("convert", "sheet.csv", "--to", "canonical", "-o", "record.json")()
        walks = {
            "CSV → ELMO": ("sheet.csv", "csv", "elmo", "out.xml"),
            "ELMO → EDC": ("transcript.xml", "elmo", "edc", "out.json"),
            "canonical → canonical": ("record.json", "canonical", "canonical", "again.json"),
        }
        ways = [nothing, Way("--version", mcbridge("--version"), "its own goal is ×5, stretch ×3")]
        for walk, (source, is_, to, out) in walks.items():
            told = mcbridge("convert", source, "--to", to, "-o", out)
            ours = GOAL.ours if walk == "CSV → ELMO" else walk
            ways.append(Way(ours, told, f"{walk}, recognised by content"))
            named = mcbridge("convert", source, "--from", is_, "--to", to, "-o", out)
            ways.append(Way(f"{walk}, --from", named, "told what it is"))
        compare(GOAL, ways, seconds=60)


if __name__ == "__main__":
    main()
