"""Canonical JSON and fingerprints: what tells one content from another."""

from __future__ import annotations

import hashlib

import msgspec


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no blanks: equal values give equal bytes."""
    return msgspec.json.encode(value, order="sorted")


def fingerprint(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()
