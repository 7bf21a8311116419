"""One count, with what it stands on."""

import pytest

from jamsos import IN_GRACE, PAID_UP, Month
from jamsos.errors import InputError
from jamsos.projections.count import count

FEBRUARY = Month(2018, 2)


def test_a_count_carries_what_it_stands_on(story):
    answer = count(story.history, FEBRUARY, IN_GRACE, by=("province",), programme="jkm")

    assert (answer.definition, answer.month, answer.programme) == (IN_GRACE, FEBRUARY, "jkm")
    assert answer.known_at == len(story.history)
    assert (answer.total, answer.by, answer.parts) == (2, ("province",), {("51",): 2})


def test_a_count_of_nothing_is_0_and_known_at_0():
    answer = count([], FEBRUARY, PAID_UP)

    assert (answer.total, answer.known_at, answer.parts) == (0, 0, {})


def test_a_count_by_a_dimension_that_there_is_not_reads_no_history():
    with pytest.raises(InputError, match="'village'"):
        count(unreadable(), FEBRUARY, PAID_UP, by=("village",))


def unreadable():
    pytest.fail("the history was read")
    yield
