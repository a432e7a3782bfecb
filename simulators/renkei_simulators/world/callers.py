"""The outside callers of a world, each with a client of the server that it may call.

Each caller has one connection to a server, however many clients it is given.
"""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack

from renkei.networks import CONTROL, JUKINET, LINKAGE, ward
from renkei.roles import OPERATOR_SERVICE
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei_clients.bulk_outputs import BulkOutputClient
from renkei_clients.channel import Channel
from renkei_clients.consistency import ConsistencyCheckClient, PrefectureCheckClient
from renkei_clients.control import ControlClient
from renkei_clients.corrections import CorrectionClient
from renkei_clients.identity_search import IdentityInquiryClient, IdentitySearchClient
from renkei_clients.inquiries import InquiryClient, WardInquiryClient
from renkei_clients.linkage import AgencyNumberingClient
from renkei_clients.mynaportal import MynaportalClient
from renkei_clients.operation_records import OperationRecordClient
from renkei_clients.operators import OperatorClient, RosterClient
from renkei_clients.organisation_keys import OrganisationKeyClient
from renkei_clients.platform import PlatformClient
from renkei_clients.release import ReleaseClient
from renkei_clients.residents import ResidentClient
from renkei_clients.statistics import StatisticsClient
from renkei_clients.sub_copies import WardSubCopyClient
from renkei_clients.ward import NumberingClient, ResidentRecordClient
from renkei_pki.credentials import CredentialFolder, Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.certificates import SESSION_FILE
from renkei_simulators.world.definition import CONTROLLER, PLATFORM_OPERATOR, SeatPlan, World
from renkei_simulators.world.layout import Layout


