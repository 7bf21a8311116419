"""A finding on a law is told as a story, or as a table, in two languages."""

import re
from datetime import date, timedelta
from random import Random

import attrs
import pytest

from jamsos.commands.agents import (
    Assign,
    BeginTraining,
    Certify,
    Deactivate,
    EvaluateAgents,
    Reactivate,
    Recruit,
    Reseat,
    Resign,
    Terminate,
)
from jamsos.commands.catalogue import NAMES, key_of
from jamsos.commands.contributions import Correct, Pay, PayDifference, Refund
from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.commands.programmes import (
    Adopt,
    Amend,
    ConcludeEvaluation,
    Enact,
    EndRule,
    OpenEvaluation,
)
from jamsos.commands.seats import Allot, FitToCap, MoveSeats, ShareOut
from jamsos.domain.calendar import Month, Months, months_after
from jamsos.domain.citation import Citation, Status
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.geography import PROVINCES
from jamsos.domain.participant import ParticipantContributionPaid, ParticipantRegistered, Payer
from jamsos.domain.quota import QuotaAllotted, QuotaSeatTaken, Seating
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Table
from jamsos.engine.setting import Setting
from jamsos.engine.world import Asked, Plan
from jamsos.errors import InputError
from jamsos.language import Language
from jamsos.policies.agent_cap import in_force
from jamsos.rulebook import rules_of
from jamsos.testing import Broken, Held, Law, NotExercised, World, examine, law, setting
from jamsos.testing.laws.judging import Breaking
from jamsos.testing.names import AGENTS, ASSUMED, NOBODY, PEOPLE
from jamsos.testing.search.map import Map
from jamsos.testing.search.walk import Walk
from jamsos.testing.story import report, tell
from tests.testing.verbs import verb

BEGINS = setting()
AGUS, BAYU = AGENTS[:2]
ANI, BUDI = PEOPLE[:2]


def on(day: str) -> date:
    return date.fromisoformat(day)


def cap_of(value: int, day: str) -> DatedValue:
    return DatedValue(value=value, in_force=on(day), citation=ASSUMED, status=Status.ASSUMED)


def one_too_many(case: Seating) -> Reason | None:
    cap, *_ = in_force(case.programme, case.quota.region, case.on)
    full = case.quota.taken > cap.value or case.quota.free <= 0
    return Reason("agent-cap", "It is full.", Citation("Example 1/2026")) if full else None


WRONG = setting(policies={Seating: (one_too_many,)})


@law("No more agents hold seats than the cap in force", cite="Perban 1/2023, Pasal 7")
def within_the_cap(event: QuotaSeatTaken, world) -> None:
    cap = world.programme("perisai").rule("agent-cap", event.on).value
    taken = world.quota("perisai").taken
    assert taken <= cap, f"{taken} of {cap}"


OVER_THE_CAP = (
    Allot("perisai", 1, on=on("2018-02-02")),
    Amend("perisai", "agent-cap", cap_of(0, "2018-09-01"), on=on("2018-02-02")),
    Recruit(AGUS, "perisai", province="51", on=on("2019-01-01")),
)


def broken(stated: Law, plan: Plan, begins: Setting = BEGINS, **found: int) -> Broken:
    """Return *plan* as what was found to break the law in its last step."""
    breaking = Breaking(len(plan) - 1, "that is why")
    told = {"histories": 12, "tries": 43, "seed": 3, **found}
    return Broken(stated, plan, breaking, seconds=0.214, begins=begins, **told)


def does_not_matter(stated: Law, plan: Plan, begins: Setting = BEGINS) -> str:
    """Return what is said not to matter of a *plan* that breaks the law in its last step."""
    text = report(broken(stated, plan, begins))
    told = re.search(r"^Does not matter: (.*)\.$", text, re.MULTILINE)
    assert told is not None
    return told[1]


# -- A broken law. ---------------------------------------------------------------


def test_a_broken_law_is_told_as_a_numbered_story_with_the_step_that_broke_it():
    assert report(broken(within_the_cap, OVER_THE_CAP, WRONG)) == (
        """\
BROKEN LAW  No more agents hold seats than the cap in force
            Perban 1/2023, Pasal 7

The shortest history that breaks it (3 commands; 12 histories played, 43 tried, 0.21 s):

  1  02 Feb 2018  The seats of perisai in region national are set to 1                        \
| seats 0 of 1 taken, cap 10,000
  2  02 Feb 2018  Rule agent-cap of perisai becomes 0 from 01 Sep 2018                        \
| seats 0 of 1 taken, cap 10,000
  3  01 Jan 2019  Agus is recruited for perisai in province 51, on a seat of region national  \
| seats 1 of 1 taken, cap 0; Agus recruited  <-- that is why

Does not matter: the dates (all a day later or a day earlier or a month later or a month earlier\
 or a year later); who the people are; which provinces.
To repeat it: check(within_the_cap, seed=3, histories=12), with the same rules."""
    )


