"""`jamsos show`: a sentence for every event, and a life in its order."""

from datetime import date
from pathlib import Path

import attrs
import pytest

from jamsos.cli.story import sentence
from jamsos.domain.agent import AgentDeactivated, DeactivationReason
from jamsos.domain.coverage import Segment
from jamsos.domain.participant import ParticipantCameBack
from jamsos.domain.value import Table
from jamsos.store import history_file
from jamsos.store.catalogue import CODEC, EVENTS

GOLDEN = Path(__file__).parents[1] / "golden" / "v1.jsonl"
INCENTIVES = GOLDEN.parent / "v3-incentives.jsonl"
CHECKED = GOLDEN.parent / "v4-checked.jsonl"
ANI, BUDI, CITRA = (f"agent-00000000-0000-7000-8000-{number:012}" for number in (1, 2, 3))

# By position in the golden history: the name of the event, and what it reads as.
SENTENCES = {
    1: ("programme.established.v1", "established"),
    2: (
        "programme.rule-enacted.v3",
        (
            "rule agent-cap enacted for region national, in agents: 1,200 from 2017-11-01 to"
            " 2017-12-31 (Rakyatku, 20 November 2017, at most 1,200 agents to the end of December;"
            " reported); 10,000 from 2018-01-01 to 2018-12-31 (Bisnis.com, 5-6 February 2018, at"
            " most 10,000 agents to the end of 2018; reported; Kompas, 11 December 2018, at most"
            " 5,000 agents in 2018 says 5,000)"
        ),
    ),
    5: (
        "programme.rule-enacted.v3",
        (
            "rule office-agents enacted for region 51, in agents: 20 from 2018-01-01 on"
            " (Example 1/2018, article 1; assumed)"
        ),
    ),
    6: (
        "quota.allotted.v1",
        "1,200 seats allotted to region national (under perisai/agent-cap/1)",
    ),
    7: ("quota.taken-back.v1", "100 seats taken back, for region 51"),
    8: ("quota.allotted.v1", "100 seats allotted to region 51 from region national"),
    11: ("quota.taken-back.v1", "140 seats taken back"),
    12: (
        "agent.recruited.v1",
        (
            "recruited for perisai in Bali (51), on a seat of region national"
            " (under perisai/agent-cap/1)"
        ),
    ),
    13: ("quota.seat-taken.v1", f"seat taken by {ANI}"),
    18: ("agent.training-begun.v1", "began training"),
    19: ("agent.certified.v1", "certified"),
    20: ("agent.assigned.v1", "assigned: the account is active"),
    27: (
        "participant.registered.v1",
        f"registered in segment bpu in Bali (51), by {ANI}",
    ),
    29: (
        "participant.registered.v1",
        "registered in segment pu in Jawa Barat (32), directly",
    ),
    31: (
        "participant.contribution-paid.v2",
        (
            "paid Rp 16,800 for jkk, jkm, months 2017-12/2018-02, on a monthly income of"
            " Rp 1,000,000 (reference F-1, paid by agent); not checked: recorded as it was told"
        ),
    ),
    34: (
        "participant.contribution-corrected.v1",
        "payment F-3 corrected (paid-twice): it covers nothing",
    ),
    36: ("participant.moved.v2", "moved to Nusa Tenggara Barat (52)"),
    37: ("agent.deactivated.v1", "deactivated: the agreement with the office ended"),
    38: ("quota.seat-released.v1", f"seat released by {CITRA}"),
    39: (
        "agent.deactivated.v1",
        (
            "deactivated after 3 idle months; last acquisition: 2018-01, as known at position 38"
            " (under perisai/agent-idle-months/1)"
        ),
    ),
    41: ("participant.transferred.v1", "given into the care of branch N03"),
    42: ("participant.transferred.v1", f"given into the care of {ANI}"),
    43: ("agent.terminated.v1", "terminated for fraud, with the loss of all rights"),
    44: ("agent.resigned.v1", "resigned"),
    46: ("participant.left.v2", "left the scheme: left-work"),
    47: (
        "agent.reactivated.v1",
        (
            "returned, on a seat of region 51 (under perisai/agent-return-months/1,"
            " perisai/agent-cap/2)"
        ),
    ),
    49: (
        "participant.came-back.v1",
        f"came back to segment bpu in Bali (51), with {BUDI}",
    ),
    50: ("participant.left.v2", "left segment migrant: other"),
    52: (
        "programme.evaluation-opened.v1",
        "evaluation first-year opened: The cap of 2018 ends.",
    ),
    53: (
        "programme.evaluation-concluded.v1",
        (
            "evaluation first-year concluded: raise; at the end of 2018-11, 1 agents, 0 productive,"
            " 3 acquired; of 3, 2 in-grace after 3 months"
        ),
    ),
    54: (
        "programme.rule-amended.v3",
        (
            "rule agent-cap amended for region national, after evaluation first-year: 20,000 from"
            " 2019-01-01 to 2019-12-31 (Kompas, 11 December 2018, at most 20,000 agents in 2019;"
            " reported)"
        ),
    ),
    61: (
        "programme.rule-ended.v3",
        "rule agent-return-months ended with 2019-12-31 (Example 1/2018, article 1)",
    ),
    62: (
        "participant.registered.v1",
        "registered in segment construction in Papua Tengah (94), by BUMDES:17/2022",
    ),
}


