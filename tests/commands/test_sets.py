"""The same set is the same command, in whatever order it comes out of a set."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

import jamsos
from jamsos import Citation, DatedValue, Status
from jamsos.commands.contributions import Pay
from jamsos.commands.programmes import Adopt, Enact
from jamsos.commands.seats import ShareOut
from jamsos.commands.spelling import encode
from jamsos.rulebook import rules_of

DAY = date(2018, 2, 5)
FIRST = DatedValue(
    value=1,
    in_force=date(2018, 1, 1),
    until=date(2018, 1, 31),
    citation=Citation("Example 1/2018"),
    status=Status.ASSUMED,
)
VALUES = [FIRST, *(attrs.evolve(FIRST, in_force=date(2018, m, 1), until=date(2018, m, 28)) for m in range(2, 8))]  # fmt: skip  # noqa: E501


class Ordered(set[object]):
    """A set that is read in an order of its own."""

    def __init__(self, each: list[object]) -> None:
        super().__init__(each)
        self._each = each

    def __iter__(self):
        return iter(self._each)


@pytest.mark.parametrize("turned", [False, True])
def test_sets_of_programmes_values_and_rules_are_spelled_in_one_order(turned):
    def order(given: list[object]) -> Ordered:
        return Ordered(given[::-1] if turned else given)

    files = list(rules_of("perisai"))
    pay = {"reference": "F-1", "months": "2018-01", "income": 1, "amount": 1, "on": DAY}
    participant = "participant-00000000-0000-7000-8000-000000000001"

    assert encode(Pay(participant, programmes=order(["jkk", "jkm", "jht"]), **pay)) == encode(
        Pay(participant, programmes=["jht", "jkk", "jkm"], **pay)
    )
    enacted = Enact("perisai", "example", unit="seats", values=order(VALUES), on=DAY)
    assert enacted.values == tuple(VALUES)
    by_name = sorted(files, key=lambda file: (file.programme, file.rule, file.scope))
    assert Adopt("perisai", on=DAY, rules=order(files)).rules == tuple(by_name)


def test_weights_are_a_mapping_whose_order_says_nothing():
    one = ShareOut("perisai", 3, {"51": 2, "52": 1}, on=DAY)
    assert encode(one) == encode(ShareOut("perisai", 3, {"52": 1, "51": 2}, on=DAY))


def test_a_retry_whose_programmes_come_in_another_order_is_the_same_command():
    participant = jamsos.new_participant_id()
    with jamsos.open(":memory:") as registry:
        registry.register(participant, province="51", on=DAY).or_raise()
        answers = [
            registry.once("chunk-1").pay(
                participant, reference="F-1", months="2018-02", income=1_000_000, amount=16_800,
                on=DAY, programmes=programmes,
            )
            for programmes in (["jkk", "jkm"], Ordered(["jkm", "jkk"]), frozenset({"jkm", "jkk"}))
        ]  # fmt: skip

    assert answers[0].or_raise().events
    assert answers[1:] == answers[:1] * 2


def test_a_list_keeps_its_order():
    turned = VALUES[::-1]
    assert Enact("perisai", "example", unit="seats", values=turned, on=DAY).values == tuple(turned)