def test_the_story_can_be_told_in_indonesian():
    assert report(broken(within_the_cap, OVER_THE_CAP, WRONG), "id") == (
        """\
KETENTUAN DILANGGAR  No more agents hold seats than the cap in force
                     Perban 1/2023, Pasal 7

Riwayat terpendek yang melanggarnya (3 perintah; 12 riwayat dimainkan, 43 dicoba, 0,21 detik):

  1  02 Feb 2018  Kursi perisai di wilayah nasional ditetapkan menjadi 1                   \
| kursi 0 dari 1 terisi, batas 10.000
  2  02 Feb 2018  Aturan agent-cap untuk perisai menjadi 0 mulai 01 Sep 2018               \
| kursi 0 dari 1 terisi, batas 10.000
  3  01 Jan 2019  Agus direkrut untuk perisai di provinsi 51, pada kursi wilayah nasional  \
| kursi 1 dari 1 terisi, batas 0; Agus direkrut  <-- that is why

Tidak berpengaruh: tanggal (semuanya sehari lebih lambat atau sehari lebih awal atau sebulan\
 lebih lambat atau sebulan lebih awal atau setahun lebih lambat); siapa orangnya; provinsi mana.
Untuk mengulanginya: check(within_the_cap, seed=3, histories=12), dengan aturan yang sama."""
    )


def test_a_finding_of_examine_is_told_with_its_own_reason():
    found = examine(within_the_cap, seed=3, begins=WRONG)

    assert isinstance(found, Broken)
    lines = report(found).splitlines()
    marked = [line for line in lines if "<--" in line]
    assert len(marked) == 1
    assert marked[0].endswith(f"<-- {found.breaking.why}")
    assert marked[0].split()[0] == str(found.breaking.step + 1)
    assert len([line for line in lines if "  | " in line]) == len(found.plan)


def test_where_a_law_gives_no_reason_that_is_said_in_the_language_of_the_story():
    @law("Nobody asks for recruits", cite="made up", about=("agents",))
    def nobody(command, answer):
        asked = verb(command)
        if asked == "recruit":
            raise AssertionError

    found = examine(nobody, begins=BEGINS)
    assert "  <-- it does not hold\n" in report(found)
    assert "  <-- ketentuannya tidak terpenuhi\n" in report(found, "id")


def test_histories_of_another_length_than_usual_are_repeated_at_that_length():
    def again(**found):
        return report(broken(within_the_cap, OVER_THE_CAP, WRONG, **found)).splitlines()[-1]

    assert again() == (
        "To repeat it: check(within_the_cap, seed=3, histories=12), with the same rules."
    )
    assert again(steps=29) == (
        "To repeat it: check(within_the_cap, seed=3, histories=12, steps=29), with the same rules."
    )


def test_a_history_that_was_kept_says_that_it_was_and_with_which_seed_it_was_found():
    text = report(broken(within_the_cap, OVER_THE_CAP, WRONG, histories=0, tries=0))

    assert "The history that was kept, and still breaks it (3 commands):" in text
    assert text.endswith("It was found with seed 3.")


def test_one_command_and_one_history_are_not_told_as_many():
    found = broken(within_the_cap, OVER_THE_CAP[2:], histories=1, tries=0)

    assert "(1 command; 1 history played, 0 tried, 0.21 s)" in report(found)


def test_a_law_over_two_histories_is_told_with_both():
    def with_bayu(plan: Plan, _: Random) -> Plan:
        return tuple(attrs.evolve(asked, agent=BAYU) for asked in plan)

    @law("Nothing depends on the name", cite="example", beside=with_bayu)
    def same(history, other) -> None:
        assert len(history.events) < len(other.events)

    text = report(broken(same, (Resign(AGUS, on=on("2018-01-05")),)))

    first, second = text.split("And the history that it is held against:")
    assert "1  05 Jan 2018  Agus resigns" in first
    assert "1  05 Jan 2018  Bayu resigns" in second
    assert "<--" not in second


def test_text_of_a_law_stays_on_its_line():
    @law("Two\nlines", cite="here\tor there")
    def stated(step) -> None:
        raise AssertionError(step)

    lines = report(broken(stated, OVER_THE_CAP)).splitlines()

    assert lines[:2] == ["BROKEN LAW  Two\\nlines", "            here\\tor there"]


