"""Who may call whom: one table, deny by default.

It is the product's own form of the networks' connection rules (NET-01 to NET-16
and the linkage rules of PRV and MID); the drawing in the README and the tests
of what must never happen are derived from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from renkei_pki.identity import CONTROL, JUKINET, LINKAGE, Identity

WARD = "ward"
"""Stands for the trust domain of the listener's own municipality, `ward-<code>`."""

DEPARTMENTS = "department-*"
"""Stands for each role of a municipality's own department, such as `department-care`."""

EVERY_SEAT = "every seat"
"""Stands for each role, at the listeners that only test worlds have."""


class Scope(Enum):
    """Which institutions' callers are meant."""

    OWN = "own"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Row:
    """Callers of one role may call one service of one role's seat, on one network."""

    caller: str
    network: str
    scope: Scope
    seat: str
    service: str
    purpose: str


TABLE = (
    Row(
        "ward-terminal",
        WARD,
        Scope.OWN,
        "resident-record",
        "renkei.ward.v1.ResidentRecordService",
        "ask for the acquisition of codes",
    ),
    Row(
        "linkage-platform",
        WARD,
        Scope.OWN,
        "resident-record",
        "renkei.ward.v1.LinkageCodeRelayService",
        "hand on the linkage-code generation request",
    ),
    Row(
        "resident-record",
        WARD,
        Scope.OWN,
        "linkage-platform",
        "renkei.ward.v1.NumberingService",
        "numbering, number changes",
    ),
    Row(
        "resident-record",
        WARD,
        Scope.OWN,
        "linkage-platform",
        "renkei.ward.v1.SubCopyService",
        "sub-copies",
    ),
    Row(
        "resident-record",
        WARD,
        Scope.OWN,
        "linkage-platform",
        "renkei.ward.v1.RegistrationRunService",
        "sub-copies by file",
    ),
    Row(
        DEPARTMENTS,
        WARD,
        Scope.OWN,
        "linkage-platform",
        "renkei.ward.v1.InquiryService",
        "inquiries, results",
    ),
    Row(
        DEPARTMENTS,
        WARD,
        Scope.OWN,
        "linkage-platform",
        "renkei.ward.v1.InquiryRunService",
        "inquiries by file",
    ),
    Row(
        "address-system",
        WARD,
        Scope.OWN,
        "linkage-platform",
        "renkei.ward.v1.NumberingService",
        "numbering of persons outside the register",
    ),
    Row(
        "resident-record",
        WARD,
        Scope.OWN,
        "municipal-cs",
        "renkei.ward.v1.LinkageCodeGenerationService",
        "linkage-code generation request",
    ),
    Row(
        "municipal-cs",
        JUKINET,
        Scope.ANY,
        "national-server",
        "renkei.jukinet.v1.LinkageCodeGenerationService",
        "linkage-code generation request",
    ),
    Row(
        "agency-terminal",
        JUKINET,
        Scope.ANY,
        "national-server",
        "renkei.jukinet.v1.LinkageCodeGenerationService",
        "its own organisation's linkage-code generation requests",
    ),
    Row(
        "linkage-platform",
        LINKAGE,
        Scope.OWN,
        "middle-server",
        "renkei.linkage.v1.CodeAcquisitionService",
        "code acquisition",
    ),
    Row(
        "linkage-platform",
        LINKAGE,
        Scope.OWN,
        "middle-server",
        "renkei.linkage.v1.SubCopyService",
        "sub-copies",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "middle-server",
        "renkei.linkage.v1.OrganisationKeyService",
        "the organisation's keys",
    ),
    Row(
        "middle-server",
        LINKAGE,
        Scope.OWN,
        "linkage-platform",
        "renkei.linkage.v1.AddressInformationService",
        "address information for review",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "middle-server",
        "renkei.linkage.v1.OperatorAccessService",
        "open and close a session",
    ),
    Row(
        "admin",
        LINKAGE,
        Scope.OWN,
        "middle-server",
        "renkei.linkage.v1.OperatorRosterService",
        "permissions, rosters, revocation",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "agency-linkage",
        "renkei.linkage.v1.OperatorAccessService",
        "open and close a session",
    ),
    Row(
        "admin",
        LINKAGE,
        Scope.OWN,
        "agency-linkage",
        "renkei.linkage.v1.OperatorRosterService",
        "permissions, rosters, revocation",
    ),
    Row(
        "platform-operator",
        LINKAGE,
        Scope.ANY,
        "middle-server",
        "renkei.linkage.v1.PlatformService",
        "health, statistics, batches",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "agency-linkage",
        "renkei.linkage.v1.NumberingService",
        "numbering, code acquisition",
    ),
    Row(
        "middle-server",
        LINKAGE,
        Scope.ANY,
        "provision-network",
        "renkei.linkage.v1.ProcessingSerialService",
        "processing serials",
    ),
    Row(
        "agency-linkage",
        LINKAGE,
        Scope.ANY,
        "provision-network",
        "renkei.linkage.v1.ProcessingSerialService",
        "processing serials",
    ),
    Row(
        "mynaportal",
        LINKAGE,
        Scope.ANY,
        "provision-network",
        "renkei.linkage.v1.ProcessingSerialService",
        "processing serials",
    ),
    Row(
        "national-server",
        LINKAGE,
        Scope.ANY,
        "provision-network",
        "renkei.linkage.v1.ResidentRecordCodeService",
        "resident record code for a processing serial",
    ),
    Row(
        "provision-network",
        LINKAGE,
        Scope.ANY,
        "middle-server",
        "renkei.linkage.v1.CodeDeliveryService",
        "deliver a code",
    ),
    Row(
        "provision-network",
        LINKAGE,
        Scope.ANY,
        "agency-linkage",
        "renkei.linkage.v1.CodeDeliveryService",
        "deliver a code",
    ),
    Row(
        "mynaportal",
        LINKAGE,
        Scope.ANY,
        "provision-network",
        "renkei.linkage.v1.RecordService",
        "the person's own records",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "mynaportal",
        "renkei.linkage.v1.MynaportalService",
        "open an account and see records",
    ),
    Row(
        "provision-network",
        LINKAGE,
        Scope.ANY,
        "mynaportal",
        "renkei.linkage.v1.CodeDeliveryService",
        "deliver a code",
    ),
    Row(
        "linkage-platform",
        LINKAGE,
        Scope.OWN,
        "middle-server",
        "renkei.linkage.v1.InquiryService",
        "inquiries, results",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "middle-server",
        "renkei.linkage.v1.InquiryService",
        "inquiries, results",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "middle-server",
        "renkei.linkage.v1.ReleaseService",
        "review and release",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "agency-linkage",
        "renkei.linkage.v1.InquiryService",
        "inquiries, results",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "agency-linkage",
        "renkei.linkage.v1.ReleaseService",
        "review and release",
    ),
    Row(
        "middle-terminal",
        LINKAGE,
        Scope.OWN,
        "agency-linkage",
        "renkei.linkage.v1.OrganisationKeyService",
        "the organisation's keys",
    ),
    Row(
        "middle-server",
        LINKAGE,
        Scope.ANY,
        "provision-network",
        "renkei.linkage.v1.ExchangeService",
        "inquiries, sealed answers",
    ),
    Row(
        "middle-server",
        LINKAGE,
        Scope.ANY,
        "provision-network",
        "renkei.linkage.v1.KeyDirectoryService",
        "public keys",
    ),
    Row(
        "provision-network",
        LINKAGE,
        Scope.ANY,
        "middle-server",
        "renkei.linkage.v1.ProvisionService",
        "announce an inquiry with its permit; hand over a sealed answer",
    ),
    Row(
        "agency-linkage",
        LINKAGE,
        Scope.ANY,
        "provision-network",
        "renkei.linkage.v1.ExchangeService",
        "inquiries, sealed answers",
    ),
    Row(
        "agency-linkage",
        LINKAGE,
        Scope.ANY,
        "provision-network",
        "renkei.linkage.v1.KeyDirectoryService",
        "public keys",
    ),
    Row(
        "provision-network",
        LINKAGE,
        Scope.ANY,
        "agency-linkage",
        "renkei.linkage.v1.ProvisionService",
        "announce an inquiry with its permit; hand over a sealed answer",
    ),
)


