"""What a source is, is told by its content: every way in which ELMO travels, as a file without a telling name, and as
standard input.
"""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_from_bytes, urlencode

import pytest

from mcbridge.cli.collecting import Collection
from mcbridge.conversion import read
from mcbridge.mappers import writer
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.origins import Luggage, Source
from mcbridge.register.config import load_config
from mcbridge.tables import Tables
from tests.hostile.documents import SPACE, elmo
from tests.hostile.envelopes import body, tors
from tests.unit.cli.command import run

TITLE: Final = "Übung mit Karten"
TEXT: Final = elmo(TITLE)
BARE: Final = elmo(TITLE, head="")
PLAIN: Final = TEXT.encode()
PACKED: Final = gzip.compress(PLAIN, mtime=0)
BASE64: Final = base64.b64encode(PACKED)
XML64: Final = base64.b64encode(PLAIN)
MARK: Final = b"\xef\xbb\xbf"


def wrapped(text: bytes, width: int = 76, end: bytes = b"\r\n") -> bytes:
    return b"".join(text[at : at + width] + end for at in range(0, len(text), width))


def declared(codec: str, name: str = "") -> bytes:
    return TEXT.replace("UTF-8", name or codec).encode(codec)


def archive(**members: bytes) -> bytes:
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in members.items():
                made.writestr(f"transcripts/{name}.bin", data)
        return buffer.getvalue()


def named_gzip() -> bytes:
    with io.BytesIO() as buffer:
        with gzip.GzipFile("transcript.xml", "wb", fileobj=buffer, mtime=1) as stream:
            stream.write(PLAIN)
        return buffer.getvalue()


def form(*pairs: tuple[str, bytes | str]) -> bytes:
    return urlencode(pairs).encode()


def prefixed(inside: str) -> str:
    """The document with a prefix, which somebody further out declares."""
    return re.sub("<(/?)(?=[a-zA-Z])", r"<\1e:", inside).replace(f' xmlns="{SPACE}"', "")


def unnamed(inside: str) -> str:
    """The document in no namespace."""
    return inside.replace(f' xmlns="{SPACE}"', "")


OTHER: Final = base64.b64encode(gzip.compress(elmo("Drugi").encode(), mtime=0))
SAID: Final = (("sessionId", "0123456789abcdef0123456789abcdef"), ("returnCode", "NCP_OK"), ("returnMessage", ""))

