"""The one error type: why something was refused, in words for the caller.

A rule raises `Refusal`; the door alone makes a gRPC status of it and a client's
channel alone turns the status back. No text here or in a `detail` ever holds a
personal value.
"""

from renkei.reasons import Reason

DOMAIN = "renkei"
"""The domain of every `google.rpc.ErrorInfo` that a Renkei server sends."""


class Refusal(Exception):
    """A request was refused.

    `detail` is an English addition for the caller: numbers, never persons.
    `fields` are the proto paths that are at fault, such as `attributes.name`.
    """

    def __init__(self, reason: Reason, detail: str = "", *fields: str) -> None:
        super().__init__(reason, detail, *fields)
        self.reason = reason
        self.detail = detail
        self.fields = fields

    def __str__(self) -> str:
        places = f" [{', '.join(self.fields)}]" if self.fields else ""
        addition = f" ({self.detail})" if self.detail else ""
        return f"{self.reason.name}{places}: {self.reason.english}{addition}"

    def within(self, field: str) -> "Refusal":
        """The same refusal, its fields seen from the message that holds `field`."""
        inner = tuple(f"{field}.{name}" for name in self.fields) or (field,)
        return Refusal(self.reason, self.detail, *inner)
