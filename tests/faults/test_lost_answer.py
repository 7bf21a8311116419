"""A decision is recorded, and its answer never arrives."""

import jamsos
from tests.faults import evidence
from tests.faults.guarantees import plain_library, promised


def sent_by_a_writer_that_is_killed_before_it_notes_the_answer(side, place, folder, letter):
    """Let *letter* be answered, and nobody know of it."""
    acks = folder / "acks"
    writer = side.start("write", place=place, acks=str(acks), letters=[letter], unanswered=letter)
    assert writer.wait() == -9
    assert evidence.told(acks).answers == {}
    return acks


@promised("The command is sent again under its command id and gets its first answer.")
def test_a_command_that_is_sent_again_gets_the_first_answer(ours, prepared, tmp_path, tally):
    place, letter = prepared(ours), "w0-1"
    acks = sent_by_a_writer_that_is_killed_before_it_notes_the_answer(ours, place, tmp_path, letter)
    with jamsos.open(place) as registry:
        before = registry.last_position()
        events = [r.event for r in registry.history() if r.command == letter]

        again = ours.module.answer(registry, letter)

        assert again == jamsos.Accepted(*events)
        assert registry.last_position() == before
    tally(kills=1)
    assert ours.sent_again(place, evidence.told(acks), [letter]) == evidence.Harm()


@plain_library("The command is decided again: one letter puts two agents on two seats.")
def test_a_plain_request_that_is_sent_again_is_decided_twice(theirs, prepared, tmp_path, tally):
    place, letter = prepared(theirs), "w0-1"
    acks = sent_by_a_writer_that_is_killed_before_it_notes_the_answer(
        theirs, place, tmp_path, letter
    )

    tally(kills=1)
    assert theirs.sent_again(place, evidence.told(acks), [letter]).doubled == (letter,)