XML: Final = {
    "UTF-8": PLAIN,
    "UTF-8 with a mark": MARK + PLAIN,
    "UTF-8 without declaration": BARE.encode(),
    "UTF-8 behind space": b"\r\n\t  " + BARE.encode(),
    "UTF-8 with a mark, without declaration": MARK + BARE.encode(),
    "UTF-8 with the line ends of Windows": PLAIN.replace(b"\n", b"\r\n"),
    "UTF-8 behind a comment": b"<!-- <elmo> of 2026 -->\n" + BARE.encode(),
    "UTF-16 with a mark": declared("utf-16"),
    "UTF-16 big-endian with a mark": b"\xfe\xff" + declared("utf-16-be", "UTF-16"),
    "UTF-16 little-endian": declared("utf-16-le"),
    "UTF-16 big-endian": declared("utf-16-be"),
    "UTF-16 that says it is UTF-8": TEXT.encode("utf-16"),
    "UTF-16 without declaration": BARE.encode("utf-16"),
    "Latin-1, declared": declared("iso-8859-1"),
    "windows-1252, declared": declared("cp1252", "windows-1252"),
}
GZIP: Final = {
    "gzip": PACKED,
    "gzip with a name and a time": named_gzip(),
    "gzip in two members": gzip.compress(PLAIN[:300]) + gzip.compress(PLAIN[300:]),
    "gzip of UTF-16": gzip.compress(declared("utf-16")),
}
ZIP: Final = {
    "zip": archive(a=PLAIN),
    "zip beside what is none": archive(a=PLAIN, readme=b"Dear colleagues"),
    "zip of base64": archive(a=BASE64),
    "zip of a response": archive(a=form(*SAID, ("elmo", BASE64))),
}
TEXTS: Final = {
    "base64": BASE64,
    "base64 wrapped": wrapped(BASE64),
    "base64 wrapped otherwise": wrapped(BASE64, 64, b"\n"),
    "base64 wrapped by spaces": wrapped(BASE64, 60, b" "),
    "base64 for addresses": base64.urlsafe_b64encode(PACKED),
    "base64 without padding": BASE64.rstrip(b"="),
    "base64 for addresses without padding, wrapped": wrapped(base64.urlsafe_b64encode(PACKED).rstrip(b"=")),
    "base64 escaped": quote_from_bytes(BASE64, safe="").encode(),
    "base64 escaped in small letters": re.sub(
        b"%..", lambda found: found[0].lower(), quote_from_bytes(BASE64, safe="").encode()
    ),
    "base64 wrapped and escaped": quote_from_bytes(wrapped(BASE64), safe="").encode(),
    "base64 in quotes": b'"' + BASE64 + b'"\r\n',
    "base64 in single quotes": b"'" + BASE64 + b"'",
    "base64 with a mark": MARK + BASE64,
    "base64 between spaces": b" \n\t" + BASE64 + b"  \n\n",
    "base64 out of JSON": json.dumps(wrapped(BASE64).decode()).replace("/", "\\/").encode(),
    "base64 in UTF-16": BASE64.decode().encode("utf-16"),
    "base64 in UTF-16 big-endian": b"\xfe\xff" + BASE64.decode().encode("utf-16-be"),
    "base64 of a zip": base64.b64encode(archive(a=PLAIN)),
    "base64 in gzip": gzip.compress(BASE64),
}
XML_TEXTS: Final = {
    "base64 of XML": XML64,
    "base64 of XML, wrapped": wrapped(XML64),
    "base64 of XML for addresses": base64.urlsafe_b64encode(PLAIN).rstrip(b"="),
    "base64 of XML with a mark": base64.b64encode(MARK + PLAIN),
    "base64 of XML behind space": base64.b64encode(b"\n\n " + BARE.encode()),
    "base64 of UTF-16": base64.b64encode(declared("utf-16")),
}
FORMS: Final = {
    "form": form(*SAID, ("elmo", BASE64)),
    "form, elmo first": form(("elmo", BASE64), *SAID),
    "form, elmo only": form(("elmo", BASE64)),
    "form, other fields": form(("state", "x"), ("lang", "hr"), *SAID, ("elmo", BASE64)),
    "form, wrapped": form(*SAID, ("elmo", wrapped(BASE64)), ("state", "x")),
    "form, for addresses": form(*SAID, ("elmo", base64.urlsafe_b64encode(PACKED).rstrip(b"="))),
    "form, not escaped": b"sessionId=1&returnCode=NCP_OK&elmo=" + BASE64,
    "form, escaped for HTML": b"sessionId=1&amp;returnCode=NCP_OK&amp;elmo=" + BASE64,
    "form, a line each": b"sessionId=1\r\nreturnCode=NCP_OK\r\nelmo=" + BASE64 + b"\r\nreturnMessage=\r\n",
    "form, marked and quoted": MARK + b'"' + form(*SAID, ("elmo", BASE64)) + b'"\n',
    "form, a second field elmo": form(("elmo", ""), *SAID, ("elmo", BASE64)),
    "form of base64 of XML": form(*SAID, ("elmo", XML64)),
    "form of XML": form(*SAID, ("elmo", PLAIN)),
    "form in gzip": gzip.compress(form(*SAID, ("elmo", BASE64))),
}
WRAPPERS: Final = {
    "EWP": tors([BARE]),
    "EWP, older": tors([BARE]).replace(b"imobility-tors-get-response", b"tors-get-response"),
    "EWP, oldest": tors([BARE]).replace(b"imobility-tors-get-response", b"tors-response"),
    "EWP without a namespace at ELMO": tors([unnamed(BARE)]),
    "EWP in UTF-16": tors([BARE]).decode().encode("utf-16"),
    "EWP in gzip": gzip.compress(tors([BARE])),
    "EWP in base64": base64.b64encode(tors([BARE])),
    "SOAP 1.1": body(f"<ELMOOpiskelijavaihtoResponse>{BARE}</ELMOOpiskelijavaihtoResponse>"),
    "SOAP 1.2": body(BARE).replace(
        b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"
    ),
    "SOAP, no namespace": body(f"<answer>{unnamed(BARE)}</answer>"),
    "SOAP, prefix": body(prefixed(BARE)).replace(b"<s:Body>", f'<s:Body xmlns:e="{SPACE}">'.encode()),
    "SOAP, prefix of its own": body(prefixed(BARE).replace("<e:elmo", f'<e:elmo xmlns:e="{SPACE}"', 1)),
    "SOAP, CDATA": body(f"<elmo><![CDATA[\n{TEXT}]]></elmo>"),
    "SOAP, CDATA that says it is Latin-1": body(f"<elmo><![CDATA[{TEXT.replace('UTF-8', 'iso-8859-1')}]]></elmo>"),
    "SOAP, escaped": body(f"<return>{html.escape(TEXT)}</return>"),
    "SOAP, base64 of gzip": body(f"<elmo>\n{wrapped(BASE64).decode()}</elmo>"),
    "SOAP, base64 of gzip under another name": body(f"<return>{BASE64.decode()}</return>"),
    "SOAP, base64 of XML": body(f"<elmo>{XML64.decode()}</elmo>"),
    "SOAP, an elmo around": body(f"<elmo>{BARE}</elmo>"),
    "any XML": f"<?xml version='1.0'?>\n<!-- saved -->\n<a><b c='d'/>{BARE}</a>".encode(),
    "an elmo of base64": b"<elmo>" + BASE64 + b"</elmo>",
    "an elmo around": f"<elmo>{BARE}</elmo>".encode(),
}
KINDS: Final = {
    "": XML,
    "gzip": GZIP,
    "zip": ZIP,
    "base64, gzip": TEXTS,
    "base64": XML_TEXTS,
    "form, base64, gzip": FORMS,
    "wrapper": WRAPPERS,
}
MATRIX: Final = [(kind, name) for kind, found in KINDS.items() for name in found]
FIRST: Final = {"base64 of a zip": "base64, zip", "base64 in gzip": "gzip, base64, gzip", "form in gzip": "gzip, form"}


