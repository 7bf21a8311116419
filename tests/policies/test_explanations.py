"""Every sentence of an explanation, in both languages: one case for each way to an answer."""

from datetime import date
from pathlib import Path

import attrs
import pytest

from jamsos import Month, Months, Segment
from jamsos.domain.due import Construction, Late, Migrant, NonWageEarner, Paying, WageEarner
from jamsos.domain.geography import NATIONAL
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.incentive import Acquired, Earning, Received
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import (
    Check,
    Contribution,
    Participant,
    ParticipantContributionCorrected,
    Payment,
)
from jamsos.formulas.agent_incentive import agent_incentive
from jamsos.formulas.contribution_due import contribution_due
from jamsos.formulas.coverage_of_payment import coverage_of_payment
from jamsos.formulas.due_date import due_date
from jamsos.formulas.late_fine import late_fine
from jamsos.formulas.payment_due import payment_due
from jamsos.formulas.registration_of_non_wage_earners import (
    Applicant,
    registration_of_non_wage_earner,
)
from jamsos.rulebook import everything, law

LAW = law(everything())
TOLD = Path(__file__).with_name("explanations.txt")
BPU, PU, PMI = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER, Segment.MIGRANT
TWO = (ProgrammeName("jkk"), ProgrammeName("jkm"))
THREE = (ProgrammeName("jht"), *TWO)
WHO = "participant-00000000-0000-4000-8000-000000000001"
MISTAKE = ParticipantContributionCorrected(
    segment=BPU, corrects="1", reason="mistake", changes=(), on=date(2026, 1, 3)
)


def month(text):
    return Month.parse(text)


def bpu(income, of, **more):
    return contribution_due(NonWageEarner(law=LAW, month=month(of), income=income, **more))


def pu(wage, of, **more):
    asked = {"law": LAW, "month": month(of), "wage": wage, "risk": "very-low", **more}
    return contribution_due(WageEarner(**asked))


def construction(of, **more):
    return contribution_due(Construction(law=LAW, month=month(of), **more))


def migrant(contract, **more):
    return contribution_due(Migrant(law=LAW, month=month("2025-06"), contract=contract, **more))


def with_due_day(number):
    known = LAW["jkk"].rule("bpu-due-day", date(2019, 5, 1))
    amended = attrs.evolve(known, dated=attrs.evolve(known.dated, value=number))
    rules = {**LAW["jkk"].rules, ("bpu-due-day", NATIONAL): (amended,)}
    return {**LAW, "jkk": attrs.evolve(LAW["jkk"], rules=rules)}


def fine(paid_on, of="2019-05", segment=PU):
    return late_fine(
        Late(law=LAW, segment=segment, month=month(of), amount=1_000_001, paid_on=paid_on)
    )


def payable(paid, on, **more):
    asked = {"law": LAW, "paid": Months.parse(paid), "entered_on": date(2025, 1, 20), "on": on}
    return coverage_of_payment(Paying(**{**asked, **more}))


def payment(months, *earlier, amount=0, **more):
    participant = Participant(
        id=WHO, payments={str(number): each for number, each in enumerate(earlier)}
    )
    return payment_due(
        Contribution(
            participant=participant,
            segment=BPU,
            programmes=TWO,
            months=Months.parse(months),
            income=Rupiah(1_000_000),
            amount=Rupiah(amount),
            on=date(2026, 2, 1),
            law=LAW,
            **{"sector": "transport", "budget": "own", "added": False, **more},
        )
    )


def paid_before(months, amount, due, **more):
    return Payment(
        segment=BPU,
        programmes=TWO,
        months=Months.parse(months),
        income=Rupiah(1_000_000),
        amount=Rupiah(amount),
        on=date(2026, 1, 2),
        check=Check(sector="transport", budget="own", due=due, credit=Rupiah(0), rules=()),
        **more,
    )


def admission(born, **more):
    asked = {"law": LAW, "born": born, "on": date(2025, 6, 1), **more}
    return registration_of_non_wage_earner(Applicant(**asked))


def new(number, programmes=THREE, segment=BPU):
    return tuple(
        Acquired(participant=WHO, segment=segment, programmes=programmes, reference="1")
        for _ in range(number)
    )


def received(amount, months=1, number=1, segment=BPU):
    return Received(
        participant=WHO,
        reference="tx/1",
        segment=segment,
        months=months,
        number=number,
        amount=Rupiah(amount),
    )


def incentive(of, *contributions, new=()):
    return agent_incentive(
        Earning(programme=LAW["perisai"], month=month(of), acquired=new, received=contributions)
    )


