"""
The third layer of evidence that the cap holds: writers under schedules drawn from a seed.

Several writers, each with a registry of its own, share the real store in memory. Only one runs
at a time, and each call on the database is a place where another may go on: so every read,
every decision, every append and every reply is a choice of the dice. Replies are lost, appends
fail, commands are sent twice, by two writers at once too, writers die and come back with
nothing in their heads, seats are moved, and the cap is lowered and raised meanwhile. Commands
are about one of two days, and are told in any order: the cap must hold on both.

``SEED=17 SCHEDULES=1`` plays one schedule again; more ``SCHEDULES`` try more of them.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from random import Random
from threading import Lock, Thread
from typing import Any

import attrs
import pytest

import jamsos
from jamsos import Accepted, Citation, DatedValue, Month, Outcome, Registry, Status
from jamsos.audit.replay import replay
from jamsos.commands.agents import Recruit, Resign
from jamsos.commands.command import Command
from jamsos.commands.programmes import Amend
from jamsos.commands.seats import Allot, FitToCap, MoveSeats, ShareOut
from jamsos.desk.face import Verbs
from jamsos.domain.agent import Agent
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.geography import NATIONAL
from jamsos.domain.history import Recorded, in_order
from jamsos.domain.programme import Programme
from jamsos.domain.quota import Quota, QuotaSeatTaken
from jamsos.engine import writer as writing
from jamsos.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    OutcomeUnknownError,
    UnavailableError,
)
from jamsos.store.event_store import EventStore
from jamsos.store.recorder import Answered, NewRow, Recorder, Row
from jamsos.store.sqlite import SQLiteRecorder

SCHEDULES = int(os.environ.get("SCHEDULES", "2000"))
SEED = int(os.environ.get("SEED", "1"))

DAY, LATER = DAYS = (date(2018, 2, 5), date(2018, 3, 5))
"""Commands are about either of them, in any order; so are caps."""
NOW = datetime(2018, 2, 5, 3, tzinfo=UTC)
CAP = "agent-cap"
SOURCE = Citation("Example 1/2018", "article 1")
REGIONS = (NATIONAL, "51", "31")
AGENTS = tuple(f"agent-00000000-0000-7000-8000-{number:012}" for number in range(1, 10))
WRITERS = ("Ani", "Budi", "Citra")
FAULTS = 4
"""At the most in one schedule, so that it comes to an end."""
TRIES = 60
"""Of one command, by one writer."""


class Died(BaseException):
    """The process of a writer is gone; nothing of it catches this."""


# -- What is asked. ----------------------------------------------------------------


@attrs.frozen
class Asked:
    """The commands of one letter, with the id that it is sent under however often."""

    id: str
    commands: tuple[Command[Any], ...]

    def put_to(self, desk: Verbs) -> Any:
        return desk.ask(*self.commands) if len(self.commands) == 1 else desk.ask_all(self.commands)


def cap(seats: int, in_force: date = DAY) -> DatedValue:
    return DatedValue(value=seats, in_force=in_force, citation=SOURCE, status=Status.ASSUMED)


def a_day(dice: Random) -> date:
    return dice.choice((DAY, DAY, LATER))


def recruitment(dice: Random) -> Recruit:
    region = dice.choice(REGIONS)
    return Recruit(dice.choice(AGENTS), "perisai", province="51", region=region, on=a_day(dice))


def resignation(dice: Random) -> Resign:
    return Resign(dice.choice(AGENTS), on=a_day(dice))


def allotment(dice: Random) -> Allot:
    region, seats = dice.choice(REGIONS), dice.randrange(4)
    return Allot("perisai", seats + 2 * (region == NATIONAL), region=region, on=a_day(dice))


def move(dice: Random) -> MoveSeats:
    source, to = dice.sample(REGIONS, 2)
    return MoveSeats("perisai", 1, source=source, to=to, on=a_day(dice))


def shares(dice: Random) -> ShareOut:
    weights = {region: dice.randrange(1, 4) for region in REGIONS[1:]}
    return ShareOut("perisai", dice.randrange(2, 5), weights, on=a_day(dice))


def fitting(dice: Random) -> FitToCap:
    return FitToCap("perisai", on=a_day(dice))


def amendment(dice: Random) -> Amend:
    value, evaluation = cap(dice.choice((1, 2, 3, 5, 6)), a_day(dice)), dice.choice(NAMED)
    return Amend("perisai", CAP, value, evaluation=evaluation, on=DAY)


NAMED = ("first", "first", None)
"""The evaluations that an amendment may rest on."""

KINDS: tuple[tuple[int, int, Callable[[Random], Command[Any]]], ...] = (
    (8, 1, recruitment),
    (1, 2, recruitment),
    (2, 1, resignation),
    (2, 1, allotment),
    (2, 1, move),
    (1, 1, shares),
    (1, 1, fitting),
    (3, 1, amendment),
)
"""How often each kind is asked, how many of it together, and how it is drawn."""


def programmes(dice: Random) -> dict[str, list[Asked]]:
    """Return what each writer is to ask, some of it twice, or by two of them."""
    asked: dict[str, list[Asked]] = {who: [] for who in WRITERS}
    kinds = dice.choices(KINDS, [often for often, *_ in KINDS], k=7)
    for number, (_, together, draw) in enumerate(kinds):
        letter = Asked(f"letter-{number}", tuple(draw(dice) for _ in range(together)))
        times = dice.choice((1, 1, 2))
        for who in dice.choices(WRITERS, k=times):
            asked[who].append(letter)
    return asked


# -- Who may go on. ----------------------------------------------------------------


class Baton:
    """Lets one writer run at a time; the dice say who is next, at each step."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.steps: list[str] = []
        self.now = 0.0
        """In seconds: only pauses take time."""
        self._turns: dict[str, Lock] = {}
        self._runs = ""
        self._end = Lock()
        self._errors: list[BaseException] = []

    def run(self, jobs: Mapping[str, Callable[[], None]]) -> None:
        """Run *jobs* to their end; raise the first error of any."""
        threads = [Thread(target=self._job, args=job, daemon=True) for job in jobs.items()]
        self._turns = {who: Lock() for who in jobs}
        for lock in (self._end, *self._turns.values()):
            lock.acquire()
        for thread in threads:
            thread.start()
        self._pass_on()
        if not self._end.acquire(timeout=60):
            self._errors.append(TimeoutError("the schedule does not come to an end"))
        for error in self._errors:
            raise error

    def step(self, what: str) -> None:
        """Say what the one who runs does next, and let the dice choose who goes on."""
        me = self._runs
        self.steps.append(f"{me} {what}")
        if self._pass_on() != me:
            self._turns[me].acquire()

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.step("pauses")

    def chance(self, one_in: int) -> bool:
        return self.dice.randrange(one_in) == 0

    def _pass_on(self) -> str:
        before = self._runs
        chosen = self._runs = self.dice.choice(list(self._turns))
        if chosen != before:
            self._turns[chosen].release()  # from here on, nothing of this belongs to us
        return chosen

    def _job(self, who: str, job: Callable[[], None]) -> None:
        self._turns[who].acquire()
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - raised by who waits for the end
            self._errors.append(error)
        del self._turns[who]
        self._runs = ""
        if self._turns:
            self._pass_on()
        else:
            self._end.release()