class Callers:
    """Opens clients with the world's own certificates; `stack` closes their channels."""

    def __init__(
        self,
        world: World,
        layout: Layout,
        stack: AsyncExitStack,
        addresses: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        """`addresses` by seat and trust domain, where they are not the world file's."""
        self._layout = layout
        self._stack = stack
        self._addresses = addresses or {
            (seat.name, domain): address
            for seat in world.seats
            for domain, address in seat.reached.items()
        }
        self._channels: dict[tuple[Identity, str, bool], Channel] = {}

    def channel(
        self,
        credentials: Credentials | Callable[[], Credentials],
        server: Identity,
        session: OperatorSession | None = None,
    ) -> Channel:
        """A channel with any certificate, and any operator's session."""
        address = self._addresses[f"{server.role}.{server.institution}", server.domain]
        channel = Channel(credentials, server, address, session=session)
        self._stack.push_async_callback(channel.close)
        return channel

    def ward_terminal(self, code: str) -> ResidentRecordClient:
        """A ward's terminal with its operator session."""
        caller = Identity(ward(code), code, "ward-terminal")
        return ResidentRecordClient(self._own(caller, "resident-record", self._session(caller)))

    def register_terminal(self, code: str) -> ResidentClient:
        """A ward's terminal at which records are entered and changed."""
        caller = Identity(ward(code), code, "ward-terminal")
        return ResidentClient(self._own(caller, "resident-record", self._session(caller)))

    def correction_terminal(self, code: str) -> CorrectionClient:
        """A ward's integrated terminal, where its manager permits corrections."""
        caller = Identity(ward(code), code, "cs-terminal")
        return CorrectionClient(self._own(caller, "municipal-cs", self._session(caller)))

    def reconciling_terminal(self, code: str) -> ConsistencyCheckClient:
        """A ward's terminal at which the register is compared with the municipal CS."""
        caller = Identity(ward(code), code, "ward-terminal")
        return ConsistencyCheckClient(self._own(caller, "resident-record", self._session(caller)))

    def integrated_terminal(self, code: str) -> ConsistencyCheckClient:
        """A ward's integrated terminal at which the CS's file is compared with others."""
        caller = Identity(ward(code), code, "cs-terminal")
        return ConsistencyCheckClient(self._own(caller, "municipal-cs", self._session(caller)))

    def search_terminal(self, code: str) -> IdentitySearchClient:
        """A ward's integrated terminal, where its staff search."""
        caller = Identity(ward(code), code, "cs-terminal")
        return IdentitySearchClient(self._own(caller, "municipal-cs", self._session(caller)))

    def bulk_output_terminal(self, code: str) -> BulkOutputClient:
        """A ward's integrated terminal, where its staff ask for bulk outputs."""
        caller = Identity(ward(code), code, "cs-terminal")
        return BulkOutputClient(self._own(caller, "municipal-cs", self._session(caller)))

    def operation_log_terminal(self, code: str) -> OperationRecordClient:
        """A ward's integrated terminal, where its administrator reads the operation log."""
        caller = Identity(ward(code), code, "cs-terminal")
        return OperationRecordClient(self._own(caller, "municipal-cs", self._session(caller)))

    def statistics_terminal(self, code: str) -> StatisticsClient:
        """A ward's integrated terminal, where updates are counted."""
        caller = Identity(ward(code), code, "cs-terminal")
        return StatisticsClient(self._own(caller, "municipal-cs", self._session(caller)))

    def prefecture_terminal(self, code: str) -> IdentityInquiryClient:
        """A prefecture's terminal with its operator session."""
        caller = Identity(JUKINET, code, "prefecture-terminal")
        return IdentityInquiryClient(self._own(caller, "prefecture-server", self._session(caller)))

    def address_system(self, code: str) -> NumberingClient:
        """A ward's address system."""
        caller = Identity(ward(code), code, "address-system")
        return NumberingClient(self._own(caller, "linkage-platform"))

    def department(self, code: str, role: str) -> WardInquiryClient:
        """A department of a municipality, such as `department-care`."""
        caller = Identity(ward(code), code, role)
        return WardInquiryClient(self._own(caller, "linkage-platform"))

    def agency_terminal(self, agency: str) -> AgencyNumberingClient:
        """A national body's own terminal, or a prefecture's, at which its persons are numbered."""
        caller = Identity(LINKAGE, agency, "middle-terminal")
        own = self._here("agency-linkage", agency)
        return AgencyNumberingClient(self._own(caller, own or "linkage-platform"))

    def key_terminal(self, organisation: str) -> OrganisationKeyClient:
        """A terminal of an organisation at the middle server, with its operator session."""
        return OrganisationKeyClient(self._terminal_of(organisation))

    def release_terminal(self, organisation: str) -> ReleaseClient:
        """A terminal of an organisation whose staff review its answers."""
        return ReleaseClient(self._terminal_of(organisation))

    def inquiry_terminal(self, organisation: str) -> InquiryClient:
        """A terminal of an organisation whose staff inquire."""
        return InquiryClient(self._terminal_of(organisation))

    def device(self, portal: str) -> MynaportalClient:
        """A person's own device at Mynaportal."""
        caller = Identity(LINKAGE, portal, "middle-terminal")
        return MynaportalClient(self._own(caller, "mynaportal"))

    def operator_terminal(self, organisation: str) -> OperatorClient:
        """A terminal at which an organisation's staff open sessions."""
        return OperatorClient(self._terminal_of(organisation))

    def administrator(self, organisation: str) -> RosterClient:
        """Who says which of an organisation's staff may do what."""
        caller = Identity(LINKAGE, organisation, "admin")
        return RosterClient(self._own(caller, self._information_of(organisation)))

    def ward_operators(self, code: str, terminal: str = "ward-terminal") -> OperatorClient:
        """A ward's terminal, or its `cs-terminal`, at which its staff open sessions."""
        return OperatorClient(self._own(Identity(ward(code), code, terminal), OPERATOR_SERVICE))

    def ward_administrator(self, code: str) -> RosterClient:
        """Who says which of a ward's staff may do what."""
        return RosterClient(self._own(Identity(ward(code), code, "admin"), OPERATOR_SERVICE))

    def prefecture_operators(self, code: str) -> OperatorClient:
        """A prefecture's terminal, at which its staff open sessions."""
        caller = Identity(JUKINET, code, "prefecture-terminal")
        return OperatorClient(self._own(caller, "prefecture-server"))

    def prefecture_checks(self, code: str) -> PrefectureCheckClient:
        """A prefecture's terminal at which its file is compared with the nation's."""
        caller = Identity(JUKINET, code, "prefecture-terminal")
        return PrefectureCheckClient(self._own(caller, "prefecture-server", self._session(caller)))

    def prefecture_administrator(self, code: str) -> RosterClient:
        """Who says which of a prefecture's staff may do what at its server."""
        return RosterClient(self._own(Identity(JUKINET, code, "admin"), "prefecture-server"))

    def platform_operator(self, organisation: str) -> PlatformClient:
        """Whoever runs the shared platform, at one organisation's part of it."""
        server = Identity(LINKAGE, organisation, "middle-server")
        own = Credentials.load(self._layout.caller(PLATFORM_OPERATOR))
        return PlatformClient(self.channel(own, server))

    def controller(self, seat: SeatPlan) -> ControlClient:
        """Whoever controls the world, at one seat."""
        server = Identity(CONTROL, seat.institution, seat.role)
        own = Credentials.load(self._layout.caller(CONTROLLER))
        return ControlClient(self.channel(own, server))

    def register_of(self, code: str) -> WardSubCopyClient:
        """A ward's resident record system, as it hands sub-copies to the linkage platform."""
        register = Identity(ward(code), code, "resident-record")
        own = Credentials.load(self._layout.certificate(f"resident-record.{code}", register))
        platform = Identity(ward(code), code, "linkage-platform")
        return WardSubCopyClient(self.channel(own, platform))

    def _terminal_of(self, organisation: str) -> Channel:
        """A terminal's channel to where its organisation's information is, with its session."""
        caller = Identity(LINKAGE, organisation, "middle-terminal")
        return self._own(caller, self._information_of(organisation), self._session(caller))

    def _information_of(self, organisation: str) -> str:
        """The role of the seat where an organisation's information is."""
        return self._here("agency-linkage", organisation) or "middle-server"

    def _here(self, role: str, organisation: str) -> str:
        """The role, where the organisation has a seat of it on the linkage network; or nothing."""
        return role if (f"{role}.{organisation}", LINKAGE) in self._addresses else ""

    def _own(self, caller: Identity, role: str, session: OperatorSession | None = None) -> Channel:
        """A channel from a caller to a server of its own institution and network."""
        kept = caller, role, session is not None
        if kept not in self._channels:
            own = CredentialFolder(self._layout.caller(caller))
            server = Identity(caller.domain, caller.institution, role)
            self._channels[kept] = self.channel(own.current, server, session)
        return self._channels[kept]

    def _session(self, caller: Identity) -> OperatorSession | None:
        """The operator session beside a terminal's certificate; none without an operator service."""
        file = self._layout.caller(caller) / SESSION_FILE
        return OperatorSession.FromString(file.read_bytes()) if file.exists() else None
