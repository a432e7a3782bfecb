"""Reading the institution codes of batch files: all of them strictly, or none."""

from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from renkei.codes import Institution
from renkei_server.domain.batch_files.institutions import InstitutionCodes
from renkei_server.domain.law.lines import LawError, lines, once, shaped
from renkei_server.domain.legal_basis import Fidelity

FILE: Final = "institutions.csv"

EVERY_LOCAL_GOVERNMENT: Final = "code:local-government"
"""The one line whose code has six places for a local government's own digits."""

_AROUND = shaped("[0-9]{5}#{6}[0-9]{5}")
_CODE = shaped("[0-9]{16}")


def read_institution_codes(folder: Traversable | None = None) -> InstitutionCodes:
    """The codes of a folder, or those that come with Renkei; raises LawError."""
    root = folder or resources.files("renkei_server.domain.law")
    told = lines(root, FILE, "code", "institution", "english", "japanese", "fidelity", "source")
    around: list[str] = []
    national = {}
    by_name = once((line.cells["institution"], line) for line in told)
    for name, line in by_name.items():
        line.cell("fidelity", Fidelity)
        if name == EVERY_LOCAL_GOVERNMENT:
            around = line.cell("code", _AROUND).split("######")
            continue
        code, institution = line.cell("code", _CODE), line.cell("institution", Institution.parse)
        if code in national or institution.name.isdigit():
            raise line.wrong("it says again what another line says")
        national[code] = institution
    if not around:
        msg = f"{FILE}: no line is for local governments"
        raise LawError(msg)
    return InstitutionCodes(around[0], around[1], MappingProxyType(national))