class Scheduled:
    """A `Recorder` that wraps another: each call is a step, and may fail as the dice say."""

    def __init__(self, recorder: Recorder, baton: Baton) -> None:
        self.place = recorder.place
        self._recorder = recorder
        self._baton = baton
        self._faults = FAULTS

    def append(
        self,
        rows: Sequence[NewRow],
        *,
        expected: Mapping[str, int],
        after: int | None,
        answered: Sequence[Answered],
        **rest: Any,
    ) -> int:
        self._baton.step(f"appends {', '.join(a.command for a in answered)}: {len(rows)} events")
        fault = self._fault(20, ("away", "broken", "dead", "lost", "dead after", "lost"))
        if fault == "away":
            raise UnavailableError(fault)
        if fault == "broken":
            raise OutcomeUnknownError(fault)
        try:
            last = self._recorder.append(
                rows, expected=expected, after=after, answered=answered, **rest
            )
        except ConflictError:
            self._baton.steps.append("  conflict")
            raise
        self._baton.step(f"has appended from {last + 1}, and waits for the reply")
        if fault == "lost":
            raise OutcomeUnknownError(fault)
        if fault == "dead after":
            raise Died
        return last

    def load(
        self,
        rows: Iterable[NewRow],
        answered: Iterable[Answered],
        concerns: Iterable[tuple[str, int]],
    ) -> int:
        return self._recorder.load(rows, answered, concerns)

    def news(self, versions: Mapping[str, int]) -> list[Row]:
        self._read(f"reads {', '.join(versions)}")
        return self._recorder.news(versions)

    def page(self, after: int, upto: int, names: Sequence[str]) -> list[Row]:
        self._read(f"reads from {after} to {upto}")
        return self._recorder.page(after, upto, names)

    def answers(self, commands: Sequence[str]) -> list[Answered]:
        self._read(f"asks for the answer to {', '.join(commands)}")
        return self._recorder.answers(commands)

    def last_position(self) -> int:
        self._read("asks for the last position")
        return self._recorder.last_position()

    def close(self) -> None:
        """Leave it open: others write to it."""

    def _read(self, what: str) -> None:
        self._baton.step(what)
        if self._fault(60, ("away", "dead")) == "away":
            raise UnavailableError(what)

    def _fault(self, one_in: int, kinds: Sequence[str]) -> str:
        """Return what goes wrong, if anything: one time in so many, and not too often."""
        dice = self._baton.dice
        if not self._faults or dice.randrange(one_in):
            return ""
        self._faults -= 1
        fault = dice.choice(kinds)
        self._baton.steps.append(f"  {fault}")
        if fault == "dead":
            raise Died
        return fault


