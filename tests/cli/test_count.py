"""`jamsos count`: the number, its parts, its members, and what it was known to be before."""

import re

import pytest

DEFINITIONS = ("paid-up", "in-grace", "ever-paid", "registered")

# The counts of the life of the fixture, computed by hand.
COUNTS = [
    ("2017-11", 0, 0, 0, 0),
    ("2017-12", 2, 2, 2, 2),  # fisher, sewer
    ("2018-01", 3, 3, 3, 5),  # clerk; and registered only: fisher in PU, baker
    ("2018-02", 2, 3, 3, 5),  # the fisher's coverage ended with January
    ("2018-03", 0, 2, 2, 4),  # the clerk has left, whatever was paid
    ("2018-04", 0, 2, 2, 4),  # third month after the fisher's coverage
    ("2018-05", 0, 1, 2, 4),  # fourth month after the fisher's, third after the sewer's
    ("2018-06", 0, 0, 2, 4),
]
EACH = [
    (month, definition, number)
    for month, *numbers in COUNTS
    for definition, number in zip(DEFINITIONS, numbers, strict=True)
]


@pytest.fixture(params=["store", "file"])
def source(request, life):
    """Give the same history in both of its forms."""
    return getattr(life, request.param)


def numbers_in(text):
    """Return the numbers that stand before a space at the beginning of a line, in order."""
    return [int(n.replace(",", "")) for n in re.findall(r"^ +([\d,]+)  ", text, re.MULTILINE)]


# -- The number. ------------------------------------------------------------------


@pytest.mark.parametrize(("month", "definition", "number"), EACH)
def test_a_month_is_counted_under_each_definition(run, life, month, definition, number):
    answer = run("count", life.store, "--month", month, "--active", definition, "--json")

    assert (answer.code, answer.err) == (0, "")
    assert answer.json["counts"] == [{"programme": "jkk", "count": number}]


def test_paid_up_is_the_definition_where_none_is_named(run, life):
    bare = run("count", life.store, "--month", "2018-02")

    assert bare == run("count", life.store, "--month", "2018-02", "--active", "paid-up")


def test_a_store_and_its_history_file_are_counted_alike(run, life):
    asked = ("--month", "2018-02", "--active", "registered", "--by", "agent", "--members")

    assert run("count", life.store, *asked) == run("count", life.file, *asked)


def test_a_count_names_what_it_stands_on(run, source):
    answer = run("count", source, "--month", "2018-02", "--active", "ever-paid", "--json").json

    assert answer | {"counts": []} == {
        "month": "2018-02",
        "definition": "ever-paid",
        "means": "some contribution is paid for the month or one before it, and the participant"
        " has not left",
        "source": "PP 46/2015, Pasal 1 angka 3",
        "status": "enacted",
        "known_at": 27,
        "counts": [],
    }


def test_the_text_of_a_count_names_what_it_stands_on(run, life):
    text = run("count", life.store, "--month", "2018-02", "--active", "in-grace").out

    assert text == (
        "2018-02, in-grace: the month is covered, or lies at most three months after the end of"
        " coverage\n"
        "source: Perdir 22/PERDIR.02/072022, as reported in PROBIS Kepesertaan, p. 59, section 12"
        " (reported)\n"
        "as known at position 27; one participant in one segment counts once\n"
        "\n"
        "           3  participants, by coverage in jkk\n"
    )


# -- Its parts. -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "parts"),
    [
        ("segment", [("bpu", 3), ("pu", 2)]),
        ("province", [("32", 1), ("51", 4)]),
        ("agent", [("ani", 2), ("budi", 1), (None, 2)]),
        (
            "segment,province",
            [("bpu", "51", 3), ("pu", "32", 1), ("pu", "51", 1)],
        ),
        (
            "province,agent,segment",
            [
                ("32", None, "pu", 1),
                ("51", "ani", "bpu", 2),
                ("51", "budi", "bpu", 1),
                ("51", None, "pu", 1),
            ],
        ),
    ],
)
def test_a_count_falls_into_parts_by_each_dimension(run, life, by, parts):
    answer = run(
        "count", life.store, "--month", "2018-02", "--active", "registered", "--by", by, "--json"
    )
    (count,) = answer.json["counts"]
    names = {life.ani: "ani", life.budi: "budi"}
    found = [
        (*(names.get(part[d], part[d]) for d in by.split(",")), part["count"])
        for part in count["parts"]
    ]

    assert sorted(found, key=str) == sorted(parts, key=str)
    assert sum(part["count"] for part in count["parts"]) == count["count"] == 5


