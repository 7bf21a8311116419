"""Whole rupiah, and whatever else is counted in whole numbers."""

import attrs
import pytest

from jamsos.domain.money import MOST, whole
from jamsos.errors import InputError


@attrs.frozen
class Sum:
    amount: object = attrs.field(validator=whole)


@pytest.mark.parametrize("amount", [0, 1, 16_800, 2**63 - 1])
def test_a_whole_number_from_0_to_2_to_the_63rd_less_1_is_a_sum(amount):
    assert Sum(amount).amount == amount


@pytest.mark.parametrize(
    "amount",
    [-1, 2**63, 16_800.0, 0.5, float("nan"), True, False, "16800", None],
    ids=repr,
)
def test_no_float_no_truth_value_no_text_and_nothing_below_0_is_a_sum(amount):
    with pytest.raises(InputError, match=r"amount is .*: it must be a whole number"):
        Sum(amount)


def test_the_greatest_sum_is_what_eight_bytes_hold():
    assert MOST.bit_length() == 63