# -- A writer: asks until it is answered. ------------------------------------------


class Writer:
    """A process that is to get an answer to each command, whatever fails, and however often."""

    patience = writing.PATIENCE

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.registry = self._started()
        self.answers: list[tuple[Asked, Any]] = []

    def work(self, commands: Iterable[Asked]) -> None:
        for command in commands:
            for attempt in range(TRIES):
                try:
                    answer = command.put_to(self.desk(command.id, attempt))
                except Died:
                    self.registry = self._started()
                except (ConflictError, UnavailableError, OutcomeUnknownError):
                    pass
                except (InputError, NotFoundError):
                    break  # it cannot be meant so: nothing is recorded, and nothing kept
                else:
                    self.answers.append((command, answer))
                    break
            else:
                msg = f"no answer to {command.id} in {TRIES} tries"
                raise AssertionError(msg)

    def desk(self, command: str, _attempt: int) -> Verbs:
        return self.registry.once(command)

    def _started(self) -> Registry:
        """Return a registry that knows nothing yet."""
        return Registry(EventStore(self._recorder), clock=lambda: NOW, patience=self.patience)


class ImpatientWriter(Writer):
    """Is told of every error at once, and sends the command again itself."""

    patience = 0


# -- One schedule, and what must hold of it. ---------------------------------------


def beginning() -> list[NewRow]:
    """Return a history with a cap of 5, and 5 seats in three regions, of which two are taken."""
    with jamsos.open(":memory:", clock=lambda: NOW) as registry:
        for rule, value in ((CAP, cap(5)), ("agent-idle-months", cap(3))):
            registry.enact("perisai", rule, unit="agents", values=[value], on=DAY).or_raise()
        registry.open_evaluation("perisai", "first", trigger="an example", on=DAY).or_raise()
        registry.conclude_evaluation(
            "perisai", "first", outcome=Outcome.RAISE, month=Month(2018, 1), after_months=3, on=DAY
        ).or_raise()
        for region, seats in ((NATIONAL, 5), ("51", 2), ("31", 1)):
            registry.allot("perisai", seats, region=region, on=DAY).or_raise()
        for agent, region in zip(AGENTS, ("51", NATIONAL), strict=False):
            registry.recruit(agent, "perisai", province="51", region=region, on=DAY).or_raise()
        last = registry.last_position()
        return [row[1:] for row in registry._store._recorder.page(0, last, ())]


BEGINNING = beginning()


@attrs.frozen
class Played:
    """The outcome of a schedule."""

    steps: list[str]
    history: list[Recorded[Event]]
    writers: list[Writer]
    kept: Mapping[str, tuple[Any, ...]]
    """The answers to each command that the store has kept."""


Below = Callable[[Recorder], Recorder]
"""The layer between the schedule and the store: nothing, or something that is wrong."""


