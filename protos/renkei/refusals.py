"""The one error type: why something was refused, in words for the caller.

A rule raises `Refusal`; the door alone makes a gRPC status of it and a client's
channel alone turns the status back. No text here or in a `detail` ever holds a
personal value.
"""

from typing import TypeVar

from renkei.facts import Fact, Stated
from renkei.reasons import Reason

T = TypeVar("T")

DOMAIN = "renkei"
"""The domain of every `google.rpc.ErrorInfo` that a Renkei server sends."""


class Refusal(Exception):
    """A request was refused.

    `detail` is an English addition for the caller: numbers, never persons.
    `fields` are the proto paths that are at fault, such as `attributes.name`.
    `facts` are what a program may go by; `incident` names a fault in the log of whoever had it.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str = "",
        *fields: str,
        facts: tuple[Stated, ...] = (),
        incident: str = "",
    ) -> None:
        super().__init__(reason, detail, *fields)
        self.reason = reason
        self.detail = detail
        self.fields = fields
        self.facts = facts
        self.incident = incident

    def __str__(self) -> str:
        places = f" [{', '.join(self.fields)}]" if self.fields else ""
        addition = f" ({self.detail})" if self.detail else ""
        incident = f" (incident {self.incident})" if self.incident else ""
        return f"{self.reason.name}{places}: {self.reason.english}{addition}{incident}"

    def fact(self, kind: Fact[T]) -> T | None:
        """What it states of this kind, if anything."""
        stated = (kind.read(one.text) for one in self.facts if one.fact is kind)
        return next(stated, None)

    def within(self, field: str) -> "Refusal":
        """The same refusal, its fields seen from the message that holds `field`."""
        inner = tuple(f"{field}.{name}" for name in self.fields) or (field,)
        return Refusal(self.reason, self.detail, *inner, facts=self.facts, incident=self.incident)
