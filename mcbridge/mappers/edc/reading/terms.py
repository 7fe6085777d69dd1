"""The terms of the context of ELM 3.2, with those that other versions write otherwise.

What is in it and has no place in a record is kept in silence or with a note; what is
not in it is unknown to every reader of JSON-LD.
"""

from __future__ import annotations

from typing import Final

TERMS: Final = frozenset(
    """
    accreditation accreditingAgent additionalNote address admissionProcedure altLabel amount applicationDeadline
    areaDialing areaDialingCode assessedBy attachment attachmentType awardedBy awardingBody awardingDate
    awardingOpportunity awards bannerImage birthName category citizenshipCountry contactForm contactHour
    contactPoint content contentEncoding contentSize contentType contentURL count countryCode countryDialing creator
    credentialProfiles credentialSchema credentialStatus credentialSubject creditPoint creditReceived dateCreated
    dateIssued dateModified dateOfBirth dcType decision defaultLanguage definition description descriptionHtml
    dialNumber directedBy displayDetail displayParameter duration eIDASIdentifier educationLevel educationSubject
    educationalSystemNote elmSubject emailAddress embeddedEvidence endDate entitledBy entitlementStatus entitlesTo
    entryRequirement eqfLevel evidence evidenceStatement evidenceTarget expirationDate expiryDate familyName
    framework fullAddress fullName gender generalisationOf geographicName geometry givenName grade gradeStatus
    gradingScheme grant groupMemberOf hasClaim hasCredential hasMember hasPart hasSubOrganization holder homepage
    idVerification identifier image inScheme individualDisplay influencedBy influences isPartOf
    isPartialQualification issuanceDate issued issuer label landingPage language latitude
    learningAchievementSpecification learningActivitySpecification learningOpportunity learningOutcome
    learningOutcomeSummary learningSchedule learningSetting legalName levelOfCompletion limitCredentialType
    limitEQFLevel limitField limitJurisdiction limitNationalOccupation limitOccupation limitOrganisation
    limitQualification location logo longitude maximumDuration maximumScore member memberOf minimumScore mode
    nationalID notation noteFormat noteLiteral nqfLevel order organisation page patronymicName percentageEqual
    percentageHigher percentageLower phone phoneNumber placeOfBirth point prefLabel priceDetail primaryLanguage
    proof provenBy proves providedBy publisher qualificationCode refreshService registration relatedESCOSkill
    relatedSkill report resultCategory resultDestribution resultDistribution reusabilityLevel reviewDate
    scheduleInformation schemeAgency schemeId schemeName schemeVersion score shortenedGrading spatial spatialCode
    specialisationOf specifiedBy startDate status subOrganizationOf subject summaryDisplay supplementaryDocument
    targetGroup taxIdentifier temporal termsOfUse thematicArea title unit used valid validFrom validUntil value
    vatIdentifier verifiableCredential verificationCheck verificationStatus volumeOfLearning workload
    """.split()  # noqa: SIM905 - two hundred words read better so
)
"""Later and earlier versions included; ``order`` is of 3.3."""