def play(seed: int, *, kinds: Sequence[type[Writer]], below: Below = lambda r: r) -> Played:
    """Play the schedule that *seed* draws, with one writer of each of *kinds*."""
    dice = Random(seed)
    baton = Baton(dice)
    store = SQLiteRecorder(":memory:", create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "sleep", baton.sleep)
        patch.setattr(writing, "monotonic", lambda: baton.now)
        patch.setattr(writing, "uniform", dice.uniform)
        try:
            store.load(BEGINNING, (), ())
            scheduled = Scheduled(below(store), baton)
            asked = programmes(dice)
            writers = {who: kind(scheduled) for who, kind in zip(asked, kinds, strict=True)}
            baton.run({who: lambda w=w, a=asked[who]: w.work(a) for who, w in writers.items()})
            whole = EventStore(store)
            ids = sorted({command.id for commands in asked.values() for command in commands})
            played = Played(
                baton.steps,
                list(in_order(whole.history())),
                list(writers.values()),
                {i: known.answers for i, known in whole.answers(ids).items()},
            )
            check(played)
            for writer in played.writers:
                writer.registry._source._store = whole  # the schedule is over
            check_the_living(played)
        except Exception as error:
            story = "\n  ".join(baton.steps)
            again = f"SEED={seed} SCHEDULES=1 pytest {os.path.relpath(__file__)}"
            msg = f"{error!r}\n  {story}\nplay it again: {again}"
            raise AssertionError(msg) from error
        finally:
            store.close()
    return played


def check(played: Played) -> None:
    """Raise for a seat too many, a decision that is lost or doubled, or two answers to one."""
    states: dict[str, State] = {}
    for recorded in played.history:
        stream = recorded.stream
        states[stream] = state_of(stream, [recorded.event], since=states.get(stream))
        check_seats(states, recorded)
    quotas = [state for state in states.values() if isinstance(state, Quota)]
    holders = [state for state in states.values() if isinstance(state, Agent) and state.seat]
    assert len(holders) == sum(quota.taken for quota in quotas), "a seat that nobody holds"
    for then in ([quota.at(day) for quota in quotas] for day in DAYS):
        issued = max(quota.issued for quota in then if quota.region == NATIONAL)
        assert sum(quota.allotted for quota in then) == issued, "seats came up, or went away"
    assert not replay(played.history).findings

    decided: dict[str | None, list[Recorded[Event]]] = defaultdict(list)
    for recorded in played.history[len(BEGINNING) :]:
        decided[recorded.command].append(recorded)
    given = [each for writer in played.writers for each in writer.answers]
    for command, answer in given:
        answers = tuple(answer) if isinstance(answer, list) else (answer,)
        kept = played.kept.get(command.id)
        assert kept is not None, f"{command.id} is answered, and its answer is not kept"
        assert answers == kept, f"{command.id} is decided twice, and answered in two ways"
        events = [event for each in answers for event in _events(each)]
        assert events == [r.event for r in decided[command.id]], f"{command.id}: another decision"
        places = [r.position for r in decided[command.id]]
        assert places == list(range(min(places, default=0), max(places, default=-1) + 1))
    assert decided.keys() <= {command.id for command, _ in given}, "a decision nobody was told of"


def _events(answer: Any) -> tuple[Event, ...]:
    return answer.events if isinstance(answer, Accepted) else ()


def check_seats(states: Mapping[str, State], recorded: Recorded[Event]) -> None:
    """Raise if on a day more agents are seated than there are seats, or than the cap allows."""
    quotas = [state for state in states.values() if isinstance(state, Quota)]
    for day in DAYS:
        then = [quota.at(day) for quota in quotas]
        for quota in then:
            fits = 0 <= quota.taken <= quota.allotted
            told = f"at {recorded.position}: more hold seats of {quota.region} than there are"
            assert fits, f"{told} on {day}"
        seated = sum(quota.taken for quota in then)
        assert seated <= max((q.issued for q in then if q.region == NATIONAL), default=0)
        if isinstance(recorded.event, QuotaSeatTaken) and recorded.event.on <= day:
            law = next(state for state in states.values() if isinstance(state, Programme))
            most = law.rule(CAP, day).value
            told = f"at {recorded.position}: {seated} are seated under a cap of {most}"
            assert seated <= most, f"{told} on {day}"


def check_the_living(played: Played) -> None:
    """Raise if a writer knows otherwise than the history tells."""
    streams: dict[str, list[Event]] = defaultdict(list)
    for recorded in played.history:
        streams[recorded.stream].append(recorded.event)
    for writer in played.writers:
        for stream, (state, version) in writer.registry._source.load_many(list(streams)).items():
            assert version == len(streams[stream])
            assert state == state_of(stream, streams[stream]), f"{stream} is known otherwise"


# -- It holds. ---------------------------------------------------------------------

