"""Counting again from the databases alone: nothing lost, nothing doubled, no persons mixed."""

from collections.abc import Sequence

from renkei.codes import Institution, IntegratedAddressNumber, LinkageCode
from renkei_server.domain.linkage_codes import CodeCipher, LinkIds
from renkei_server.process.machine import MachineIds
from renkei_server.store.codes.codes import Codes
from renkei_server.store.codes.links import Links
from renkei_server.store.engine.key_file import read_key
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import inspect

_HOLDERS = {
    **{
        code: (f"linkage-platform.{code}", f"middle-server.{code}") for code in ("131148", "130001")
    },
    "nenkin": ("agency-linkage.nenkin", "agency-linkage.nenkin"),
}
"""By organisation: where its numbering is kept, and where its codes."""


def mistakes(
    world: World, layout: Layout, organisation: str, persons: Sequence[Resident]
) -> list[str]:
    """What is wrong with an organisation's codes of these persons, each named by its index."""
    numbering_seat, codes_seat = (world.seat(name) for name in _HOLDERS[organisation])
    found = []
    with (
        inspect(world, layout, numbering_seat) as numbers,
        inspect(world, layout, codes_seat) as kept,
        inspect(world, layout, world.seat("provision-network.ipn")) as core,
    ):
        numbering = Numbering(numbers.sealer, MachineIds())
        key = read_key(seat_config(world, layout, world.seat("provision-network.ipn")).code_key)
        codes, links = Codes(kept.sealer), Links(core.sealer, LinkIds(key))
        cipher = CodeCipher(key)
        seen: dict[LinkageCode, int] = {}
        for person in persons:
            number = person.individual_number
            assert number is not None
            integrated = numbers.read(lambda tx, number=number: numbering.find(tx, number))
            code = integrated and kept.read(
                lambda tx, of=integrated: codes.code_of(tx, _number(of))
            )
            link_id = core.read(lambda tx, of=person.resident_record_code: links.link_id(tx, of))
            if not code:
                found.append(f"person {person.index} has no code")
            elif code != cipher.code_of(link_id, Institution(organisation)):
                found.append(f"person {person.index} has somebody else's code")
            elif code in seen:
                found.append(f"persons {person.index} and {seen[code]} share a code")
            else:
                seen[code] = person.index
    return found


def _number(value: IntegratedAddressNumber | None) -> IntegratedAddressNumber:
    assert value is not None
    return value
