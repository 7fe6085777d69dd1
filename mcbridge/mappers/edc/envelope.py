"""The envelope: display, delivery, evidence and attachments of one credential."""

from __future__ import annotations

from typing import Any, Final

from mcbridge.mappers.edc.addresses import addresses
from mcbridge.mappers.edc.coded import bare_code, concept
from mcbridge.mappers.edc.organisations import accreditation
from mcbridge.mappers.edc.pieces import attachment, media
from mcbridge.mappers.edc.rows import SAME, Frame, Table, add, elsewhere, lost, one, own, residues
from mcbridge.mappers.edc.rules import (
    CONTENT_MISSING,
    DELIVERY_MISSING,
)
from mcbridge.mappers.edc.texts import language_map
from mcbridge.mappers.edc.writing import Node, Writing, is_iri
from mcbridge.model import Attachment, Content, Delivery, Display, Document, Evidence, Label, Note

# evidence


def _statement(frame: Frame, value: tuple[Note, ...], path: str) -> str | None:
    """ELM has one plain string here: the first text of the first note."""
    run = frame.run
    said: str | None = None
    for index, item in enumerate(value):
        for at, text in enumerate(item.texts):
            here = f"{path}[{index}].texts[{at}]"
            if said is None and text.value.strip():
                said = text.value
                if text.lang is not None:
                    run.lose(f"{here}.lang", "loss/language-dropped", "ELM has no language here", text.lang)
            else:
                run.lose(here, "loss/single-value", "ELM has room for one text here", text)
        for name in ("subject", "format"):
            extra = getattr(item, name)
            if extra is not None:
                run.lose(f"{path}[{index}].{name}", "loss/no-place", "ELM has plain text here", extra)
    return said


def _embedded(frame: Frame, value: tuple[Attachment, ...], path: str) -> None:
    for index, item in enumerate(value):
        for node in attachment(frame, item, f"{path}[{index}]"):
            add(frame.node, "embeddedEvidence", node)


EVIDENCE: Final = Table(
    Evidence,
    elsewhere("kind", "dcType"),
    one("statement", "evidenceStatement", _statement),
    one("accreditation", "accreditation", accreditation),
    own("embedded", ("embeddedEvidence",), _embedded),
)


def evidence(frame: Frame, value: Evidence, path: str) -> Node | None:
    """Evidence for the credential. The issuer looks an accreditation up by its id, so it has to have one."""
    run = frame.run
    kind = None
    if value.kind is not None:
        kind = concept(run, value.kind, f"{path}.kind", "evidence-type", closed=True)
    if kind is None:
        run.leave_out(path, value, "a piece of evidence", "type")
        return None
    accredits = run.lists.known("evidence-type", "accreditation")
    if accredits is not None and kind["id"] == accredits.iri and not _resolvable(value):
        run.leave_out(path, value, "a piece of evidence", "accreditation that the issuer could look up by its id")
        return None
    node = run.node("evidence", "Evidence", path=path) | {"dcType": kind}
    if accredits is not None and kind["id"] == accredits.iri:
        run.looked_up.append((node, path, value))
    return EVIDENCE.fill(Frame(run, value, path, node))


def _resolvable(value: Evidence) -> bool:
    found = value.accreditation
    return found is not None and found.id is not None and is_iri(found.id)


# display


def _image(frame: Frame, value: Content, path: str) -> Node | None:
    return media(frame, value, path)


DISPLAY: Final = Table(Display, elsewhere("lang", "language"), one("page", "page", SAME), elsewhere("image"))


def displays(run: Writing, pages: tuple[Display, ...]) -> list[Node]:
    """The pages of the certificate as an issuer made them, by language."""
    frame = Frame(run, run.record, "", {})
    found: dict[str, Node] = {}
    for index, page in enumerate(pages):
        path = f"display[{index}]"
        language = bare_code(run, page.lang, f"{path}.lang", "language")
        image = media(frame, page.image, f"{path}.image") if page.image is not None else None
        if language is None or image is None or page.page < 1:
            run.leave_out(path, page, "a page of the certificate", "known language, image or number")
            continue
        node = run.node("displayDetail", "DisplayDetail", path=path) | {"image": image}
        DISPLAY.fill(Frame(run, page, path, node))
        if language["id"] not in found:
            found[language["id"]] = run.node("individualDisplay", "IndividualDisplay") | {"language": language}
        add(found[language["id"]], "displayDetail", node)
    return list(found.values())


