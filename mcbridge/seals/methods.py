"""How a signature value is made: the kind of key, the hash, and what else has to be known to verify it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct

RSA: Final = "RSA"
EC: Final = "EC"
ED25519: Final = "Ed25519"
ED448: Final = "Ed448"
"""The kinds of keys that are known."""


class Padding(Enum):
    """What RSA signs: the two forms of PKCS #1."""

    PKCS1 = "PKCS #1 v1.5"
    PSS = "PSS"


class Method(Struct, frozen=True):
    """One that is followed: its name for people, the kinds of keys it is for, the only curve if it has one."""

    name: str
    families: frozenset[str]
    hash: str = ""
    padding: Padding | None = None
    curve: str | None = None


def of_rsa(name: str, hash: str, padding: Padding = Padding.PKCS1) -> Method:
    """RSA."""
    return Method(name, frozenset((RSA,)), hash, padding)


def of_curve(name: str, hash: str, curve: str | None = None) -> Method:
    """ECDSA, on any curve or on one."""
    return Method(name, frozenset((EC,)), hash, None, curve)