def content(out: str | bytes) -> dict[str, Any]:
    """A record without what is of its bytes and of what it travelled in."""
    found: dict[str, Any] = json.loads(out)
    del found["id"], found["document"]["id"]
    found["document"].pop("residue", None)
    return found


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    (one,) = read(Source("plain.xml", PLAIN), Luggage())
    from mcbridge.model.codec import encode

    return content(encode(one.record))


@pytest.mark.parametrize(("kind", "name"), MATRIX, ids=[name for _, name in MATRIX])
@pytest.mark.parametrize("piped", [False, True], ids=["file", "standard input"])
def test_elmo_is_read_in_whatever_it_travels(
    kind: str, name: str, piped: bool, expected: dict[str, Any], tmp_path: Path
) -> None:
    data = KINDS[kind][name]
    (tmp_path / "x.dat").write_bytes(data)
    source = "-" if piped else "x.dat"
    done = run("convert", source, "--to", "canonical", "-o", "-", folder=tmp_path, stdin=data if piped else b"")
    assert done.code == 0, done.err
    assert content(done.out) == expected
    assert TITLE in done.out


@pytest.mark.parametrize(("kind", "name"), MATRIX, ids=[name for _, name in MATRIX])
def test_inspect_tells_the_envelope(kind: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "x.dat").write_bytes(KINDS[kind][name])
    done = run("inspect", "x.dat", "--json", folder=tmp_path)
    assert done.code == 0, done.err
    told = json.loads(done.out)["sources"][0]
    assert (told["format"], told["records"]) == ("elmo", {"credentials": 1})
    envelope = told.get("details", {}).get("envelope", "")
    if kind == "wrapper":
        wrapper = name.split(",", maxsplit=1)[0].split(" ", maxsplit=1)[0]
        assert (wrapper if wrapper in {"EWP", "SOAP"} else "XML") in envelope
        assert ("base64" in envelope) is ("base64" in name)
    else:
        assert envelope.startswith(FIRST.get(name, "form" if kind.startswith("form") else kind))
        assert ("form" in envelope) is ("form" in name or "response" in name)


