"""Legal instruments: found by what people call them, and what became of them."""

import pytest

from jamsos.domain.citation import Status
from jamsos.domain.instrument import Change, Effect, Instrument, Register
from jamsos.errors import NotFoundError


def instrument(name, *changes, also=()):
    return Instrument(
        name=name,
        year=int(name[-4:]),
        about="An example.",
        status=Status.ASSUMED,
        also=also,
        changes=tuple(Change(effect, old, Status.ASSUMED) for effect, old in changes),
    )


REGISTER = Register(
    (
        instrument("PP 3/2019", (Effect.AMENDS, "PP 2/2015")),
        instrument("PP 4/2018", (Effect.AMENDS, "PP 2/2015")),
        instrument("PP 2/2015", (Effect.REPLACES, "PP 1/1993")),
        instrument("PP 5/1999", (Effect.AMENDS, "PP 1/1993")),
        instrument("PP 1/1993", also=("The Old One",)),
        instrument("UU 6/2021", (Effect.REPLACES, "PP 2/2015")),
    )
)


def names(found):
    return [each.name for each in found]


@pytest.mark.parametrize(
    "text",
    [
        "PP 2/2015",
        "pp 2/2015",
        "PP No. 2/2015",
        "PP Nomor 2 Tahun 2015",
        "Peraturan Pemerintah No. 2 Tahun 2015",
        "Peraturan  Pemerintah Nomor 2 Tahun 2015 ",
    ],
)
def test_an_instrument_is_found_in_its_short_form_and_written_out(text):
    assert REGISTER.find(text).name == "PP 2/2015"


def test_an_instrument_is_found_by_another_spelling():
    assert REGISTER.find("the old one").name == "PP 1/1993"


def test_what_is_not_in_the_register_is_not_found():
    with pytest.raises(NotFoundError, match="there is no instrument 'PP 9/2015'"):
        REGISTER.find("PP 9/2015")


def test_what_replaced_an_instrument_is_followed_to_the_end():
    assert names(REGISTER.replaced_by("PP 1/1993")) == ["PP 2/2015"]
    assert names(REGISTER.current("PP 1/1993")) == ["UU 6/2021"]
    assert names(REGISTER.current("UU 6/2021")) == ["UU 6/2021"]


def test_nothing_younger_than_the_year_is_taken():
    assert names(REGISTER.current("PP 1/1993", year=2014)) == ["PP 1/1993"]
    assert names(REGISTER.current("PP 1/1993", year=2015)) == ["PP 2/2015"]
    assert names(REGISTER.current("PP 1/1993", year=2020)) == ["PP 2/2015"]
    assert names(REGISTER.current("PP 1/1993", year=2021)) == ["UU 6/2021"]


def test_what_amended_an_instrument_went_with_it_when_it_was_replaced():
    assert names(REGISTER.current("PP 5/1999", year=2014)) == ["PP 5/1999"]
    assert names(REGISTER.current("PP 5/1999", year=2015)) == ["PP 2/2015"]


def test_amendments_come_by_year():
    assert names(REGISTER.amended_by("PP 2/2015")) == ["PP 4/2018", "PP 3/2019"]
    assert names(REGISTER.amended_by("UU 6/2021")) == []