CONTROL_TABLE = tuple(
    Row("controller", CONTROL, Scope.ANY, EVERY_SEAT, f"renkei.control.v1.{service}", purpose)
    for service, purpose in (("ClockService", "the clock"), ("StateService", "snapshots"))
)
"""Of test worlds, and of no network that is modelled: drawings and coverage leave it out."""


class Admission:
    """The rows that hold at one listener, asked at every RPC."""

    def __init__(self, listener: Identity, services: Iterable[str]) -> None:
        """Raise ValueError where a service admits nobody: such a start is a mistake."""
        self._listener = listener
        self._rows: dict[tuple[str, str], Scope] = {}
        for service in services:
            rows = [
                row
                for row in (*TABLE, *CONTROL_TABLE)
                if self._is_here(row) and row.service == service
            ]
            if not rows:
                msg = f"{service} at {listener} admits nobody"
                raise ValueError(msg)
            for row in rows:
                self._rows[service, row.caller] = row.scope

    def admits(self, caller: Identity, service: str) -> bool:
        """Whether this caller, of the listener's own trust domain, may call the service."""
        scope = self._rows.get((service, _in_table(caller.role)))
        if scope is None or caller.domain != self._listener.domain:
            return False
        return scope is Scope.ANY or caller.institution == self._listener.institution

    def _is_here(self, row: Row) -> bool:
        network = f"ward-{self._listener.institution}" if row.network == WARD else row.network
        return row.seat in {self._listener.role, EVERY_SEAT} and network == self._listener.domain


def _in_table(role: str) -> str:
    """How the table names a caller's role."""
    return DEPARTMENTS if role.startswith(DEPARTMENTS.removesuffix("*")) else role
