"""Numbers of a record can be written out digit by digit, whatever asked for them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mcbridge.model import Credit, Duration, ShortenedGrading, sound
from mcbridge.model.base import MAX_EXPONENT


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+101", "9E+999999", "-1E-101"])
def test_what_nobody_could_write_out_is_no_number(text: str) -> None:
    number = Decimal(text)
    with pytest.raises(ValueError, match=r"no number|digits"):
        sound(number)
    with pytest.raises(ValueError, match=r"no number|digits"):
        Credit(scheme="ects", points=number)
    with pytest.raises(ValueError, match=r"no number|digits"):
        Duration(seconds=number)
    with pytest.raises(ValueError, match=r"no number|digits"):
        ShortenedGrading(equal=number)


@pytest.mark.parametrize("text", ["0", "-0", "2.50", f"9E+{MAX_EXPONENT}", f"1E-{MAX_EXPONENT}", "1" * MAX_EXPONENT])
def test_what_can_be_written_out_is_kept_as_it_is(text: str) -> None:
    assert str(sound(Decimal(text))) == str(Decimal(text))
    assert str(Credit(scheme="ects", points=Decimal(text)).points) == str(Decimal(text))