@pytest.mark.parametrize("language", ["de", "", "EN"])
def test_a_language_that_there_is_not_is_an_input_error(language):
    with pytest.raises(InputError, match="there is no language"):
        report(broken(within_the_cap, OVER_THE_CAP), language)
    with pytest.raises(InputError, match="there is no language"):
        tell(OVER_THE_CAP, BEGINS, language)


# -- What does not matter. ---------------------------------------------------------


def test_dates_matter_to_a_law_that_speaks_of_a_day():
    @law("Nobody is registered on the fifth day of a month", cite="example")
    def never_on_the_fifth(event: ParticipantRegistered) -> None:
        assert event.on.day != 5

    plan = (Register(ANI, province="51", on=on("2018-03-05")),)

    told = does_not_matter(never_on_the_fifth, plan)

    assert told.startswith(
        "the dates (all a month later or a month earlier or a year later or a year earlier);"
    )


def test_months_that_are_paid_for_go_with_the_dates():
    @law("Nobody pays in the month itself", cite="example")
    def never_in_the_month(event: ParticipantContributionPaid) -> None:
        assert Month.of(event.on) not in event.months

    plan = (
        Register(ANI, province="51", on=on("2018-03-05"), segment=Segment.MIGRANT),
        Pay(
            ANI,
            reference="1",
            months=Months.parse("2018-03/2018-03"),
            income=1_000_000,
            amount=16_800,
            on=on("2018-03-06"),
            segment=Segment.MIGRANT,
        ),
    )

    told = does_not_matter(never_in_the_month, plan)

    assert "a month later or a month earlier or a year later or a year earlier" in told
    assert told.endswith("which provinces; the amounts paid; the incomes")


def test_rules_that_are_amended_go_with_the_dates():
    assert "a year later" in does_not_matter(within_the_cap, OVER_THE_CAP, WRONG)


def test_people_provinces_and_amounts_matter_to_a_law_that_speaks_of_them():
    @law("Ani does not pay so much in Bali", cite="example")
    def never(event: ParticipantContributionPaid, world) -> None:
        person = world.participant(ANI)
        current = person.standing(Segment.MIGRANT).current
        assert current is None or current.province != "51" or event.amount != 16_800

    plan = (
        Register(ANI, province="51", on=on("2018-03-05"), segment=Segment.MIGRANT),
        Pay(
            ANI,
            reference="1",
            months=Months.parse("2018-03/2018-03"),
            income=1_000_000,
            amount=16_800,
            on=on("2018-03-06"),
            segment=Segment.MIGRANT,
        ),
    )

    told = does_not_matter(never, plan)

    assert told.startswith("the dates (")
    assert told.endswith("); the incomes")


def test_the_order_of_names_matters_to_a_law_that_speaks_of_it():
    @law("The first to come has the first name", cite="example")
    def in_order(history) -> None:
        names = [each.stream for each in history.events]
        assert names != sorted(names)

    plan = tuple(Register(name, province="51", on=on("2018-03-05")) for name in (ANI, BUDI))

    assert "who the people are" not in does_not_matter(in_order, plan)


def test_a_province_goes_by_another_name_wherever_it_is_named():
    @law("Seats are not passed on to a province where an agent is", cite="example")
    def never(event: QuotaSeatTaken, world) -> None:
        agent = world.agent(event.agent)
        assert agent.province != agent.seat

    plan = (
        ShareOut("perisai", 1, {"51": 1}, on=on("2018-01-05")),
        Recruit(AGUS, "perisai", province="51", on=on("2018-01-05"), region="51"),
    )

    assert does_not_matter(never, plan).endswith("who the people are; which provinces")


def test_things_that_a_plan_does_not_have_are_not_said_not_to_matter():
    @law("No seats are allotted", cite="example")
    def none(event: QuotaAllotted) -> None:
        raise AssertionError(event)

    plan = (Allot("perisai", 1, on=on("2018-06-01")),)

    told = does_not_matter(none, plan)

    assert told.startswith("the dates (")
    assert told.endswith(")")


