"""Which run of registration may follow which state (新規異動区分, 初回提供区分).

Rules:
- The first registration (当初) and a new version of the layout (版改定) are refused where the
  information was provided before; registering again (再登録) and a change (異動) where it was not.

Source: MSG names the kinds, their numbers, the state and the four refusals (`documented`). That
one state holds for an information code and a version of its layout is `inferred`: otherwise no
version could ever follow another.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from typing import Final

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal

LONGEST: Final = timedelta(days=30)
"""After so long a record has ended that the middle server gave no answer to (invented)."""


class RunKind(Enum):
    """What a run of registration does (新規異動区分), by its number."""

    INITIAL = "1"
    REVISION = "2"
    AGAIN = "3"
    CHANGE = "4"


class Provision(Enum):
    """Whether this version of the information was ever provided to the middle server."""

    NOT_YET = "not yet"
    DONE = "done"


RUNS: Final[Mapping[tuple[Provision, RunKind], Provision | Reason]] = MappingProxyType(
    {
        (Provision.NOT_YET, RunKind.INITIAL): Provision.DONE,
        (Provision.NOT_YET, RunKind.REVISION): Provision.DONE,
        (Provision.NOT_YET, RunKind.AGAIN): reasons.SUB_COPIES_NOT_YET_PROVIDED,
        (Provision.NOT_YET, RunKind.CHANGE): reasons.SUB_COPIES_NOT_YET_PROVIDED,
        (Provision.DONE, RunKind.INITIAL): reasons.SUB_COPIES_ALREADY_PROVIDED,
        (Provision.DONE, RunKind.REVISION): reasons.SUB_COPIES_ALREADY_PROVIDED,
        (Provision.DONE, RunKind.AGAIN): Provision.DONE,
        (Provision.DONE, RunKind.CHANGE): Provision.DONE,
    }
)
"""The state after a run, or why there is none."""


def after(state: Provision, kind: RunKind) -> Provision:
    """The state once the run is done.

    Raises SUB_COPIES_NOT_YET_PROVIDED or SUB_COPIES_ALREADY_PROVIDED.
    """
    outcome = RUNS[state, kind]
    if isinstance(outcome, Reason):
        raise Refusal(outcome, f"run kind {kind.value}")
    return outcome