CASES = {
    # -- What is due for a contribution month or a contract. -------------------------
    "a non-wage earner, by the bracket of his income": lambda: bpu(1_150_000, "2025-06"),
    "a non-wage earner who names his programmes": lambda: bpu(1_000_000, "2025-06", programmes=TWO),
    "a driver in the months of the relief": lambda: bpu(
        1_000_000, "2026-02", sector="transport", programmes=THREE
    ),
    "a driver whose contribution the state pays": lambda: bpu(
        1_000_000, "2026-02", sector="transport", budget="state-budget", programmes=TWO
    ),
    "who drives nothing, in the months of the relief of 2020": lambda: bpu(
        1_000_000, "2020-09", sector="other", programmes=TWO
    ),
    "a wage earner in a medium firm": lambda: pu(3_000_000, "2025-06"),
    "a wage earner over the ceiling of JP, who is in JKP": lambda: pu(
        20_000_000, "2025-06", programmes=("jkk", "jkm", "jkp", "jp")
    ),
    "a wage earner at the ceiling of JP": lambda: pu(
        10_547_400, "2025-06", programmes=("jkk", "jp"), risk="medium"
    ),
    "a wage earner in the months of the relief of 2020": lambda: pu(
        5_143_751, "2020-09", size="micro"
    ),
    "a wage earner whose JP may be paid later": lambda: pu(
        5_000_000, "2020-09", programmes=("jp",)
    ),
    "a month within which a rate changes": lambda: pu(
        10_000_000, "2025-02", programmes=("jkm", "jkp")
    ),
    "a construction contract of three steps": lambda: construction("2022-06", value=700_000_001),
    "a construction contract whose contribution is a whole rupiah": lambda: construction(
        "2022-06", value=100_000_000
    ),
    "a construction project by its wages": lambda: construction("2022-06", wages=30_000_000),
    "a construction project without wages": lambda: construction("2022-06", wages=0),
    "a migrant worker": lambda: migrant("six-months"),
    "a migrant worker whose contract is extended, with JHT": lambda: migrant(
        "twenty-four-months", extension=3, jht=50_000
    ),
    # -- Until when it is to be paid, and what it costs later. -----------------------
    "a due date on a working day": lambda: due_date(LAW, month("2018-01"), BPU),
    "a due date on a Saturday": lambda: due_date(LAW, month("2019-06"), BPU),
    "a due date on a Sunday": lambda: due_date(LAW, month("2019-09"), BPU),
    "a due date in a month without that day": lambda: due_date(
        with_due_day(31), month("2019-06"), BPU
    ),
    "a due date on the last day of a month": lambda: due_date(
        with_due_day(31), month("2019-05"), BPU
    ),
    "paid on the due date": lambda: fine(date(2019, 6, 15)),
    "paid the day after": lambda: fine(date(2019, 6, 16)),
    "paid in the third month": lambda: fine(date(2019, 8, 16)),
    # -- For which months may be paid. ------------------------------------------------
    "who pays for the first time": lambda: payable("", date(2025, 3, 5)),
    "who pays for the first time, added by a donor": lambda: payable(
        "", date(2026, 3, 5), entered_on=date(2026, 1, 20), added=True
    ),
    "who is in arrears": lambda: payable("2025-01/2025-01", date(2025, 4, 30)),
    "who lapsed long ago, and is in arrears again": lambda: payable(
        "2024-01/2024-01,2024-12/2025-01", date(2025, 3, 1)
    ),
    "whose participation has lapsed": lambda: payable("2025-01/2025-01", date(2025, 6, 1)),
    # -- What is due for some months at once. ----------------------------------------
    "three months at once, of which two have the relief": lambda: payment("2025-11/2026-02"),
    "who had paid too much before the relief came": lambda: payment(
        "2026-02/2026-02", paid_before("2026-01/2026-01", 16_800, (16_800,))
    ),
    "who had paid more than was due, twice": lambda: payment(
        "2026-03/2026-03",
        paid_before("2026-01/2026-01", 8_900, (8_400,)),
        paid_before("2026-02/2026-02", 8_500, (8_400,)),
        attrs.evolve(paid_before("2026-01/2026-01", 99_000, (8_400,)), segment=PU),
    ),
    "who had paid for months of which some were relieved since": lambda: payment(
        "2026-03/2026-05", paid_before("2025-12/2026-02", 50_400, (16_800, 16_800, 16_800))
    ),
    "whose payment was corrected": lambda: payment(
        "2026-02/2026-02", paid_before("2026-01/2026-01", 18_000, (8_400,), correction=MISTAKE)
    ),
    # -- Who may be registered. --------------------------------------------------------
    "who turns 65 tomorrow": lambda: admission(date(1960, 6, 2)),
    "who is 65 today": lambda: admission(date(1960, 6, 1)),
    "who turns 65 before the first payment": lambda: admission(
        date(1960, 6, 2), first_payment_on=date(2025, 6, 2)
    ),
    "who pays before the age at the first payment counted": lambda: admission(
        date(1961, 6, 2), on=date(2021, 6, 1), first_payment_on=date(2022, 6, 30)
    ),
    # -- What an agent gets. -----------------------------------------------------------
    "an agent of January 2018": lambda: incentive(
        "2018-01",
        received(16_800, number=24),
        received(370_000, segment=PMI),
        received(33_600, months=2, number=24),
        received(100_001, segment=PU),
        new=(*new(49, TWO), *new(1, segment=PU)),
    ),
    "an agent with one new participant too few": lambda: incentive(
        "2018-01", received(16_800), new=new(49)
    ),
    "an agent of April 2022": lambda: incentive(
        "2022-04",
        received(36_800),
        received(73_600, months=2, number=24),
        received(36_800, number=61),
        new=(*new(30), *new(20, TWO), *new(2, ("jkk",))),
    ),
}


def told(name):
    answer = CASES[name]()
    return f"# {name}\n\n{answer.explain()}\n\n{answer.explain('id')}\n"


def kept():
    """Return the explanations that were read and kept, by the names of their cases."""
    parts = TOLD.read_text(encoding="utf-8").removeprefix("# ").split("\n# ")
    return {part.partition("\n")[0]: f"# {part}" for part in parts}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_is_explained_to_the_word(name):
    assert told(name) == kept()[name]


def test_every_explanation_that_is_kept_is_one_of_these():
    assert [*kept()] == [*CASES]


if __name__ == "__main__":  # writes them again, to be read before they are kept
    TOLD.write_text("\n".join(map(told, CASES)), encoding="utf-8")