def test_a_month_that_incentives_are_for_and_values_of_a_new_rule_go_with_the_dates():
    @law("Nothing is asked twelve months or more after what it is for", cite="example")
    def in_time(step) -> None:
        asked = step.command
        if isinstance(asked, AwardIncentive):
            assert Month.of(asked.on) - asked.month < 12
        else:
            assert asked.values[0].in_force < asked.on

    late = AwardIncentive(AGUS, Month(2018, 1), on=on("2019-01-05"))
    values = [cap_of(1, "2018-02-05")]
    new = Enact("own", "fee", unit="rupiah", values=values, on=on("2018-02-05"))

    assert "a month later or a month earlier" in does_not_matter(in_time, (late,))
    assert "a day later or a day earlier or a month later" in does_not_matter(in_time, (new,))


def test_provinces_are_not_varied_where_too_few_others_are_left():
    @law("Seats are not shared out", cite="example")
    def never(event: QuotaAllotted) -> None:
        assert event.region == "national"

    weights = dict.fromkeys((code for code, p in PROVINCES.items() if p.since is None), 1)
    plan = (ShareOut("perisai", 34, weights, on=on("2018-06-01")),)

    assert "provinces" not in does_not_matter(never, plan)


def test_it_is_said_where_everything_matters():
    @law("Nothing is asked of Agus on the day", cite="example")
    def never(command) -> None:
        assert (command.agent, command.on) != (AGUS, on("2018-01-05"))

    plan = (Resign(AGUS, on=on("2018-01-05")),)

    assert does_not_matter(never, plan).startswith("nothing of what was tried (dates, people")


def test_a_law_that_fails_on_a_variant_is_not_said_to_be_broken_by_it():
    @law("Agus does not resign", cite="example")
    def never(command) -> None:
        assert {AGUS: False}[command.agent]

    plan = (Resign(AGUS, on=on("2018-01-05")),)

    assert "who the people are" not in does_not_matter(never, plan)


def test_dates_beyond_the_calendar_are_not_tried():
    @law("Agus does not resign", cite="example")
    def never(command) -> None:
        raise AssertionError(command)

    plan = (Resign(AGUS, on=date.max),)

    assert does_not_matter(never, plan).startswith(
        "the dates (all a day earlier or a month earlier or a year earlier)"
    )


# -- The lines of any plan. --------------------------------------------------------


def sentences(*plan: Asked, language: str = "en") -> list[str]:
    """Return what is told of each command, without number, day and state."""
    lines = tell(plan, BEGINS, language)
    return [line.partition("  | ")[0].split(maxsplit=4)[4].rstrip() for line in lines]


def beside(*plan: Asked, language: str = "en") -> str:
    """Return how things are after the last of *plan*."""
    return tell(plan, BEGINS, language)[-1].partition("  | ")[2]


def test_there_is_a_sentence_for_every_command():
    assert sorted(map(key_of, NAMES)) == sorted(Language.ENGLISH.texts.commands)


