"""`jamsos replay`: a history that agrees with itself, one that lies, and one that is broken."""

import json
import subprocess
import sys
from datetime import date

import attrs
import pytest

from jamsos.domain.agent import AgentResigned
from jamsos.domain.calendar import Months
from jamsos.domain.coverage import Change
from jamsos.domain.geography import NATIONAL
from jamsos.domain.programme import ProgrammeRuleAmended
from jamsos.domain.quota import QuotaSeatTaken

QUOTA = "quota-perisai-national"
COMMAND = "from jamsos.cli import main; raise SystemExit(main())"


@pytest.fixture(params=["store", "file"])
def source(request, life):
    """Give the same history in both of its forms."""
    return getattr(life, request.param)


# -- A history that agrees with itself. -------------------------------------------


def test_a_lawful_history_agrees_with_itself(run, source):
    answer = run("replay", source)

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[0] == (
        "27 events replayed; streams: 2 agent, 4 participant, 1 programme, 1 quota"
    )
    assert answer.out.splitlines()[-1] == "all agree"


def test_a_replay_says_what_it_compared(run, source):
    answer = run("replay", source, "--json")

    assert answer.code == 0
    assert answer.json.pop("compared") > 100
    assert answer.json | {"compared": None} == {
        "events": 27,
        "streams": {"agent": 2, "participant": 4, "programme": 1, "quota": 1},
        "definitions": ["paid-up", "in-grace", "ever-paid", "registered"],
        "programmes": ["jht", "jkk", "jkm"],
        "first": "2017-11",
        "last": "2018-07",
        "compared": None,
        "findings": [],
        "findings_in_all": 0,
        "exceptions": [],
        "clock_ran_back": [],
    }


@pytest.mark.parametrize(("position", "code"), [(1, 1), (4, 1), (5, 0), (6, 0), (17, 0), (27, 0)])
def test_a_replay_goes_no_further_than_it_is_told(run, source, position, code):
    answer = run("replay", source, "--to", position, "--json")

    assert answer.code == code  # up to position 4 there is nothing to compare
    assert answer.json["events"] == position
    assert answer.json["findings"] == []


@pytest.mark.parametrize(
    ("when", "events"),
    [("2018-03-05", 0), ("2018-03-06T09:00:00+07:00", 4), ("2018-03-06", 27)],
)
def test_a_replay_goes_no_further_than_a_day_or_a_moment(run, source, when, events):
    answer = run("replay", source, "--to", when, "--json")

    assert answer.code == (0 if events == 27 else 1)  # of four events there is nothing to compare
    assert answer.json["events"] == events
    assert answer.json["findings"] == []


def test_a_replay_of_no_events_compares_nothing_and_is_no_agreement(run, life):
    answer = run("replay", life.file, "--to", "0")
    as_json = run("replay", life.file, "--to", "0", "--json").json

    assert answer.code == 1
    assert answer.out.splitlines()[-1] == "nothing was compared: there is no event at all"
    assert (as_json["events"], as_json["compared"]) == (0, 0)
    assert (as_json["first"], as_json["last"]) == (None, None)


@pytest.mark.parametrize("length", [0, 1, 4])
def test_a_history_with_nothing_to_compare_is_said_to_be_so(run, life, tmp_path, length):
    history = tmp_path / "short.jsonl"
    history.write_bytes(b"".join(life.file.read_bytes().splitlines(keepends=True)[:length]))
    text, as_json = run("replay", history), run("replay", history, "--json")

    assert (text.code, as_json.code) == (1, 1)
    assert "all agree" not in text.out
    assert text.out.splitlines()[-1].startswith("nothing was compared: there is no event ")
    assert (as_json.json["compared"], as_json.json["findings_in_all"]) == (0, 0)


def test_seats_alone_are_something_to_compare(run, life, tmp_path):
    history = tmp_path / "seats.jsonl"
    history.write_bytes(b"".join(life.file.read_bytes().splitlines(keepends=True)[:5]))
    answer = run("replay", history)

    assert (answer.code, answer.out.splitlines()[-1]) == (0, "all agree")


@pytest.mark.parametrize("position", [-1, 28])
def test_a_position_that_the_history_does_not_have_is_a_usage_error(run, source, position):
    answer = run("replay", source, "--to", position)

    assert (answer.code, answer.out) == (2, "")
    assert str(position) in answer.err


