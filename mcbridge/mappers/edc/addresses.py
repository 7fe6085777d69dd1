"""Where the issuer is to send a credential: one or two addresses, from an option, the record or the learner.

The issuer tells mail by its ``@`` and takes everything else for the address of a wallet. It refuses a file without an
address, and finds out only when it sends that there is no such mailbox; so what cannot be one is found here.
"""

from __future__ import annotations

import re
from typing import Final

from mcbridge.mappers.edc.rules import DELIVERY_ASSUMED, DELIVERY_DOUBTFUL
from mcbridge.mappers.edc.writing import Writing
from mcbridge.model import Delivery

ADDRESSES: Final = 2
"""So many the issuer takes."""
_MAIL: Final = re.compile(
    r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?"
)


def is_address(text: str) -> bool:
    """Whether something can be sent there, as far as its form tells."""
    if "@" in text and "://" not in text:
        return _MAIL.fullmatch(text.removeprefix("mailto:")) is not None
    return bool(text) and not any(letter.isspace() for letter in text)


def addresses(run: Writing, stated: Delivery | None, option: tuple[str, ...]) -> list[str]:
    """Those of the option, else of the record, else the learner's first, else none: nothing is made up."""
    given = stated.addresses if stated is not None else ()
    if option:
        for index, address in enumerate(given):
            if address not in option:
                why = "the option names another delivery address"
                run.lose(f"delivery.addresses[{index}]", "loss/overridden", why, address)
        return list(option)
    found: list[str] = []
    for index, address in enumerate(given):
        path = f"delivery.addresses[{index}]"
        if len(found) < ADDRESSES and address.strip():
            if not is_address(address.strip()):
                run.find(DELIVERY_DOUBTFUL, path, address, what="it is written all the same, since the record says it")
            found.append(address)
        else:
            run.lose(path, "loss/single-value", "the issuer takes one or two", address)
    return found or _of_learner(run)


def _of_learner(run: Writing) -> list[str]:
    for index, contact in enumerate(run.record.learner.contacts):
        for at, email in enumerate(contact.emails):
            path, text = f"learner.contacts[{index}].emails[{at}]", email.strip().removeprefix("mailto:")
            if "@" in text and is_address(text):
                run.find(DELIVERY_ASSUMED, path, text)
                return [text]
            if text:
                run.find(DELIVERY_DOUBTFUL, path, text, what="it was passed over")
    return []
