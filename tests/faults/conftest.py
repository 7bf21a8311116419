"""The start of tests of faults: a prepared store of either side, and its writers."""

from __future__ import annotations

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.faults import plain, programs, running
from tests.faults.evidence import Harm, Told, ask, is_server, told

FULL = os.environ.get("JAMSOS_FAULTS") == "full"
"""Whether everything is to be tried, as `make faults` does, or as much as a minute allows."""


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def often():
    """Choose how often something is tried: in the tests of every day, and in a full run."""
    return lambda usual, full: full if FULL else usual


@dataclass
class Side:
    """Those who write: programs of jamsos, or over the plain library, and their stores."""

    module: ModuleType
    nursery: running.Nursery
    folder: Path
    postgres: Callable[[], Any]

    def file(self, path: Path, **how: Any) -> str:
        """Give a prepared SQLite store at *path*."""
        if how:
            path.unlink(missing_ok=True)
            self.module.prepare(str(path), **how)
            return str(path)
        template = self.folder / "template.db"
        if not template.exists():
            self.module.prepare(str(template))
        shutil.copyfile(template, path)
        return str(path)

    def database(self, **how: Any) -> str:
        """Give a prepared PostgreSQL store."""
        place = self.postgres().new_database()
        self.module.prepare(place, **how)
        return place

    def start(self, program: str, **arguments: Any) -> running.Child:
        return self.nursery.start(program, **arguments)

    def harm(self, place: str, *acks: Path, **how: Any) -> Harm:
        """Return what is wrong, once the database has seen that nobody writes any more."""
        settled(place)
        return self.module.harm(place, told(*acks), **how)

    def sent_again(self, place: str, said: Told, letters: list[str], **how: Any) -> Harm:
        return self.module.sent_again(place, said, letters, **how)


def settled(place: str) -> None:
    """Wait until the server has seen that its clients are gone."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    if is_server(place):
        running.wait_until(lambda: ask(place, others) == [(0,)])


@pytest.fixture(scope="session")
def ours(tmp_path_factory, request) -> Iterator[Side]:
    """Give the side of jamsos."""
    yield from _side("programs", programs, tmp_path_factory, request)


@pytest.fixture(scope="session")
def theirs(tmp_path_factory, request) -> Iterator[Side]:
    """Give the side of the plain library."""
    yield from _side("plain", plain, tmp_path_factory, request)


def _side(name, module, tmp_path_factory, request):
    folder = tmp_path_factory.mktemp(name)
    with running.Nursery(name, folder) as nursery:
        yield Side(module, nursery, folder, lambda: request.getfixturevalue("postgres"))


@pytest.fixture(params=["sqlite", "postgres"])
def prepared(request, tmp_path):
    """Prepare a store of a side, in a file and on a server."""

    def prepare(side: Side, **how: Any) -> str:
        if request.param == "sqlite":
            return side.file(tmp_path / "perisai.db", **how)
        return side.database(**how)

    return prepare


@pytest.fixture(scope="session")
def strace():
    """Be sure that system calls can be made to fail; skip if they cannot, but not in CI."""
    if not running.can_trace():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(running.NO_STRACE)


# -- The figures of a run. -------------------------------------------------------------

FIGURES = {
    "kills": "kills",
    "injected": "failed calls",
    "cuts": "cuts",
    "stops": "stops of the server",
    "starts": "starts",
    "runs": "runs",
    "read": "events read",
}


@pytest.fixture
def tally(request):
    """Count what was done to programs and databases, for the table at the end of a run."""
    counted: Counter[str] = Counter()
    yield lambda **what: counted.update(what)
    request.node.user_properties.append(("faults", dict(counted)))


def pytest_terminal_summary(terminalreporter):
    """Print, after a full run, what was done, fault by fault."""
    if not FULL:
        return
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    tests, seconds = Counter[str](), Counter[str]()
    for report in (r for rs in terminalreporter.stats.values() for r in rs if hasattr(r, "when")):
        file = report.location[0]
        seconds[file] += report.duration
        if report.when == "teardown":
            tests[file] += 1
            counted[file].update({})
            for name, figures in report.user_properties:
                counted[file].update(figures if name == "faults" else {})
    counted["in all"] = sum(counted.values(), Counter())
    tests["in all"], seconds["in all"] = tests.total(), seconds.total()
    for file, figures in counted.items():
        told = ", ".join(f"{figures[f]:,} {word}" for f, word in FIGURES.items() if figures[f])
        title = "In all" if file == "in all" else _title(Path(file))
        line = f"{title:<74} {tests[file]:>4} tests {seconds[file]:>6.0f} s  {told}"
        terminalreporter.write_line(line)


def _title(file: Path) -> str:
    return file.read_text(encoding="utf-8").splitlines()[0].strip('."')