def test_a_history_that_is_not_there_is_not_replayed_to_0_either(run, tmp_path):
    answer = run("replay", tmp_path / "missing.db", "--to", "0")

    assert (answer.code, answer.out) == (3, "")


def test_a_cap_that_is_lowered_does_not_judge_the_past(run, life, retold):
    told = life.told()
    enacted = told[1][1]
    lower = attrs.evolve(enacted.values[0], value=1, in_force=date(2018, 3, 1), until=None)
    amended = ProgrammeRuleAmended(
        unit="agents",
        rule="agent-cap",
        scope=NATIONAL,
        value=lower,
        evaluation=None,
        on=date(2018, 3, 1),
    )
    told.append(("programme-perisai", amended))

    assert run("replay", retold(told)).code == 0


@pytest.mark.parametrize("day", [date(217, 11, 20), date(9999, 8, 31), date(9999, 12, 31)])
def test_a_day_of_a_far_century_is_replayed_like_any_other(life, retold, day):
    history = retold([*life.told(), (life.ani, AgentResigned(on=day))])
    answer = subprocess.run(
        [sys.executable, "-c", COMMAND, "replay", history],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,  # far more than it takes to compare four participants month by month
    )

    assert answer.stderr == ""
    if day.year < life.told()[0][1].on.year:
        # Before the recruitment it means nothing: that is no fault of the record, and is listed.
        assert answer.returncode == 0
        assert f"EXCEPTION  {life.ani}" in answer.stdout
        assert "the resignation has no effect" in answer.stdout
    else:
        # The agent resigns and keeps the seat: that is found.
        assert answer.returncode == 1
        assert "counts 2 seats taken; agents hold 1" in answer.stdout


# -- A history that reads well, and lies. -----------------------------------------


def claims(event, after):
    """Return *event* with another standing after it in its first change."""
    first, *rest = event.changes
    return attrs.evolve(event, changes=(Change.between(first.segment, first.before, after), *rest))


def claims_paid(event, months):
    after = event.changes[0].before.covered(("jkk", "jkm"), Months.parse(months))
    return claims(event, after)


def a_month_that_was_not_paid(told, _):
    stream, paid = told[16]
    told[16] = stream, claims_paid(paid, "2017-12/2018-02")


def a_month_that_was_paid_and_is_kept_back(told, _):
    stream, paid = told[16]
    told[16] = stream, claims_paid(paid, "2017-12/2017-12")


def another_province_than_that_of_the_registration(told, _):
    stream, registered = told[22]
    (change,) = registered.changes
    stood = change.after
    elsewhere = attrs.evolve(
        stood, spells=tuple(attrs.evolve(spell, province="31") for spell in stood.spells)
    )
    told[22] = stream, claims(registered, elsewhere)


def a_change_left_out(told, _):
    stream, paid = told[20]
    told[20] = stream, attrs.evolve(paid, changes=())


def another_standing_before(told, _):
    stream, paid = told[18]
    (change,) = paid.changes
    before = change.before.covered(("jkk",), Months.parse("2017-12/2017-12"))
    told[18] = (
        stream,
        attrs.evolve(paid, changes=(Change.between(change.segment, before, change.after),)),
    )


def a_seat_beyond_the_allotted_ones(told, _):
    quota, allotted = told[4]
    told[4] = quota, attrs.evolve(allotted, seats=1)


def a_seat_for_nobody(told, life):
    told.insert(12, (QUOTA, QuotaSeatTaken(agent=life.ani, rules=(), on=date(2017, 11, 21))))


def an_agent_without_a_seat(told, _):
    del told[11]


def a_seat_kept_by_one_who_resigned(told, life):
    told.append((life.ani, AgentResigned(on=date(2018, 3, 6))))


def one_seat_above_the_cap(told, _):
    told.insert(5, (QUOTA, attrs.evolve(told[4][1], seats=1, on=date(2017, 12, 31))))


def seats_before_there_is_a_cap(told, _):
    quota, allotted = told[4]
    told[4] = quota, attrs.evolve(allotted, on=date(2017, 10, 31))


def seats_before_there_is_a_programme(told, _):
    told.insert(0, told.pop(4))


