"""Which canonical path each target of a profile has: for findings of the reader, and to find a field's cell again.

``#`` stands for a count from nought, ``@`` for the one of several things that a column
names by its number. A path that begins with ``~`` lies within the achievement, one
with ``^`` within the specification, one with ``!`` within the programme around the
achievement, wherever those are in the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

_BOTH: Final = {
    "specification.identifier": "^identifiers[#].value",
    "specification.version": "^version",
    "specification.title": "^title[#].value",
    "specification.altTitle": "^altTitles[#].value",
    "specification.description": "^description[#].value",
    "specification.kind": "^kinds[#].code",
    "specification.credit": "^credits[#].points",
    "specification.volumeOfLearning": "^volumeOfLearning",
    "specification.contactHours": "^contactHours[#]",
    "specification.eqfLevel": "^levels[#].value",
    "specification.cycle": "^levels[#].value",
    "specification.nqfLevel": "^levels[#].value",
    "specification.iscedField": "^fields[#].code",
    "specification.subjectArea": "^fields[#].code",
    "specification.outcomes": "^learningOutcomes[#].title[#].value",
    "specification.outcomeSkills": "^learningOutcomes[#].escoSkills[#].code",
    "specification.outcomeSummary": "^outcomeSummary.texts[#].value",
    "specification.mode": "^modes[#].code",
    "specification.schedule": "^schedules[#].code",
    "specification.setting": "^setting.code",
    "specification.language": "^languages[#]",
    "specification.entryRequirements": "^entryRequirements[0].texts[#].value",
    "specification.targetGroup": "^targetGroups[#].code",
    "specification.stackability": "^stackability.kind",
    "specification.stacksTowards": "^stackability.towards[#].titles[#].value",
    "specification.homepage": "^homepages[#].url",
    "specification.note": "^notes[#].texts[#].value",
    "specification.document": "^documents[#].url",
    "qualityAssurance.kind": "^qualityAssurance[@].kind.code",
    "qualityAssurance.title": "^qualityAssurance[@].title[#].value",
    "qualityAssurance.identifier": "^qualityAssurance[@].identifiers[#].value",
    "qualityAssurance.agency": "^qualityAssurance[@].agency",
    "qualityAssurance.decision": "^qualityAssurance[@].decision.code",
    "qualityAssurance.issued": "^qualityAssurance[@].issued",
    "qualityAssurance.expires": "^qualityAssurance[@].expires",
    "qualityAssurance.report": "^qualityAssurance[@].report.url",
}

_CREDENTIAL: Final = {
    **_BOTH,
    "credential.identifier": "identifiers[#].value",
    "credential.title": "title[#].value",
    "credential.issued": "issued",
    "credential.validFrom": "validFrom",
    "credential.validUntil": "validUntil",
    "credential.language": "languages[#]",
    "issuer": "issuer",
    "learner.givenNames": "learner.givenNames[#].value",
    "learner.familyName": "learner.familyName[#].value",
    "learner.fullName": "learner.fullName[#].value",
    "learner.birthName": "learner.birthName[#].value",
    "learner.alternativeName": "learner.alternativeNames[#].value",
    "learner.birthDate": "learner.birthDate",
    "learner.placeOfBirth": "learner.placeOfBirth.names[0].value",
    "learner.citizenship": "learner.citizenships[#]",
    "learner.gender": "learner.gender",
    "learner.nationalId": "learner.nationalId.value",
    "learner.identifier": "learner.identifiers[#].value",
    "learner.email": "learner.contacts[0].emails[#]",
    "achievement.identifier": "~identifiers[#].value",
    "achievement.status": "~status",
    "achievement.start": "~period.start",
    "achievement.end": "~period.end",
    "achievement.term": "~term.title[#].value",
    "achievement.academicYear": "~term.title[0].value",
    "achievement.semester": "~term.title[#].value",
    "achievement.credit": "~credits[#].points",
    "achievement.note": "~notes[#].texts[#].value",
    "activity.workload": "~activities[0].workload",
    "activity.contactHours": "~activities[0].contactHours",
    "assessment.title": "~assessments[@].title[#].value",
    "assessment.grade": "~assessments[@].grade[#].value",
    "assessment.gradingScheme": "~assessments[@].gradingScheme",
    "assessment.date": "~assessments[@].date",
    "assessment.kind": "~assessments[@].specification.kinds[#].code",
    "assessment.supervision": "~assessments[@].verification.code",
    "award.date": "~award.date",
    "programme.identifier": "!specification.identifiers[#].value",
    "programme.title": "!specification.title[#].value",
    "programme.kind": "!specification.kinds[#].code",
    "programme.status": "!status",
    "programme.eqfLevel": "!specification.levels[#].value",
    "awardingBody": "~award.bodies[#]",
    "provider": "~opportunity.providers[#]",
}

_PROVISION: Final = {
    **_BOTH,
    "assessment.kind": "^assessmentKinds[#].code",
    "assessment.supervision": "^supervision.code",
    "awardingBody": "awardingBodies[#]",
    "provider": "provider",
    "provision.fullDegree": "fullDegree",
    "provision.partOfDegree": "partOfDegree",
    "provision.certification": "certification",
    "provision.validFrom": "validFrom",
    "provision.validUntil": "validUntil",
}

PATHS: Final[Mapping[str, Mapping[str, str]]] = {"credential": _CREDENTIAL, "provision": _PROVISION}
"""Target → path, for each kind of record."""


_ROOMS: Final = ("achievements", "parts", "specification", "learner")

FIRST: Final = "achievements[0]"
"""The achievement of a record that has one."""


def path_of(record: str, target: str, *ordinals: int, achievement: str = FIRST, nr: int = 1) -> str:
    """The path of a value; ``ordinals`` count it among those that share the path, from the outside in.

    ``achievement``: the path of the achievement. ``nr``: which of several things of the same kind it belongs to, the
    first of them being 1.
    """
    path = PATHS[record][target].replace("@", str(nr - 1))
    if record == "provision":
        path = path.replace("^", "specification.")
    else:
        path = path.replace("^", "~specification.").replace("~", f"{achievement}.")
        path = path.replace("!", f"{achievement.rpartition('.parts')[0] or achievement}.")
    for ordinal in ordinals:
        path = path.replace("#", str(ordinal), 1)
    return path.replace("#", "0")


def holders(path: str) -> Iterator[str]:
    """``a.titles[0].value``, then what it lies in: ``a.titles[0]``, ``a.titles``.

    The great containers are left out: they are the row, not a cell.
    """
    yield path
    while (cut := max(path.rfind("."), path.rfind("["))) > 0:
        path = path[:cut]
        if path.rpartition(".")[2].partition("[")[0] in _ROOMS:
            return
        yield path
