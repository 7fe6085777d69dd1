"""The elements of schema 0.10.0, with those of other versions that are known here.

An element that is here and has no row where it stands is kept with a note; any other is a finding that may be an
error of the sender.
"""

from __future__ import annotations

from typing import Final

TERMS: Final = frozenset(
    """
    Attachment accreditation accreditationReferences accreditingAgent achievements activities activity additionalNote
    address admissionProcedure agentReferences altLabel amount areaDialing assessedBy assessment assessmentSpecification
    assessmentSpecificationReferences assessments associatedLearningOpportunity attachmentList awardingBody
    awardingOpportunities awardingOpportunity awardingProcess awardingProcessReferences background bannerImage birthName
    category childCredential childCredentials citizenshipCountry communication contactPoint contains content
    contentEncoding contentSize contentType contentUrl count country countryDialing credentialSubject date dateOfBirth
    decision definition description dialNumber directedBy displayParameters duration endedAtDate endedAtTime entitlement
    entitlementSpecification entitlementSpecificationReferences entitlements entitlesTo entryRequirementsNote eqfLevel
    expirationDate expiryDate familyName framework fullAddress fullName gender givenNames grade gradingScheme
    hasAccreditation hasAddress hasCreditPoints hasECTSCreditPoints hasEducationLevel hasEducationSubject hasISCED-FCode
    hasLocation hasPart hasUnit homepage html id idVerificationMethod identifier influenced isPartialQualification
    issuanceDate issued issuedDate issuer label labels landingpage language learningAchievement
    learningActivitySpecification learningActivitySpecificationReferences learningOpportunity
    learningOpportunityReferences learningOutcome learningOutcomeReferences learningOutcomeType learningOutcomes
    learningSchedule learningSettingType learningSpecification learningSpecificationReferences limitEQFLevel limitField
    limitJurisdiction limitNationalOccupation limitOccupation limitOrganization limitQualification location logo mailBox
    maxScore mayResultFrom minScore mode name nationalId note nqfLevel numericScore organization patronymicName
    percentageEqual percentageHigher percentageLower phone phoneNumber placeOfBirth prefLabel priceDetails
    primaryLanguage proof proves providedAt providedBy qualification qualificationAward qualificationCode registration
    relatedEscoSkill report resultDistribution reusabilityLevel reviewDate scheduleInformation score scoringScheme
    scoringSchemeReferences semanticFrameworkReferences shortenedGrading spatial spatialCode specializationOf
    specifiedBy startedAtDate startedAtTime status subject supplementaryDoc targetDescription targetFrameworkName
    targetGroup targetName taxIdentifier teaches text textScore title type unitOf uri used usedLearningOpportunity
    validFrom validUntil vatIdentifier volumeOfLearning wallet wasAwardedBy wasDerivedFrom wasInfluencedBy webresource
    workload
    """.split()  # noqa: SIM905 - two hundred words read better so
)
