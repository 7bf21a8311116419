"""Many commands together, as rows: one transaction, and an answer each."""

from __future__ import annotations

import pytest

import jamsos
from jamsos import Accepted, Refused
from jamsos.domain.agent import AgentStatus
from jamsos.errors import InputError
from tests.engine.beginnings import (
    ANI,
    BUDI,
    CITRA,
    PEOPLE,
    Troubled,
    away,
    payments,
    recruit,
    registrations,
    rows,
    two_seats,
)

MANY = {
    "recruit": (rows, [ANI, BUDI]),
    "register": (registrations, PEOPLE),
    "pay": (payments, PEOPLE),
}
KINDS = pytest.mark.parametrize("kind", MANY)


def ready(registry: jamsos.Registry, kind: str) -> None:
    if kind == "pay":
        registry.register_many(registrations(*PEOPLE))


@KINDS
def test_many_rows_are_answered_as_they_would_be_one_by_one(office, kind):
    as_rows, who = MANY[kind]
    ready(office, kind)
    with jamsos.open(":memory:") as other:
        two_seats(other)
        ready(other, kind)
        singly = [getattr(other, kind)(**row) for row in as_rows(*who)]

    assert getattr(office, f"{kind}_many")(as_rows(*who)) == singly
    assert all(answer.or_raise().events for answer in singly)


@KINDS
def test_rows_may_come_from_a_generator_and_are_decided_again_all(kind):
    as_rows, who = MANY[kind]
    troubled = Troubled(":memory:")
    with jamsos.open(troubled) as registry:
        two_seats(registry)
        ready(registry, kind)
        troubled.fates = [away, away]

        answers = getattr(registry, f"{kind}_many")(row for row in as_rows(*who))

        assert len(answers) == len(who)
        assert all(answer.or_raise().events for answer in answers)


@KINDS
def test_no_rows_have_no_answers_and_record_nothing(office, kind):
    last = office.last_position()

    assert getattr(office, f"{kind}_many")([]) == []
    assert office.last_position() == last


@KINDS
def test_an_error_names_its_row_and_nothing_of_any_is_recorded(office, kind):
    as_rows, who = MANY[kind]
    ready(office, kind)
    last = office.last_position()

    with pytest.raises(InputError, match=r"^row 2: "):
        getattr(office, f"{kind}_many")([*as_rows(who[0], "nobody"), *as_rows(*who[1:])])

    assert office.last_position() == last


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"on": "today"}])
def test_a_row_with_a_wrong_field_is_an_input_error(office, wrong):
    with pytest.raises(InputError, match=r"^row 3: "):
        office.recruit_many([*rows(ANI, BUDI), {**rows(CITRA)[0], **wrong}])

    assert office.quota("perisai").taken == 0


def test_a_refusal_is_of_one_row_only(office):
    answers = office.recruit_many(rows(ANI, BUDI, CITRA, ANI))

    assert [type(answer) for answer in answers] == [Accepted, Accepted, Refused, Accepted]
    assert office.quota("perisai").taken == 2


def test_an_error_in_many_rows_leaves_the_rest_of_a_batch_alone(office):
    with office.batch() as desk:
        recruit(desk, ANI).or_raise()
        with pytest.raises(InputError):
            desk.recruit_many(rows(BUDI, "nobody"))
        again = recruit(desk, BUDI)

    assert len(again.or_raise().events) == 2
    assert office.quota("perisai").taken == 2
    assert office.agent(BUDI).status is AgentStatus.RECRUITED
