"""An event is of a name that this program does not know: a later one has recorded it."""

import sqlite3
from contextlib import closing
from uuid import UUID

import pytest
from eventsourcing.utils import TopicError

from tests.faults import plain
from tests.faults.guarantees import plain_library


@plain_library(
    "A reading by topics, as its projections do, passes over it without a word; a reading of"
    " everything, or of its aggregate, stops."
)
def test_plainly_a_reading_by_topics_passes_over_it(theirs, tmp_path):
    place = theirs.file(tmp_path / "perisai.db")
    app = plain.application(place)
    app.save(plain.recruited())
    topics = [each.topic for each in app.recorder.select_notifications(1, 100)]
    with closing(sqlite3.connect(place)) as database, database:
        database.execute(
            "INSERT INTO stored_events VALUES (?, 1, 'tests.faults.plain:Leaving.Promoted', '{}')",
            [UUID(int=1).hex],
        )

    by_topics = app.recorder.select_notifications(1, 100, topics=topics)
    assert [each.topic for each in by_topics] == topics
    with pytest.raises(TopicError, match="Promoted"):
        list(app.read())
    with pytest.raises(TopicError, match="Promoted"):
        app.repository.get(UUID(int=1))
    app.close()
