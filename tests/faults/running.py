"""Starts programs, kills them, lets their calls fail, and leaves none of them behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 120
"""Seconds after which a program that does not end is killed, and the test fails."""
NO_STRACE: Final = (
    "These tests need strace, to let system calls fail: install it, as with"
    " `apt-get install strace`, and let it trace."
)

Side = Literal["programs", "plain", "long_run"]
"""Whose programs: those of jamsos, over the plain library, or of the long run."""


class Child:
    """A program that runs."""

    def __init__(self, nursery: Nursery, pid: int, output: Path) -> None:
        self._nursery = nursery
        self.pid = pid
        self.output = output

    def kill(self) -> None:
        """Kill it as nothing can prevent; it may have ended already, and still be there."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float = PATIENCE) -> int:
        """Return how it ended: its exit code, or the signal that killed it, negative."""
        code = self._nursery.ask({"wait": self.pid, "timeout": timeout})
        if code is None:
            self.kill()
            msg = f"it did not end within {timeout} seconds: {self.output.read_text()}"
            raise TimeoutError(msg)
        return code

    def succeed(self, timeout: float = PATIENCE) -> None:
        """Wait for it to end, and raise `AssertionError` with its words if it ends badly."""
        code = self.wait(timeout)
        assert code == 0, f"ended with {code}: {self.output.read_text()}"


class Nursery:
    """
    A process that has imported what the programs need, and starts each as a child of its own.

    So a program starts in milliseconds, and hundreds can be killed. The children end with it.
    """

    def __init__(self, side: Side, folder: Path) -> None:
        self.side = side
        self._folder = folder
        self._number = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.running", side],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, program: str, **arguments: Any) -> Child:
        """Start *program* with these arguments."""
        self._number += 1
        output = self._folder / f"{program}-{self._number}.txt"
        pid = self.ask({"start": program, "arguments": arguments, "output": str(output)})
        return Child(self, pid, output)

    def ask(self, request: dict[str, Any]) -> Any:
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()


def start_alone(
    side: Side, program: str, *under: str, **arguments: Any
) -> subprocess.CompletedProcess[str]:
    """Run *program* as a process of its own, *under* another such as `strace`, to its end."""
    done = subprocess.Popen(
        [
            *under,
            sys.executable,
            "-m",
            "tests.faults.running",
            side,
            program,
            json.dumps(arguments),
        ],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = done.communicate(timeout=PATIENCE)
    finally:
        if done.poll() is None:
            os.killpg(done.pid, signal.SIGKILL)
            done.communicate()
    return subprocess.CompletedProcess(done.args, done.returncode, said)


def can_trace() -> bool:
    """Return whether `strace` is there and may trace."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    tried = subprocess.run(
        [strace, "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, "-e", "trace=fsync", "true"],
        check=False,
        capture_output=True,
        timeout=PATIENCE,
    )
    return tried.returncode == 0


def failing(call: str, what: str, when: str, log: Path) -> tuple[str, ...]:
    """Return what to run a program under so that *call* number *when* goes wrong as *what* says."""
    fast = () if what.startswith("signal") else ("--seccomp-bpf",)  # that sends no signals
    return (
        *("strace", "-f", *fast, "-q", "-o", str(log)),
        *("-e", f"trace={call}", "-e", f"inject={call}:{what}:when={when}"),
    )


def hits(log: Path) -> int:
    """Return how many calls went wrong, as the tracer has noted."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return text.count("(INJECTED)") or text.count("killed by SIGKILL")


def wait_until(holds: Any, seconds: float = PATIENCE) -> None:
    """Wait until *holds* returns something true; raise `TimeoutError` where it never does."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            msg = f"nothing came within {seconds} seconds"
            raise TimeoutError(msg)
        time.sleep(0.0005)


# -- What runs in the process itself. --------------------------------------------------


def _programs(side: Side) -> dict[str, Any]:
    if side == "plain":
        from tests.faults.plain import PROGRAMS  # noqa: PLC0415 - one side is enough
    elif side == "long_run":
        from tests.faults.long_run import PROGRAMS  # noqa: PLC0415 - likewise
    else:
        from tests.faults.programs import PROGRAMS  # noqa: PLC0415 - likewise
    return PROGRAMS


def _serve(side: Side) -> None:
    """Start children and wait for them, as the lines say that come in; end with the last line."""
    programs = _programs(side)
    running: set[int] = set()
    try:
        for line in sys.stdin:
            request = json.loads(line)
            if "start" in request:
                answer: int | None = _fork(programs[request["start"]], request)
                running.add(answer or 0)
            else:
                answer = _code(request["wait"], request["timeout"])
                running -= set() if answer is None else {request["wait"]}
            print(json.dumps(answer), flush=True)  # noqa: T201 - it is what it answers
    finally:
        for pid in running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _fork(program: Any, request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        output = os.open(request["output"], os.O_WRONLY | os.O_CREAT, 0o644)
        for number in (1, 2):
            os.dup2(output, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        program(**request["arguments"])
        code = 0
    except BaseException:  # noqa: BLE001 - a child never goes on as if it were its parent
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(code)


def _code(pid: int, timeout: float) -> int | None:
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    return None


if __name__ == "__main__":
    if len(sys.argv) == 2:  # a side alone
        _serve(sys.argv[1])
    else:
        _programs(sys.argv[1])[sys.argv[2]](**json.loads(sys.argv[3]))
