"""Every reason for a refusal, by subject, in both languages."""

from collections.abc import Sequence
from types import ModuleType
from typing import Final

from renkei.reasons import SUBJECTS, Reason
from renkei_simulators.documents.markdown import table

_HEADS: Final = ("reason", "status", "again", "English", "日本語")


def reasons(subjects: Sequence[ModuleType] = SUBJECTS) -> str:
    """A section for each subject, which is titled as its module is, with a row for each reason."""
    return "\n\n".join(f"## {_title(one)}\n\n{_table(one)}" for one in subjects)


def _title(subject: ModuleType) -> str:
    return (subject.__doc__ or "").partition("\n")[0].rstrip(".")


def _table(subject: ModuleType) -> str:
    found = [one for one in vars(subject).values() if isinstance(one, Reason)]
    return table(_HEADS, [_cells(one) for one in found])


def _cells(one: Reason) -> tuple[str, ...]:
    return (
        f"`{one.name}`",
        f"`{one.status}`",
        "yes" if one.passing else "no",
        one.english,
        one.japanese,
    )