# delivery


def _template(frame: Frame, value: Content, path: str) -> str | None:
    run = frame.run
    data = run.contents.get(value.sha256)
    try:
        text = None if data is None else data.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        run.find(CONTENT_MISSING, path, value.sha256, reason="its bytes are missing, or are no UTF-8")
        run.lose(path, "loss/content", "the template cannot be had as text", value)
        return None
    implied = {"mediaType": ("text/html", None), "lang": (None,), "size": (len(data or b""),), "state": ("ok",)}
    said = {"mediaType": value.media_type, "lang": value.lang, "size": value.size, "state": value.state}
    for name, extra in said.items():
        if extra not in implied[name]:
            run.lose(f"{path}.{name}", "loss/no-place", "a template is text and nothing else", extra)
    return text


def _labels(frame: Frame, value: tuple[Label, ...], path: str) -> Node:
    found: Node = {}
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        texts = language_map(frame.run, item.texts, f"{here}.texts") or {}
        if not texts:
            frame.run.lose(here, "loss/empty", "a label without a text is not written", item)
        elif item.key in found:
            frame.run.lose(here, "loss/label-repeated", "the template has another label of this key", item)
        else:
            found[item.key] = {tag: values[0] for tag, values in texts.items()}
    return found


DELIVERY: Final = Table(
    Delivery,
    elsewhere("residue"),
    elsewhere("addresses", "deliveryAddress"),
    one("template", "template", _template),
    one("labels", "labels", _labels),
    one("background", "background", _image),
)


def delivery(run: Writing, option: tuple[str, ...]) -> Node | None:
    """Where the issuer is to send it, and how it is to look. Without an address there is no such part at all."""
    stated = run.record.delivery
    found = addresses(run, stated, option)
    if not found:
        run.find(DELIVERY_MISSING, "delivery")
        if stated is not None:
            run.lose(
                "delivery", "loss/required-missing", "without an address nothing of the delivery is written", stated
            )
        return None
    node: Node = {"deliveryAddress": found}
    if stated is not None:
        details = DELIVERY.fill(Frame(run, stated, "delivery", {}))
        if details:
            node["displayDetails"] = details
        residues(Frame(run, stated, "delivery", node), stated.residue, "delivery.residue")
    return node


# attachments

SOURCE_SCHEME: Final = "urn:mcbridge:source-document"


def source_identifier(run: Writing, document: Document) -> Node:
    """Where the record came from: the SHA-256 of the document, and which of its records this is."""
    return run.node("identifier", "Identifier") | {
        "schemeName": f"SHA-256 of the source document ({document.format})",
        "schemeId": SOURCE_SCHEME,
        "notation": f"{document.id}#{document.position}/{document.count}",
    }


def _groups(frame: Frame, value: Any, path: str) -> None:
    frame.run.lose(path, "loss/group", "ELM has no groups of a curriculum", value)


def _document_attachments(frame: Frame, value: tuple[Attachment, ...], path: str) -> None:
    """What is attached to the whole document belongs to a credential that refers to it, or is alone in it."""
    run = frame.run
    alone = frame.entity.count == 1
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if alone or index in run.attached:
            for node in attachment(frame, item, here):
                add(frame.node, "attachment", node)
        else:
            why = "nothing in this credential refers to this attachment of the document"
            run.lose(here, "loss/unreached", why, item)


DOCUMENT: Final = Table(
    Document,
    elsewhere("id", "identifier"),
    elsewhere("format", "identifier"),
    elsewhere("position", "identifier"),
    elsewhere("count", "identifier"),
    own("attachments", ("attachment",), _document_attachments),
    own("group_types", (), _groups),
    lost("generated", "loss/generated", "the moment at which the source was made is not said in ELM"),
)
