"""Every store that ships keeps tallies; one of a user's own that does not, says so."""

import pytest

import jamsos
from jamsos import Month
from jamsos.errors import StoreError
from jamsos.store.event_store import migrate
from jamsos.store.postgres import PostgresRecorder
from jamsos.store.sqlite import SQLiteRecorder
from jamsos.testing import store_contract

CASES = pytest.mark.parametrize(
    "case", store_contract.TALLY_CASES.values(), ids=store_contract.TALLY_CASES
)


@CASES
def test_a_file_keeps_tallies(case, tmp_path):
    case(lambda: SQLiteRecorder(tmp_path / "perisai.db", create=True))


@CASES
def test_postgresql_keeps_tallies(case, postgres):
    url = postgres.new_database()
    migrate(url)
    case(lambda: PostgresRecorder(url, most_connections=2))


class WithoutTallies:
    """A recorder that does what a recorder must, and no more."""

    def __init__(self):
        self._recorder = SQLiteRecorder(":memory:", create=True)

    def __getattr__(self, name):
        if name == "tallies":
            raise AttributeError(name)
        return getattr(self._recorder, name)


def test_a_store_that_keeps_no_tallies_says_so_and_counts_all_the_same():
    with jamsos.open(WithoutTallies()) as registry:
        assert registry.count(Month(2018, 2)).total == 0
        for asked in (
            registry.catch_up,
            registry.rebuild,
            lambda: registry.live_count(Month(2018, 2)),
        ):
            with pytest.raises(StoreError, match="keeps no tallies"):
                asked()
