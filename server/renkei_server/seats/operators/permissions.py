"""Permissions and days on a roster, as messages have them."""

from collections.abc import Iterable, Sequence
from datetime import date

from renkei import reasons
from renkei.refusals import Refusal
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei.type.v1 import person_pb2
from renkei_server.domain.operators import Access


def write_permissions(permissions: Iterable[tuple[str, Access]]) -> list[pb2.Permission]:
    """What somebody may do, by function."""
    return [
        pb2.Permission(function=function, access=pb2.Access.Name(access.value))
        for function, access in permissions
    ]


def read_permissions(told: Sequence[pb2.Permission]) -> list[tuple[str, Access]]:
    """The same, whose form was judged."""
    return [(one.function, Access(one.access)) for one in told]


def read_day(told: person_pb2.Date) -> date:
    """A day of the calendar; raises MALFORMED_OPERATOR where it is none."""
    try:
        return date(told.year, told.month, told.day)
    except ValueError:
        raise Refusal(reasons.MALFORMED_OPERATOR, "not a day", "roster_end") from None


def write_day(day: date | None) -> person_pb2.Date | None:
    """A day, or none."""
    return None if day is None else person_pb2.Date(year=day.year, month=day.month, day=day.day)