def test_a_count_by_programme_is_one_count_for_each_that_is_paid_for(run, source):
    answer = run("count", source, "--month", "2018-02", "--by", "programme", "--json")

    assert answer.json["counts"] == [
        {"programme": "jht", "count": 1},
        {"programme": "jkk", "count": 2},
        {"programme": "jkm", "count": 2},
    ]


def test_a_count_by_programme_and_segment_has_the_parts_of_each_programme(run, life):
    answer = run("count", life.store, "--month", "2018-02", "--by", "programme,segment", "--json")
    both = [{"segment": "bpu", "count": 1}, {"segment": "pu", "count": 1}]

    assert answer.json["counts"] == [
        {"programme": "jht", "count": 1, "parts": [{"segment": "bpu", "count": 1}]},
        {"programme": "jkk", "count": 2, "parts": both},
        {"programme": "jkm", "count": 2, "parts": both},
    ]


def test_spaces_between_dimensions_are_let_be(run, life):
    tight = run("count", life.store, "--month", "2018-02", "--by", "segment,agent")

    assert run("count", life.store, "--month", "2018-02", "--by", " segment , agent ") == tight


@pytest.mark.parametrize(
    ("month", "definition", "number"),
    [
        ("2018-02", "paid-up", 1),
        ("2018-03", "paid-up", 0),
        ("2018-05", "in-grace", 1),
        ("2018-06", "in-grace", 0),
        ("2018-06", "ever-paid", 1),
        ("2018-02", "registered", 5),
    ],
)
def test_old_age_savings_are_counted_by_their_own_coverage(run, life, month, definition, number):
    answer = run(
        "count",
        life.store,
        "--month",
        month,
        "--active",
        definition,
        "--programme",
        "jht",
        "--json",
    )

    assert answer.json["counts"] == [{"programme": "jht", "count": number}]


# -- As it was known. -------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "number"),
    [
        (0, 0),
        (16, 0),  # the fisher is registered
        (17, 1),  # and has paid
        (18, 1),
        (19, 2),
        (23, 3),
        (24, 4),  # the baker has paid
        (25, 3),  # it was a mistake
        (26, 3),
        (27, 3),  # that the clerk leaves in March changes nothing in January
    ],
)
def test_a_count_is_given_as_it_was_known_at_a_position(run, source, position, number):
    asked = ("--month", "2018-01", "--active", "in-grace", "--known-at", position, "--json")
    answer = run("count", source, *asked)

    assert answer.code == 0
    assert answer.json["known_at"] == position
    assert answer.json["counts"] == [{"programme": "jkk", "count": number}]


@pytest.mark.parametrize(
    ("when", "position"),
    [
        ("2018-03-05", 0),
        ("2018-03-06", 27),
        ("2018-03-06T01:59:59.999999+00:00", 0),
        ("2018-03-06T02:00:00Z", "FIRST"),
        ("2018-03-06T09:00:00+07:00", "FIRST"),
        ("2018-03-07T00:00:00+07:00", 27),
        ("9999-12-31", 27),
    ],
)
def test_a_count_is_given_as_it_was_known_at_a_day_or_a_moment(run, life, source, when, position):
    first = sum(line["recorded_at"] == "2018-03-06T02:00:00Z" for line in life.lines())
    asked = ("--month", "2018-01", "--known-at", when, "--json")
    answer = run("count", source, *asked)
    resolved = first if position == "FIRST" else position

    assert 0 < first < 27
    assert answer.code == 0
    assert answer.json["known_at"] == resolved
    assert answer == run("count", source, *asked[:3], resolved, "--json")


def test_a_participant_who_moves_is_counted_in_the_old_place_until_the_move_is_known(run, life):
    def provinces(position):
        asked = ("--month", "2018-02", "--by", "province", "--known-at", position, "--json")
        (count,) = run("count", life.store, *asked).json["counts"]
        return {part["province"]: part["count"] for part in count["parts"]}

    assert provinces(25) == {"32": 2}
    assert provinces(26) == {"32": 1, "51": 1}


