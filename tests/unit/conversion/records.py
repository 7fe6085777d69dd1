"""Small records of invented people."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mcbridge.model import (
    MODEL_VERSION,
    Achievement,
    Attachment,
    Content,
    Credential,
    Document,
    Identifier,
    Learner,
    Provision,
    Specification,
    Text,
)
from mcbridge.model.codec import encode

PICTURE = b"\x89PNG invented bytes"
PICTURE_NAME = hashlib.sha256(PICTURE).hexdigest()


def credential(
    position: int = 1, *, family: str = "Primjer", count: int = 1, document: str = "0" * 64, picture: bool = False
) -> Credential:
    """A credential; equal arguments give an equal one."""
    content = Content(sha256=PICTURE_NAME, size=len(PICTURE), media_type="image/png")
    return Credential(
        version=MODEL_VERSION,
        id=hashlib.sha256(f"{document}{position}{family}".encode()).hexdigest(),
        learner=Learner(family_name=(Text(family),), identifiers=(Identifier(value=f"10{position}"),)),
        achievements=(Achievement(id="a", title=(Text("Uvod u primjere", "hr"),)),),
        attachments=(Attachment(id="p", contents=(content,)),) if picture else (),
        document=Document(id=document, format="elmo", position=position, count=count),
    )


def provision(key: str = "example.edu/MC-1") -> Provision:
    """A provision without more than it needs."""
    return Provision(
        version=MODEL_VERSION, key=key, provider="o", specification=Specification(title=(Text("Uvod", "hr"),))
    )


def saved(path: Path, *records: Credential | Provision, beside: bytes | None = None) -> Path:
    """The records as canonical JSON, one a line, and the bytes that belong to them."""
    path.write_bytes(b"".join(encode(record) + b"\n" for record in records))
    if beside is not None:
        folder = path.with_name(path.name + ".contents")
        folder.mkdir()
        (folder / hashlib.sha256(beside).hexdigest()).write_bytes(beside)
    return path