# The same, of the golden history of incentives.
READ = ", ".join(
    f"perisai/{rule}/1"
    for rule in (
        "incentive-regime",
        "acquisition-incentive-counts",
        "acquisition-incentive-least",
        "acquisition-incentive-flat",
        "contribution-incentive",
        "contribution-incentive-pu",
        "incentive-office-share",
        "incentive-office-share-from",
        "incentive-paid-to",
        "incentive-pay-day",
    )
)
TOLD_BESIDE_THEIR_GOLDEN_FILE = {
    "participant.difference-paid.v1",
    "participant.contribution-refunded.v1",
}
OF_INCENTIVES = {
    23: (
        "agent.incentive-awarded.v2",
        (
            "awarded Rp 4,986 for 2018-01, and the office Rp 554, by 2018-02-05: 2 contributions,"
            f" and Rp 500 for 2 new participants, as known at position 22 (under {READ})"
        ),
    ),
    25: (
        "agent.incentive-clawed-back.v2",
        (
            "Rp 2,718 clawed back for 2018-01, and of the office Rp 302: 1 contributions, and Rp"
            f" 500 lost for acquisitions, as known at position 24 (under {READ})"
        ),
    ),
}


# The same, of the golden histories of facts put right: of a participant, and of an agent.
OF_FACTS = {
    "v6-facts.jsonl": (
        "participant.fact-voided.v1",
        "version 7 voided (wrong-person): left on 2018-09-03, counts for nothing",
    ),
    "v7-agents.jsonl": (
        "agent.fact-voided.v1",
        "voided (retold): what was told as reseated on 2018-03-01, version 5, never was",
    ),
}
OF_SEATS = ("agent.reseated.v1", "got a seat of region 51 (under perisai/agent-cap/2)")


@pytest.fixture(scope="module")
def golden():
    """Give the golden history by position."""
    return {recorded.position: recorded for recorded in history_file.read(GOLDEN)}


def test_every_event_of_the_catalogue_has_a_sentence_here():
    told = (*SENTENCES.values(), *OF_INCENTIVES.values(), *OF_FACTS.values(), OF_SEATS)
    assert {name for name, _ in told} | TOLD_BESIDE_THEIR_GOLDEN_FILE == set(EVENTS)


@pytest.mark.parametrize(
    ("position", "name", "sentence"),
    [(position, *told) for position, told in SENTENCES.items()],
    ids=[f"{position}-{name}" for position, (name, _) in SENTENCES.items()],
)
def test_an_event_reads_as_a_sentence(run, golden, position, name, sentence):
    recorded = golden[position]
    answer = run("show", GOLDEN, recorded.stream)

    assert CODEC.name(recorded.event) == name
    assert (answer.code, answer.err) == (0, "")
    assert f"  {recorded.event.on}  {sentence}  [position {position}]" in answer.out.splitlines()


@pytest.mark.parametrize(("position", "told"), OF_INCENTIVES.items())
def test_an_incentive_reads_as_a_sentence(run, position, told):
    (recorded,) = (r for r in history_file.read(INCENTIVES) if r.position == position)
    answer = run("show", INCENTIVES, ANI)

    assert CODEC.name(recorded.event) == told[0]
    assert f"  {recorded.event.on}  {told[1]}  [position {position}]" in answer.out.splitlines()


@pytest.mark.parametrize(
    ("file", "told"), [*OF_FACTS.items(), ("v7-agents.jsonl", OF_SEATS)], ids=str
)
def test_a_fact_put_right_reads_as_a_sentence(run, file, told):
    history = history_file.read(GOLDEN.parent / file)
    recorded = next(r for r in history if CODEC.name(r.event) == told[0])
    answer = run("show", GOLDEN.parent / file, recorded.stream)

    place = f"[position {recorded.position}]"
    assert f"  {recorded.event.on}  {told[1]}  {place}" in answer.out.splitlines()


