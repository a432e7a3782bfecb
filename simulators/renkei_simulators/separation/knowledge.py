"""Who may know what, as data: one row for each role, one cell for each kind of value.

The real specifications are closed, so the table is decided here.
Fidelity: invented.
"""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a value is; the member's value is how a person reads it."""

    NAME_AND_ADDRESS = "name, address"
    HOUSEHOLD = "household"
    RESIDENT_RECORD_CODE = "resident record code"
    INDIVIDUAL_NUMBER = "Individual Number"
    LOCAL_ADDRESS_NUMBER = "local address number"
    INTEGRATED_ADDRESS_NUMBER = "integrated address number"
    PROCESSING_SERIAL = "processing serial"
    LINK_ID = "link id"
    LINKAGE_CODE = "linkage code"
    CARD_SERIAL = "card certificate serial"


class Mark(Enum):
    """What a role may do with a kind of value."""

    KEEP = "P"
    """May be in its store."""

    UNTIL_DONE = "U"
    """May be in its store until its next hop has acknowledged, then erased."""

    TRANSIT = "T"
    """Passes through and is never written."""

    SEALED = "E"
    """Held only as ciphertext that the role cannot open."""

    NEVER = "-"
    """Never there."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One role and one kind.

    `own` narrows the mark to values of the role's own institution. `sealed`
    says that what may be kept is kept encrypted, so that a value found in the
    clear is a finding all the same.
    """

    mark: Mark
    own: bool = False
    sealed: bool = False
    note: str = ""


NOTHING = Cell(Mark.NEVER)

_P = Cell(Mark.KEEP)
_U = Cell(Mark.UNTIL_DONE)
_T = Cell(Mark.TRANSIT)
_E = Cell(Mark.SEALED)
_OWN_CODES = Cell(Mark.KEEP, own=True, note="each organisation's own codes only")
_OWN_SERIALS = Cell(Mark.UNTIL_DONE, own=True, note="serials of its own acquisitions only")
_SEALED_COPIES = Cell(Mark.KEEP, sealed=True, note="encrypted, a key for each organisation")
_INSIDE_COPIES = Cell(Mark.TRANSIT, note="kept only inside sub-copies and answers, as household")
_BY_BUSINESS = Cell(Mark.KEEP, note="if its business uses it")
_ON_NO_SCREEN = Cell(Mark.KEEP, note="on no operator screen")
_AGENCIES_ONLY = Cell(Mark.TRANSIT, note="agencies only")

_TERMINAL = {
    Kind.NAME_AND_ADDRESS: _T,
    Kind.HOUSEHOLD: _T,
    Kind.RESIDENT_RECORD_CODE: _T,
    Kind.INDIVIDUAL_NUMBER: _T,
    Kind.LOCAL_ADDRESS_NUMBER: _T,
    Kind.CARD_SERIAL: _T,
}
_CARD_COUNTER = {
    Kind.NAME_AND_ADDRESS: _T,
    Kind.HOUSEHOLD: _T,
    Kind.INDIVIDUAL_NUMBER: _T,
    Kind.CARD_SERIAL: _T,
}
_AGENCY = {
    Kind.NAME_AND_ADDRESS: _P,
    Kind.HOUSEHOLD: _SEALED_COPIES,
    Kind.INDIVIDUAL_NUMBER: _P,
    Kind.INTEGRATED_ADDRESS_NUMBER: _P,
    Kind.PROCESSING_SERIAL: _U,
    Kind.LINKAGE_CODE: _OWN_CODES,
}

