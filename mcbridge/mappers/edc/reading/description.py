"""What a file is, told without a value of anybody's credential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.document import open_document
from mcbridge.mappers.edc.reading.presentations import Presented
from mcbridge.origins import Source


def described(source: Source, codes: Codes) -> Mapping[str, Any]:
    """The form of a credential, its profiles, and the kind of the presentation that it stands in."""
    document = open_document(source)
    form = "sealed" if document.seal is not None else "uploadable" if document.uploadable else "bare"
    told: dict[str, Any] = {"form": form}
    said = document.credential.get("credentialProfiles")
    profiles = []
    for each in said if type(said) is list else [said]:
        iri = each.get("id") if type(each) is dict else each
        entry = codes.entry("credential", iri) if type(iri) is str else None
        if entry is not None:
            profiles.append(entry.labels.get("en", entry.code))
    if profiles:
        told["profile"] = ", ".join(profiles)
    if isinstance(source, Presented):
        told["presentation"] = source.kind or "of no stated kind"
    return told