def test_a_checked_payment_says_what_was_due(run):
    answer = run("show", CHECKED, "participant-00000000-0000-7000-8000-000000000001")

    assert (
        "(reference 2, paid by self); checked: Rp 3,400 due in sector transport, budget own, Rp 600"
        " of it credited (under jkm/bpu-amount/1, jkm/bpu-relief/1, jkk/bpu-relief-overpaid/1)"
    ) in answer.out


def test_a_life_is_told_from_its_first_event_to_its_last(run, life):
    answer = run("show", life.store, life.sewer)

    assert answer.out == (
        f"{life.sewer}\n"
        f"  2017-12-12  registered in segment bpu in Jawa Barat (32), by {life.budi}"
        "  [position 18]\n"
        "  2017-12-12  paid Rp 16,800 for jht, jkk, jkm, months 2017-12/2018-02, on a monthly"
        " income of Rp 1,000,000 (reference 1, paid by self); not checked: recorded as it was"
        " told  [position 19]\n"
        "  2018-02-05  moved to Bali (51)  [position 26]\n"
    )


@pytest.mark.parametrize("stream", ["programme-perisai", "quota-perisai-national", "ani", "fisher"])
def test_a_store_and_its_history_file_tell_the_same_life(run, life, stream):
    stream = getattr(life, stream, stream)

    assert run("show", life.store, stream) == run("show", life.file, stream)


def test_the_json_of_a_life_has_every_event_of_the_stream(run, life):
    answer = run("show", life.store, life.sewer, "--json")

    assert answer.json == {
        "stream": life.sewer,
        "events": [
            {
                "position": 18,
                "version": 1,
                "on": "2017-12-12",
                "story": f"registered in segment bpu in Jawa Barat (32), by {life.budi}",
            },
            {
                "position": 19,
                "version": 2,
                "on": "2017-12-12",
                "story": "paid Rp 16,800 for jht, jkk, jkm, months 2017-12/2018-02, on a monthly"
                " income of Rp 1,000,000 (reference 1, paid by self); not checked: recorded as"
                " it was told",
            },
            {"position": 26, "version": 3, "on": "2018-02-05", "story": "moved to Bali (51)"},
        ],
    }


def test_the_text_and_the_json_tell_the_same_story(run):
    text = run("show", GOLDEN, "programme-perisai").out.splitlines()
    events = run("show", GOLDEN, "programme-perisai", "--json").json["events"]

    assert text[1:] == [f"  {e['on']}  {e['story']}  [position {e['position']}]" for e in events]


def test_an_agent_who_never_acquired_anybody_is_told_of_as_such(run, life, retold):
    idle = AgentDeactivated(
        reason=DeactivationReason.IDLE,
        idle_months=3,
        last_acquisition=None,
        known_at=27,
        rules=("perisai/agent-idle-months/1",),
        on=date(2018, 4, 2),
    )
    answer = run("show", retold([*life.told(), (life.budi, idle)]), life.budi)

    assert (
        "2018-04-02  deactivated after 3 idle months; last acquisition: never, as known at"
        " position 27 (under perisai/agent-idle-months/1)  [position 28]" in answer.out
    )


def test_one_who_comes_back_without_an_agent_is_told_of_as_such(run, life, retold):
    back = ParticipantCameBack(
        segment=Segment.WAGE_EARNER,
        province="32",
        agent=None,
        changes=(),
        on=date(2018, 4, 2),
    )
    answer = run("show", retold([*life.told(), (life.clerk, back)]), life.clerk)

    assert "came back to segment pu in Jawa Barat (32), with no agent  [position 28]" in answer.out


def test_a_rule_that_is_amended_without_an_evaluation_is_told_of_as_such(run, golden, retold):
    told = [(golden[position].stream, golden[position].event) for position in range(1, 55)]
    told[53] = told[53][0], attrs.evolve(told[53][1], evaluation=None)
    answer = run("show", retold(told), "programme-perisai")

    assert "rule agent-cap amended for region national: 20,000 from 2019-01-01" in answer.out