EXAMPLES = (
    (
        Adopt(
            "jkk",
            on=on("2018-01-05"),
            rules=[file for file in rules_of("perisai") if file.rule == "agent-cap"],
        ),
        (
            "The rules of jkk published by then are adopted, from perisai/agent-cap: turned down:"
            " NotFoundError"
        ),
        (
            "Aturan jkk yang sudah terbit diadopsi, dari perisai/agent-cap: tidak dapat diproses:"
            " NotFoundError"
        ),
    ),
    (
        Enact(
            "own",
            "fee",
            unit="rupiah",
            values=[attrs.evolve(cap_of(1_500, "2018-01-05"), until=on("2018-12-31"))],
            on=on("2018-01-05"),
            scope="51",
        ),
        (
            "Rule fee of own is enacted for region 51, in rupiah: 1,500 from 05 Jan 2018 to"
            " 31 Dec 2018"
        ),
        (
            "Aturan fee untuk own ditetapkan bagi wilayah 51, dalam rupiah: 1.500 mulai 05 Jan 2018"
            " sampai 31 Des 2018"
        ),
    ),
    (
        Amend(
            "own",
            "fee",
            attrs.evolve(cap_of(1, "2018-05-01"), value=Table.of({0: 1, 9: 2})),
            on=on("2018-01-05"),
            evaluation="first",
        ),
        (
            "Rule fee of own becomes a table (rows: 2) from 01 May 2018, after evaluation first:"
            " turned down: NotFoundError"
        ),
        (
            "Aturan fee untuk own menjadi sebuah tabel (baris: 2) mulai 01 Mei 2018, setelah"
            " evaluasi first: tidak dapat diproses: NotFoundError"
        ),
    ),
    (
        EndRule(
            "perisai",
            "agent-cap",
            last_day=on("2018-08-31"),
            citation=ASSUMED,
            on=on("2018-01-05"),
        ),
        "Rule agent-cap of perisai ends after 31 Aug 2018 (no law, made up for a test)",
        "Aturan agent-cap untuk perisai berakhir setelah 31 Agu 2018 (no law, made up for a test)",
    ),
    (
        OpenEvaluation("perisai", "first", trigger="it is full", on=on("2018-01-05")),
        "Evaluation first of perisai is opened: it is full",
        "Evaluasi first atas perisai dibuka: it is full",
    ),
    (
        ConcludeEvaluation(
            "perisai",
            "first",
            outcome="raise",
            month=Month(2018, 10),
            after_months=3,
            on=on("2018-11-01"),
        ),
        (
            "Evaluation first of perisai is concluded: raise (measured at the end of Oct 2018,"
            " months after acquisition: 3): turned down: NotFoundError"
        ),
        (
            "Evaluasi first atas perisai disimpulkan: dinaikkan (diukur pada akhir Okt 2018, bulan"
            " setelah akuisisi: 3): tidak dapat diproses: NotFoundError"
        ),
    ),
    (
        Allot("perisai", 20_000, on=on("2018-01-05"), region="national"),
        "The seats of perisai in region national are set to 20,000: refused: agent-cap",
        "Kursi perisai di wilayah nasional ditetapkan menjadi 20.000: ditolak: agent-cap",
    ),
    (
        ShareOut("perisai", 3, {"51": 2, "31": 1}, on=on("2018-01-05")),
        "The seats of perisai are shared out by weight, 3 in all (51: 2, 31: 1)",
        "Kursi perisai dibagi menurut bobot, seluruhnya 3 (51: 2, 31: 1)",
    ),
    (
        MoveSeats("perisai", 2, source="national", to="51", on=on("2018-01-05")),
        "Seats of perisai move from region national to region 51: 2: turned down: InputError",
        (
            "Kursi perisai pindah dari wilayah nasional ke wilayah 51: 2: tidak dapat diproses:"
            " InputError"
        ),
    ),
    (
        FitToCap("perisai", on=on("2018-01-05")),
        "Free seats of perisai above the cap are taken back: nothing new",
        "Kursi kosong perisai di atas batas ditarik kembali: tidak ada yang baru",
    ),
    (
        EvaluateAgents("perisai", on=on("2018-01-05")),
        "The agents of perisai are evaluated, and the idle ones deactivated: nothing new",
        "Agen perisai dievaluasi, dan yang tidak produktif dinonaktifkan: tidak ada yang baru",
    ),
    (
        AwardIncentives("perisai", Month(2018, 1), on=on("2018-02-01")),
        "The agents of perisai are awarded the incentives for Jan 2018: nothing new",
        "Agen perisai diberi insentif untuk Jan 2018: tidak ada yang baru",
    ),
)


@pytest.mark.parametrize(("asked", "english", "indonesian"), EXAMPLES)
def test_a_command_is_told_as_a_sentence_with_what_came_of_it(asked, english, indonesian):
    assert sentences(asked) == [english]
    assert sentences(asked, language="id") == [indonesian]


LIFE = (
    Allot("perisai", 1, on=on("2018-01-01")),
    Recruit(AGUS, "perisai", province="51", on=on("2018-01-02")),
    Recruit(BAYU, "perisai", province="31", on=on("2018-01-02")),
    BeginTraining(AGUS, on=on("2018-01-03")),
    Certify(AGUS, on=on("2018-01-04")),
    Assign(AGUS, on=on("2018-01-05")),
    Register(ANI, province="51", on=on("2018-01-06"), agent=AGUS),
    AwardIncentive(AGUS, Month(2018, 1), on=on("2018-02-01")),
    Deactivate(AGUS, on=on("2018-02-02"), reason="office"),
    Reactivate(AGUS, on=on("2018-12-02")),
    Resign(AGUS, on=on("2018-12-03")),
    Terminate(AGUS, cause="fraud", on=on("2018-12-04")),
)


def test_the_life_of_an_agent_is_told():
    assert sentences(*LIFE) == [
        "The seats of perisai in region national are set to 1",
        "Agus is recruited for perisai in province 51, on a seat of region national",
        (
            "Bayu is recruited for perisai in province 31, on a seat of region national: refused:"
            " seat-allotment"
        ),
        "Agus begins training",
        "Agus is certified",
        "Agus gets the letter of assignment: the account is active",
        "Ani is registered in segment bpu, in province 51, by Agus",
        "Agus is awarded the incentive for Jan 2018: nothing new",
        "Agus is deactivated: the agreement with the office ended",
        "Agus comes back, on a seat of region national",
        "Agus resigns",
        "Agus is terminated for fraud",
    ]
    assert sentences(*LIFE, language="id")[3:] == [
        "Agus mulai belajar",
        "Agus memperoleh sertifikat",
        "Agus memperoleh Surat Tugas: akunnya aktif",
        "Ani didaftarkan di segmen BPU, di provinsi 51, oleh Agus",
        "Agus diberi insentif untuk Jan 2018: tidak ada yang baru",
        "Agus dinonaktifkan: perjanjian dengan kantor berakhir",
        "Agus aktif kembali, pada kursi wilayah nasional",
        "Agus mengundurkan diri",
        "Agus diberhentikan karena penipuan",
    ]


