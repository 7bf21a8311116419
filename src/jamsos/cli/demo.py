"""`jamsos demo`: the agency programme, played through the real front desk and counted."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, Final, cast

import attrs

from jamsos.audit.replay import Replay, replay
from jamsos.commands.agents import EvaluateAgents
from jamsos.commands.command import Command as Asking
from jamsos.desk import Desk
from jamsos.domain.active import MANDATORY
from jamsos.domain.agent import AgentStatus, DeactivationReason
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month
from jamsos.domain.decision import Reason, Refused
from jamsos.domain.programme import Outcome
from jamsos.engine.world import Asked
from jamsos.errors import InputError
from jamsos.formulas.active import DEFINITIONS, IN_GRACE
from jamsos.policies.agent_cap import RULE as AGENT_CAP
from jamsos.policies.agent_evaluation import IDLE_RULE, RETURN_RULE
from jamsos.projections.cap_use import CapUse
from jamsos.projections.targets import Progress, progress
from jamsos.registry import Registry, open_registry
from jamsos.store import history_file
from jamsos.store.event_store import EventStore
from jamsos.store.new_store import made_aside
from jamsos.store.place import is_address, shown_place

from .command import Command
from .exit_codes import FINDINGS, FINE
from .played_clock import PlayedClock
from .progress import progress_bar
from .scenario import CONCLUDED, EVALUATION, PROGRAMME, ROLL_OUT, Scenario, Watched
from .story import sentence


@attrs.frozen
class _Said:
    """A command that was refused, and why."""

    about: str
    reasons: tuple[Reason, ...]


@attrs.frozen
class _Played:
    """A programme that was played: what is told of it, and whether that *agrees* throughout."""

    answer: dict[str, Any]
    replayed: Replay
    agrees: bool


def demo(asked: argparse.Namespace) -> int:
    """Play the programme, print what the events say, and replay them; say if anything differs."""
    played = _kept(asked) if asked.store is not None else _thrown_away(asked)
    text = _text(played.answer, played.replayed, asked.store)
    print(json.dumps(played.answer) if asked.json else "\n".join(text))
    return FINE if played.agrees else FINDINGS


def _kept(asked: argparse.Namespace) -> _Played:
    """Play in a store of its own, and put that, as a whole, where it is to be kept."""
    if not is_address(asked.store):
        with made_aside(asked.store, "demo") as made:
            played = _played(made.path, asked)
            made.publish()
    else:
        with EventStore(asked.store) as store:
            _check_empty(store)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "perisai.db"
            played = _played(path, asked)
            with EventStore(path, create=False) as store:
                history_file.fill(asked.store, (entry for _, entry in store.entries()))
    history_file.check_filled(asked.store, played.answer["events"])
    return played


def _thrown_away(asked: argparse.Namespace) -> _Played:
    with tempfile.TemporaryDirectory() as folder:
        return _played(Path(folder) / "perisai.db", asked)


def _check_empty(store: EventStore) -> None:
    if number := store.last_position():
        msg = f"{store.place} holds {number:,} events: give the demo an empty database"
        raise InputError(msg)


def _played(path: Path, asked: argparse.Namespace) -> _Played:
    clock = PlayedClock(ROLL_OUT)
    with open_registry(path, clock=clock) as registry:
        return _play(registry, clock, asked)


def _play(registry: Registry, clock: PlayedClock, asked: argparse.Namespace) -> _Played:
    scenario = Scenario(asked.until, asked.seed)
    stage, started = scenario.stage, perf_counter()
    said = _record(registry, clock, scenario)
    evaluations = []
    if asked.until == "2018-12":
        clock.turn_to(CONCLUDED)
        evaluations.append(_evaluate_programme(registry))
    else:
        said.append(_early_return(registry))
    seconds = perf_counter() - started
    events = registry.last_position()

    started = perf_counter()
    replayed = replay(registry.history())
    replay_seconds = perf_counter() - started
    performance, cap_use = replayed.performance, replayed.cap_use

    month = Month.of(stage.last)
    programme = registry.programme(PROGRAMME)
    idle = programme.rule(IDLE_RULE, stage.last).value
    derived = {
        "agents holding seats": (stage.seats, cap_use.taken(PROGRAMME)),
        "of them productive": (
            stage.productive,
            len(performance.productive(month, months=idle)),
        ),
        "participants acquired": (stage.acquired, performance.acquired()),
    }
    answer = {
        "until": stage.last.isoformat(),
        "published in": stage.source,
        "figures": {n: {"published": p, "derived": d} for n, (p, d) in derived.items()},
        "agents recruited": len(performance.recruited),
        "cap": _cap(registry, cap_use, stage.last),
        "informal participants": _toward(
            progress(
                programme, "informal-participants", added=performance.acquired(), on=stage.last
            )
        ),
        "counts": {
            str(m): {name: replayed.active[name, MANDATORY].count(m) for name in DEFINITIONS}
            for m in _months(month)
        },
        "flows": [
            {**attrs.asdict(replayed.flows[IN_GRACE.name, MANDATORY].of(m)), "month": str(m)}
            for m in _months(month)
        ],
        "refusals": [
            {"asked": s.about, "reasons": [str(reason) for reason in s.reasons]} for s in said
        ],
        "evaluations": evaluations,
        "events": events,
        "seconds": round(seconds, 2),
        "events per second": round(events / seconds),
        "replay": {
            "events": replayed.events,
            "compared": replayed.compared,
            "findings": [finding.what for finding in replayed.findings],
            "seconds": round(replay_seconds, 2),
            "events per second": round(events / replay_seconds),
        },
    }
    refused = {reason.policy for each in said for reason in each.reasons}
    agrees = (
        all(p == d for p, d in derived.values())
        and not replayed.findings
        and refused == {AGENT_CAP, RETURN_RULE}
    )
    return _Played(answer, replayed, agrees)


def _record(registry: Registry, clock: PlayedClock, scenario: Scenario) -> list[_Said]:
    """Ask every command of the front desk, a day in a transaction; return what was refused."""
    said: list[_Said] = []
    with progress_bar(len(scenario), " commands") as advance:
        for day, commands in scenario:
            clock.turn_to(day)
            with registry.batch() as desk:
                together: list[Asked | Watched] = []
                for asked in commands:
                    if isinstance(asked, EvaluateAgents):
                        said += _asked(desk, together)
                        together = []
                        for answer in desk.evaluate_agents(asked.programme, on=asked.on).values():
                            answer.or_raise()
                    else:
                        together.append(asked)
                said += _asked(desk, together)
            advance(len(commands))
    return said


def _asked(desk: Desk, together: Sequence[Asked | Watched]) -> Iterator[_Said]:
    """Ask what comes *together*, and yield what the law was expected to refuse and did."""
    commands = [each.command if isinstance(each, Watched) else each for each in together]
    answers = desk.ask_all(cast("list[Asking[Event]]", commands))
    for each, answer in zip(together, answers, strict=True):
        if not isinstance(each, Watched):
            answer.or_raise()
        elif isinstance(answer, Refused):
            yield _Said(each.about, answer.reasons)


def _early_return(registry: Registry) -> _Said:
    """Ask, without recording it, for the return of an idle agent a day before their time."""
    performance = registry.performance()
    desk = registry.trial()
    idle_since = date(2017, 12, 31)
    agent = next(
        a
        for a in sorted(performance.active)
        if performance.acquired(a) == 0
        and (state := registry.agent(a)).status is AgentStatus.ACTIVE
        and state.active_since is not None
        and state.active_since <= idle_since
    )
    deactivated, asked = date(2018, 4, 1), date(2018, 9, 30)
    desk.deactivate(agent, on=deactivated, reason=DeactivationReason.IDLE).or_raise()
    answer = desk.reactivate(agent, on=asked)
    reasons = answer.reasons if isinstance(answer, Refused) else ()
    about = (
        f"on trial, not recorded: an agent who acquires nobody is deactivated on {deactivated}"
        f" and asks on {asked} to return"
    )
    return _Said(about, reasons)


def _evaluate_programme(registry: Registry) -> str:
    """Conclude the evaluation of the year, and adopt the cap of 2019; say what it found."""
    on = CONCLUDED
    concluded = registry.conclude_evaluation(
        PROGRAMME,
        EVALUATION,
        outcome=Outcome.RAISE,
        month=Month.of(on),
        after_months=3,
        on=on,
    ).or_raise()
    registry.adopt(PROGRAMME, on=on, evaluation=EVALUATION).or_raise()
    return " ".join(sentence(event) for event in concluded.events)


def _cap(registry: Registry, cap_use: CapUse, on: date) -> dict[str, Any]:
    rule = registry.programme(PROGRAMME).rule(AGENT_CAP, on)
    return {
        "taken": cap_use.taken(PROGRAMME),
        "issued": cap_use.issued(PROGRAMME),
        "cap": rule.value,
        "rule": rule.ref,
        "source": str(rule.citation),
        "status": rule.dated.status,
        "others say": [f"{c.value:,}: {c.citation}" for c in rule.dated.conflicts],
    }


def _toward(made: Progress) -> dict[str, Any]:
    return {
        "opening": made.opening.value,
        "acquired": made.added,
        "reached": made.reached,
        "target": made.target.value,
        "per mille of growth": made.per_mille_of_growth,
        "source": str(made.opening.citation),
    }


def _months(last: Month) -> list[Month]:
    first = Month.parse("2017-11")
    return [first + n for n in range(last - first + 1)]


def _text(answer: dict[str, Any], replayed: Replay, store: str | None) -> Iterator[str]:
    yield f"The agency programme, 20 November 2017 to {answer['until']}"
    yield f"{'':<26}{'published':>12}{'derived':>12}   ({answer['published in']})"
    for name, figure in answer["figures"].items():
        yield f"  {name:<24}{figure['published']:>12,}{figure['derived']:>12,}"
    yield f"  {'agents recruited so far':<24}{'':>12}{answer['agents recruited']:>12,}"
    cap = answer["cap"]
    yield ""
    yield f"Seats: {cap['taken']:,} of {cap['cap']:,} taken ({cap['rule']}: {cap['source']})"
    for other in cap["others say"]:
        yield f"  kept, and not used: {other}"
    goal = answer["informal participants"]
    yield (
        f"Informal participants: {goal['opening']:,} + {goal['acquired']:,} acquired ="
        f" {goal['reached']:,} of {goal['target']:,}"
    )
    yield (
        f"  {goal['per mille of growth'] / 10:.1f} % of the growth that was planned"
        f" ({goal['source']})"
    )
    yield ""
    yield "Active participants at the end of each month, of those the agents acquired"
    yield f"  {'':<10}" + "".join(f"{name:>12}" for name in DEFINITIONS)
    for month, counts in answer["counts"].items():
        yield f"  {month:<10}" + "".join(f"{number:>12,}" for number in counts.values())
    yield ""
    yield f"Flows of {IN_GRACE.name}: opening + joined + came back - left = closing"
    for flow in answer["flows"]:
        yield (
            f"  {flow['month']:<10}{flow['opening']:>12,} + {flow['joined']:,} +"
            f" {flow['came_back']:,} - {flow['left']:,} = {flow['closing']:,}"
        )
    for evaluation in answer["evaluations"]:
        yield ""
        yield f"On 11 December 2018: {evaluation}"
    yield ""
    yield "Refused"
    for refusal in _few(answer["refusals"]):
        yield f"  {refusal['asked']}"
        for reason in refusal["reasons"]:
            yield f"    {reason}"
    yield ""
    yield (
        f"{answer['events']:,} events recorded in {answer['seconds']:.1f} s:"
        f" {answer['events per second']:,} a second"
    )
    again = answer["replay"]
    outcome = "all agree" if not again["findings"] else f"{len(again['findings'])} findings"
    yield (
        f"Replayed and recounted person by person in {again['seconds']:.1f} s:"
        f" {again['compared']:,} counts compared, {outcome}"
    )
    for finding in replayed.findings[:20]:
        yield f"  FINDING  {finding.what}"
    if store is not None:
        place = shown_place(store)
        yield f"The history is in {place}: try 'jamsos count {place} --month 2018-01 --by segment'"


def _few(refusals: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return one refusal for each set of policies: alike ones tell nothing new."""
    seen = set()
    for refusal in refusals:
        alike = refusal["asked"].partition(",")[0]
        if alike not in seen:
            seen.add(alike)
            yield refusal


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--store",
        metavar="NEW",
        help="keep the history here, in a new store or an empty database; else it is thrown away",
    )
    parser.add_argument(
        "--until", choices=("2018-02", "2018-12"), default="2018-02", help="how far"
    )
    parser.add_argument("--seed", type=int, default=2018, help="another seed, other people")


COMMAND: Final = Command(
    run=demo,
    arguments=_arguments,
    example="jamsos demo --until 2018-12 --store perisai.db",
)
