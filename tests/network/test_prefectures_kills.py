"""A server killed at any step of a prefecture's F1, before its commit and after: as if it had not been."""

import pytest

from renkei.acquisitions import BOUND
from renkei_simulators.world.people import recipients_of
from tests.stores import BOTH

from .asking import until
from .mortal import Mortal
from .people.recount import mistakes
from .small_world import TOKYO, WITH_PREFECTURE

STORES = BOTH
MORTAL_WORLD = WITH_PREFECTURE

PLATFORM, KEEPER = f"linkage-platform.{TOKYO}", f"middle-server.{TOKYO}"

STEPS = [
    (PLATFORM, "/renkei.linkage.v1.NumberingService/NumberPerson"),
    (PLATFORM, "task acquire"),
    (KEEPER, "/renkei.linkage.v1.CodeAcquisitionService/AcquireCode"),
    (PLATFORM, "task generate"),
    (
        "national-server.jlis",
        "/renkei.jukinet.v1.LinkageCodeGenerationService/GenerateLinkageCode",
    ),
    (KEEPER, "/renkei.linkage.v1.CodeDeliveryService/DeliverCode"),
    (PLATFORM, "task poll"),
]


@pytest.mark.parametrize(("seat", "what"), STEPS)
async def test_a_server_killed_before_and_after_a_commit_changes_nothing(
    mortal: Mortal, seat: str, what: str
) -> None:
    person = mortal.people.somebody()
    assert person.index in {one.index for one in recipients_of(mortal.world, TOKYO)}
    died_twice = mortal.arm(seat, what)

    assert await mortal.acquire_at_agency(person, TOKYO) == BOUND
    await until(died_twice)
    await mortal.quiet()
    assert mistakes(mortal.world, mortal.layout, TOKYO, [person]) == []
