"""What each party holds of the codes of one institution, read from outside its servers (invented).

A party whose server is somebody else's is not looked into, and then nothing is held against others
on its behalf.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from renkei.acquisitions import Acquisition
from renkei.codes import (
    IndividualNumber,
    Institution,
    IntegratedAddressNumber,
    LinkageCode,
    LocalAddressNumber,
    ProcessingSerial,
)
from renkei_server.domain.linkage_codes import CodeCipher, LinkIds
from renkei_server.domain.serials import SerialState
from renkei_server.process.machine import MachineIds
from renkei_server.store.codes.accounts import Accounts
from renkei_server.store.codes.acquisitions import Acquisitions
from renkei_server.store.codes.codes import Codes
from renkei_server.store.codes.links import Links
from renkei_server.store.codes.serials import Serials
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.key_file import KeyFile, read_key
from renkei_server.store.identities import identity_file
from renkei_server.store.identities.changed_codes import ChangedCodes
from renkei_server.store.persons.numbering import Numbering
from renkei_server.store.persons.residents import REGISTER
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import SeatPlan, World
from renkei_simulators.world.layout import Layout

Number = IntegratedAddressNumber


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody of a register: how their acquisition stands there and at the linkage platform."""

    local: LocalAddressNumber = field(repr=False)
    individual_number: IndividualNumber | None = field(repr=False)
    register: Acquisition | None
    platform: Acquisition | None
    number: Number | None = field(repr=False)
    """Whom the platform knows by the local number."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps an institution's codes: each number's newest acquisition, and what is bound."""

    seat: str
    newest: Mapping[Number, Acquisition] = field(repr=False)
    bound: Mapping[Number, LinkageCode] = field(repr=False)
    waiting: tuple[ProcessingSerial, ...] = field(repr=False)
    told: int
    """Of how many serials it was told what became of them."""
    astray: Callable[[Number], bool] = field(default=lambda _: False, repr=False)
    """Whether sub-copies stand under a number."""


@dataclass(frozen=True, slots=True)
class Network:
    """What the provision network knows, and what it would make."""

    is_issued: Callable[[ProcessingSerial], bool]
    used: Mapping[str, int]
    code: Callable[[IndividualNumber, Institution], LinkageCode | None] = field(repr=False)
    """The code that the national server and the network would make for a number, if any."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything of one institution; None for a party that is not looked into."""

    institution: Institution
    residents: tuple[Resident, ...] = field(repr=False)
    numbered: Mapping[Number, IndividualNumber] | None = field(repr=False)
    """Whom its linkage platform, or its own linkage, holds."""
    keeper: Keeper | None
    network: Network | None


