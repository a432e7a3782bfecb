"""Which run of registration may follow which state."""

import pytest

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.domain.batch_files.runs import RUNS, Provision, RunKind, after

FIRST = (RunKind.INITIAL, RunKind.REVISION)
LATER = (RunKind.AGAIN, RunKind.CHANGE)


@pytest.mark.parametrize("kind", FIRST)
def test_a_first_run_provides_what_was_not_provided(kind: RunKind) -> None:
    assert after(Provision.NOT_YET, kind) is Provision.DONE


@pytest.mark.parametrize("kind", LATER)
def test_a_later_run_keeps_what_was_provided(kind: RunKind) -> None:
    assert after(Provision.DONE, kind) is Provision.DONE


@pytest.mark.parametrize(
    ("state", "kinds", "reason"),
    [
        (Provision.DONE, FIRST, reasons.SUB_COPIES_ALREADY_PROVIDED),
        (Provision.NOT_YET, LATER, reasons.SUB_COPIES_NOT_YET_PROVIDED),
    ],
)
def test_a_run_in_the_wrong_state_is_refused(
    state: Provision, kinds: tuple[RunKind, ...], reason: Reason
) -> None:
    for kind in kinds:
        with pytest.raises(Refusal) as caught:
            after(state, kind)
        assert (caught.value.reason, caught.value.detail) == (reason, f"run kind {kind.value}")


def test_every_run_in_every_state_is_decided() -> None:
    assert set(RUNS) == {(state, kind) for state in Provision for kind in RunKind}


def test_kinds_have_the_documented_numbers() -> None:
    assert [RunKind(number).name for number in "1234"] == [
        "INITIAL",
        "REVISION",
        "AGAIN",
        "CHANGE",
    ]
