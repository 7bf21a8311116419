"""The order in which facts of participants are told changes nothing of what they make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from hypothesis import event, given
from hypothesis import strategies as st

from jamsos import Accepted, Month, Months, Standing
from jamsos.audit.replay import replay
from jamsos.commands.contributions import Pay
from jamsos.commands.facts import Void
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.domain.coverage import Segment
from jamsos.domain.participant import LeavingReason
from jamsos.engine.world import Asked, World
from tests.laws.drawing import PEOPLE, SEEDS, tries
from tests.laws.playing import ALL_DEFINITIONS

SOMEBODY: Final = PEOPLE[0]
FIRST: Final = date(2018, 1, 28)
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER
BRANCHES: Final = ("JKT-1", "JKT-2", "JKT-3")


def facts(dice: Random) -> list[Asked]:
    """Return facts about one participant, on few days, many of which contradict each other."""
    made: list[Asked] = [Register(SOMEBODY, province="51", on=_day(dice, 3), segment=BPU)]
    made.extend(_fact(dice, number) for number in range(dice.randrange(2, 9)))
    return made


def _fact(dice: Random, number: int) -> Asked:
    on, segment = _day(dice), dice.choice((BPU, BPU, PU))
    match dice.randrange(8):
        case 0:
            return Register(SOMEBODY, province="31", on=on, segment=segment)
        case 1 | 2:
            return Move(SOMEBODY, province=dice.choice(("31", "33", "51")), on=on)
        case 3:
            return Transfer(SOMEBODY, branch=dice.choice(BRANCHES), on=on, segment=segment)
        case 4:
            reason = dice.choice((LeavingReason.OTHER, LeavingReason.OTHER, LeavingReason.DEATH))
            return Leave(SOMEBODY, reason=reason, on=on, segment=dice.choice((segment, None)))
        case 5:
            return ComeBack(SOMEBODY, province="32", on=on, segment=segment)
        case _:
            month = Month.of(on) + dice.randrange(-1, 2)
            return Pay(
                SOMEBODY,
                reference=f"r{number}",
                months=Months.between(month, month),
                income=1_000_000,
                amount=16_800,
                on=on,
                segment=segment,
                programmes=dice.choice((("jkk", "jkm"), ("jkk",))),
            )


def _day(dice: Random, most: int = 9) -> date:
    return FIRST + timedelta(days=dice.choice((0, 1, 3, 4, 5, 33, 34, 60, 61, 95)[: most + 1]))


def told(asked: Sequence[Asked]) -> tuple[World, tuple[bool, ...]]:
    """Return the world in which each of *asked* was told, and which were accepted as new."""
    world = World()
    steps = world.play(asked)
    return world, tuple(isinstance(s.answer, Accepted) and bool(s.happened) for s in steps)


def standings(world: World) -> tuple[object, ...]:
    """Return everything about the participant that depends on a day, and what is counted."""
    somebody, nothing = world.participant(SOMEBODY), (Standing(), ())
    recorded = {s: standing for s, standing in somebody.recorded.items() if standing not in nothing}
    stays = {s: stays for s, stays in somebody.life.stays.items() if stays not in nothing}
    stand = sorted((r, p.months) for r, p in somebody.payments.items() if not p.corrected)
    return recorded, stays, somebody.died_on, stand


@given(seed=SEEDS)
@tries(2000)
def test_facts_that_are_accepted_in_two_orders_make_the_same(seed):
    dice = Random(seed)
    asked = facts(dice)
    other = dice.sample(asked, len(asked))
    world, accepted = told(asked)
    world_, accepted_ = told(other)
    alike = {a for a, yes in zip(asked, accepted, strict=True) if yes}
    alike_ = {a for a, yes in zip(other, accepted_, strict=True) if yes}
    event("accepted alike" if alike == alike_ else "not accepted alike")

    if alike == alike_:
        assert standings(world) == standings(world_)


@given(seed=SEEDS)
@tries(2000)
def test_what_is_told_in_any_order_is_counted_as_a_recount_does(seed):
    world, _ = told(facts(Random(seed)))

    assert replay(world.history(), ALL_DEFINITIONS).findings == ()


@given(seed=SEEDS, data=st.data())
@tries(2000)
def test_a_fact_that_is_voided_is_as_if_it_had_never_been_told(seed, data):
    asked = facts(Random(seed))
    world, accepted = told(asked)
    stands = [a for a, yes in zip(asked, accepted, strict=True) if yes]
    gone = data.draw(st.integers(0, len(stands) - 1))
    step = world.ask(Void(SOMEBODY, version=gone + 1, on=date(2019, 1, 1)))
    event(step.outcome)
    if isinstance(step.answer, Accepted):
        without, accepted = told([*stands[:gone], *stands[gone + 1 :]])
        if all(accepted):
            assert standings(world) == standings(without)
        assert replay(world.history(), ALL_DEFINITIONS).findings == ()
