"""Letters on what changes later: corrections, moves, transfers, ends."""

from collections.abc import Iterator
from datetime import date

from values import ANI, BUDI, FISHER, MASON, Letter, of

import jamsos
from jamsos.domain.agent import DeactivationReason, TerminationCause
from jamsos.domain.participant import LeavingReason


def changes() -> Iterator[Letter]:
    fisher = {"participant": FISHER}
    yield (
        "correct",
        lambda desk: desk.correct(FISHER, corrects="F-3", on=date(2018, 1, 16)),
        [of("participant.correct.v1", **fisher, corrects="F-3", on="2018-01-16")],
    )
    yield (
        "correct-reason",
        lambda desk: desk.correct(
            FISHER, corrects="F-4", on=date(2018, 1, 16), reason="paid-twice"
        ),
        [
            of(
                "participant.correct.v1",
                **fisher,
                corrects="F-4",
                on="2018-01-16",
                reason="paid-twice",
            )
        ],
    )
    yield (
        "move",
        lambda desk: desk.move(FISHER, province="52", on=date(2018, 1, 17)),
        [of("participant.move.v1", **fisher, province="52", on="2018-01-17")],
    )
    yield (
        "transfer-branch",
        lambda desk: desk.transfer(FISHER, branch="N03", on=date(2018, 1, 18)),
        [of("participant.transfer.v1", **fisher, branch="N03", on="2018-01-18")],
    )
    yield (
        "transfer-agent",
        lambda desk: desk.transfer(FISHER, agent=BUDI, on=date(2018, 1, 19), branch=None),
        [of("participant.transfer.v1", **fisher, agent=BUDI, on="2018-01-19")],
    )
    yield (
        "award-incentive",
        lambda desk: desk.award_incentive(ANI, jamsos.Month(2018, 1), on=date(2018, 2, 2)),
        [of("agent.award-incentive.v1", agent=ANI, month="2018-01", on="2018-02-02")],
    )
    yield (
        "leave",
        lambda desk: desk.leave(FISHER, reason=LeavingReason.LEFT_WORK, on=date(2018, 2, 5)),
        [of("participant.leave.v1", **fisher, reason="left-work", on="2018-02-05")],
    )
    yield (
        "leave-segment",
        lambda desk: desk.leave(
            MASON, reason="other", on=date(2018, 2, 5), segment=jamsos.Segment.CONSTRUCTION
        ),
        [
            of(
                "participant.leave.v1",
                participant=MASON,
                reason="other",
                on="2018-02-05",
                segment="construction",
            )
        ],
    )
    yield (
        "come-back",
        lambda desk: desk.come_back(FISHER, province="51", on=date(2018, 3, 5), agent=BUDI),
        [
            of(
                "participant.come-back.v1",
                **fisher,
                province="51",
                on="2018-03-05",
                agent=BUDI,
            )
        ],
    )
    yield (
        "deactivate-refused",
        lambda desk: desk.deactivate(BUDI, on=date(2018, 3, 5)),
        [of("agent.deactivate.v1", agent=BUDI, on="2018-03-05")],
    )
    yield (
        "deactivate",
        lambda desk: desk.deactivate(BUDI, on=date(2018, 3, 6), reason=DeactivationReason.OFFICE),
        [of("agent.deactivate.v1", agent=BUDI, on="2018-03-06", reason="office")],
    )
    yield (
        "reactivate-refused",
        lambda desk: desk.reactivate(BUDI, on=date(2018, 3, 7)),
        [of("agent.reactivate.v1", agent=BUDI, on="2018-03-07")],
    )
    yield (
        "reactivate",
        lambda desk: desk.reactivate(BUDI, on=date(2018, 12, 7), region="51"),
        [of("agent.reactivate.v1", agent=BUDI, on="2018-12-07", region="51")],
    )
    yield (
        "resign",
        lambda desk: desk.resign(ANI, on=date(2018, 12, 8)),
        [of("agent.resign.v1", agent=ANI, on="2018-12-08")],
    )
    yield (
        "terminate",
        lambda desk: desk.terminate(BUDI, cause=TerminationCause.FRAUD, on=date(2018, 12, 9)),
        [of("agent.terminate.v1", agent=BUDI, cause="fraud", on="2018-12-09")],
    )
