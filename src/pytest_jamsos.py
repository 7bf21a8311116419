"""The plugin for pytest: a broken law is shown as its story, and a held one by what it saw."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

# It stands beside the package, and imports nothing of it: pytest loads this file for tests of
# anything, before any measuring of coverage begins.
if TYPE_CHECKING:
    from jamsos.testing import Held, Law

_PROPERTY: Final = "jamsos law"


@pytest.fixture
def check_law(record_property: Callable[[str, object], None]) -> Callable[..., Held]:
    """
    Give `jamsos.testing.check`, so that what was exercised is listed under ``-v``.

    What it notes goes with the report of the test, also into the file of ``--junit-xml``.
    """
    from jamsos.testing import check  # noqa: PLC0415 - only where a test needs it

    def checked(stated: Law, **how: Any) -> Held:  # noqa: ANN401 - as `check` takes it
        held = check(stated, **how)
        record_property(
            _PROPERTY, f"{stated.says}: {held.exercised:,} times in {held.histories:,} histories"
        )
        return held

    return checked


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what an error of `jamsos.testing` says as it is, without the way to it."""
    report = yield
    error = None if call.excinfo is None else call.excinfo.value
    if call.excinfo is not None and report.failed and _is_told(error):
        shown: Any = call.excinfo.getrepr(style="native")
        story = str(error)
        shown.reprtraceback.reprentries[0].lines = [f"{story}\n"]
        if shown.reprcrash is not None:  # the line of the short summary
            shown.reprcrash.message = story
        report.longrepr = shown
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the laws that held, under ``-v``."""
    held = list(_held(terminalreporter))
    if held and terminalreporter.verbosity > 0:
        terminalreporter.write_sep("=", "laws")
        for line in held:
            terminalreporter.write_line(f"held  {line}")


def _held(terminalreporter: pytest.TerminalReporter) -> Iterator[object]:
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and report.when == "call":
                yield from (said for name, said in report.user_properties if name == _PROPERTY)


def _is_told(error: BaseException | None) -> bool:
    """Return whether *error* is one of `jamsos.testing`, whose text is a story."""
    return isinstance(error, AssertionError) and type(error).__module__.startswith(
        "jamsos.testing."
    )
