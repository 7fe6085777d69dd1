"""Whatever stands in the documents about a learner, none of it is in a request to the register."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from mcbridge.model import Credential, Identifier, Note, Organisation, Text
from mcbridge.register import kind
from mcbridge.register.embedded.server import EmbeddedRegister
from mcbridge.register.judge import judge
from mcbridge.register.ledger import Ledger
from mcbridge.register.select import select
from mcbridge.register.wanted import Wanted, wanted
from tests.faults import spoiling
from tests.publishing import DEMO, TABLES, TOKEN, Clock, Desk, config, settings
from tests.unit.records import LEARNER, achievement, course, credential, read

PERSONAL = ("Testa", "Primjerić", "Uzorak", "0036512345", "testa.primjeric", "1999-05-12", "12.05.1999", "12. 5. 1999.")
REMARK = "Testa Maria Primjerić-Uzorak, rođena 12.05.1999, JMBAG 0036512345, testa.primjeric@student.example.edu"


def papers() -> list[Credential]:
    """Six courses whose remarks on the achievement name the learner, and a seventh whose own description does."""
    university = Organisation(id="org-1", names=DEMO.names, identifiers=DEMO.identifiers)
    made = []
    for number in range(7):
        description = (Text(REMARK, "hr"),) if number == 6 else (Text("What one learns about data.", "en"),)
        specification = course(
            identifiers=(Identifier(value=f"MC-{number}", type="local"),),
            title=(Text(f"Data Stewardship {number}", "en"),),
            description=description,
        )
        note = Note(texts=(Text(REMARK, "hr"),))
        one = achievement(specification=specification, notes=(note,), description=(Text(REMARK, "hr"),))
        made.append(
            credential(
                one, id=f"urn:example:credential:{number}", organisations=(university,), description=(Text(REMARK),)
            )
        )
    return made


def test_no_name_number_address_or_birthday_is_in_any_request(tmp_path: Path) -> None:
    given_names = {text.value for text in LEARNER.given_names}
    assert any(name in REMARK for name in given_names)
    sent: list[str] = []
    with (
        EmbeddedRegister(f"sqlite:///{tmp_path}/register.db", token=TOKEN) as register,
        spoiling(register.url) as proxy,
    ):
        forward = proxy.forward

        def listen(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
            sent.append(json.dumps([method, path, headers]) + body.decode("utf-8"))
            return forward(method, path, headers, body)

        proxy.forward = listen  # type: ignore[method-assign]
        given = settings(config(proxy.url, tmp_path), lambda: datetime.now(UTC))
        client = kind("deqar")(given)
        policy = TABLES.register_policy("deqar")
        candidates = select([read(each, f"{at}.json") for at, each in enumerate(papers())], TABLES)
        verdicts = list(judge(candidates, policy, TABLES, [{"schac": "demo-uni.example"}]))
        wishes: list[Wanted] = list(wanted(verdicts, client))
        with Ledger(
            f"sqlite:///{tmp_path}/ledger.db", clock=given.clock, register=client.identity, environment="test"
        ) as ledger:
            desk = Desk(client, ledger, Clock())
            plan = desk.plan(*wishes)
            outcome = desk.apply(plan)
        client.close()
    assert outcome.counts() == {"blocked": 1, "created": 6}
    assert len(sent) >= 10
    written = plan.to_json() + str(outcome).encode() + b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Data Stewardship 3" in written
    print(f"\nrequests to the register without a word about a learner: {len(sent)}")
    for word in PERSONAL:
        assert not [request for request in sent if word.casefold() in request.casefold()], word
        assert word.encode() not in written, f"{word} is in the plan, the ledger or the register"
