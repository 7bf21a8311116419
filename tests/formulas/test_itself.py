"""A remembered answer is the same object for the very same case, and for no other."""

from jamsos.formulas.remembered import Itself, remembered


def test_an_answer_is_found_once_for_the_very_same_case():
    asked = []

    @remembered
    def answer(case: list[int]) -> int:
        asked.append(case)
        return len(asked)

    case = [1]

    assert (answer(case), answer(case)) == (1, 1)
    assert len(asked) == 1


def test_an_equal_case_that_is_another_is_answered_anew():
    asked = []

    @remembered
    def answer(case: list[int]) -> int:
        asked.append(case)
        return sum(case)

    one, other = [1], [1]
    answer(one)
    one.append(2)

    assert answer(other) == 1
    assert len(asked) == 2


def test_a_key_is_the_same_as_itself_and_as_nothing_else():
    one, other = [1], [1]

    assert Itself(one) == Itself(one)
    assert hash(Itself(one)) == hash(Itself(one))
    assert Itself(one) != Itself(other)
    assert Itself(one) != one
