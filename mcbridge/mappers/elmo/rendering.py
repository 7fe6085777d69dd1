"""Credentials as one ELMO document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from mcbridge.losses import SEAL, LossLedger
from mcbridge.mappers.elmo import table as t
from mcbridge.mappers.elmo.achievements import write_achievement
from mcbridge.mappers.elmo.addresses import fitted
from mcbridge.mappers.elmo.codecs import IDENTIFIER
from mcbridge.mappers.elmo.credits import by_code, without_levels
from mcbridge.mappers.elmo.extension import Blocks, extended
from mcbridge.mappers.elmo.pen import Lists, Missing, Pen, nowhere, strange
from mcbridge.mappers.elmo.residues import FORMAT
from mcbridge.mappers.elmo.values import ADDRESS_NAMESPACE, NAMESPACE
from mcbridge.mappers.elmo.versions import BORN, FIRST, RECOGNITION, SECOND
from mcbridge.mappers.elmo.write import Extras, Rows, element, pieces, shape
from mcbridge.model import (
    Achievement,
    Credential,
    Document,
    Learner,
    Organisation,
    Place,
    Text,
)

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Defaults(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may stand in for what a record lacks: ``mappings/elmo/defaults.toml``."""

    title: str
    source: str
    family_name_from_full_name: bool
    issuer_from_awarding_body: bool
    issue_date_from_award: bool
    generated_date_from_issue_date: bool
    identifier_type: str
    echo: Mapping[str, Mapping[str, str]]


class Assumed(Struct, frozen=True):
    """Something taken from elsewhere: in which record, for which field, what, and the field that it was taken from."""

    record: str
    field: str
    what: str
    origin: str


class Rendered(Struct):
    """A document: its bytes, and what was assumed to make it complete."""

    data: bytes
    assumed: list[Assumed]


class _Compiled:
    """The closures for one version."""

    def __init__(self, version: str) -> None:
        learner = [row for row in t.LEARNER if row.to != "birth_date" or row.tag == BORN[version]]
        self.citizenship = Rows(learner[:1], shape)
        self.learner = Rows(learner[1:-3], shape)
        self.born = Rows(learner[-3:-1], shape)
        self.gender = Rows(learner[-1:], shape)
        self.issuer = Rows(t.ISSUER, shape)
        self.issued = Rows(t.REPORT[:1], shape)
        self.report = Rows(t.REPORT[1:], shape)
        self.generated = Rows(t.ROOT[:1], shape)
        self.attachments = Rows(t.ROOT[1:], shape)
        self.group_type = shape(t.GROUP_TYPE)
        self.address = shape(t.ADDRESS)
        self.rest_learner = nowhere(
            Learner, frozenset(row.to for row in t.LEARNER) | {"address", "full_name", "national_id"}
        )
        self.rest_issuer = nowhere(Organisation, frozenset(row.to for row in t.ISSUER) | {"id"})
        self.rest_report = nowhere(
            Credential,
            frozenset(row.to for row in t.REPORT)
            | {"version", "id", "learner", "issuer", "achievements", "organisations", "document", "seal"},
        )
        self.rest_place = nowhere(Place, frozenset(("addresses",)))
        self.rest_document = nowhere(
            Document, frozenset(row.to for row in t.ROOT) | {"id", "format", "position", "count", "group_types"}
        )


@lru_cache(maxsize=2)
def _compiled(version: str) -> _Compiled:
    return _Compiled(version)