def test_beside_a_step_stand_the_seats_and_where_the_agent_stands():
    assert [beside(*LIFE[:number]) for number in range(1, len(LIFE) + 1)] == [
        "seats 0 of 1 taken, cap 10,000",
        "seats 1 of 1 taken, cap 10,000; Agus recruited",
        "seats 1 of 1 taken, cap 10,000; Bayu unknown",
        "Agus in training",
        "Agus certified",
        "Agus active",
        "Agus active; Ani in bpu (nothing paid)",
        "Agus active, Rp 0 awarded for Jan 2018",
        "seats 0 of 1 taken, cap 10,000; Agus deactivated",
        "seats 1 of 1 taken, cap 10,000; Agus active",
        "seats 0 of 1 taken, cap 10,000; Agus resigned",
        "seats 0 of 1 taken, cap 10,000; Agus terminated",
    ]


def test_a_seat_elsewhere_and_a_fact_told_otherwise_are_told():
    life = (
        Allot("perisai", 2, on=on("2018-01-01")),
        Allot("perisai", 1, on=on("2018-01-01"), region="51"),
        Recruit(AGUS, "perisai", province="51", on=on("2018-01-02")),
        Reseat(AGUS, region="51", on=on("2018-02-01")),
        Resign(AGUS, on=on("2018-03-01")),
        Resign(AGUS, on=on("2018-03-02"), instead_of=3),
    )

    assert sentences(*life)[3:] == [
        "Agus gets a seat of region 51",
        "Agus resigns",
        "Agus resigns (instead of what was told as number 3)",
    ]
    assert sentences(*life, language="id")[3:] == [
        "Agus mendapat kursi wilayah 51",
        "Agus mengundurkan diri",
        "Agus mengundurkan diri (sebagai pengganti fakta nomor 3)",
    ]
    assert beside(*life[:4]) == ("seats 1 of 2 taken, cap 10,000; region 51 1 of 1; Agus recruited")


PAID = (
    Register(ANI, province="51", on=on("2018-01-06"), sponsor="CSR-1"),
    Register(ANI, province="51", on=on("2018-01-06"), segment=Segment.MIGRANT),
    Pay(
        ANI,
        reference="r-1",
        months=Months.parse("2018-01/2018-03"),
        income=1_000_000,
        amount=50_400,
        on=on("2018-01-07"),
    ),
    Pay(
        ANI,
        reference="r-2",
        months=Months.parse("2018-05/2018-05"),
        income=2_000_000,
        amount=1,
        on=on("2018-05-07"),
        programmes=("jht", "jkk"),
        segment=Segment.MIGRANT,
        payer=Payer.EMPLOYER,
        sector="transport",
        budget="apbd",
    ),
    PayDifference(
        ANI, reference="r-3", of="r-2", income=3_000_000, amount=1_000, on=on("2018-05-07")
    ),
    Refund(
        ANI,
        refunds="r-2",
        claim="jht-claim",
        claimed=Month(2018, 4),
        amount=1_001,
        on=on("2018-05-07"),
    ),
    Correct(ANI, corrects="r-1", on=on("2018-05-08"), reason="double"),
    Move(ANI, province="31", on=on("2018-06-01")),
    Transfer(ANI, on=on("2018-06-02"), branch="BDG-1", segment=Segment.MIGRANT),
    Leave(ANI, reason="left-work", on=on("2018-06-03"), segment=Segment.MIGRANT),
    Leave(ANI, reason="other", on=on("2018-06-04")),
    ComeBack(ANI, province="51", on=on("2018-07-01")),
)


