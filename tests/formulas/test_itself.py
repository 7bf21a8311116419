"""A key that is the very same object, and no other."""

from jamsos.formulas.itself import Itself


def test_a_key_is_the_same_as_itself_and_as_nothing_else():
    one, other = [1], [1]

    assert Itself(one) == Itself(one)
    assert hash(Itself(one)) == hash(Itself(one))
    assert Itself(one) != Itself(other)
    assert Itself(one) != one
