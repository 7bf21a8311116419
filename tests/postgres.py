"""A real PostgreSQL server for tests: made in a temporary folder, on loopback, thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Final, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict

NEEDED: Final = (
    "These tests need a PostgreSQL server: install one, as with `apt-get install postgresql`;"
    " initdb is looked for on the PATH and in /usr/lib/postgresql/*/bin."
)
NO_POOLER: Final = (
    "These tests need PgBouncer: install it, as with `apt-get install pgbouncer`; it is looked for"
    " on the PATH and in /usr/sbin."
)
HOST: Final = "127.0.0.1"
USER: Final = "postgres"
ATTEMPTS: Final = 5
PATIENCE: Final = 60
"""Seconds that any command of the server may take."""

SETTINGS: Final = f"""
listen_addresses = '{HOST}'
unix_socket_directories = ''
max_connections = 200
fsync = on
synchronous_commit = on
full_page_writes = on
"""

ACCESS: Final = f"""
host all +must_say_a_password {HOST}/32 scram-sha-256
host all +never_let_in {HOST}/32 reject
"""
"""Comes first in `pg_hba.conf`: roles that are members of these two are not trusted."""

POOLER: Final = """
[databases]
* = host={host} port={server}
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
logfile = {folder}/pooler.log
pool_mode = transaction
default_pool_size = 3
max_client_conn = 100
{more}
"""

_MAKE: Final = (
    "--auth=trust",
    f"--username={USER}",
    "--encoding=UTF8",
    "--no-locale",
    "--no-sync",  # an empty cluster is no loss; from the start on, everything is synced
)
_WAIT: Final = ("-w", "-t", str(PATIENCE))

StopMode = Literal["fast", "immediate"]


def binaries() -> Path | None:
    """Return the folder of the newest server that is installed, or None if there is none."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    return next((f for f in folders if all((f / n).is_file() for n in ("initdb", "pg_ctl"))), None)


