"""Asking the register for what a plan published, and comparing: ``python -m mcbridge.cli.reading_back CONFIG PLAN``.

The demonstration runs it as a process of its own, so that nothing but the register's
API can tell it what was published.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mcbridge.cli.publishing import Publishing, read_plan
from mcbridge.errors import McbridgeError
from mcbridge.register.changes import compare
from mcbridge.register.plan import Create, Update


def read_back(config: Path, plan: Path) -> tuple[int, list[str]]:
    """How many records of the plan are at the register as planned, and of the others what is different."""
    sent = [action.payload for action in read_plan(plan).actions if isinstance(action, Create | Update)]
    same, different = 0, []
    with Publishing(config, None).register() as looker:
        for payload in sent:
            found = looker.lookup(payload.key)
            if found is None:
                different.append(f"{payload.key} is not there")
            elif changes := compare(dict(looker.normal(payload)), dict(found.body or {})):
                different.append(f"{payload.key} is otherwise: {'; '.join(map(str, changes))}")
            else:
                same += 1
    return same, different


def main(arguments: list[str]) -> int:
    """Print what was found; 0 when everything is as planned."""
    try:
        same, different = read_back(Path(arguments[0]), Path(arguments[1]))
    except McbridgeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    lines = [f"{same} records are at the register as they were planned", *different]
    sys.stdout.write("\n".join(lines) + "\n")
    return 5 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
