"""A definition of active, and the months in which it can count anybody."""

from jamsos import Citation, Definition, Months, Standing, Status
from jamsos.domain.coverage import Spell

ALWAYS = Definition(
    "always",
    "everybody counts in every month of 2018",
    Citation("Example 1/2018"),
    Status.ASSUMED,
    lambda *_: Months.parse("2018-01/2018-12"),
)


def test_nobody_counts_in_a_month_in_which_he_is_not_registered():
    standing = Standing(
        (Spell(Months.parse("2017-11/2018-02"), "51"), Spell(Months.parse("2018-06/.."), "31"))
    )

    assert str(ALWAYS.counted(standing, "jkk")) == "2018-01/2018-02,2018-06/2018-12"
    assert ALWAYS.counted(Standing(), "jkk") == Months()


def test_a_definition_is_shown_the_standing_and_the_programme():
    seen = []
    curious = Definition(
        "curious",
        "nobody counts",
        Citation("Example 1/2018"),
        Status.ASSUMED,
        lambda standing, programme: seen.append((standing, programme)) or Months(),
    )

    here = Standing((Spell(Months.parse("2018-01/.."), "51"),))
    assert curious.counted(here, "jht") == Months()
    assert seen == [(here, "jht")]


def test_a_definition_is_not_asked_of_one_who_was_never_registered():
    first_month = Definition(
        "first-month",
        "the first month of registration",
        Citation("Example 1/2018"),
        Status.ASSUMED,
        lambda standing, _: Months.between(*2 * (standing.registered.first,)),
    )

    assert first_month.counted(Standing(), "jkk") == Months()