class Server:
    """
    A server of one's own, which is running when one gets it.

    It keeps what a real one keeps: every commit is synced to the disk. Nobody but this machine
    can reach it, and everybody on this machine may: it holds nothing but tests.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        """Make a cluster in *folder* with the *programs* of the server, and start it."""
        self._programs = programs
        self._data = folder / "data"
        self._names = (f"test_{number}" for number in count(1))
        self._as = _as_somebody(folder)
        self._run("initdb", *_MAKE)
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        access = self._data / "pg_hba.conf"
        access.write_text(ACCESS + access.read_text(encoding="utf-8"), encoding="utf-8")
        self._port = 0
        for attempt in count(1):
            self._port = _free_port()  # somebody else may take it before the server does
            try:
                self.start()
                break
            except subprocess.CalledProcessError:
                if attempt == ATTEMPTS:
                    raise

    def url(self, database: str = "postgres", user: str = USER) -> str:
        """Return what to open *database* with; it is for the owner of the server."""
        return f"postgresql://{HOST}:{self._port}/{database}?user={user}"

    def new_database(self) -> str:
        """Make an empty database, and return its URL."""
        name = next(self._names)
        self._ask(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def start(self) -> None:
        """Start the server if it was stopped, at the same address; wait until it is up."""
        self._run("pg_ctl", *_WAIT, "-o", f"-p {self._port}", "-l", "log", "start")

    def stop(self, mode: StopMode = "fast") -> None:
        """
        Stop the server, and wait until it is down.

        *fast* ends every transaction and writes all down; *immediate* is as if the power failed.
        """
        self._run("pg_ctl", *_WAIT, "-m", mode, "stop")

    @property
    def running(self) -> bool:
        """Whether the server is up."""
        return (self._data / "postmaster.pid").exists()

    def terminate_connections(self, url: str | None = None) -> int:
        """Cut every connection, or those to the database at *url*; return how many there were."""
        name = None if url is None else conninfo_to_dict(url)["dbname"]
        return self._ask(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " AND (%(name)s::text IS NULL OR datname = %(name)s)",
            {"name": name},
        )

    def keep(self, folder: Path) -> None:
        """Stop the server, and copy all that it holds to *folder*."""
        self.stop()
        shutil.copytree(self._data, folder)

    def new_role(self, *groups: str, password: str | None = None) -> str:
        """Make a role that may log in, and nothing else; a member of *groups*."""
        name = next(self._names).replace("test", "role")
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for group in groups:
                with suppress(psycopg.errors.DuplicateObject):
                    connection.execute(f'CREATE ROLE "{group}"')
            inside = f" IN ROLE {', '.join(groups)}" if groups else ""
            known = "" if password is None else f" PASSWORD '{password}'"
            connection.execute(f'CREATE ROLE "{name}" LOGIN{known}{inside}')
        return name

    @property
    def port(self) -> int:
        """The port at which it listens."""
        return self._port

    def log(self) -> str:
        """Return what the server has said."""
        return (self._data / "log").read_text(encoding="utf-8", errors="replace")

    def _ask(self, question: str, parameters: dict[str, str | None] | None = None) -> int:
        """Run *question* as the owner; return the number that it answers, or 0 for no answer."""
        with psycopg.connect(self.url(), autocommit=True, connect_timeout=PATIENCE) as connection:
            cursor = connection.execute(question, parameters)
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else 0

    def _run(self, program: str, *arguments: str) -> None:
        # The server would hold a pipe open for as long as it lives: its words go to a file.
        subprocess.run(
            [self._programs / program, "-D", self._data, *arguments],
            check=True,
            cwd=self._data if self._data.is_dir() else self._data.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2 * PATIENCE,
            **self._as,
        )


def pooler_binary() -> Path | None:
    """Return PgBouncer, or None if it is not installed."""
    found = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    return Path(found) if Path(found).is_file() else None


@contextmanager
def pooler(server: Server, *more: str) -> Iterator[int]:
    """Give the port of a PgBouncer before *server*, which lends connections by transaction."""
    program = pooler_binary()
    if program is None:
        raise FileNotFoundError(NO_POOLER)
    with TemporaryDirectory(prefix="jamsos-pgbouncer-") as name, psycopg.connect(server.url()) as c:
        roles = [role for (role,) in c.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin")]
        folder, port = Path(name), _free_port()
        folder.joinpath("users").write_text("".join(f'"{r}" ""\n' for r in roles), encoding="utf-8")
        words = {"host": HOST, "server": server.port, "port": port, "folder": folder}
        settings = POOLER.format(**words, more="\n".join(more))
        folder.joinpath("settings").write_text(settings, encoding="utf-8")
        running = subprocess.Popen(
            [program, "-q", folder / "settings"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **_as_somebody(folder),
        )
        try:
            for _ in range(200):
                with suppress(OSError), socket.create_connection((HOST, port), 1):
                    break
                sleep(0.05)
            yield port
        finally:
            running.kill()
            running.wait(PATIENCE)


@contextmanager
def server() -> Iterator[Server]:
    """Give a running server; at the end it is stopped, and all that it held is gone."""
    programs = binaries()
    if programs is None:
        raise FileNotFoundError(NEEDED)
    with TemporaryDirectory(prefix="jamsos-postgres-") as folder:
        opened = Server(Path(folder), programs)
        try:
            with _watched(Path(folder), programs):
                yield opened
        finally:
            if opened.running:
                with suppress(subprocess.CalledProcessError):  # it was killed, and left a trace
                    opened.stop("immediate")


_LAST_WORDS: Final = """
cat >/dev/null
"$0/pg_ctl" -D "$1/data" -m immediate stop >/dev/null 2>&1 && rm -rf "$1"
"""


@contextmanager
def _watched(folder: Path, programs: Path) -> Iterator[None]:
    """See to it that the server ends with this process, even if that is killed."""
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", _LAST_WORDS, programs, folder],
        cwd="/",
        stdin=subprocess.PIPE,  # it ends when nobody holds the other end any longer
        start_new_session=True,
        **_as_somebody(folder),
    )
    try:
        yield
    finally:
        watcher.kill()
        watcher.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _as_somebody(folder: Path) -> dict[str, object]:
    """Say whom the server runs as, which is never root, and give them *folder*."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    who = known.get("postgres") or known["nobody"]
    os.chown(folder, who.pw_uid, who.pw_gid)
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