def test_the_life_of_a_participant_is_told():
    assert sentences(*PAID) == [
        "Ani is registered in segment bpu, in province 51, by sponsor CSR-1",
        "Ani is registered in segment migrant, in province 51",
        (
            "Ani pays Rp 50,400 to jkk, jkm for Jan 2018 to Mar 2018, on an income of Rp 1,000,000"
            " (reference r-1)"
        ),
        (
            "Ani pays Rp 1 to jht, jkk for May 2018, on an income of Rp 2,000,000 (reference r-2,"
            " segment migrant, paid by an employer, sector transport, budget apbd)"
        ),
        (
            "Ani pays a difference of Rp 1,000 for the months of payment r-2, on an income of"
            " Rp 3,000,000 (reference r-3)"
        ),
        (
            "Ani is paid back Rp 1,001 of payment r-2, with a claim on JHT of Apr 2018: turned"
            " down: RuleNotInForceError"
        ),
        "Payment r-1 of Ani is corrected: double",
        "Ani moves to province 31",
        "Ani is given into the care of branch BDG-1, in segment migrant",
        "Ani leaves segment migrant: left work",
        "Ani leaves: other",
        "Ani comes back to segment bpu, in province 51",
    ]
    assert sentences(*PAID, language="id")[2:] == [
        (
            "Ani membayar Rp 50.400 ke jkk, jkm untuk Jan 2018 sampai Mar 2018, atas penghasilan"
            " Rp 1.000.000 (referensi r-1)"
        ),
        (
            "Ani membayar Rp 1 ke jht, jkk untuk Mei 2018, atas penghasilan Rp 2.000.000 (referensi"
            " r-2, segmen PMI, dibayar oleh pemberi kerja, sektor transportasi, anggaran apbd)"
        ),
        (
            "Ani membayar kekurangan iuran Rp 1.000 untuk bulan pembayaran r-2, atas penghasilan"
            " Rp 3.000.000 (referensi r-3)"
        ),
        (
            "Ani menerima kembali Rp 1.001 dari pembayaran r-2, bersama klaim JHT bulan Apr 2018:"
            " tidak dapat diproses: RuleNotInForceError"
        ),
        "Pembayaran r-1 dari Ani dikoreksi: double",
        "Ani pindah ke provinsi 31",
        "Ani dialihkan ke binaan cabang BDG-1, di segmen PMI",
        "Ani keluar dari segmen PMI: berhenti bekerja",
        "Ani keluar: lainnya",
        "Ani kembali ke segmen BPU, di provinsi 51",
    ]


def test_months_without_an_end_are_told_as_such():
    endless = Months.parse("2018-01/..")
    asked = Pay(ANI, reference="1", months=endless, income=1, amount=1, on=on("2018-01-07"))

    assert "for Jan 2018 and after, on an income of Rp 1" in sentences(asked)[0]
    assert "untuk Jan 2018 dan seterusnya" in sentences(asked, language="id")[0]


def test_beside_a_step_stands_for_what_the_participant_has_paid():
    assert beside(*PAID[:2]) == "Ani in bpu (nothing paid), in migrant (nothing paid)"
    assert (
        beside(*PAID[:4])
        == "Ani in bpu (paid jkk, jkm Jan 2018 to Mar 2018), in migrant (paid jht, jkk May 2018)"
    )
    assert beside(*PAID[:10], language="id") == (
        "Ani di BPU (belum ada yang dibayar), keluar dari PMI (dibayar jht, jkk Mei 2018)"
    )
    assert beside(Move(BUDI, province="31", on=on("2018-06-01"))) == ("Budi not registered")


def test_beside_a_step_stand_the_regions_that_it_is_about():
    shared = ShareOut("perisai", 3, {"51": 2, "31": 1}, on=on("2018-01-05"))
    moved = MoveSeats("perisai", 1, source="51", to="31", on=on("2018-01-06"))

    assert beside(shared, moved) == (
        "seats 0 of 3 taken, cap 10,000; region 51 0 of 1; region 31 0 of 2"
    )


def test_beside_a_change_of_a_rule_stands_what_the_rule_says_on_the_day():
    amended = Amend("perisai", "agent-idle-months", cap_of(2, "2018-02-01"), on=on("2018-02-01"))
    unknown = Amend("perisai", "no-rule", cap_of(2, "2018-02-01"), on=on("2018-02-01"))

    assert beside(amended) == "agent-idle-months 2"
    assert beside(unknown) == "no-rule not in force"


def test_beside_an_evaluation_stands_how_far_it_is():
    opened = OpenEvaluation("perisai", "first", trigger="full", on=on("2018-01-05"))
    concluded = ConcludeEvaluation(
        "perisai",
        "first",
        outcome="raise",
        month=Month(2018, 10),
        after_months=3,
        on=on("2018-11-01"),
    )

    assert beside(concluded) == "evaluation first not opened"
    assert beside(opened) == "evaluation first open"
    assert beside(opened, concluded) == "evaluation first raise"


