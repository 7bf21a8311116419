"""The server that tests run on: real, durable, reachable from this machine alone."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from time import sleep

import psycopg
import pytest

from tests import conftest
from tests import postgres as servers


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        return connection.execute(question).fetchone()[0]


@pytest.fixture(scope="module")
def server(need_postgres):  # noqa: ARG001 - it comes first
    with servers.server() as opened:
        yield opened


def test_the_server_listens_on_loopback_and_syncs_each_commit(server):
    url = server.url()

    assert "//127.0.0.1:" in url
    assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(url, "SHOW fsync") == "on"
    assert ask(url, "SHOW synchronous_commit") == "on"


def test_every_new_database_is_empty_and_its_own(server):
    one, other = server.new_database(), server.new_database()

    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE only_here (number int)")

    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert (ask(one, tables), ask(other, tables)) == (1, 0)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_what_was_committed_is_there_after_a_stop_and_a_start(server, mode):
    url = server.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")

    server.stop(mode)
    with pytest.raises(psycopg.OperationalError):
        ask(url, "SELECT 1")
    server.start()

    assert ask(url, "SELECT number FROM kept") == 1


def test_connections_are_cut_those_to_one_database_or_all(server):
    one, other = server.new_database(), server.new_database()
    with closing(psycopg.connect(one)) as cut, closing(psycopg.connect(other)) as kept:
        assert server.terminate_connections(one) == 1

        with pytest.raises(psycopg.OperationalError):
            cut.execute("SELECT 1")
        kept.execute("SELECT 1")
        assert server.terminate_connections() == 1


@pytest.mark.usefixtures("need_postgres")
def test_a_server_is_gone_with_all_that_it_held():
    with servers.server() as opened:
        url, data = opened.new_database(), opened._data

    assert not data.parent.exists()
    with pytest.raises(psycopg.OperationalError):
        ask(url, "SELECT 1")


KILLED = """
import os, signal
from tests.postgres import server

with server() as opened:
    print(opened.url(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_server_is_gone_where_the_process_that_started_it_was_killed(server):
    del server  # if there is none, this is skipped as the others are
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], capture_output=True, text=True, check=False, timeout=120
    )
    url = killed.stdout.strip()

    assert killed.returncode == -signal.SIGKILL
    assert url
    for _ in range(200):
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return
        sleep(0.05)
    pytest.fail("it is still there")


def test_a_test_that_asks_for_a_server_gets_one_that_runs(postgres):
    assert postgres.running
    assert ask(postgres.new_database(), "SELECT 1") == 1


@pytest.mark.parametrize(("ci", "outcome"), [("1", "failed"), ("", "skipped")])
def test_without_a_server_ci_fails_and_everybody_else_skips(monkeypatch, ci, outcome):
    monkeypatch.setattr(servers, "binaries", lambda: None)
    monkeypatch.setitem(os.environ, "CI", ci)
    raised = {"failed": pytest.fail.Exception, "skipped": pytest.skip.Exception}[outcome]

    with pytest.raises(raised, match="apt-get install postgresql"):
        conftest.check_postgres()
