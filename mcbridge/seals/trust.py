"""The keys that a user trusts: a folder of PEM files, each a certificate or a public key, as registries list them.

A key is trusted by itself, whatever certificate it stands in: who vouches for it, and
for how long, was the user's business when it was put there. A file that cannot be
read as keys is an error and never passed over: the user would believe in a key that
nobody looks at.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mcbridge.errors import ConfigError
from mcbridge.seals import Trusted

LARGEST: Final = 1024 * 1024
"""Bytes of a file of keys."""

_BLOCK: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_ASIDE: Final = re.compile(rb"\s+|\\r|\\n")
_CERTIFICATES: Final = frozenset((b"CERTIFICATE", b"X509 CERTIFICATE"))
_KEYS: Final = frozenset((b"PUBLIC KEY", b"RSA PUBLIC KEY"))
_HINT: Final = "put one PEM certificate or public key into each file, and nothing else into the folder"


def trusted(folder: Path) -> tuple[Trusted, ...]:
    """The keys in a folder, in the order of its files; hidden files and folders in it are passed over.

    Raises ``ConfigError`` for a folder that is not there or has no key, and for a file that is no key;
    ``ModuleNotFoundError`` where the library that reads keys is not installed.
    """
    try:
        files = sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
    except OSError as error:
        problem = "there is no such folder" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        raise ConfigError(problem, where=str(folder), hint="check the folder of trusted keys") from error
    found = tuple(key for file in files for key in _of(file))
    if not found:
        raise ConfigError("there is no key in this folder", where=str(folder), hint=_HINT)
    return found


def _of(file: Path) -> Iterator[Trusted]:
    try:
        if file.stat().st_size > LARGEST:
            raise ConfigError("this is too large for a key", where=str(file), hint=_HINT)
        data = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"the key cannot be read: {error.strerror}", where=str(file), hint=_HINT) from error
    blocks = _BLOCK.findall(data)
    try:
        if not blocks:
            yield _unmarked(data, file)
        for label, body in blocks:
            yield _marked(label, b64decode(_ASIDE.sub(b"", body), validate=True), file)
    except ValueError as error:
        raise ConfigError("this is no certificate or public key", where=str(file), hint=_HINT) from error


def _marked(label: bytes, der: bytes, file: Path) -> Trusted:
    if label in _CERTIFICATES:
        return _certificate(der, file)
    if label in _KEYS:
        return _key(der, file)
    if label.endswith(b"PRIVATE KEY"):
        raise ConfigError(
            "this is a private key",
            where=str(file),
            hint="it is for signing and must stay with its owner; the public key or its certificate belongs here",
        )
    raise ValueError(f"it is marked as {label.decode()}")


def _unmarked(data: bytes, file: Path) -> Trusted:
    """A file without PEM's lines around: DER, or the base64 of it as some registries list it."""
    bare = _ASIDE.sub(b"", data)
    der = data if data[:1] == b"\x30" else b64decode(bare, validate=True)
    if not der:
        raise ValueError("the file is empty")
    try:
        return _certificate(der, file)
    except ValueError:
        return _key(der, file)


def _certificate(der: bytes, file: Path) -> Trusted:
    from mcbridge.seals.keys import of_certificate

    return Trusted(file.name, of_certificate(der).der, der)


def _key(der: bytes, file: Path) -> Trusted:
    from mcbridge.seals.keys import of_public_key

    return Trusted(file.name, of_public_key(der).der)