WHO = (Writer, ImpatientWriter, Writer)
PARTS = 4
"""Of all the schedules, so that several processes may play them."""
HAPPENS = (
    "conflict", "away", "broken", "dead", "lost", "dead after", "pauses", "Accepted", "Refused",
    "agent-cap", "programme-evaluation", "answered again", "seats moved",
)  # fmt: skip


@pytest.mark.parametrize("part", range(PARTS))
def test_the_cap_holds_in_every_schedule_and_every_command_is_decided_once(part):
    happened: Counter[str] = Counter()
    for seed in range(SEED + part, SEED + SCHEDULES, PARTS):
        happened += exercised(play(seed, kinds=WHO))
    if SCHEDULES >= 1_000:
        assert all(happened[what] >= 5 for what in HAPPENS), happened


def exercised(played: Played) -> Counter[str]:
    """Count what happened in a schedule: evidence of nothing is none."""
    counted = Counter(step.rpartition("  ")[2] for step in played.steps if step.startswith("  "))
    counted["pauses"] += sum(step.endswith("pauses") for step in played.steps)
    asked = Counter(command.id for writer in played.writers for command, _ in writer.answers)
    counted["answered again"] += asked.total() - len(asked)
    for writer in played.writers:
        for command, told in writer.answers:
            for answer in told if isinstance(told, list) else (told,):
                counted[type(answer).__name__] += 1
                counted.update({r.policy for r in getattr(answer, "reasons", ())})
                counted["seats moved"] += (
                    isinstance(command.commands[0], Allot) and len(_events(answer)) == 2
                )
    return counted


def test_a_schedule_is_the_same_each_time_it_is_played():
    for seed in range(SEED, SEED + 10):
        assert play(seed, kinds=WHO).steps == play(seed, kinds=WHO).steps


# -- It would be found if it did not hold. -----------------------------------------


class Through:
    """Passes everything on to another `Recorder`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name)

    def append_anyhow(self, rows: Sequence[NewRow], **rest: Any) -> int:
        """Append *rows* as the next versions, whatever has been recorded meanwhile."""
        versions = Counter(row[1] for row in self._recorder.news({row[0]: 0 for row in rows}))
        again: list[NewRow] = []
        for stream, _, name, data in rows:
            versions[stream] += 1
            again.append((stream, versions[stream], name, data))
        return self._recorder.append(again, **rest)


class ChecksNoReads(Through):
    """Checks the streams that are written to, and none that the decision has only read."""

    def append(self, rows: Sequence[NewRow], *, expected: Mapping[str, int], **rest: Any) -> int:
        written = {stream for stream, *_ in rows}
        only = {stream: version for stream, version in expected.items() if stream in written}
        return self._recorder.append(rows, expected=only, **rest)


class IgnoresVersions(Through):
    """Appends to the end of each stream, wherever the decision thought it was."""

    def append(self, rows: Sequence[NewRow], **rest: Any) -> int:
        return self.append_anyhow(rows, **{**rest, "expected": {}, "after": None})


class SendsTheDraftAgain(Through):
    """After a conflict, writes what was decided before it, and does not decide again."""

    def append(self, rows: Sequence[NewRow], **rest: Any) -> int:
        try:
            return self._recorder.append(rows, **rest)
        except ConflictError:
            return self.append_anyhow(rows, **{**rest, "expected": {}, "after": None})


class ForgetsTheId(ImpatientWriter):
    """Sends a command again without the id that it was first sent under."""

    def desk(self, command: str, attempt: int) -> Verbs:
        return self.registry.once(command) if attempt == 0 else self.registry


@pytest.mark.parametrize(
    ("kinds", "below", "within", "problem"),
    [
        (WHO, ChecksNoReads, 600, "are seated under a cap of"),
        (WHO, IgnoresVersions, 50, "than there are"),
        (WHO, SendsTheDraftAgain, 50, "than there are"),
        ((ForgetsTheId,) * 3, lambda r: r, 50, "is decided twice, and answered in two ways"),
    ],
    ids=["reads are not checked", "versions are ignored", "the draft is sent again", "no id again"],
)
def test_what_a_wrong_writer_does_is_found(kinds, below, within, problem):
    found = (str(error).partition("\n")[0] for error in problems(within, kinds, below))
    assert any(problem in told for told in found)


def problems(
    schedules: int, kinds: Sequence[type[Writer]], below: Below
) -> Iterator[AssertionError]:
    """Play so many schedules, and yield what is wrong with them."""
    for seed in range(1, schedules + 1):
        try:
            play(seed, kinds=kinds, below=below)
        except AssertionError as error:
            yield error