@pytest.mark.parametrize("mark", ["\n", "\r", "\x1b[2K", "\u2028"])
def test_an_event_cannot_pass_for_two_or_wipe_out_another(run, golden, retold, mark):
    told = [(golden[position].stream, golden[position].event) for position in range(1, 53)]
    trigger = f"none{mark}  2018-12-04  resigned  [position 53]"
    told[51] = told[51][0], attrs.evolve(told[51][1], trigger=trigger)
    answer = run("show", retold(told), "programme-perisai")
    events = run("show", retold(told), "programme-perisai", "--json").json["events"]

    assert len(answer.out.splitlines()) == 1 + len(events)
    assert mark not in answer.out.splitlines()[-1]


# -- What there is nothing to tell of. --------------------------------------------


@pytest.mark.parametrize(
    "stream",
    ["agent-00000000-0000-7000-8000-000000000099", "programme-jkk", "quota-perisai-51"],
)
def test_a_stream_of_which_nothing_is_recorded_is_a_usage_error(run, life, stream):
    answer = run("show", life.store, stream)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"jamsos: nothing is recorded of {stream} in {life.store}\n"


@pytest.mark.parametrize("stream", ["office-1", "agent", "agent-", "perisai", ""])
def test_a_name_that_is_no_streams_is_a_usage_error(run, life, stream):
    answer = run("show", life.store, stream)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"jamsos: {stream!r} is not a stream: its name begins with agent-, participant-, programme-"
        " or quota-\n"
    )


def test_a_life_in_a_broken_history_is_not_told(run, life, written):
    lines = life.lines()
    del lines[26]["data"]["reason"]  # of the clerk, who is not asked for
    answer = run("show", written(lines), life.sewer)

    assert (answer.code, answer.out) == (3, "")
    assert "position 27" in answer.err


# -- Rules of every kind. -----------------------------------------------------------

RULES = {
    recorded.position: recorded.event
    for recorded in history_file.read(GOLDEN.with_name("v2-rules.jsonl"))
}
SAYS = "from 2026-01-01 on (Example 1/2018, article 1; enacted; Example 1/2018, article 1 says"


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (2, "9,223,372,036,854,775,807"),
        (3, "regional-budget, state-budget"),
        (4, "low: 0.54 %; high: 1.27 %"),
        (5, "employer: jht, jkk; pupil: none"),
        (6, "from 0: 1,000,000; from 1,100,000: 1,200,000"),
    ],
)
def test_a_rule_of_any_kind_is_told_in_its_unit(position, value):
    assert f": {value} {SAYS} {value})" in sentence(RULES[position])


def test_an_amendment_is_told_in_the_unit_of_its_rule():
    assert "low: 0.4 %; high: 1.13 % from 2026-02-01 on" in sentence(RULES[7])


def test_a_long_table_is_told_by_its_length():
    value = Table.of({bound: bound for bound in range(9)})
    short = Table.of({bound: bound for bound in range(8)})
    (dated,) = RULES[6].values

    def told(table):
        event = attrs.evolve(RULES[6], values=(attrs.evolve(dated, value=table, conflicts=()),))
        return sentence(event)

    assert "brackets of 9 rows from 2026-01-01 on" in told(value)
    assert "from 7: 7 from 2026-01-01 on" in told(short)


# -- Who asked. -------------------------------------------------------------------------

V8 = GOLDEN.with_name("v8-envelope.jsonl")


def test_who_asked_stands_beside_the_place_where_it_was_said(run):
    told = [line.rpartition("  ")[2] for line in run("show", V8, ANI).out.splitlines()[1:]]

    assert told == [
        "[position 6, by office-51/clerk-7, trace 4bf92f3577b34da6a3ce929d0e0e4736]",
        f"[position 8, by {'a' * 64}]",
        "[position 9, trace Z.9_:/-]",
        "[position 10]",
    ]


def test_the_json_of_a_life_says_who_asked_where_it_was_said(run):
    events = run("show", V8, ANI, "--json").json["events"]

    assert [(e.get("by"), e.get("trace")) for e in events] == [
        ("office-51/clerk-7", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("a" * 64, None),
        (None, "Z.9_:/-"),
        (None, None),
    ]
    assert events[3].keys() == {"position", "version", "on", "story"}


def test_an_explanation_says_who_asked(run):
    first = run("explain", V8, ANI).out.splitlines()[1]
    (told,) = run("explain", V8, f"{ANI}@1", "--json").json["events"]

    assert first.endswith(
        "  [version 1, by office-51/clerk-7, trace 4bf92f3577b34da6a3ce929d0e0e4736]"
    )
    assert (told["by"], told["trace"]) == (
        "office-51/clerk-7",
        "4bf92f3577b34da6a3ce929d0e0e4736",
    )
