"""How the acquisition of a code stands, as F1.14 and F1.15 tell it."""

from dataclasses import dataclass, field
from enum import Enum

from renkei.codes import IntegratedAddressNumber


class State(Enum):
    """The state of one acquisition; the numbers are the contract's."""

    PENDING = 1
    BOUND = 2
    FAILED = 3
    EXPIRED = 4

    @property
    def final(self) -> bool:
        """Whether nothing will change it any more."""
        return self is not State.PENDING


class Failure(Enum):
    """Why no code could be made; the numbers are the contract's."""

    INDIVIDUAL_NUMBER_UNKNOWN = 1
    NO_INDIVIDUAL_NUMBER = 3
    REFUSED = 4
    NUMBER_HAS_ANOTHER_CODE = 5
    CODE_HAS_ANOTHER_NUMBER = 6
    INDIVIDUAL_NUMBER_SUPERSEDED = 7

    @property
    def contradicts(self) -> bool:
        """Whether a code came that contradicts what is bound."""
        return self in (Failure.NUMBER_HAS_ANOTHER_CODE, Failure.CODE_HAS_ANOTHER_NUMBER)


@dataclass(frozen=True, slots=True)
class Acquisition:
    """A state, and the failure exactly when it is FAILED."""

    state: State
    failure: Failure | None = None

    def __post_init__(self) -> None:
        if (self.state is State.FAILED) != (self.failure is not None):
            msg = "a failure goes with the state FAILED and with no other"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an acquisition stands at a middle server, as it tells its organisation."""

    acquisition: Acquisition
    bound_number: IntegratedAddressNumber | None = field(default=None, repr=False)
    """To which the code is bound already, where it failed because that is another."""


PENDING = Acquisition(State.PENDING)
BOUND = Acquisition(State.BOUND)
EXPIRED = Acquisition(State.EXPIRED)


def failed(failure: Failure) -> Acquisition:
    """An acquisition that ended without a code."""
    return Acquisition(State.FAILED, failure)
