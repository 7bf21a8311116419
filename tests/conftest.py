"""The start of many tests: the law as shipped, an open desk, an agent at work, a server."""

import os
from datetime import date

import pytest

import jamsos
from jamsos.rulebook import everything, rules_of
from jamsos.rulebook import law as law_of
from tests import postgres as servers


@pytest.fixture
def law():
    """Give the programme with every value that ships, those for 2019 among them."""
    return law_of(rules_of("perisai"))["perisai"]


@pytest.fixture(scope="session")
def whole_law():
    """Give every programme with every value that ships."""
    return law_of(everything())


@pytest.fixture
def registry():
    """Open a desk in memory, with the law of November 2017 and 1,200 seats."""
    with jamsos.open(":memory:") as opened:
        opened.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        opened.allot("perisai", 1_200, on=date(2017, 11, 20)).or_raise()
        yield opened


@pytest.fixture
def agent(registry):
    """Name an agent of Bali, whose account is active since 1 December 2017."""
    name = jamsos.new_agent_id()
    registry.recruit(name, "perisai", province="51", on=date(2017, 11, 20)).or_raise()
    registry.begin_training(name, on=date(2017, 11, 21)).or_raise()
    registry.certify(name, on=date(2017, 11, 28)).or_raise()
    registry.assign(name, on=date(2017, 12, 1)).or_raise()
    return name


def check_postgres():
    """Skip if no PostgreSQL server is installed; fail in CI, where there must be one."""
    if servers.binaries() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(servers.NEEDED)


@pytest.fixture(scope="session")
def need_postgres():
    """Be sure that a PostgreSQL server is installed."""
    check_postgres()


@pytest.fixture(scope="session")
def postgres(need_postgres):  # noqa: ARG001 - it comes first
    """Start a PostgreSQL server, one for all tests that ask; ask it for a database."""
    with servers.server() as opened:
        yield opened


@pytest.fixture(scope="session")
def need_pgbouncer(need_postgres):  # noqa: ARG001 - it comes first
    """Be sure that PgBouncer is installed; fail in CI, where it must be."""
    if servers.pooler_binary() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(servers.NO_POOLER)