def test_several_documents_come_out_of_an_archive_and_of_a_response(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes(archive(a=PLAIN, b=OTHER, c=b"sessionId=1&returnCode=NCP_CANCEL&returnMessage="))
    (tmp_path / "b.dat").write_bytes(tors([BARE, elmo("Treći", head=""), "<elmo/>"]))
    done = run("convert", "a.dat", "b.dat", "--to", "canonical", "-o", "out/", folder=tmp_path)
    assert done.code == 5, done.err
    found = sorted(
        json.loads(path.read_bytes())["achievements"][0]["specification"]["title"][0]["value"]
        for path in (tmp_path / "out").glob("*.json")
    )
    assert found == sorted([TITLE, TITLE, "Drugi", "Treći"])
    assert "a.dat!transcripts/c.bin: error: the answer holds no document: NCP_CANCEL" in done.err
    assert "b.dat!elmo[3]:11:36: error: elmo lacks generatedDate" in done.err
    assert "at imobility-tors-get-response/tor[3]/elmo[1]" in done.err


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("NCP_CANCEL", "the learner ended it"),
        ("NCP_NO_RESULTS", "no results of this learner"),
        ("NCP_ERROR", "something failed at the provider"),
        ("NCP_OK", "the field elmo is empty"),
        ("NCP_TIRED", "nothing that EMREX knows"),
    ],
)
def test_a_response_without_a_document_says_why(code: str, says: str, tmp_path: Path) -> None:
    data = form(("returnMessage", "Žao nam je"), ("returnCode", code), ("sessionId", "1"))
    (tmp_path / "x.dat").write_bytes(data)
    done = run("convert", "x.dat", "--to", "elmo", "-o", "out.xml", "--show-values", folder=tmp_path)
    assert done.code == 3
    assert code in done.err
    assert "Žao nam je" in done.err
    assert says in done.err
    masked = run("convert", "x.dat", "--to", "elmo", "-o", "out.xml", folder=tmp_path)
    assert "Žao" not in masked.err


@pytest.mark.parametrize("option", [(), ("--from", "elmo")])
@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_is_told_as_one(option: tuple[str, ...], packed: bool, tmp_path: Path) -> None:
    data = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Names<</EmbeddedFiles 2 0 R>>>>\nendobj\n"
    (tmp_path / "x.dat").write_bytes(base64.b64encode(data) if packed else data)
    done = run("convert", "x.dat", "--to", "canonical", "-o", "-", *option, folder=tmp_path)
    assert (done.code, done.out) == (3, "")
    assert "it is a PDF" in done.err
    assert "attached" in done.err


