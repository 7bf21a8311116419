"""Whoever was handed out a state, a case or a batch changes it, or goes on after its end."""

from benchmarks._plain import Participant
from tests.faults import plain
from tests.faults.guarantees import plain_library
from tests.faults.programs import AFTER, ON


@plain_library(
    "An aggregate can be changed without an event: `save` returns, nothing of it is recorded, and"
    " what is decided on it is saved."
)
def test_plainly_a_decision_rests_on_what_was_never_recorded(tmp_path):
    app = plain.application(str(tmp_path / "perisai.db"))
    recruited = plain.recruited()
    app.save(recruited)
    read: plain.Leaving = app.repository.get(recruited.id)
    read.status, read.active_since = "active", ON
    assert app.save(read) == []

    enrolled = Participant.register(
        segment="bpu", province="51", channel="agent", agent=read, on=AFTER
    )
    assert app.save(enrolled)

    assert app.repository.get(recruited.id).status == "recruited"
    assert app.repository.get(enrolled.id).agent == recruited.id
    app.close()