TABLE: dict[str, dict[Kind, Cell]] = {
    "resident-record": {
        Kind.NAME_AND_ADDRESS: _P,
        Kind.HOUSEHOLD: _P,
        Kind.RESIDENT_RECORD_CODE: _P,
        Kind.INDIVIDUAL_NUMBER: _P,
        Kind.LOCAL_ADDRESS_NUMBER: _P,
        Kind.PROCESSING_SERIAL: _U,
        Kind.CARD_SERIAL: _P,
    },
    "municipal-cs": {
        Kind.NAME_AND_ADDRESS: _P,
        Kind.HOUSEHOLD: _U,
        Kind.RESIDENT_RECORD_CODE: _P,
        Kind.INDIVIDUAL_NUMBER: _P,
        Kind.PROCESSING_SERIAL: _U,
        Kind.CARD_SERIAL: _P,
    },
    "cs-terminal": _TERMINAL,
    "ward-terminal": _TERMINAL,
    "prefecture-terminal": {
        Kind.NAME_AND_ADDRESS: _T,
        Kind.RESIDENT_RECORD_CODE: _T,
        Kind.INDIVIDUAL_NUMBER: _T,
    },
    "prefecture-server": {
        Kind.NAME_AND_ADDRESS: _P,
        Kind.RESIDENT_RECORD_CODE: _P,
        Kind.INDIVIDUAL_NUMBER: _P,
        Kind.PROCESSING_SERIAL: _OWN_SERIALS,
    },
    "national-server": {
        Kind.NAME_AND_ADDRESS: _P,
        Kind.RESIDENT_RECORD_CODE: _P,
        Kind.INDIVIDUAL_NUMBER: _P,
        Kind.PROCESSING_SERIAL: _U,
        Kind.CARD_SERIAL: _P,
    },
    "card-management": {
        Kind.NAME_AND_ADDRESS: _P,
        Kind.RESIDENT_RECORD_CODE: _P,
        Kind.INDIVIDUAL_NUMBER: _P,
        Kind.CARD_SERIAL: _P,
    },
    "linkage-platform": {
        Kind.NAME_AND_ADDRESS: _P,
        Kind.HOUSEHOLD: _U,
        Kind.INDIVIDUAL_NUMBER: _P,
        Kind.LOCAL_ADDRESS_NUMBER: _P,
        Kind.INTEGRATED_ADDRESS_NUMBER: _P,
        Kind.PROCESSING_SERIAL: _U,
    },
    "address-system": {
        Kind.NAME_AND_ADDRESS: _P,
        Kind.HOUSEHOLD: _P,
        Kind.INDIVIDUAL_NUMBER: _P,
        Kind.LOCAL_ADDRESS_NUMBER: _P,
    },
    "department": {
        Kind.NAME_AND_ADDRESS: _P,
        Kind.HOUSEHOLD: _P,
        Kind.INDIVIDUAL_NUMBER: _BY_BUSINESS,
        Kind.LOCAL_ADDRESS_NUMBER: _P,
    },
    "convenience": {
        Kind.NAME_AND_ADDRESS: _P,
        Kind.HOUSEHOLD: _P,
        Kind.INDIVIDUAL_NUMBER: _ON_NO_SCREEN,
        Kind.CARD_SERIAL: _P,
    },
    "certificate-centre": _CARD_COUNTER,
    "kiosk": _CARD_COUNTER,
    "middle-server": {
        Kind.NAME_AND_ADDRESS: _INSIDE_COPIES,
        Kind.HOUSEHOLD: _SEALED_COPIES,
        Kind.INDIVIDUAL_NUMBER: _T,
        Kind.INTEGRATED_ADDRESS_NUMBER: _P,
        Kind.PROCESSING_SERIAL: _U,
        Kind.LINKAGE_CODE: _OWN_CODES,
    },
    "agency-linkage": _AGENCY,
    "agency-terminal": _AGENCY,
    "middle-terminal": {
        Kind.NAME_AND_ADDRESS: _T,
        Kind.HOUSEHOLD: _T,
        Kind.INDIVIDUAL_NUMBER: _AGENCIES_ONLY,
        Kind.INTEGRATED_ADDRESS_NUMBER: _T,
    },
    "provision-network": {
        Kind.NAME_AND_ADDRESS: _E,
        Kind.HOUSEHOLD: _E,
        Kind.RESIDENT_RECORD_CODE: _U,
        Kind.PROCESSING_SERIAL: _U,
        Kind.LINK_ID: _P,
        Kind.LINKAGE_CODE: Cell(Mark.TRANSIT, note="computed"),
    },
    "mynaportal": {
        Kind.NAME_AND_ADDRESS: _T,
        Kind.HOUSEHOLD: _T,
        Kind.INDIVIDUAL_NUMBER: _T,
        Kind.PROCESSING_SERIAL: _U,
        Kind.LINKAGE_CODE: _OWN_CODES,
    },
    "admin": {},
    "operator-service": {},
    "platform-operator": {},
    "controller": {},
}
"""Cells that are left out, and roles that are left out, are `NOTHING`."""


def cell(role: str, kind: Kind) -> Cell:
    """What a role may do with a kind of value. An unknown role may do nothing with any."""
    row = "department" if role.startswith("department-") else role
    return TABLE.get(row, {}).get(kind, NOTHING)


def forbidden(role: str, kind: Kind, *, in_log_line: bool) -> bool:
    """Whether a value of this kind, in the clear, is a finding once the flows have ended.

    What may be kept until done must be gone by then, also from the files. A log
    line never names a person, whoever writes it. Whose value it is, is judged
    by the caller wherever `cell(role, kind).own` says so.
    """
    if in_log_line:
        return True
    place = cell(role, kind)
    return place.mark is not Mark.KEEP or place.sealed
