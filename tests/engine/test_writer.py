"""The one write path: decided again if it must be, and never half recorded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

import jamsos
from jamsos import Accepted, Refused
from jamsos.domain.agent import AgentStatus
from jamsos.errors import ConflictError, OutcomeUnknownError, StoreError, UnavailableError
from tests.engine.beginnings import (
    ANI,
    BUDI,
    CITRA,
    DAY,
    JANUARY,
    PAY_DAY,
    PEOPLE,
    Troubled,
    after,
    agent,
    away,
    broken,
    full,
    lost,
    participant,
    payments,
    recruit,
    registrations,
    rows,
    sent_under,
    two_seats,
)


def test_where_another_writer_was_first_all_is_decided_again(place):
    with jamsos.open(place) as other:
        troubled = Troubled(place, after(lambda: other.recruit_many(rows(ANI, BUDI))))
        with jamsos.open(troubled) as registry:
            answer = recruit(registry, CITRA)

    assert isinstance(answer, Refused)
    assert answer.reasons[0].policy == "seat-allotment"


def test_a_command_that_another_has_sent_meanwhile_is_answered_as_they_were(place):
    with jamsos.open(place) as other:
        troubled = Troubled(place, after(lambda: recruit(other.once("letter-1"), ANI)))
        with jamsos.open(troubled) as registry:
            answer = recruit(registry.once("letter-1"), ANI)

            assert answer == recruit(other.once("letter-1"), ANI)
            assert registry.quota("perisai").taken == 1


@pytest.mark.parametrize("command", ["letter-1", None])
def test_while_the_store_is_away_it_is_asked_again(place, command):
    troubled = Troubled(place, away, away)
    with jamsos.open(troubled) as registry:
        desk = registry if command is None else registry.once(command)

        assert len(recruit(desk, ANI).or_raise().events) == 2
        assert registry.quota("perisai").taken == 1
    assert troubled.appends == 3


@pytest.mark.parametrize(("fate", "appends"), [(lost, 1), (broken, 2)])
def test_where_the_outcome_is_not_known_a_command_with_an_id_is_sent_again(place, fate, appends):
    troubled = Troubled(place, fate)
    with jamsos.open(troubled) as registry:
        answer = recruit(registry.once("letter-1"), ANI)

        assert len(answer.or_raise().events) == 2
        assert sent_under(registry)[-2:] == ["letter-1", "letter-1"]
        assert registry.quota("perisai").taken == 1
    assert troubled.appends == appends


@pytest.mark.parametrize(("fate", "taken"), [(lost, 1), (broken, 0)])
def test_where_the_outcome_is_not_known_a_command_without_an_id_is_not_repeated(place, fate, taken):
    troubled = Troubled(place, fate)
    with jamsos.open(troubled) as registry:
        with pytest.raises(OutcomeUnknownError):
            recruit(registry, ANI)

        assert troubled.appends == 1
        assert registry.quota("perisai").taken == taken
        assert registry.agent(ANI).status is (
            AgentStatus.RECRUITED if taken else AgentStatus.UNKNOWN
        )


def test_a_full_disk_is_told_at_once_and_nothing_is_known_wrongly(place):
    troubled = Troubled(place, full)
    with jamsos.open(troubled) as registry:
        with pytest.raises(StoreError, match="full"):
            recruit(registry.once("letter-1"), ANI)

        assert troubled.appends == 1
        assert registry.quota("perisai").taken == 0
        assert len(recruit(registry.once("letter-1"), ANI).or_raise().events) == 2


@pytest.mark.parametrize(("fate", "error"), [(away, UnavailableError), (lost, OutcomeUnknownError)])
def test_without_patience_every_error_is_told_at_once_and_one_may_ask_again(place, fate, error):
    troubled = Troubled(place, fate)
    with jamsos.open(troubled, patience=0) as registry:
        with pytest.raises(error):
            recruit(registry.once("letter-1"), ANI)

        assert troubled.appends == 1
        assert len(recruit(registry.once("letter-1"), ANI).or_raise().events) == 2
        assert registry.quota("perisai").taken == 1


def test_without_patience_a_conflict_is_told_at_once(place):
    with jamsos.open(place) as other:
        troubled = Troubled(place, after(lambda: recruit(other, BUDI)))
        with jamsos.open(troubled, patience=0) as registry:
            with pytest.raises(ConflictError):
                recruit(registry, ANI)

            assert recruit(registry, ANI).or_raise().events
            assert registry.quota("perisai").taken == 2


def test_when_patience_ends_the_last_error_is_told():
    troubled = Troubled(":memory:")
    with jamsos.open(troubled, patience=0.05) as registry:
        two_seats(registry)
        done = troubled.appends
        troubled.fates = [away] * 1_000
        with pytest.raises(UnavailableError):
            recruit(registry, ANI)

        assert 1 < troubled.appends - done < 1_000


@pytest.mark.parametrize("given", [tuple, list, iter])
def test_what_is_decided_again_has_all_its_arguments(given):
    troubled = Troubled(":memory:")
    with jamsos.open(troubled) as registry:
        registry.register(participant(1), province="51", on=date(2018, 1, 8)).or_raise()
        troubled.fates = [away]
        paid = registry.pay(
            participant(1),
            reference="F-1",
            months=JANUARY,
            income=1_000_000,
            amount=16_800,
            on=PAY_DAY,
            programmes=given(("jkk", "jkm")),
        )

        assert [event.programmes for event in paid.or_raise().events] == [("jkk", "jkm")]


@pytest.mark.parametrize("given", [tuple, list, iter])
def test_rows_that_are_decided_again_have_all_their_fields(given):
    troubled = Troubled(":memory:")
    with jamsos.open(troubled) as registry:
        registry.register_many(registrations(*PEOPLE))
        troubled.fates = [away]
        rows = [{**row, "programmes": given(("jkk", "jkm"))} for row in payments(*PEOPLE)]

        answers = registry.pay_many(rows)

    assert {e.programmes for a in answers for e in a.or_raise().events} == {("jkk", "jkm")}


# -- Any thread may ask. -------------------------------------------------------------


def test_threads_of_a_registry_never_conflict_with_each_other(place):
    def ask(number: int) -> Sequence[Any]:
        answer = recruit(registry, agent(number))
        return (registry.agent(agent(number)).status, type(answer))

    with jamsos.open(place, patience=0) as registry:
        registry.allot("perisai", 20, on=DAY).or_raise()
        with ThreadPoolExecutor(8) as threads:
            told = list(threads.map(ask, range(40)))

        assert told.count((AgentStatus.RECRUITED, Accepted)) == 20
        assert told.count((AgentStatus.UNKNOWN, Refused)) == 20
        assert registry.quota("perisai").taken == 20