def test_where_no_cap_is_in_force_it_is_said():
    asked = Allot("perisai", 1, on=on("2015-01-05"))

    assert beside(asked) == "seats 0 of 0 taken, no cap"


def test_somebody_without_a_first_name_goes_by_the_last_digits():
    real = "agent-0198c5a1-77aa-7e01-9c3b-4f00aa12c3d4"

    assert sentences(
        Resign(NOBODY[0], on=on("2018-01-05")),
        Move(NOBODY[1], province="51", on=on("2018-01-05")),
        Resign(real, on=on("2018-01-05")),
    ) == [
        "Agent 99 resigns: turned down: NotFoundError",
        "Participant 99 moves to province 51: turned down: NotFoundError",
        "Agent c3d4 resigns: turned down: NotFoundError",
    ]


def test_the_numbers_of_a_long_story_are_in_one_column():
    day = on("2018-01-05")
    plan = tuple(FitToCap("perisai", on=day + timedelta(days=number)) for number in range(12))

    lines = tell(plan, BEGINS)

    assert lines[8].startswith("   9  13 Jan 2018  Free")
    assert lines[11].startswith("  12  16 Jan 2018  Free")
    assert len({line.index("  | ") for line in lines}) == 1


def test_a_plan_without_commands_has_no_story():
    assert tell((), BEGINS) == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_any_walk_can_be_told_in_a_line_for_each_command(language):
    chart = Map(BEGINS)
    for seed in range(40):
        world = World(BEGINS)
        walk, plan, outcomes = Walk(world, chart, Random(seed)), list[Asked](), list[object]()
        for _ in range(30):
            plan.append(walk.next())
            outcomes.append(world.ask(plan[-1]).answer)

        lines = tell(tuple(plan), BEGINS, language)

        assert len(lines) == len(plan)
        for line, answer in zip(lines, outcomes, strict=True):
            assert line.isprintable()
            assert "{" not in line
            assert "[" not in line
            if isinstance(answer, Refused):
                assert answer.reasons[0].policy in line
            elif not isinstance(answer, Accepted):
                assert type(answer).__name__ in line


# -- A law that is not broken. ------------------------------------------------------


def test_a_law_that_held_is_told_with_what_was_exercised():
    held = Held(
        within_the_cap,
        1_000,
        1_234,
        {"allot: accepted": 1_500, "recruit: refused: agent-cap": 7, "resign: nothing new": 1},
        0.8,
    )

    assert report(held) == (
        """\
HELD  No more agents hold seats than the cap in force
      Perban 1/2023, Pasal 7

Applied 1,234 times in 1,000 histories (1,250 histories a second).

Commands by answer:
  allot: accepted              1,500
  recruit: refused: agent-cap      7
  resign: nothing new              1"""
    )
    assert report(held, "id") == (
        """\
TERPENUHI  No more agents hold seats than the cap in force
           Perban 1/2023, Pasal 7

Diterapkan 1.234 kali dalam 1.000 riwayat (1.250 riwayat per detik).

Yang terjadi, menurut jawaban:
  allot: diterima              1.500
  recruit: ditolak: agent-cap      7
  resign: tidak ada yang baru      1"""
    )


def test_a_law_that_nothing_exercised_says_what_its_histories_were_about():
    @law("Nobody sits", cite="x", about=["participants", "rules"])
    def nobody(event: QuotaSeatTaken):
        raise AssertionError

    outcome = examine(nobody, begins=BEGINS, histories=5)
    about = "about participants, rules: if it needs others, say so with about=[...]."
    assert f"Its histories were {about}" in report(outcome).splitlines()
    assert "Riwayatnya tentang participants, rules: bila perlu yang lain," in report(outcome, "id")


def test_a_law_that_nothing_exercised_is_not_told_as_held():
    @law("After the last day", cite="example")
    def later(event: QuotaSeatTaken) -> None:
        assert months_after(event.on, 1) < event.on

    outcome = NotExercised(later, 3, 0, {"allot: accepted": 1}, 0.0)

    text = report(outcome)

    assert text.splitlines()[:2] == [
        "NOT EXERCISED  After the last day: no history gave it an occasion",
        "               example",
    ]
    assert "Applied 0 times in 3 histories" in text
    assert "  allot: accepted" in text
    assert "HELD" not in text
    assert report(outcome, "id").startswith(
        "TIDAK TERUJI  After the last day: tidak ada riwayat yang memberinya kesempatan"
    )
