"""``mcbridge schemas``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from mcbridge.cli.environment import schemas_folder
from mcbridge.cli.program import Command, Group
from mcbridge.cli.voice import Voice, clean, common

if TYPE_CHECKING:
    from mcbridge.schemas import Store


@click.group(cls=Group)
def schemas() -> None:
    """Official schemas, shapes and contexts that you have.

    mcbridge ships none of them. Those that you add are told by their SHA-256 and kept in your data folder, or in the
    one that MCBRIDGE_SCHEMAS names.
    """


@schemas.command(name="list", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with hashes, sizes and licences.")
@common
@click.pass_obj
def list_(voice: Voice, *, as_json: bool) -> None:
    """Which are known, which of them you have, and what each is good for."""
    from mcbridge.schemas import Store, official

    store = Store(schemas_folder())
    if as_json:
        click.echo(json.dumps(listed(store), ensure_ascii=False, indent=1))
        return
    known = official()
    width = max(len(each.name) for each in known.files.values())
    for name, purpose in known.purposes.items():
        absent = len(store.missing(name))
        state = "complete" if not absent else f"{absent} of {len(purpose.files)} missing"
        click.echo(f"{name}: {purpose.title}: {state}")
        for path in purpose.files:
            each, state = known.files[path], store.state(path).value
            click.echo(f"    {state:<14}  {each.name:<{width}}  {each.origin}")
            if voice.verbose:
                click.echo(f"    {'':<14}  SHA-256 {each.sha256}, {each.size:,} bytes, {each.licence}")
    voice.say(f"the folder is {store.folder}; mcbridge schemas add FILE puts them there")


def listed(store: Store) -> dict[str, Any]:
    """The table and the state of the store as plain data."""
    from mcbridge.schemas import official

    known = official()
    return {
        "folder": str(store.folder),
        "purposes": [
            {
                "name": name,
                "title": purpose.title,
                "complete": not store.missing(name),
                "missing": store.missing(name),
                "files": list(purpose.files),
            }
            for name, purpose in known.purposes.items()
        ],
        "files": [
            {
                "path": path,
                "title": each.title,
                "version": each.version,
                "role": each.role,
                "state": store.state(path).name.lower().replace("_", "-"),
                "sha256": each.sha256,
                "size": each.size,
                "licence": each.licence,
                "origin": each.origin,
            }
            for path, each in known.files.items()
        ],
    }


@schemas.command(cls=Command)
@click.argument("file", nargs=-1, required=True, metavar="FILE…")
@common
@click.pass_obj
def add(voice: Voice, *, file: tuple[str, ...]) -> int:
    """Take files that you have; a folder or an archive is looked into.

    What a file is, its bytes tell and not its name. One that is not as it was published is refused.
    """
    from mcbridge.conversion import expand, sources
    from mcbridge.diagnostics import Diagnostic, Report
    from mcbridge.schemas import Store, official, recognised

    store = Store(schemas_folder())
    taken = refused = passed_over = 0
    arguments = expand(file)
    named = {each.name for each in arguments if each.named}
    for opened in sources(arguments, Report()):
        if isinstance(opened, Diagnostic):  # an archive that cannot be opened
            if opened.location.source.partition("!")[0] in named:
                voice.finding(opened)
                refused += 1
            else:
                passed_over += 1
            continue
        source = opened.source
        found = recognised(source.data)
        if found is None:
            refused += opened.named
            passed_over += not opened.named
            tell = voice.complaint if opened.named else voice.detail
            tell(f"{source.name}: {strange(source.name, source.data)}")
            continue
        path, data = found
        new = store.keep(path, data)
        taken += 1
        serves = ", ".join(store.serves(path))
        voice.say(f"{clean(source.name)}: {official().files[path].name} ({serves}){'' if new else ', there already'}")
    for name, purpose in official().purposes.items():
        missing = store.missing(name)
        if 0 < len(missing) < len(purpose.files):
            still = ", ".join(official().files[path].name for path in missing)
            voice.say(f"for {name} there is still missing: {still}")
    told = f"{taken} known, {refused} refused" + (f", {passed_over} passed over" if passed_over else "")
    voice.say(f"{told}; the folder is {store.folder}")
    if not taken:
        if not refused:
            voice.complaint("none of these files is one that mcbridge knows; mcbridge schemas list names those")
        return 3
    return 5 if refused else 0


def strange(name: str, data: bytes) -> str:
    """Why a file is not taken."""
    import hashlib

    from mcbridge.schemas import nearest, official

    path = nearest(name)
    digest = hashlib.sha256(data).hexdigest()
    if path is None:
        return (
            f"no file that mcbridge knows has this SHA-256 ({digest}); mcbridge schemas list names those that it knows"
        )
    known = official().files[path]
    return (
        f"it is called like {known.name}, but is not the published file: {len(data):,} bytes with SHA-256 {digest}, "
        f"where {known.size:,} bytes with {known.sha256} were published; get it again: {known.origin}"
    )
