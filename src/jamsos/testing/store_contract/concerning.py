"""The index of what events concern: found after a position, and checked before an append."""

from __future__ import annotations

from typing import Final

from jamsos.domain.coverage import Segment
from jamsos.domain.geography import ProvinceCode
from jamsos.domain.identity import AgentId
from jamsos.domain.participant import Channel, ParticipantRegistered
from jamsos.errors import ConflictError
from jamsos.store.event_store import Entry, EventStore, entry

from .cases import ANI, BUDI, NOW, ON, Cases, begun, raises
from .watching import same

CASES: Final = Cases()


def _registered(number: int, by: str | None) -> Entry:
    event = ParticipantRegistered(
        segment=Segment.NON_WAGE_EARNER,
        province=ProvinceCode("51"),
        channel=Channel.DIRECT if by is None else Channel.AGENT,
        agent=None if by is None else AgentId(by),
        sponsor=None,
        changes=(),
        on=ON,
    )
    return entry(f"participant-00000000-0000-7000-8000-{number:012}", 1, event, NOW)


@CASES.of_one
def _what_concerns_a_stream_is_found_after_a_position(store: EventStore) -> None:
    store.append([_registered(1, ANI), _registered(2, BUDI), _registered(3, None)])
    store.append([_registered(4, ANI)])

    found = store.concerning({ANI: 0, BUDI: 0})
    same([(stream, r.position) for stream, r in found], [(ANI, 1), (BUDI, 2), (ANI, 4)])
    same([r.position for _, r in store.concerning({ANI: 1})], [4])
    same(store.concerning({ANI: 4}), [])


@CASES.of_one
def _a_decision_about_somebody_needs_that_nothing_new_concerns_them(store: EventStore) -> None:
    store.append([_registered(1, ANI), _registered(2, BUDI)])

    with raises(ConflictError):
        store.append([begun(1)], unconcerned={ANI: 1, BUDI: 1})
    same(store.last_position(), 2)
    same(store.append([begun(1)], unconcerned={ANI: 1, BUDI: 2}), range(3, 4))