FOUND = [
    (a_month_that_was_not_paid, None, "2018-02, paid-up by jkk, segment bpu, province 51"),
    (
        a_month_that_was_paid_and_is_kept_back,
        None,
        "2018-01, paid-up by jkk, segment bpu, province 51",
    ),
    (
        another_province_than_that_of_the_registration,
        24,  # the next event of the participant says it rightly, and so contradicts the lie
        "stood otherwise than they did before",
    ),
    (a_change_left_out, 27, "stood otherwise than they did before"),
    (another_standing_before, 19, "stood otherwise than they did before"),
    (a_seat_beyond_the_allotted_ones, 12, "2 seats are taken in national, of 1 allotted"),
    (a_seat_for_nobody, None, f"{QUOTA} counts 3 seats taken; agents hold 2"),
    (an_agent_without_a_seat, None, f"{QUOTA} counts 1 seats taken; agents hold 2"),
    (a_seat_kept_by_one_who_resigned, None, f"{QUOTA} counts 2 seats taken; agents hold 1"),
    (one_seat_above_the_cap, 6, "1201 seats are issued, above the cap 1200"),
    (seats_before_there_is_a_cap, 5, "is in force on 2017-10-31"),
    (seats_before_there_is_a_programme, 1, "seats are allotted without a programme"),
]


@pytest.mark.parametrize(
    ("lie", "position", "what"), FOUND, ids=[lie.__name__ for lie, _, _ in FOUND]
)
def test_a_lie_is_found_and_named(run, life, retold, lie, position, what):
    told = life.told()
    lie(told, life)
    history = retold(told)
    text, as_json = run("replay", history), run("replay", history, "--json")

    assert (text.code, text.err) == (as_json.code, as_json.err) == (1, "")
    findings = as_json.json["findings"]
    assert any(f["position"] == position and what in f["what"] for f in findings), findings
    place = "" if position is None else f"position {position}: "
    assert any(
        line.startswith(f"FINDING  {place}") and what in line for line in text.out.splitlines()
    )
    assert text.out.endswith(f"\n{len(findings):,} findings\n")


def test_the_1200th_seat_of_2017_and_the_10000th_of_2018_lie_under_the_cap(run, life, retold):
    told = life.told()
    told.append((QUOTA, attrs.evolve(told[4][1], seats=8_800, on=date(2018, 1, 1))))

    assert run("replay", retold(told)).code == 0


def test_the_10001st_seat_of_2018_lies_above_the_cap(run, life, retold):
    told = life.told()
    told.append((QUOTA, attrs.evolve(told[4][1], seats=8_801, on=date(2018, 12, 31))))
    answer = run("replay", retold(told))

    assert answer.code == 1
    assert "FINDING  position 28: 10001 seats are issued, above the cap 10000" in answer.out


def test_a_lie_is_not_found_before_its_position(run, life, retold):
    told = life.told()
    another_standing_before(told, life)
    history = retold(told)

    assert [run("replay", history, "--to", to).code for to in (18, 19)] == [0, 1]


def two_lies_that_cancel_out(told, life):
    """Give the fisher the February that a neighbour has paid for their own coverage."""
    stream, paid = told[16]
    told[16] = stream, claims_paid(paid, "2017-12/2018-02")
    registered, paid = told[22][1], told[23][1]
    neighbour = life.baker[:-1] + "5"
    paid = attrs.evolve(paid, months=Months.parse("2018-01/2018-02"))
    told += [(neighbour, registered), (neighbour, claims_paid(paid, "2018-01/2018-01"))]


def seats_of_a_province_out_of_nowhere(told, _):
    allotted = attrs.evolve(told[4][1], region="51", seats=5_000, source=NATIONAL)
    told.append(("quota-perisai-51", allotted))


def seats_given_back_that_no_province_had(told, _):
    told.append((QUOTA, attrs.evolve(told[4][1], seats=5_000, source="51")))


def two_seats_for_one_and_none_for_the_other(told, life):
    stream, taken = told[11]
    told[11] = stream, attrs.evolve(taken, agent=life.ani)


def seats_of_another_region_than_the_stream_holds(told, _):
    stream, allotted = told[4]
    told[4] = stream, attrs.evolve(allotted, region="51")


def seats_of_another_programme_than_the_stream_holds(told, _):
    stream, allotted = told[4]
    told[4] = stream, attrs.evolve(allotted, programme="jkk")


