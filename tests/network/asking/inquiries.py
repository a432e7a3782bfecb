"""What tests inquire for, and of whom they ask it."""

from dataclasses import replace
from datetime import date

from renkei.codes import Institution
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.networks import LINKAGE
from renkei_clients.channel import Channel
from renkei_clients.inquiries import InquiryClient
from renkei_clients.release import Held, ReleaseClient
from renkei_pki.identity import Identity
from renkei_simulators.world.in_process import RunningWorld
from tests.network.asking import until_told
from tests.network.people.strangers import outsider
from tests.network.small_world import AGENCY, NEIGHBOUR, WARD

HOUSEHOLD_OF_CARE = InquiryTerms(
    inquirer=Institution(NEIGHBOUR),
    inquirer_delegator=None,
    provider=Institution(WARD),
    provider_delegator=None,
    affair_code="JM90000000132000",
    procedure_code="JT90000000132001",
    information_code="TM90000000000001",
    condition_class="0",
    fiscal_year_class="0",
    from_date=date(2026, 4, 1),
    to_date=None,
    non_disclosure=False,
)
"""The neighbour asks the ward for household information, for long-term care insurance."""

HOUSEHOLD_OF_PENSION = replace(
    HOUSEHOLD_OF_CARE,
    inquirer=Institution(AGENCY),
    inquirer_delegator=Institution("mhlw"),
    affair_code="JM90000000073000",
    procedure_code="JT90000000073001",
)
"""The pension agency asks for the same, for the national pension and on behalf of its minister."""


async def waiting(staff: ReleaseClient, inquiry: ExchangeId) -> Held:
    """Ask until the answer waits for its review."""
    told = await until_told(
        staff.list_held_answers, lambda held: inquiry in {one.exchange_id for one in held}
    )
    return next(one for one in told if one.exchange_id == inquiry)


def client_of(
    world: RunningWorld, organisation: str, channel: Channel | None = None
) -> InquiryClient:
    """An organisation's linkage platform as it asks its middle server, or somebody else."""
    platform = outsider(world, Identity(LINKAGE, organisation, "linkage-platform"))
    middle = Identity(LINKAGE, organisation, "middle-server")
    return InquiryClient(channel or world.callers.channel(platform, middle))
