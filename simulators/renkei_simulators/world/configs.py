"""What each process and each seat of a world is told."""

from collections import defaultdict

from renkei.roles import ROLES
from renkei_pki.identity import Identity
from renkei_pki.signing import PUBLIC_KEY
from renkei_server.config import Network, ProcessConfig, SeatConfig
from renkei_simulators.world.definition import SeatPlan, World
from renkei_simulators.world.layout import Layout


def write_configs(world: World, layout: Layout) -> None:
    """Write what each process is told, and nothing of processes that the world has no more."""
    for config in layout.process("").parent.glob("*.json"):
        config.unlink()
    processes: defaultdict[str, list[SeatConfig]] = defaultdict(list)
    for seat in world.seats:
        if not seat.external:
            processes[seat.process].append(seat_config(world, layout, seat))
    for name, seats in processes.items():
        ProcessConfig(tuple(seats)).save(layout.process(name))


def seat_config(world: World, layout: Layout, seat: SeatPlan) -> SeatConfig:
    """What one seat is told."""

    def network(identity: Identity) -> Network:
        return Network(
            layout.certificate(seat.name, identity),
            layout.authority(identity.domain),
            seat.listen.get(identity.domain, ""),
            layout.calling_certificate(seat.name, identity) if seat.token else None,
        )

    service = f"{ROLES[seat.role].operators}.{seat.institution}"
    signs = any(one.name == service for one in world.seats)
    return SeatConfig(
        role=seat.role,
        institution=seat.institution,
        folder=layout.seat(seat.name),
        logs=layout.logs,
        clock=layout.clock,
        networks={identity.domain: network(identity) for identity in seat.identities},
        peers=world.peers,
        world_id=layout.world_id.read_text(encoding="utf-8").strip(),
        permit_key=layout.permit_key,
        operator_key=layout.operator_key(service).with_name(PUBLIC_KEY) if signs else None,
        four_eyes=any(
            one.four_eyes for one in world.municipalities if one.code == seat.institution
        ),
        test=world.test,
        crash_points=world.crash_points,
        pace=world.pace,
        store_url=world.store_url,
        workers=seat.workers,
        token=seat.token,
    )
