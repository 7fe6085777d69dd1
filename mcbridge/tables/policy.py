"""Register policies: which provisions a register takes, and how it spells what we call by other names.

``mappings/registers/<register>.toml``. ``[policy]`` draws the line around
micro-credentials and may be changed by the user's configuration; ``[demands]`` and
``[limits]`` are the register's own; ``[fields]`` and ``[spellings]`` translate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec
from msgspec import Struct

from mcbridge.tables.loading import Spot, fail, one_of, typed
from mcbridge.tables.vocabulary import Vocabulary


class Ects(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many ECTS credits a micro-credential has, bounds included.

    ``below`` is where the register itself draws the line: credits above ``max`` and under it are a case of their own.
    """

    min: Decimal = Decimal(1)
    max: Decimal = Decimal(59)
    below: Decimal = Decimal(60)


class ShortCycle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Countries (ISO 3166-1 alpha-2) where the short cycle belongs to higher education, and where it does not."""

    belongs: tuple[str, ...] = ()
    does_not: tuple[str, ...] = ()


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which provisions are published.

    ``eqf_levels`` and ``cycles`` are those of higher education; either is enough, both must agree. ``eqf5`` decides on
    level 5 and the short cycle: ``by-country`` asks ``short_cycle`` and takes a country that is in neither list, with a
    note. ``units_of_degrees``: whether a specification inside a degree programme is published by itself.
    """

    ects: Ects = Ects()
    eqf_levels: tuple[str, ...] = ("5", "6", "7", "8")
    cycles: tuple[str, ...] = ("short", "first", "second", "third")
    eqf5: Literal["by-country", "yes", "no"] = "by-country"
    short_cycle: ShortCycle = ShortCycle()
    units_of_degrees: Literal["refuse", "publish"] = "refuse"


class Demands(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a register demands beyond the definition of a micro-credential."""

    whole_ects: bool = False
    assessment: bool = False
    provider_known: bool = False


class RegisterPolicy(Struct, frozen=True, kw_only=True):
    """What is known about one register.

    ``fields``: our field → theirs. ``limits``: our field → the most characters that it may have. ``spellings``: for
    each list, our code → theirs.
    """

    name: str
    title: str
    source: str
    retrieved: date
    policy: Policy
    demands: Demands
    limits: Mapping[str, int]
    fields: Mapping[str, str]
    spellings: Mapping[str, Mapping[str, str]]

    def short_cycle_counts(self, country: str | None) -> bool | None:
        """Whether level 5 is higher education in a country; ``None`` when the policy does not know the country."""
        if self.policy.eqf5 != "by-country":
            return self.policy.eqf5 == "yes"
        if country in self.policy.short_cycle.belongs:
            return True
        return False if country in self.policy.short_cycle.does_not else None

    def spell(self, subject: str, code: str) -> str | None:
        """The register's spelling of our code; ``None`` when it has none, which is no reason to guess one."""
        return self.spellings.get(subject, {}).get(code)


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    source: str
    retrieved: date
    policy: Policy = Policy()
    demands: Demands = Demands()
    limits: dict[str, int] = {}
    fields: dict[str, str] = {}
    spellings: dict[str, dict[str, str]] = {}


SPELLED = {
    "cycle": "qf-ehea",
    "cycle-read": "qf-ehea",
    "certification": "certification",
    "certification-read": "certification",
    "full-degree": "yes-no",
}
"""The subjects of ``[spellings]`` that spell a vocabulary of ours; their keys must be its codes."""


def load_policy(
    name: str, data: Mapping[str, Any], spot: Spot, vocabulary: Callable[[str], Vocabulary]
) -> RegisterPolicy:
    """The policy of a file. Raises ``ConfigError`` with the file and the key path."""
    file = typed(data, _File, spot)
    for subject, words in file.spellings.items():
        if subject in SPELLED:
            codes = {entry.code for entry in vocabulary(SPELLED[subject])}
            for code in words:
                one_of(spot.at("spellings", subject, code), code, codes, "code")
    _check(file.policy, spot.at("policy"), vocabulary)
    return RegisterPolicy(
        name=name,
        title=file.title,
        source=file.source,
        retrieved=file.retrieved,
        policy=file.policy,
        demands=file.demands,
        limits=file.limits,
        fields=file.fields,
        spellings=file.spellings,
    )


def changed(
    register: RegisterPolicy, data: Mapping[str, Any], file: str, vocabulary: Callable[[str], Vocabulary]
) -> RegisterPolicy:
    """The policy with what a user's ``[policy]`` says instead; ``file`` is the configuration that says it."""
    spot = Spot(file, "policy")
    base = msgspec.to_builtins(register.policy, builtin_types=(Decimal,))
    merged = {**base, **data}
    for key in ("ects", "short_cycle"):
        if isinstance(data.get(key), dict):
            merged[key] = {**base[key], **data[key]}
    policy = typed(merged, Policy, spot)
    _check(policy, spot, vocabulary)
    return msgspec.structs.replace(register, policy=policy)


def _check(policy: Policy, spot: Spot, vocabulary: Callable[[str], Vocabulary]) -> None:
    ects = policy.ects
    numbers = all(bound.is_finite() for bound in (ects.min, ects.max, ects.below))
    if not numbers or not Decimal(0) < ects.min <= ects.max < ects.below:
        fail(spot.at("ects"), f"{ects.min} to {ects.max}, below {ects.below}: the bounds are not in order")
    for key, name in (("eqf_levels", "eqf"), ("cycles", "qf-ehea")):
        codes = {entry.code for entry in vocabulary(name)}
        for at, code in enumerate(getattr(policy, key)):
            one_of(spot.at(key, at), code, codes, "code")
    short = policy.short_cycle
    if short.belongs or short.does_not:
        countries = {entry.code for entry in vocabulary("country")}
        for key in ("belongs", "does_not"):
            for at, code in enumerate(getattr(short, key)):
                one_of(spot.at("short_cycle", key, at), code, countries, "country")
        if both := sorted({*short.belongs} & {*short.does_not}):
            fail(spot.at("short_cycle"), f"{', '.join(both)} stands in both lists")
