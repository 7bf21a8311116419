"""What passes is decided again as long as patience lasts, and no longer; what lasts, never."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest

import jamsos
from jamsos.errors import OutcomeUnknownError, StoreError, UnavailableError
from jamsos.store.place import is_address
from tests.engine.beginnings import DAY, Troubled, agent, away, broken, full, recruit

SHORT = 0.4
SLACK = 1.2
"""What a busy machine may add."""


@contextmanager
def locked(place: str) -> Iterator[None]:
    """Let another writer hold the store."""
    if is_address(place):
        with psycopg.connect(place) as other:
            other.execute("LOCK TABLE stored_events IN ACCESS EXCLUSIVE MODE")
            yield
            other.rollback()
    else:
        with closing(sqlite3.connect(place, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")


@contextmanager
def taking(seconds: float, *, least: float = 0) -> Iterator[None]:
    began = monotonic()
    yield
    assert least <= monotonic() - began < seconds


def test_a_store_that_another_holds_is_waited_for_as_long_as_patience_lasts(place):
    with jamsos.open(place, patience=SHORT) as registry:
        with locked(place):
            with taking(SHORT + SLACK), pytest.raises(UnavailableError):
                recruit(registry, agent(1))
            with taking(SHORT + SLACK), pytest.raises(UnavailableError), registry.batch() as desk:
                recruit(desk, agent(1))

        assert recruit(registry, agent(1)).or_raise().events


def test_threads_that_wait_for_each_other_wait_no_longer_than_each_alone(place):
    with jamsos.open(place, patience=SHORT) as registry, ThreadPoolExecutor(8) as threads:
        with locked(place), taking(2 * SHORT + SLACK):
            sent = [threads.submit(recruit, registry, agent(n)) for n in range(8)]
            errors = [each.exception() for each in sent]

        assert {type(error) for error in errors} == {UnavailableError}


def test_those_of_a_group_wait_no_longer_either(place):
    with (
        jamsos.open(place, patience=SHORT) as registry,
        ThreadPoolExecutor(8) as threads,
        registry.group_commit(most=2) as desk,
    ):
        with locked(place), taking(2 * SHORT + SLACK):
            sent = []
            for n in range(8):
                sent.append(threads.submit(recruit, desk, agent(n)))
                sleep(0.01)
            errors = [each.exception() for each in sent]

        assert {type(error) for error in errors} == {UnavailableError}
        assert recruit(desk, agent(1)).or_raise().events


class Slow(Troubled):
    """A recorder each of whose appends takes a while, and then finds the store away."""

    def append(self, *_: Any, **__: Any) -> int:
        self.appends += 1
        sleep(0.15)
        return away(lambda: 0)


def test_an_attempt_that_takes_long_counts_as_patience():
    slow = Slow(":memory:")
    with (
        jamsos.open(slow, patience=SHORT) as registry,
        taking(SHORT + SLACK, least=SHORT),
        pytest.raises(UnavailableError),
    ):
        registry.adopt("perisai", on=DAY)

    assert slow.appends <= 3


@pytest.mark.parametrize("patience", [0, 30])
def test_what_lasts_is_raised_at_once(patience):
    troubled = Troubled(":memory:", full)
    with (
        jamsos.open(troubled, patience=patience) as registry,
        taking(SLACK),
        pytest.raises(StoreError, match="full"),
    ):
        registry.adopt("perisai", on=DAY)

    assert troubled.appends == 1


def test_without_patience_there_is_one_attempt():
    troubled = Troubled(":memory:", away)
    with jamsos.open(troubled, patience=0) as registry, pytest.raises(UnavailableError):
        registry.adopt("perisai", on=DAY)

    assert troubled.appends == 1


def test_one_whose_outcome_is_not_known_is_never_told_that_nothing_was_recorded():
    troubled = Troubled(":memory:", broken, *[away] * 1_000)
    with jamsos.open(troubled, patience=SHORT) as registry, pytest.raises(OutcomeUnknownError):
        registry.once("letter-1").adopt("perisai", on=DAY)
