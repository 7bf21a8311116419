"""Rows at fault are named all at once; the others are recorded under the same id without them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import jamsos
from jamsos.commands.agents import BeginTraining, Certify, Recruit
from jamsos.errors import InputError, NotFoundError
from tests.engine.beginnings import DAY, agent, participant, registrations


def chunk(size: int, **wrong: dict[str, Any]) -> list[dict[str, Any]]:
    rows = registrations(*map(participant, range(1, size + 1)))
    for name, change in wrong.items():
        rows[int(name[1:]) - 1] |= change
    return rows


def asked(registry: jamsos.Registry, rows: list[dict[str, Any]], *, group: bool) -> Any:
    if not group:
        return registry.once("chunk-1").register_many(rows)
    with registry.group_commit() as desk:
        return desk.once("chunk-1").register_many(rows)


@pytest.mark.parametrize("group", [False, True])
def test_all_rows_at_fault_are_named_and_the_chunk_goes_on_under_its_id(office, group):
    last = office.last_position()
    rows = chunk(9, n3={"province": "99"}, n5={"participant": "nobody"}, n9={"on": "today"})

    with pytest.raises(InputError, match=r"^row 3: .*; row 5: .*; row 9: ") as caught:
        asked(office, rows, group=group)
    assert caught.value.rows == (3, 5, 9)
    assert office.last_position() == last

    kept = [row for number, row in enumerate(rows, start=1) if number not in caught.value.rows]
    answers = asked(office, kept, group=group)
    assert [len(answer.or_raise().events) for answer in answers] == [1] * 6
    assert asked(office, kept, group=group) == answers
    assert office.last_position() == last + 6


def test_so_are_rows_that_the_command_does_not_take(office):
    rows: list[Any] = chunk(5, n2={"age": 7})
    rows[3] = (participant(4), "51")

    with pytest.raises(InputError, match=r"^row 2: .*'age'; row 4 is of type tuple") as caught:
        office.register_many(rows)
    assert caught.value.rows == (2, 4)


def test_one_row_at_fault_keeps_the_type_of_its_error(office):
    with pytest.raises(NotFoundError, match=r"^row 2: ") as caught:
        office.ask_all([Recruit(agent(n), name, province="51", on=DAY)
                        for n, name in ((1, "perisai"), (2, "other"))])  # fmt: skip
    assert caught.value.rows == (2,)


def test_rows_that_rest_on_one_at_fault_are_not_told_of(office):
    with pytest.raises(InputError) as caught:
        office.ask_all(
            [
                Recruit(agent(1), "perisai", province="99", on=DAY),
                BeginTraining(agent(1), on=DAY),
                Certify(agent(1), on=DAY),
                Recruit(agent(2), "perisai", province="98", on=DAY),
            ]
        )
    assert caught.value.rows == (1, 4)


def test_of_very_many_some_are_told_and_the_others_counted(office):
    rows = chunk(100)
    for row in rows:
        row["province"] = "99"

    with pytest.raises(InputError, match=r"row 20: .*; and 80 more rows$") as caught:
        office.register_many(rows)
    assert caught.value.rows == tuple(range(1, 101))


def test_another_error_has_no_rows(office):
    with pytest.raises(InputError) as caught:
        office.register("nobody", province="51", on=date(2018, 1, 8))
    assert caught.value.rows == ()
