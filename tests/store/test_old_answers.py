"""Answers to commands that were stored when a citation said less: they are read as before."""

import sqlite3
from contextlib import closing
from datetime import date
from hashlib import sha256

import pytest

from jamsos import Citation, Reason
from jamsos.domain.decision import Refused
from jamsos.errors import CorruptHistoryError
from jamsos.store.event_store import EventStore, Kept

OLD = (
    b'[[{"policy":"agent-cap","explanation":"All seats are taken.","citation":'
    b'{"instrument":"Rakyatku, 20 November 2017","article":"at most 1,200 agents",'
    b'"source":"S12","url":"https://example.org/1"}}]]'
)
OLDER = (
    b'[[{"policy":"agent-cap","explanation":"All seats are taken.","citation":'
    b'{"instrument":"Rakyatku, 20 November 2017","article":"at most 1,200 agents",'
    b'"source":"S12"}}]]'
)
CITED = Citation("Rakyatku, 20 November 2017", "at most 1,200 agents", "S12")


@pytest.fixture
def answered(tmp_path):
    """Give a function that reads an answer out of the bytes that were stored for it."""

    def read(data):
        path = tmp_path / "perisai.db"
        with EventStore(path):
            pass
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute(
                "INSERT INTO commands VALUES ('letter-1', 'request', 0, 0, ?)", (data,)
            )
        with EventStore(path, create=False) as store:
            return store.answers(["letter-1"])["letter-1"].answers

    return read


@pytest.mark.parametrize(("data", "url"), [(OLD, "https://example.org/1"), (OLDER, None)])
def test_a_reason_that_was_stored_before_is_read_with_nothing_invented(answered, data, url):
    (refused,) = answered(data)

    (reason,) = refused.reasons
    assert (reason.policy, reason.explanation) == ("agent-cap", "All seats are taken.")
    assert reason.citation == Citation(CITED.instrument, CITED.article, CITED.source, url)
    assert (reason.citation.passage, reason.citation.read_on, reason.citation.akn) == (None,) * 3


def test_a_reason_keeps_all_that_its_citation_says(tmp_path):
    passage = "Paling banyak 1.200 agen."
    citation = Citation(
        *(CITED.instrument, CITED.article, CITED.source, "https://example.org/1"),
        passage=passage,
        passage_sha256=sha256(passage.encode()).hexdigest(),
        read_on=date(2026, 1, 5),
        akn="/akn/id/act/pp/2015/44",
    )
    answers = (Refused(Reason("agent-cap", "All seats are taken.", citation)),)

    with EventStore(tmp_path / "perisai.db") as store:
        store.append([], kept=[Kept("letter-1", "digest", 0, answers)])
        assert store.answers(["letter-1"])["letter-1"].answers == answers


def test_a_reason_whose_passage_was_changed_cannot_be_read(answered):
    wrong = OLD.replace(b'"url":', b'"passage":"No.","passage_sha256":"' + b"0" * 64 + b'","url":')

    with pytest.raises(CorruptHistoryError, match="that of its passage is"):
        answered(wrong)
