"""What a reason is: a name for programs, a status, and a sentence for people in two languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Reason:
    """Why a request is refused; its name is what goes on the wire.

    `status` is a gRPC status code by name. `passing` is true where the same request may succeed
    later without a change to it: an outage, a certificate or a session to be renewed. It is false
    where the request itself is wrong.
    """

    name: str
    status: str
    english: str
    japanese: str
    passing: bool = False

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """A copy, in this process or another, is the one of the registry."""
        from renkei import reasons

        return reasons.named, (self.name,)