def test_a_history_that_is_not_there_is_not_known_at_0_either(run, tmp_path):
    missing = tmp_path / "missing.db"
    answer = run("count", missing, "--month", "2018-02", "--known-at", "0")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == f"jamsos: there is no file {missing}\n"


# -- Its members. -----------------------------------------------------------------


@pytest.mark.parametrize(("month", "definition", "number"), EACH)
def test_a_count_has_as_many_members_as_it_says(run, life, month, definition, number):
    asked = ("--month", month, "--active", definition, "--members", "--json")
    (count,) = run("count", life.store, *asked).json["counts"]

    assert len(count["members"]) == count["count"] == number


def test_a_member_is_listed_with_their_place_and_their_events(run, source, life):
    asked = ("--month", "2018-02", "--active", "registered", "--members", "--json")
    (count,) = run("count", source, *asked).json["counts"]
    members = [tuple(member.values()) for member in count["members"]]

    assert members == [
        (life.fisher, "bpu", "51", life.ani, [16, 17]),
        (life.fisher, "pu", "51", None, [22]),
        (life.sewer, "bpu", "51", life.budi, [18, 19, 26]),
        (life.clerk, "pu", "32", None, [20, 21, 27]),
        (life.baker, "bpu", "51", life.ani, [23, 24, 25]),
    ]


def test_the_events_of_a_member_are_their_own_and_are_there(run, life):
    asked = ("--month", "2018-02", "--active", "registered", "--members", "--json")
    (count,) = run("count", life.store, *asked).json["counts"]
    streams = {line["position"]: line["stream"] for line in life.lines()}

    for member in count["members"]:
        assert {streams[position] for position in member["events"]} == {member["participant"]}


def test_no_member_rests_on_an_event_that_is_not_known_yet(run, life):
    asked = ("--month", "2018-01", "--members", "--known-at", "24", "--json")
    (count,) = run("count", life.store, *asked).json["counts"]

    assert {m["participant"]: m["events"] for m in count["members"]} == {
        life.fisher: [16, 17],
        life.sewer: [18, 19],
        life.clerk: [20, 21],
        life.baker: [23, 24],
    }


# -- The two ways to print it. ----------------------------------------------------


@pytest.mark.parametrize("known_at", [0, 24, 27])
@pytest.mark.parametrize("by", ["", "segment", "programme", "province,programme,agent"])
def test_the_text_and_the_json_of_a_count_have_the_same_numbers(run, life, by, known_at):
    asked = ("--month", "2018-01", "--by", by, "--known-at", known_at)
    text = run("count", life.store, *asked).out
    counts = run("count", life.store, *asked, "--json").json["counts"]

    assert numbers_in(text) == [
        number
        for count in counts
        for number in (count["count"], *(part["count"] for part in count.get("parts", ())))
    ]


def test_the_text_names_each_part_and_each_member(run, life):
    asked = ("--month", "2018-02", "--by", "segment,agent", "--members")
    text = run("count", life.store, *asked).out

    assert text.splitlines()[3:] == [
        "",
        "           2  participants, by coverage in jkk",
        f"           1  segment bpu, agent {life.budi}",
        "           1  segment pu, agent none",
        f"  {life.sewer}  bpu  51  {life.budi}  events 18, 19, 26",
        f"  {life.clerk}  pu  32  no agent  events 20, 21, 27",
    ]


def test_counting_leaves_the_store_as_it_was(run, life):
    before = life.store.read_bytes()
    run("count", life.store, "--month", "2018-02", "--members")

    assert life.store.read_bytes() == before
    assert sorted(file.name for file in life.store.parent.iterdir()) == ["life.db", "life.jsonl"]


@pytest.mark.parametrize("known_at", [(), ("--known-at", "0"), ("--known-at", "2018-03-06")])
def test_a_history_without_events_is_said_to_be_so_and_is_no_count(run, tmp_path, known_at):
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    text = run("count", empty, "--month", "2018-01", *known_at)
    as_json = run("count", empty, "--month", "2018-01", *known_at, "--json")

    assert (text.code, text.out) == (1, "")
    assert text.err == f"jamsos: nothing was counted: there is no event in {empty}\n"
    assert (as_json.code, as_json.err) == (1, text.err)
    assert as_json.json["counts"] == [{"programme": "jkk", "count": 0}]
