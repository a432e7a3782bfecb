"""Records that show nothing of themselves: what is kept of a person is in no repr."""

from dataclasses import fields, is_dataclass
from types import NoneType
from typing import get_args, get_type_hints


def require_masked(record: type[object]) -> None:
    """Raise TypeError unless the dataclass shows no value of its own, nor of what it holds."""
    if (shown := _shown(record)) is not None:
        msg = f"{record.__name__} shows its {shown}: let the field be repr=False"
        raise TypeError(msg)


def _shown(record: type[object]) -> str | None:
    """The first field that a repr tells, if there is one."""
    if not is_dataclass(record):
        return "value"
    hints = get_type_hints(record)
    for one in fields(record):
        kinds = get_args(hints[one.name]) or (hints[one.name],)
        masked = all(kind is NoneType or _shown(kind) is None for kind in kinds)
        if one.repr and not masked:
            return one.name
    return None
