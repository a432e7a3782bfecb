"""Reading which department may inquire for what: all of it strictly, or none."""

from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from renkei_server.domain.departments import Departments
from renkei_server.domain.law.lines import lines, once, shaped
from renkei_server.domain.legal_basis import Fidelity, LegalBasis

FILE: Final = "departments.csv"

NO_AFFAIR: Final = "none"
"""What stands for a department that only provides."""

_ROLE = shaped("department-[a-z][a-z-]{1,19}")
_AFFAIRS = shaped(f"{NO_AFFAIR}|JM[0-9]{{14}}(?: JM[0-9]{{14}})*")


def read_departments(law: LegalBasis, folder: Traversable | None = None) -> Departments:
    """The departments of a folder, or those that come with Renkei; raises LawError."""
    root = folder or resources.files("renkei_server.domain.law")
    columns = ("department", "english", "japanese", "affairs", "fidelity", "source")
    by_role = once((line.cells["department"], line) for line in lines(root, FILE, *columns))
    business = {}
    for line in by_role.values():
        line.cell("fidelity", Fidelity)
        told = line.cell("affairs", _AFFAIRS)
        affairs = frozenset() if told == NO_AFFAIR else frozenset(told.split())
        if affairs & law.register_affairs:
            raise line.wrong("affairs holds one for which nobody inquires")
        business[line.cell("department", _ROLE)] = affairs
    return Departments(MappingProxyType(business), law)