@pytest.mark.parametrize(
    "text", [b"H4sI", b"elmo", b"Ime;Prezime\nAna;Primjer\n", b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=", b"a=1&b=2"]
)
def test_what_is_no_envelope_is_left_as_it_is(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.dat").write_bytes(text)
    done = run("convert", "x.dat", "--to", "canonical", "-o", "-", folder=tmp_path)
    assert done.code == 3
    assert "no format recognises this content" in done.err


def test_what_is_written_for_emrex_is_read_again_and_the_same_every_time(tmp_path: Path) -> None:
    (tmp_path / "x.dat").write_bytes(PLAIN)
    outs = [run("convert", "x.dat", "--to", "elmo:envelope=emrex", "-o", "-", folder=tmp_path) for _ in range(2)]
    assert outs[0].out == outs[1].out
    assert re.fullmatch("H4sI[A-Za-z0-9+/]+={0,2}", outs[0].out)
    plain = run("convert", "x.dat", "--to", "elmo", "-o", "-", folder=tmp_path).out
    assert gzip.decompress(base64.b64decode(outs[0].out)).decode() == plain
    assert run("convert", "x.dat", "--to", "elmo:envelope=none", "-o", "-", folder=tmp_path).out == plain
    done = run("convert", "x.dat", "--to", "elmo:envelope=emrex", "-o", "out/", folder=tmp_path)
    assert done.code == 0, done.err
    (written,) = (tmp_path / "out").iterdir()
    assert (written.suffix, written.read_text(encoding="ascii")) == (".b64", outs[0].out)
    back = run("convert", "out", "--to", "canonical", "-o", "-", folder=tmp_path)
    assert content(back.out) == content(run("convert", "x.dat", "--to", "canonical", "-o", "-", folder=tmp_path).out)
    refused = run("convert", "x.dat", "--to", "elmo:envelope=zip", "-o", "-", folder=tmp_path)
    assert refused.code == 2
    assert "elmo:envelope=emrex" in refused.err


def test_writers_that_pack_do_not_change_the_others() -> None:
    tables = Tables()
    assert writer("elmo", tables, {"envelope": "emrex"}).format.suffixes[0] == ".b64"
    assert writer("elmo", tables, {}).format.suffixes == ElmoMapper.format.suffixes == (".xml",)


SYNC: Final = """
[[source]]
paths = ["exports"]
format = "elmo"

[register]
kind = "memory"
environment = "test"
"""


def test_sync_reads_what_lies_in_envelopes(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for number, data in enumerate((BASE64, form(*SAID, ("elmo", OTHER)), tors([elmo("Treći", head="")]))):
        (exports / f"{number}.dat").write_bytes(data)
    (tmp_path / "sync.toml").write_text(SYNC, encoding="utf-8")
    collection = Collection(load_config(tmp_path / "sync.toml", {}), Tables(), Luggage())
    assert len(list(collection.reads())) == 3
    assert [(mark.name, mark.records) for mark in collection.marks] == [(f"exports/{n}.dat", 1) for n in range(3)]
    assert collection.complete


@pytest.mark.parametrize("command", ["check", "inspect"])
def test_a_soap_message_without_a_document_is_told_as_one(command: str, tmp_path: Path) -> None:
    (tmp_path / "x.dat").write_bytes(body("<s:Fault><faultstring>secret words</faultstring></s:Fault>"))
    done = run(command, "x.dat", folder=tmp_path)
    assert done.code == 3
    said = done.out + done.err
    assert "a SOAP message, and there is no ELMO document in it" in said
    assert "secret words" not in said


def test_a_soap_message_that_is_long_may_have_a_document_further_behind(tmp_path: Path) -> None:
    (tmp_path / "x.dat").write_bytes(body(" " * 70_000 + BARE))
    done = run("check", "x.dat", folder=tmp_path)
    assert done.code == 3
    assert "SOAP message, and no ELMO document begins in its first 64 KB" in done.err
    assert "--from elmo" in done.err


def test_nothing_but_a_mark_is_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(MARK + b"\r\n")
    assert "the file is empty" in run("check", "x.xml", folder=tmp_path).err


def test_a_document_that_ends_within_its_first_tag_is_told_as_cut_off(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(b"<elmo")
    assert "the document ends too early" in run("check", "x.xml", folder=tmp_path).err


def test_a_declaration_that_does_not_hold_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(f'<?xml version="1.0" encoding="UTF-16"?>{BARE}'.encode())
    done = run("check", "x.xml", "--json", folder=tmp_path)
    found = json.loads(done.out)
    (one,) = found["findings"] if isinstance(found, dict) else found
    assert one["source"] == "x.xml"