class Rendering:
    """The writing of one document. ``lists`` are ELMO's own lists, and the ways into them.

    What was read from ELMO is written as it was, its mistakes included, unless it is to be ``obeying`` the schema.
    """

    def __init__(
        self,
        credentials: Sequence[Credential],
        losses: LossLedger,
        contents: Mapping[str, bytes],
        lists: Lists,
        defaults: Defaults,
        generated: dt.datetime | None = None,
        version: str = FIRST,
        *,
        obeying: bool = False,
    ) -> None:
        self._given = (credentials, losses, contents, lists, defaults, generated, version)
        self._compiled = _compiled(version)
        self.defaults = defaults
        first = credentials[0]
        self.own = first.document is not None and first.document.format == FORMAT
        self.as_read = self.own and not obeying
        self.pens = [
            Pen(credential.id, losses, contents, lists, defaults.identifier_type, as_read=self.as_read, version=version)
            for credential in credentials
        ]
        if version == SECOND:
            credentials = [without_levels(one, pen) for one, pen in zip(credentials, self.pens, strict=True)]
        if not self.own:
            credentials = [by_code(one, pen) for one, pen in zip(credentials, self.pens, strict=True)]
        self.credentials = credentials
        self.generated = generated
        self.assumed: list[Assumed] = []
        self.institutions: list[str | None] = []
        self.extension = ""

    @property
    def folded(self) -> bool:
        """Whether reading the document would give something else, although nothing is lost."""
        return not self.as_read or any(pen.folded for pen in self.pens)

    def again(self, blocks: Sequence[Mapping[str, Blocks]], extension: str) -> Rendering:
        """The same writing with blocks of our extension; its losses are known already."""
        credentials, losses, contents, lists, defaults, generated, version = self._given
        given = (credentials, LossLedger(losses.to), contents, lists, defaults, generated, version)
        made = Rendering(*given, obeying=self.own and not self.as_read)
        made.extension = extension
        for pen, found in zip(made.pens, blocks, strict=True):
            pen.blocks = found
            pen.silent = True
        return made

    def render(self) -> Rendered:
        """The bytes. Raises ``Missing``."""
        first, pen = self.credentials[0], self.pens[0]
        document = first.document
        own = document if document is not None and self.own else None
        extras = Extras(own, "document", pen) if own is not None and (own.residue or own.spellings) else None
        if document is not None and not self.own:
            strange(document, "document", pen)
        body = self._generated(first, extras, pen)
        body += self._learner(first.learner, pen)
        reports = [self._report(c, p) for c, p in zip(self.credentials, self.pens, strict=True)]
        if extras is None:
            body += chain.from_iterable(reports)
        else:
            body += extras.between("report", ["".join(report) for report in reports])
        if document is not None:
            compiled = self._compiled
            compiled.rest_document(document, "document", pen)
            body += compiled.attachments.write((document,), "document", pen, extras)
            body += self._groups(document, pen, extras)
        body += extended([] if extras is None else extras.between("extension", []), self.extension)
        start, *rest = pieces("elmo", "", body, extras)
        if extras is not None:
            extras.close()
        whole = (_HEAD, f'<elmo xmlns="{NAMESPACE}"{start[5:]}', *rest, "\n")
        for credential, one in zip(self.credentials, self.pens, strict=True):
            if credential.seal is not None:
                one.lose("seal", SEAL, "a seal holds for the bytes of the source and never survives conversion")
            self.assumed += [Assumed(one.record, field, what, field) for field, what in one.assumed]
        return Rendered(b"".join([piece.encode() for piece in whole]), self.assumed)

    def _assume(self, pen: Pen, field: str, what: str, origin: str) -> None:
        self.assumed.append(Assumed(pen.record, field, what, origin))

    def _generated(self, first: Credential, extras: Extras | None, pen: Pen) -> list[str]:
        document = first.document
        if document is not None and (document.generated is not None or self.as_read):
            return self._compiled.generated.write((document,), "document", pen, extras)
        moment = self.generated
        if moment is None:
            moments = [(found, one) for one in self.credentials if (found := self._issue_moment(one)) is not None]
            if not moments or not self.defaults.generated_date_from_issue_date:
                raise Missing(pen.record, "document.generated", "generatedDate")
            (moment, origin), credential = max(moments, key=lambda found: _comparable(found[0][0]))
            what = f"generatedDate {_moment(moment)}, the newest issue date"
            self._assume(self.pens[self.credentials.index(credential)], "document.generated", what, origin)
        return [f"<generatedDate>{_moment(moment)}</generatedDate>"]

    def _learner(self, learner: Learner, pen: Pen) -> list[str]:
        compiled = self._compiled
        extras = Extras(learner, "learner", pen) if learner.residue or learner.spellings else None
        compiled.rest_learner(learner, "learner", pen)
        if learner.national_id is not None or learner.full_name:
            pen.fold()
        learner = self._named(learner, pen)
        if pen.version == SECOND and not learner.alternative_names:
            raise Missing(pen.record, "learner.alternativeNames", "learner/alternativeName in version 2.0")
        body = compiled.citizenship.write((learner,), "learner", pen, extras)
        if learner.national_id is not None:
            known = replace(learner.national_id, type=learner.national_id.type or "nationalIdentifier")
            body.append(IDENTIFIER.write("identifier", known, "learner.nationalId", pen))
        body += compiled.learner.write((learner,), "learner", pen, extras)
        body += compiled.born.write((learner,), "learner", pen, extras)
        address = [] if learner.address is None else self._address(learner.address, pen)
        body += address if extras is None else extras.between("currentAddress", address)
        body += compiled.gender.write((learner,), "learner", pen, extras)
        markup = element("learner", "", body, extras)
        if extras is not None:
            extras.close()
        return [markup]

    def _named(self, learner: Learner, pen: Pen) -> Learner:
        """Both names are mandatory in ELMO; a full name alone stands as the family name, which is said.

        A document of ELMO is written with the names that it had.
        """
        if learner.given_names or learner.family_name or self.as_read:
            for index, text in enumerate(learner.full_name):
                path = f"learner.fullName[{index}]"
                if text.value != _joined(learner):
                    pen.lose(path, "loss/no-place", "ELMO has given and family names only", text)
                elif text.lang is not None:
                    pen.lose(f"{path}.lang", "loss/language", "ELMO gives no language here")
        elif learner.full_name and self.defaults.family_name_from_full_name:
            self._assume(
                pen, "learner.familyName", "the full name as family name, and no given names", "learner.fullName[0]"
            )
            for index, text in enumerate(learner.full_name[1:], 1):
                pen.lose(f"learner.fullName[{index}]", "loss/one-only", "ELMO holds one name", text)
            pen.move("learner.familyName", "learner.fullName")
            learner = replace(learner, given_names=(Text(""),), family_name=learner.full_name[:1])
        else:
            raise Missing(pen.record, "learner.familyName", "learner/familyName")
        if self.as_read:
            return learner
        if not learner.given_names:
            self._assume(pen, "learner.givenNames", "no given names", "learner.familyName[0]")
            learner = replace(learner, given_names=(Text(""),))
        if not learner.family_name:
            self._assume(pen, "learner.familyName", "no family name", "learner.givenNames[0]")
            learner = replace(learner, family_name=(Text(""),))
        return learner

    def _address(self, place: Place, pen: Pen) -> list[str]:
        self._compiled.rest_place(place, "learner.address", pen)
        strange(place, "learner.address", pen)
        found = []
        for index, address in enumerate(place.addresses):
            path = f"learner.address.addresses[{index}]"
            if index:
                pen.lose(path, "loss/one-only", "ELMO holds one address of the learner", address)
                continue
            fitting = fitted(address, path, pen)
            if fitting is not address:
                pen.fold()
            found.append(self._compiled.address(fitting, "currentAddress", path, pen))
        return [
            markup.replace("<currentAddress", f'<currentAddress xmlns:a="{ADDRESS_NAMESPACE}"', 1) for markup in found
        ]

    def _report(self, credential: Credential, pen: Pen) -> list[str]:
        compiled = self._compiled
        extras = Extras(credential, "", pen) if credential.residue or credential.spellings else None
        compiled.rest_report(credential, "", pen)
        issuer = self._issuer_of(credential, pen)
        body: list[str] = []
        if issuer is not None:
            body.append(self._issuer(issuer, credential, pen))
        body = body if extras is None else extras.between("issuer", body)
        local = issuer.id if issuer is not None else None
        self.institutions.append(local)
        achievements = [
            write_achievement(achievement, f"achievements[{index}]", pen, local)
            for index, achievement in enumerate(credential.achievements)
        ]
        body += achievements if extras is None else extras.between("learningOpportunitySpecification", achievements)
        body += [] if extras is None else extras.between(RECOGNITION, [])
        body += self._issued(credential, pen, extras)
        body += compiled.report.write((credential,), "", pen, extras)
        found = pieces("report", "", body, extras)
        if extras is not None:
            extras.close()
        return found

    def _issuer_of(self, credential: Credential, pen: Pen) -> Organisation | None:
        """The issuer; where none is named, the only body that awarded something, which is said."""
        known = {one.id: one for one in credential.organisations}
        local = credential.issuer
        if local is None and not self.as_read:
            bodies = list(_bodies(credential.achievements, "achievements"))
            if not bodies or not self.defaults.issuer_from_awarding_body:
                raise Missing(pen.record, "issuer", "report/issuer")
            local, origin = bodies[0]
            self._assume(pen, "issuer", "the awarding body as issuer of the report", origin)
        issuer = known.get(local) if local is not None else None
        if issuer is None and not self.as_read:
            raise Missing(pen.record, "issuer", "report/issuer")
        for index, one in enumerate(credential.organisations):
            if issuer is None or one.id != issuer.id:
                reason = "ELMO names one institution for each report"
                pen.lose(f"organisations[{index}]", "loss/unreached", reason, one)
        return issuer

    def _issuer(self, issuer: Organisation, credential: Credential, pen: Pen) -> str:
        compiled = self._compiled
        path = f"organisations[{[one.id for one in credential.organisations].index(issuer.id)}]"
        extras = Extras(issuer, path, pen) if issuer.residue or issuer.spellings else None
        compiled.rest_issuer(issuer, path, pen)
        if not self.as_read:
            for found, what in ((issuer.identifiers, "identifier"), (issuer.names, "title"), (issuer.homepages, "url")):
                if not found:
                    raise Missing(pen.record, f"{path}.{_FIELDS[what]}", f"issuer/{what}")
        markup = element("issuer", "", compiled.issuer.write((issuer,), path, pen, extras), extras)
        if extras is not None:
            extras.close()
        return markup

    def _issue_moment(self, credential: Credential) -> tuple[dt.datetime, str] | None:
        """When the report was issued, and the field that says so or that it was taken from."""
        if credential.issued is not None:
            return credential.issued, "issued"
        dates = list(_dates(credential.achievements, "achievements")) if self.defaults.issue_date_from_award else []
        if dates:
            day, origin = max(dates)
            return dt.datetime.combine(day, dt.time(), dt.UTC), origin
        return None if credential.valid_from is None else (credential.valid_from, "validFrom")

    def _issued(self, credential: Credential, pen: Pen, extras: Extras | None) -> list[str]:
        if credential.issued is not None or self.as_read:
            return self._compiled.issued.write((credential,), "", pen, extras)
        found = self._issue_moment(credential)
        if found is None and self.generated is not None:
            found = self.generated, "issued"
        if found is None:
            raise Missing(pen.record, "issued", "report/issueDate")
        moment, origin = found
        self._assume(pen, "issued", f"issueDate {_moment(moment)}, the newest date of award", origin)
        return [f"<issueDate>{_moment(moment)}</issueDate>"]

    def _groups(self, document: Document, pen: Pen, extras: Extras | None) -> list[str]:
        found = [
            self._compiled.group_type(one, "groupType", f"document.groupTypes[{index}]", pen)
            for index, one in enumerate(document.group_types)
        ]
        items = [element("groups", "groups/", found, extras)] if any(found) else []
        return items if extras is None else extras.between("groups", items)


_FIELDS = {"identifier": "identifiers", "title": "names", "url": "homepages"}


def _joined(learner: Learner) -> str:
    return " ".join(text.value for text in (*learner.given_names[:1], *learner.family_name[:1]))


def _bodies(achievements: Iterable[Achievement], path: str) -> Iterator[tuple[str, str]]:
    """Who awarded, and the field that says so."""
    for index, achievement in enumerate(achievements):
        if achievement.award is not None:
            for number, body in enumerate(achievement.award.bodies):
                yield body, f"{path}[{index}].award.bodies[{number}]"
        yield from _bodies(achievement.parts, f"{path}[{index}].parts")


def _dates(achievements: Iterable[Achievement], path: str) -> Iterator[tuple[dt.date, str]]:
    """When something was awarded or completed, and the field that says so."""
    for index, achievement in enumerate(achievements):
        if achievement.award is not None and achievement.award.date is not None:
            yield achievement.award.date, f"{path}[{index}].award.date"
        elif achievement.period is not None and achievement.period.end is not None:
            yield achievement.period.end, f"{path}[{index}].period.end"
        yield from _dates(achievement.parts, f"{path}[{index}].parts")


def _comparable(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)


def _moment(moment: dt.datetime) -> str:
    text = moment.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text
