"""A fault at any step of a cycle loses nothing, invents nothing and tears nothing."""

import pytest

from tests.faults.conftest import Form
from tests.faults.operations import Fault, How, Kind
from tests.faults.steps import Ready, Trial, try_all
from tests.faults.tally import Tally, say

pytestmark = pytest.mark.xdist_group("faults")

FEW = 1
KILLED = -9


def chosen(ready: Ready, form: Form, kind: Kind) -> list[Fault]:
    faults = ready.faults(kind)
    return faults if form.whole else form.random.sample(faults, FEW)


def surprises(trial: Trial, ready: Ready, tally: Tally) -> list[str]:
    """Count a trial, and name all that is not as it should be."""
    if trial.fault.how is How.ERROR:
        tally.faults += 1
    elif trial.code == KILLED:
        tally.kills += 1
    wrong = [f"{trial.fault}: {defect}" for defect in trial.found.defects]
    if surprise := tally.count(ready.changes, trial.found.changes):
        wrong.append(f"{trial.fault}: {surprise}")
    if trial.found.in_force != ready.in_force:
        wrong.append(f"{trial.fault}: other prices are in force")
    missed = trial.fault.how is How.KILL and trial.code != KILLED
    if missed and trial.fault.nth < ready.steps[trial.fault.kind]:  # the last is not of every cycle
        wrong.append(f"{trial.fault}: there was no such step")
    return wrong


@pytest.mark.parametrize("kind", Kind)
def test_a_fault_at_any_step_loses_invents_and_tears_nothing(
    ready: Ready, kind: Kind, form: Form, tally: Tally
) -> None:
    faults = chosen(ready, form, kind)

    def progress(done: int) -> None:
        if done % 20 == 0 or done == len(faults):
            say(f"{tally.store}: {done} of {len(faults)} faults at {kind} steps")

    wrong = [
        line
        for trial in try_all(ready, faults, progress)
        for line in surprises(trial, ready, tally)
    ]
    assert wrong == []


def test_a_cycle_takes_steps_of_every_kind(ready: Ready) -> None:
    assert all(count >= 9 for count in ready.steps.values())
    assert len(ready.steps) == 3
