"""The clock is set back by two days between two writes."""

from datetime import UTC, datetime, timedelta

import eventsourcing.domain

import jamsos
from jamsos.audit import replay
from tests.faults import evidence, plain, programs
from tests.faults.guarantees import plain_library, promised

NOW = datetime(2018, 2, 6, 9, 0, tzinfo=UTC)
CLOCK = [NOW, NOW + timedelta(hours=1), NOW - timedelta(days=2), NOW - timedelta(days=1)]


@promised(
    "The order is that of positions, and no decision reads the clock. `jamsos replay` names the"
    " positions at which it ran back."
)
def test_a_clock_that_is_set_back_changes_no_decision_and_is_told_by_replay(ours, prepared):
    place, letters = prepared(ours), [f"w0-{number}" for number in range(4)]
    with jamsos.open(place) as registry:
        before = registry.last_position()
    for letter, now in zip(letters, CLOCK, strict=True):
        with jamsos.open(place, clock=lambda now=now: now) as registry:
            programs.answer(registry, letter).or_raise()

    with jamsos.open(place) as registry:
        news = list(registry.history())[before:]
        done = replay.replay(registry.history())

    assert [(r.command, r.recorded_at) for r in news[::2]] == list(zip(letters, CLOCK, strict=True))
    assert before + 5 in done.clock_ran_back
    assert not done.findings
    assert ours.harm(place) == evidence.Harm()


@plain_library("Accepts it and says nothing.")
def test_a_plain_application_says_nothing_of_it(theirs, prepared, monkeypatch):
    place = prepared(theirs)
    app = plain.application(place)
    for number, now in enumerate(CLOCK):
        monkeypatch.setattr(eventsourcing.domain, "datetime_now_with_tzinfo", lambda now=now: now)
        plain.send(app, f"w0-{number}", "never")
    app.close()

    assert theirs.harm(place) == evidence.Harm()
