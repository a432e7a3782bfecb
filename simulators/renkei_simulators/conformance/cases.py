"""A case of the kit: who calls what, what is sent, what must come back (invented).

How one is written in a file is told by `reading`.
"""

from dataclasses import dataclass
from enum import Enum

from google.protobuf.descriptor import MethodDescriptor

from renkei.reasons import Reason
from renkei_simulators.conformance.controls import Control, Fidelity
from renkei_simulators.conformance.requests import find_method
from renkei_simulators.conformance.tables import Table
from renkei_simulators.conformance.vocabulary import placeholders


class Compared(Enum):
    """How an answer stands to the answer of the case's first step."""

    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Answered:
    """The call must be answered, these fields must be set, and so it must stand to the first."""

    present: tuple[str, ...] = ()
    compared: Compared | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The call must be refused for this reason, and these fields named where any are."""

    reason: Reason
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoConnection:
    """The caller must get no connection at all, so that no RPC is carried."""


Expectation = Answered | Refused | NoConnection


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. The institution may be a placeholder; a network of its own may be another."""

    role: str
    institution: str
    network: str
    certified: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a case."""

    request: Table
    unknown_field_in: str | None
    """The message, `""` for the request itself, into which an unknown field is put."""
    expect: Expectation


@dataclass(frozen=True, slots=True)
class Case:
    """One case."""

    id: str
    title: str
    title_ja: str
    controls: tuple[Control, ...]
    fidelity: Fidelity
    seat: str
    network: str
    method: str
    """`package.Service/Method`."""
    caller: Caller
    steps: tuple[Step, ...]

    @property
    def flow_step(self) -> str:
        """The step of the flows that it tries, such as `F1.7b`."""
        return self.id.partition("/")[0]

    @property
    def placeholders(self) -> set[str]:
        """Every placeholder that it needs filled."""
        return placeholders([self.caller.institution, *(one.request for one in self.steps)])

    @property
    def descriptor(self) -> MethodDescriptor | None:
        """The method, or None where the case is about one that the contract does not know."""
        return find_method(self.method)