@pytest.mark.parametrize(
    "lie",
    [
        two_lies_that_cancel_out,
        seats_of_a_province_out_of_nowhere,
        seats_given_back_that_no_province_had,
        two_seats_for_one_and_none_for_the_other,
        seats_of_another_region_than_the_stream_holds,
        seats_of_another_programme_than_the_stream_holds,
    ],
    ids=lambda lie: lie.__name__,
)
def test_a_lie_that_leaves_the_sums_right_is_found(run, life, retold, lie):
    told = life.told()
    lie(told, life)
    answer = run("replay", retold(told))

    assert answer.code == 1
    assert "FINDING" in answer.out


# -- Many findings. ---------------------------------------------------------------


def registered(number, months):
    """Return the registration of one who claims to have paid *months* at once."""
    changes = [
        {
            "paid": [{"months": months, "programmes": ["jkk", "jkm"]}],
            "paid_before": None,
            "segment": "bpu",
            "spells": [{"agent": None, "months": "2017-12/..", "province": "51"}],
            "spells_before": [],
        }
    ]
    return {
        "position": number,
        "stream": f"participant-00000000-0000-7000-8000-{number:012}",
        "version": 1,
        "type": "participant.registered.v1",
        "recorded_at": "2018-02-05T09:00:00Z",
        "data": {
            "agent": None,
            "changes": changes,
            "channel": "direct",
            "on": "2017-12-11",
            "province": "51",
            "segment": "bpu",
            "sponsor": None,
        },
    }


def test_months_that_differ_alike_are_one_finding(run, written):
    answer = run("replay", written([registered(1, "2017-12/2099-12")]), "--json")
    whats = [finding["what"] for finding in answer.json["findings"]]

    assert answer.code == 1
    assert answer.json["findings_in_all"] == len(whats) < 30
    assert (
        "2017-12 to 2099-12, paid-up by jkk, segment bpu, province 51, no agent: the deltas add up"
        " to 1, the recount gives 0"
    ) in whats
    assert (
        "2018-01 to 2099-12, paid-up by jkm: opening 1, joined 0, came back 0, left 0 do not lead"
        " from 0 to 0"
    ) in whats


def test_months_that_differ_otherwise_are_findings_of_their_own(run, written):
    history = written([registered(1, "2017-12/2018-03"), registered(2, "2018-02/2018-02")])
    whats = [f["what"] for f in run("replay", history, "--json").json["findings"]]
    told = [what for what in whats if "paid-up by jkk, segment" in what]

    assert [what.partition(" gives")[0] for what in told] == [
        f"{months}, paid-up by jkk, segment bpu, province 51, no agent: the deltas add up to"
        f" {number}, the recount"
        for months, number in (("2017-12 to 2018-01", 1), ("2018-02", 2), ("2018-03", 1))
    ]


@pytest.fixture
def scattered(written):
    """Give a history with more than a hundred findings: every second month, for ten years."""
    months = ",".join(f"{y}-{m:02}/{y}-{m:02}" for y in range(2018, 2028) for m in range(1, 12, 2))
    return written([registered(1, months)])


@pytest.mark.parametrize(("asked", "most"), [((), 100), (("--findings", "3"), 3)])
def test_no_more_findings_are_told_than_a_limit_and_all_are_counted(run, scattered, asked, most):
    text, as_json = run("replay", scattered, *asked), run("replay", scattered, *asked, "--json")
    number = as_json.json["findings_in_all"]

    assert text.code == as_json.code == 1
    assert len(as_json.json["findings"]) == text.out.count("\nFINDING  ") == most < number
    assert text.out.endswith(
        f"\n{most:,} of them are told; --findings tells another number\n{number:,} findings\n"
    )


def test_all_findings_are_told_to_who_asks_for_them(run, scattered):
    answer = run("replay", scattered, "--findings", "100000")

    assert answer.out.count("\nFINDING  ") == int(answer.out.split()[-2].replace(",", "")) > 100
    assert "of them are told" not in answer.out


@pytest.mark.parametrize("number", ["-1", "many", "1.5", "9" * 6_000])
def test_a_number_of_findings_that_is_none_is_a_usage_error(run, life, number):
    answer = run("replay", life.file, f"--findings={number}")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1


# -- A history that is broken. ----------------------------------------------------


def gap(lines):
    del lines[9]


def doubled_position(lines):
    lines.insert(10, lines[9])


def wrong_version(lines):
    lines[9]["version"] = 3


def version_left_out(lines):
    lines[9]["version"] = 5