class Reading:
    """Reads what a world's parties hold; every store is open while it is used."""

    def __init__(self, world: World, layout: Layout, look: Callable[[SeatPlan], Inspection]):
        self._world = world
        self._layout = layout
        self._look = look
        self._network = self._read_network()

    def every(self) -> Iterator[Holdings]:
        """What is held of each institution that acquires codes."""
        for seat in self._world.seats:
            if seat.role == "middle-server":
                yield self._of_municipality(seat)
            elif seat.role in ("agency-linkage", "mynaportal") and not seat.external:
                yield self._of_body(seat)

    def _of_municipality(self, seat: SeatPlan) -> Holdings:
        platform = self._here("linkage-platform", seat.institution)
        register = self._here("resident-record", seat.institution)
        residents: tuple[Resident, ...] = ()
        if platform and register:
            residents = tuple(self._residents(register, platform))
        return Holdings(
            Institution(seat.institution),
            residents,
            self._numbered(platform) if platform else None,
            None if seat.external else self._middle_server(seat),
            self._network,
        )

    def _of_body(self, seat: SeatPlan) -> Holdings:
        agency = seat.role == "agency-linkage"
        return Holdings(
            Institution(seat.institution),
            (),
            self._numbered(seat) if agency else None,
            self._keeper(seat) if agency else self._portal(seat),
            self._network,
        )

    def _residents(self, register: SeatPlan, platform: SeatPlan) -> Iterator[Resident]:
        at_register, at_platform = self._look(register), self._look(platform)
        asked, known = Acquisitions(at_register.sealer), Acquisitions(at_platform.sealer)
        numbering = Numbering(at_platform.sealer, MachineIds())
        for person in at_register.read(SealedFile(REGISTER, at_register.sealer).every):
            local = person.local_address_number
            yield Resident(
                local,
                person.individual_number,
                at_register.read(lambda tx, of=local.digits: asked.newest(tx, of)),  # type: ignore[misc]
                at_platform.read(lambda tx, of=local.digits: known.newest(tx, of)),  # type: ignore[misc]
                at_platform.read(lambda tx, of=local: numbering.by_local(tx, of)),  # type: ignore[misc]
            )

    def _numbered(self, seat: SeatPlan) -> Mapping[Number, IndividualNumber]:
        look = self._look(seat)
        everybody = look.read(Numbering(look.sealer, MachineIds()).every)
        return {one.integrated_address_number: one.individual_number for one in everybody}

    def _middle_server(self, seat: SeatPlan) -> Keeper:
        config, look = seat_config(self._world, self._layout, seat), self._look(seat)
        keys = OrganisationKeys(KeyFile(config.root_key), MachineIds(), seat.institution)
        held = SubCopies(look.sealer, keys, seat.institution)
        return self._keeper(
            seat, lambda number: bool(look.read(lambda tx: held.of_person(tx, number)))
        )

    def _keeper(self, seat: SeatPlan, astray: Callable[[Number], bool] = lambda _: False) -> Keeper:
        look = self._look(seat)
        codes = Codes(look.sealer)
        every = list(look.read(codes.every))
        return Keeper(
            seat.name,
            {one.person: one.acquisition for one in every},
            dict(look.read(codes.all_bound)),
            tuple(one.serial for one in every if one.serial is not None),
            look.read(codes.remembered).told,
            astray,
        )

    def _portal(self, seat: SeatPlan) -> Keeper:
        look = self._look(seat)
        accounts = Accounts(look.sealer)
        waiting = look.read(lambda tx: accounts.waiting(tx, sys.maxsize))
        return Keeper(seat.name, {}, {}, tuple(waiting), look.read(accounts.remembered).told)

    def _read_network(self) -> Network | None:
        core, nation = self._here("provision-network"), self._here("national-server")
        if core is None or nation is None:
            return None
        at_core, at_nation = self._look(core), self._look(nation)
        key = read_key(seat_config(self._world, self._layout, core).code_key)
        cipher, links = CodeCipher(key), Links(at_core.sealer, LinkIds(key))
        serials, file = Serials(at_core.sealer), SealedFile(identity_file.FORM, at_nation.sealer)
        changed = ChangedCodes(at_nation.sealer)

        def code(number: IndividualNumber, institution: Institution) -> LinkageCode | None:
            held = at_nation.read(lambda tx: file.find(tx, identity_file.BY_NUMBER, number))
            if held is None:
                return None
            now = held.items.resident_record_code
            before = at_nation.read(lambda tx: changed.of(tx, now))
            first = before.first if before else now  # which a network that was set back is told
            link = at_core.read(lambda tx: links.link_id(tx, first))
            return cipher.code_of(link, institution)

        def is_issued(serial: ProcessingSerial) -> bool:
            known = at_core.read(lambda tx: serials.find(tx, serial))
            return known is not None and known.state is SerialState.ISSUED

        return Network(is_issued, at_core.read(serials.used), code)

    def _here(self, role: str, institution: str = "") -> SeatPlan | None:
        """The seat of a role whose server is ours."""
        for seat in self._world.seats:
            if seat.role == role and institution in ("", seat.institution) and not seat.external:
                return seat
        return None
