"""Laws by which what is stored is read as it was written, and makes the same states."""

from __future__ import annotations

from typing import Any

from jamsos.domain.aggregate import Event
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.codec import UnreadableEventError
from jamsos.store.catalogue import CODEC
from jamsos.testing.laws.history import History
from jamsos.testing.laws.stating import Law, law, only_if

from .citing import HOW_IT_WORKS


def round_trip() -> Law:
    """Return the law that each event is read as it was stored, and stored again as it was."""

    @law("An event is read as it was written", cite=HOW_IT_WORKS)
    def round_trip(event: Any) -> None:  # noqa: ANN401 - any event
        stored = _stored(event)
        read = _read(event, stored)
        assert read == event, f"{CODEC.name(event)} is read otherwise than it was"
        assert _stored(read) == stored, f"{CODEC.name(event)} is stored otherwise again"

    return round_trip


def replay_equals_live() -> Law:
    """Return the law that the stored events, one version after another, make the live states."""

    @law(
        "A replay of the stored events comes to the states that were decided on", cite=HOW_IT_WORKS
    )
    def replay_equals_live(history: History) -> None:
        only_if(history.world.events)
        known = dict(history.world.begins.states)
        for stream, version, event in history.world.events:
            state, last = known.get(stream) or (state_of(stream, ()), 0)
            assert version == last + 1, f"version {version} of {stream} follows version {last}"
            read = _read(event, _stored(event))
            known[stream] = (state_of(stream, (read,), since=state), version)
        for stream, live in history.world.states.items():
            assert known.get(stream) == live, f"{stream} is another in the replay"

    return replay_equals_live


def _stored(event: Event) -> bytes:
    try:
        return CODEC.encode(event)
    except (TypeError, ValueError, NotImplementedError) as error:
        msg = f"{type(event).__name__} cannot be stored: {error}"
        raise AssertionError(msg) from error


def _read(event: Event, stored: bytes) -> Event:
    try:
        read: Event = CODEC.decode(CODEC.name(event), stored)
    except (KeyError, UnreadableEventError) as error:
        msg = f"{type(event).__name__} cannot be read again: {error}"
        raise AssertionError(msg) from error
    return read
