"""What cases are run on: a running world's seats, certificates of its authorities, its persons.

The kit runs beside the world's data folder and issues itself whatever certificate a case
asks for, good for an hour. (invented)
"""

import csv
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from renkei.codes import ProcessingSerial
from renkei.networks import LINKAGE, ward
from renkei.refusals import Refusal
from renkei.roles import ROLES
from renkei_clients.channel import Channel
from renkei_clients.linkage import ProcessingSerialClient
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.conformance.cases import Case
from renkei_simulators.world.definition import SeatPlan, World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.people import Kind

_OTHERS = ("011002", "131130")
_LIFETIME = timedelta(hours=1)
_SERIALS_FIRST = "run the provision network's own cases first: --case F1.4"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

Addresses = Mapping[tuple[str, str], str]
"""HOST:PORT by seat and trust domain."""


class Unprepared(Exception):
    """What a case needs cannot be had: what is missing, and what to do next."""

    def __init__(self, missing: str, remedy: str) -> None:
        super().__init__(missing, remedy)
        self.missing = missing
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class _Person:
    local_address_number: str = field(repr=False)
    individual_number: str = field(repr=False)
    resident_record_code: str = field(repr=False)


class Bench:
    """One world, seen from outside."""

    def __init__(self, world: World, layout: Layout, addresses: Addresses | None = None) -> None:
        """`addresses` where they are not the world file's."""
        self._world = world
        self._layout = layout
        self._addresses = addresses or {
            (seat.name, domain): address
            for seat in world.seats
            for domain, address in seat.reached.items()
        }
        self._issued: dict[Identity, Credentials] = {}
        self._known: dict[str, _Three] = {}

    def seat_for(self, case: Case, wanted: SeatPlan | None) -> SeatPlan | None:
        """The seat on which a case is run: the wanted one, or the world's first of its role."""
        seats = self._world.seats if wanted is None else (wanted,)
        return next((one for one in seats if one.role == case.seat), None)

    def listener(self, case: Case, seat: SeatPlan) -> Identity:
        """The listener that a case calls; raises WorldError where the seat has none there."""
        found = Identity(self._domain(case.network, seat.institution), seat.institution, seat.role)
        if found.domain not in seat.listen:
            msg = f"{seat.name} does not listen on {case.network}, where {case.id} would call it"
            raise WorldError(
                msg, f"{seat.name}は{case.network}で待ち受けていないため、{case.id}を試せません。"
            )
        return found

    def address(self, listener: Identity) -> str:
        """Where a listener is."""
        return self._addresses[f"{listener.role}.{listener.institution}", listener.domain]

    def caller(self, case: Case, seat: SeatPlan, institution: str) -> Identity:
        """Who calls; a ward's domain is the seat's own, whoever calls there."""
        domain = self._domain(case.caller.network, seat.institution)
        return Identity(domain, institution, case.caller.role)

    def credentials(self, identity: Identity) -> Credentials:
        """A certificate of the identity's own authority; raises Unprepared where there is none."""
        if identity not in self._issued:
            folder = self._layout.authority(identity.domain)
            if not folder.exists():
                missing = f"the world has no authority of {identity.domain}"
                remedy = f"make one with `renkei pki init --domain {identity.domain}`"
                raise Unprepared(missing, remedy)
            authority = Authority.load(folder)
            now = datetime.now(UTC)
            self._issued[identity] = authority.issue(identity, now=now, lifetime=_LIFETIME)
        return self._issued[identity]

    async def values(self, case: Case, seat: SeatPlan) -> dict[str, str]:
        """A value for each placeholder of the case; raises Unprepared where there is none."""
        asking = self._asking(seat)
        values = {
            "institution": asking,
            "institution:other": next(one for one in _OTHERS if one != asking),
            "request_id": str(uuid.uuid4()),
            "request_id:second": str(uuid.uuid4()),
            "serial:unissued": uuid.uuid4().hex.upper(),
            **self._persons(asking),
        }
        if "serial:fresh" in case.placeholders:
            values["serial:fresh"] = (await self._fresh_serial(asking)).value
        return values

    def _asking(self, seat: SeatPlan) -> str:
        """The institution that asks at a seat."""
        return self._municipality() if ROLES[seat.role].institution else seat.institution

    def _municipality(self) -> str:
        if not self._world.municipalities:
            raise WorldError(
                "the world has no municipality, so there is nobody to ask about",
                "世界に市区町村がないため、照会する相手がいません。",
            )
        return self._world.municipalities[0].code

    def _domain(self, network: str, institution: str) -> str:
        return ward(institution) if network == "ward" else network

    def _persons(self, asking: str) -> dict[str, str]:
        """Numbers of synthetic persons of the asking municipality, or of the world's first."""
        codes = {one.code for one in self._world.municipalities}
        code = asking if asking in codes else self._municipality()
        if code not in self._known:
            self._known[code] = _read_persons(self._layout.people, code)
        known, second, unknown = self._known[code]
        number = known.individual_number
        return {
            "individual_number:known": number,
            "individual_number:second": second.individual_number,
            "individual_number:unknown": unknown.individual_number,
            "individual_number:bad_check_digit": f"{number[:-1]}{(int(number[-1]) + 1) % 10}",
            "individual_number:full_width": number.translate(_FULL_WIDTH),
            "local_address_number:known": known.local_address_number,
            "resident_record_code:known": known.resident_record_code,
        }

    async def _fresh_serial(self, owner: str) -> ProcessingSerial:
        seat = next((one for one in self._world.seats if one.role == "provision-network"), None)
        if seat is None:
            raise Unprepared("the world has no provision network", "give its file such a seat")
        network = Identity(LINKAGE, seat.institution, seat.role)
        credentials = self.credentials(Identity(LINKAGE, owner, "middle-server"))
        async with Channel(credentials, network, self.address(network)) as channel:
            client = ProcessingSerialClient(channel)
            try:
                issued = await client.issue_processing_serial(str(uuid.uuid4()))
            except Refusal as refusal:
                msg = f"the provision network gave no serial ({refusal.reason.name})"
                raise Unprepared(msg, _SERIALS_FIRST) from refusal
        if issued is None:
            raise Unprepared("the provision network answered without a serial", _SERIALS_FIRST)
        return issued[0]


_Three = tuple[_Person, _Person, _Person]
"""Two ordinary residents, and the one whom the national server does not know."""


def _read_persons(path: Path, code: str) -> _Three:
    found: dict[str, list[_Person]] = {one.value: [] for one in Kind}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            of_kind = found[row["kind"]]
            if row["municipality"] == code and len(of_kind) < 2:
                of_kind.append(_person(row))
    try:
        (unknown,) = found[Kind.UNKNOWN.value]
        known, second = found[Kind.RESIDENT.value]
    except ValueError:
        msg = f"{code} has too few residents to ask about: give it ten in the world file"
        raise WorldError(
            msg, f"{code}の住民が足りません。世界ファイルで10人にしてください。"
        ) from None
    return known, second, unknown


def _person(row: Mapping[str, str]) -> _Person:
    return _Person(
        row["local_address_number"], row["individual_number"], row["resident_record_code"]
    )
