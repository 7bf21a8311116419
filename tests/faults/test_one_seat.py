"""Many ask for one seat at the same moment."""

from tests.faults import evidence
from tests.faults.guarantees import plain_library, promised
from tests.faults.programs import REGIONS

PROCESSES = 8


def contested(side, place, folder):
    """Let eight processes ask for the seat of each region; return what each was told."""
    go = folder / "go"
    acks = [folder / f"acks-{number}" for number in range(PROCESSES)]
    children = [
        side.start("contest", place=place, acks=str(path), name=f"p{number}", go=str(go))
        for number, path in enumerate(acks)
    ]
    go.touch()
    for child in children:
        child.succeed()
    return acks


@promised("One of them gets it; every other is refused, with the cap and its source.")
def test_one_seat_goes_to_one_of_eight_processes_and_the_others_are_refused(
    ours, prepared, tmp_path, often, tally
):
    for number in range(often(1, 10)):
        folder = tmp_path / str(number)
        folder.mkdir()
        place = prepared(ours, seats=1)

        acks = contested(ours, place, folder)

        said = evidence.told(*acks)
        tally(runs=PROCESSES)
        for region in REGIONS:
            answers = [a for le, a in said.answers.items() if le.endswith(f"-{region}")]
            refused = [answer for answer in answers if answer.startswith("Refused")]
            assert len(answers) == PROCESSES
            assert len(refused) == PROCESSES - 1
            assert all("Citation(" in answer for answer in refused)
        assert ours.harm(place, *acks) == evidence.Harm()


@plain_library(
    "The cap holds. But the obvious loop around `save` takes a conflict for a hiccup: its second"
    " `save` returns as if all were well, and somebody believes in a seat that is not there."
)
def test_plainly_one_seat_is_promised_to_many(theirs, prepared, tmp_path, tally):
    for number in range(5):  # eight processes meet nearly always, and not always
        folder = tmp_path / str(number)
        folder.mkdir()
        place = prepared(theirs, seats=1)

        acks = contested(theirs, place, folder)

        tally(runs=PROCESSES)
        found = theirs.harm(place, *acks)
        assert all(len(letters) <= 1 for letters in theirs.module.seated(place).values())
        if found.lost:
            break
    assert found.lost
    assert found.unreadable == ()