def unknown_event(lines):
    lines[9]["type"] = "agent.promoted.v1"


def unknown_field(lines):
    lines[9]["data"]["name"] = "Ani"


def missing_field(lines):
    del lines[9]["data"]["on"]


def month_13(lines):
    lines[16]["data"]["months"] = "2017-12/2018-13"


def event_of_another_kind_of_stream(lines):
    lines[9]["type"] = "programme.established.v1"


BROKEN = [
    (gap, 11, "10 is missing"),
    (doubled_position, 10, "it is there already"),
    (wrong_version, 10, "it must be 4"),
    (version_left_out, 10, "it must be 4"),
    (unknown_event, 10, "there is no event 'agent.promoted.v1'"),
    (unknown_field, 10, "there is no field 'name'"),
    (missing_field, 10, "`on`"),
    (month_13, 17, "2018-13"),
    (event_of_another_kind_of_stream, 10, "cannot stand in agent-"),
]


@pytest.mark.parametrize(
    ("fault", "position", "what"), BROKEN, ids=[fault.__name__ for fault, _, _ in BROKEN]
)
def test_a_broken_history_is_not_replayed_past_its_fault(run, life, written, fault, position, what):
    lines = life.lines()
    fault(lines)
    answer = run("replay", written(lines))

    assert (answer.code, answer.out) == (3, "")
    assert f"position {position}" in answer.err
    assert what in answer.err
    assert answer.err.count("\n") == 1


def test_a_fault_is_not_met_before_its_position(run, life, written):
    lines = life.lines()
    unknown_event(lines)
    history = written(lines)

    assert [run("replay", history, "--to", to).code for to in (9, 10)] == [0, 3]


def test_a_last_line_that_is_cut_off_is_reported_with_its_number(run, life, tmp_path):
    history = tmp_path / "cut.jsonl"
    history.write_bytes(life.file.read_bytes()[:-30])
    answer = run("replay", history)

    assert (answer.code, answer.out) == (3, "")
    assert f"{history}, line 27: the file ends in the middle of a line" in answer.err


def test_a_last_line_without_its_end_is_whole(run, life, tmp_path):
    history = tmp_path / "whole.jsonl"
    history.write_bytes(life.file.read_bytes()[:-1])

    assert run("replay", history) == run("replay", life.file)


def test_the_findings_of_the_text_are_those_of_the_json(run, life, retold):
    told = life.told()
    a_month_that_was_not_paid(told, life)
    history = retold(told)
    text, findings = run("replay", history).out, run("replay", history, "--json").json["findings"]
    lines = [line.removeprefix("FINDING  ") for line in text.splitlines() if "FINDING" in line]

    assert lines == [
        finding["what"]
        if finding["position"] is None
        else f"position {finding['position']}: {finding['what']}"
        for finding in findings
    ]


# -- What recording says of itself. -----------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "back"),
    [([1, 2, 2, 3], []), ([1, 2, 1, 3], [3]), ([4, 3, 2, 5], [2, 3])],
    ids=["forward or standing", "back once", "back twice"],
)
def test_a_clock_that_ran_back_is_noted_and_is_no_finding(run, life, written, seconds, back):
    lines = [json.loads(line) for line in life.file.read_text().splitlines()[:5]]
    for line, second in zip(lines, [*seconds, 9], strict=True):
        line["recorded_at"] = f"2018-03-06T02:00:0{second}Z"
    history = written(lines)
    text, as_json = run("replay", history), run("replay", history, "--json")

    assert (text.code, as_json.code) == (0, 0)
    assert as_json.json["clock_ran_back"] == back
    assert ("ran back at" in text.out) == bool(back)


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        (["a", "a", "b", None], None),
        (["a", "b", "c", None], None),
        (["a", "b", "a", None], 3),
        (["a", None, None, "a"], 4),
    ],
)
def test_a_command_that_is_decided_a_second_time_is_found(run, life, written, commands, found):
    lines = [json.loads(line) for line in life.file.read_text().splitlines()[:4]]
    for line, command in zip(lines, commands, strict=True):
        if command is not None:
            line["command"] = command
    answer = run("replay", written(lines), "--json")

    findings = [(f["position"], f["what"]) for f in answer.json["findings"]]
    wanted = [] if found is None else [(found, "the command a is decided a second time")]
    assert findings == wanted
