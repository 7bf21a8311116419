"""The index of what events concern: kept with each append, made for a store that has none."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import psycopg
import pytest

import jamsos
from jamsos.domain.agent import AgentRecruited
from jamsos.domain.concerns import CONCERNING, concerns
from jamsos.domain.coverage import Segment
from jamsos.domain.participant import Channel, ParticipantRegistered, ParticipantTransferred
from jamsos.engine.recorded import RecordedSource
from jamsos.errors import ConflictError
from jamsos.store import history_file
from jamsos.store.catalogue import CODEC, EVENTS
from jamsos.store.event_store import EventStore, entry, migrate

NOW = datetime(2018, 2, 5, tzinfo=UTC)
DAY = date(2018, 2, 5)


def agent(number):
    return f"agent-00000000-0000-7000-8000-{number:012}"


def participant(number):
    return f"participant-00000000-0000-7000-8000-{number:012}"


ANI, BUDI = agent(1), agent(2)


def registered(number, by, *, version=1):
    event = ParticipantRegistered(
        segment=Segment.NON_WAGE_EARNER,
        province="51",
        channel=Channel.DIRECT if by is None else Channel.AGENT,
        agent=by,
        sponsor=None,
        changes=(),
        on=DAY,
    )
    return entry(participant(number), version, event, NOW)


def given_to(number, to, *, version=2):
    event = ParticipantTransferred(
        segment=Segment.NON_WAGE_EARNER,
        agent=to,
        branch=None if to else "BDG-1",
        changes=(),
        on=DAY,
    )
    return entry(participant(number), version, event, NOW)


@pytest.fixture(params=["a file", "PostgreSQL"])
def place(request, tmp_path):
    if request.param == "a file":
        return str(tmp_path / "perisai.db")
    found = request.getfixturevalue("postgres").new_database()
    migrate(found)
    return found


@pytest.fixture
def store(place):
    with EventStore(place) as opened:
        yield opened


def test_an_agent_is_concerned_by_who_is_registered_with_them_or_given_to_them(store):
    store.append([registered(1, ANI), registered(2, BUDI), registered(3, None)])
    store.append([given_to(1, BUDI), given_to(2, None)])

    found = store.concerning({ANI: 0, BUDI: 0})
    assert [(stream, r.position, r.stream) for stream, r in found] == [
        (ANI, 1, participant(1)),
        (BUDI, 2, participant(2)),
        (BUDI, 4, participant(1)),
    ]


def test_only_what_concerns_a_stream_after_a_position_is_read(store):
    store.append([registered(1, ANI), registered(2, ANI), registered(3, ANI)])

    assert [r.position for _, r in store.concerning({ANI: 1})] == [2, 3]
    assert store.concerning({ANI: 3}) == []
    assert store.concerning({}) == []


def test_a_decision_about_an_agent_conflicts_with_what_concerns_that_agent(store):
    store.append([registered(1, ANI)])
    store.append([registered(2, ANI)])

    with pytest.raises(ConflictError, match=f"concerns {ANI}"):
        store.append([registered(3, None)], unconcerned={ANI: 1})
    assert store.last_position() == 2


def test_it_does_not_conflict_with_what_concerns_others(store):
    store.append([registered(1, ANI)])
    store.append([registered(2, BUDI), registered(3, None)])

    assert store.append([registered(4, None)], unconcerned={ANI: 1}) == range(4, 5)


def test_nobody_is_concerned_by_what_was_not_stored(store):
    store.append([registered(1, ANI)])
    with pytest.raises(ConflictError):
        store.append([registered(2, BUDI), registered(1, BUDI)])

    assert store.concerning({BUDI: 0}) == []


def test_many_events_at_once_are_indexed_as_few_are(store):
    store.append([registered(n, ANI) for n in range(1, 1_502)])

    assert [r.position for _, r in store.concerning({ANI: 1_499})] == [1_500, 1_501]


def test_a_history_that_is_loaded_is_indexed(place, tmp_path):
    lived, told = tmp_path / "lived.db", tmp_path / "told.jsonl"
    with EventStore(lived) as store:
        store.append([registered(1, ANI), registered(2, BUDI)])
        told.write_bytes(b"".join(history_file.lines(store)))
    new = place if place.startswith("postgresql") else str(tmp_path / "new.db")
    history_file.load(told, new)

    with EventStore(new) as store:
        assert [r.position for _, r in store.concerning({BUDI: 0})] == [2]


def test_a_file_that_has_no_index_yet_gets_one_when_it_is_opened(tmp_path):
    path = tmp_path / "perisai.db"
    with EventStore(path) as store:
        store.append([registered(1, ANI), registered(2, BUDI)])
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE concerns")
    connection.close()

    with EventStore(path) as store:
        assert [r.position for _, r in store.concerning({BUDI: 0})] == [2]


def test_a_database_that_has_no_index_yet_gets_one_when_it_is_migrated(postgres):
    place = postgres.new_database()
    migrate(place)
    with EventStore(place) as store:
        store.append([registered(1, ANI), registered(2, BUDI)])
    with psycopg.connect(place) as connection:
        connection.execute("DROP TABLE concerns")

    migrate(place)
    with EventStore(place) as store:
        assert [r.position for _, r in store.concerning({BUDI: 0})] == [2]


def delete_last_row(place):
    """Delete the newest event by hand, as nobody should; the index is left as it is."""
    if place.startswith("postgresql"):
        with psycopg.connect(place) as connection:
            connection.execute(
                "DELETE FROM stored_events WHERE notification_id ="
                " (SELECT max(notification_id) FROM stored_events)"
            )
    else:
        with closing(sqlite3.connect(place, isolation_level=None)) as connection:
            connection.execute(
                "DELETE FROM stored_events WHERE rowid = (SELECT max(rowid) FROM stored_events)"
            )


def test_an_event_that_was_deleted_by_hand_concerns_nobody(store, place):
    store.append([registered(1, ANI)])
    store.append([registered(2, ANI)])
    delete_last_row(place)

    assert store.append([registered(3, BUDI)], unconcerned={ANI: 1}) == range(2, 3)


def test_who_took_the_place_of_an_event_that_was_deleted_by_hand_is_not_acquired_twice(
    store, place
):
    store.append([registered(1, ANI)])
    delete_last_row(place)
    store.append([registered(2, BUDI)])

    source = RecordedSource(store)
    assert source.acquisitions(ANI)[0] == {}
    assert source.acquisitions(BUDI)[0] == {DAY: 1}


def test_what_concerns_somebody_is_what_is_said_to():
    told = {
        kind
        for kind in EVENTS.values()
        if any(
            name in {"agent", "programme", "acquired"}
            for name in kind.__annotations__
            if kind.__name__.startswith(("Participant", "Agent"))
        )
    }
    assert told == set(CONCERNING)


def test_a_programme_is_concerned_by_each_agent_recruited_for_it():
    event = AgentRecruited(programme="perisai", province="51", region="national", rules=(), on=DAY)

    assert concerns(event) == ("programme-perisai",)
    assert CODEC.name(event) in CODEC.names(CONCERNING)


# -- What a registry makes of it. ----------------------------------------------------


@pytest.fixture
def idle(place):
    """Open a registry with one active agent, who was idle from March on."""
    with jamsos.open(place) as registry:
        registry.adopt("perisai", on=DAY).or_raise()
        registry.allot("perisai", 2, on=DAY).or_raise()
        for each in (ANI, BUDI):
            registry.recruit(each, "perisai", province="51", on=DAY).or_raise()
            for stage in (registry.begin_training, registry.certify, registry.assign):
                stage(each, on=DAY).or_raise()
        yield registry


LATER = date(2018, 6, 1)


@pytest.mark.parametrize("by", [None, BUDI])
def test_a_deactivation_does_not_conflict_with_people_of_others(place, idle, by):
    with jamsos.open(place, patience=0) as other, other.batch() as desk:
        assert desk.deactivate(ANI, on=LATER).or_raise().events
        idle.register(participant(1), province="51", on=date(2018, 5, 2), agent=by).or_raise()

    assert idle.agent(ANI).status == "deactivated"


def test_a_deactivation_conflicts_with_an_acquisition_of_that_agent(place, idle):
    def deactivate():
        with jamsos.open(place, patience=0) as other, other.batch() as desk:
            assert desk.deactivate(ANI, on=LATER).or_raise().events
            idle.register(participant(1), province="51", on=date(2018, 5, 2), agent=ANI).or_raise()

    with pytest.raises(ConflictError, match=ANI):
        deactivate()

    assert idle.agent(ANI).status == "active"
    (refused,) = idle.deactivate(ANI, on=LATER).reasons
    assert refused.policy == "agent-idle-months"


def paid(registry, person, on):
    months = jamsos.Months.parse("2018-02/2018-02")
    return registry.pay(
        person, reference="1", months=months, income=1_000_000, amount=16_800, on=on
    )


@pytest.mark.parametrize(("whose", "conflicts"), [(ANI, True), (BUDI, False)])
def test_an_award_conflicts_with_payments_in_that_agents_care_and_with_no_others(
    place, idle, whose, conflicts
):
    ani_s, theirs = participant(1), participant(2)
    idle.register(ani_s, province="51", on=DAY, agent=ANI).or_raise()
    idle.register(theirs, province="51", on=DAY, agent=whose).or_raise()
    paid(idle, ani_s, DAY).or_raise()

    def award():
        with jamsos.open(place, patience=0) as other, other.batch() as desk:
            assert desk.award_incentive(ANI, jamsos.Month(2018, 2), on=LATER).or_raise().events
            paid(idle, theirs, date(2018, 2, 20)).or_raise()

    if conflicts:
        with pytest.raises(ConflictError):
            award()
        assert idle.agent(ANI).incentives == {}
    else:
        award()
        assert idle.agent(ANI).incentives
