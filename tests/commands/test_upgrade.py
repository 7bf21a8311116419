"""A command that takes one more field is the same command: letters sent before it are found."""

import attrs
import pytest

import jamsos
from jamsos.commands import catalogue, spelling, spelling_0_1
from jamsos.commands.catalogue import COMMANDS, NAMES
from jamsos.commands.contributions import Pay
from jamsos.commands.seats import Allot
from jamsos.desk.verb import verb
from jamsos.domain.due import OTHER
from jamsos.errors import InputError
from tests.commands.examples import DAY, PARTICIPANT


@attrs.frozen(kw_only=True)
class AllotSince(Allot):
    """Today's `Allot`, with a field that it did not have when the letter was sent."""

    why: str | None = None


@attrs.frozen(kw_only=True)
class PaySince(Pay):
    """Today's `Pay`, with a field whose default is not None."""

    class_of_risk: str = OTHER


SINCE = {Allot: AllotSince, Pay: PaySince}


@pytest.fixture
def upgrade(monkeypatch):
    """Give a function after which the catalogue has the commands of the next version."""

    def upgraded():
        names = {SINCE.get(kind, kind): name for kind, name in NAMES.items()}
        commands = {name: SINCE.get(kind, kind) for name, kind in COMMANDS.items()}
        for module in (catalogue, spelling, spelling_0_1):
            monkeypatch.setattr(module, "NAMES", names)
            monkeypatch.setattr(module, "COMMANDS", commands)

    return upgraded


@pytest.fixture(params=["a file", "PostgreSQL"])
def place(request, tmp_path):
    if request.param == "a file":
        return tmp_path / "perisai.db"
    url = request.getfixturevalue("postgres").new_database()
    jamsos.store.event_store.migrate(url)
    return url


PAYMENT = {
    "reference": "F-1",
    "months": jamsos.Months.parse("2018-01/2018-01"),
    "income": 1_000_000,
    "amount": 16_800,
    "on": DAY,
}
LETTERS = {
    "accepted": ("allot", ("perisai", 40), {"on": DAY, "region": "51"}),
    "refused": ("allot", ("perisai", 99_999), {"on": DAY}),
    "nothing": ("allot", ("perisai", 1_000), {"on": DAY}),
    "paid": ("pay", (PARTICIPANT,), PAYMENT | {"programmes": ("jkm", "jht")}),
    "many": ("pay_many", ([PAYMENT | {"participant": PARTICIPANT, "reference": "F-2"}],), {}),
}


def test_a_letter_that_was_sent_before_a_field_was_added_gets_its_first_answer_after_it(
    place, upgrade, monkeypatch
):
    with jamsos.open(place) as registry:
        registry.adopt("perisai", on=DAY).or_raise()
        registry.allot("perisai", 1_000, on=DAY).or_raise()
        registry.register(PARTICIPANT, province="51", on=DAY).or_raise()
        first = {
            id_: getattr(registry.once(id_), method)(*positional, **named)
            for id_, (method, positional, named) in LETTERS.items()
        }
        recorded = registry.last_position()
    assert isinstance(first["refused"], jamsos.Refused)

    upgrade()
    monkeypatch.setattr(jamsos.desk.Verbs, "allot", verb(AllotSince))
    monkeypatch.setattr(jamsos.desk.Verbs, "pay", verb(PaySince))
    with jamsos.open(place) as registry:
        for id_, (method, positional, named) in LETTERS.items():
            if method != "pay_many":
                assert getattr(registry.once(id_), method)(*positional, **named) == first[id_]
        [row] = LETTERS["many"][1][0]
        assert registry.once("many").ask_all([PaySince(**row)]) == first["many"]
        spelled = AllotSince("perisai", 40, on=DAY, region="51", why=None)
        assert registry.once("accepted").ask(spelled) == first["accepted"]
        with pytest.raises(InputError, match="the command id accepted belongs to another command"):
            registry.once("accepted").ask(attrs.evolve(spelled, why="more"))
        assert registry.last_position() == recorded


def test_a_command_that_was_kept_before_a_field_was_added_is_read_after_it(upgrade):
    kept = spelling.encode(Allot("perisai", 40, on=DAY, region="51"))

    upgrade()

    read = spelling.decode(kept)
    assert read == AllotSince("perisai", 40, on=DAY, region="51")
    assert spelling.encode(read) == kept
