"""Every event of a case goes through its stored form and back, and every state is made of that."""

from __future__ import annotations

from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.codec import UnreadableEventError
from jamsos.engine.world import World
from jamsos.store.catalogue import CODEC


def check_stored(world: World) -> None:
    """Fail where an event of *world*, stored and read, is another, or makes another state."""
    states: dict[str, State] = {s: state for s, (state, _) in world.begins.states.items()}
    for stream, _, event in world.events:
        read = _stored_and_read(event)
        if read != event:
            msg = f"stored and read back, an event is another:\n  {event!r}\n  {read!r}"
            raise AssertionError(msg)
        states[stream] = state_of(stream, (read,), since=states.get(stream))
    for stream, (state, _) in world.states.items():
        if states[stream] != state:
            made = states[stream]
            msg = f"made of what was stored, {stream} is:\n  {made!r}\nand was:\n  {state!r}"
            raise AssertionError(msg)


def _stored_and_read(event: Event) -> Event:
    try:
        read: Event = CODEC.decode(CODEC.name(event), CODEC.encode(event))
    except (UnreadableEventError, NotImplementedError) as error:
        msg = f"an event cannot be stored and read back: {error}\n  {event!r}"
        raise AssertionError(msg) from error
    return read
