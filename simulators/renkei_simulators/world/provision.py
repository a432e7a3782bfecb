"""Making a world: certificates, keys and seeded databases.

Nothing of it is ever committed or shared between worlds: each world's roots are fresh.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from renkei import reasons
from renkei.networks import LINKAGE
from renkei.refusals import Refusal
from renkei.roles import ROLES, Key
from renkei_pki.answer_keys import AnswerKey
from renkei_pki.authority import Authority
from renkei_pki.identity import Identity
from renkei_pki.signing import PUBLIC_KEY, SigningKey
from renkei_server.config import SeatConfig
from renkei_server.domain.linkage_codes import CODE_KEY_BYTES
from renkei_server.process.machine import MachineIds, set_world_clock
from renkei_server.roles.bills import metadata_of
from renkei_server.seats.middle.sealing_keys import SUITES
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.form import Form
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.opening import discard, revision_of
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.sealing import Sealer, make_key_file
from renkei_server.store.engine.store import Store
from renkei_simulators.world.certificates import write_callers
from renkei_simulators.world.configs import seat_config, write_configs
from renkei_simulators.world.definition import SeatPlan, World, WorldError
from renkei_simulators.world.form import stamp
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.people import SEEDS, seed_staff, write_people
from renkei_simulators.world.supervisor import require_stopped
from renkei_simulators.world.taking import take

Told = Callable[[str], None]


def provision(
    world: World, root: Path, *, fresh: bool = False, tell: Told = lambda _: None
) -> Layout:
    """Make the world under `root`, or take the one that is there if it is the same.

    With `fresh`, a world that is there is removed first. Raises WorldError where
    the folder holds something else, or a seat's database cannot be made.
    """
    layout = Layout(root.absolute())
    if not fresh and take(world, layout):
        return layout
    require_stopped(layout)
    if layout.definition.exists():
        _discard_schemas(layout)
        shutil.rmtree(layout.root)
    elif layout.world_id.exists():  # the making of a world was broken off
        shutil.rmtree(layout.root)
    elif layout.root.exists() and any(layout.root.iterdir()):
        msg = f"{root} holds something that is no world: name another folder with --data"
        raise WorldError(msg)
    try:
        _make(world, layout, tell)
    except Refusal as refusal:  # such as a database that is another world's
        shutil.rmtree(layout.root)
        msg = f"{refusal} {refusal.reason.japanese}"
        raise WorldError(msg) from refusal
    return layout


def _discard_schemas(layout: Layout) -> None:
    """Let nothing stay of a world that is made anew where it is kept outside its folder."""
    world = World.load(layout.definition)
    for seat in world.seats:
        if not seat.external:
            config = seat_config(world, layout, seat)
            if not _is_anothers(config):
                discard(config.place)


def _is_anothers(config: SeatConfig) -> bool:
    """Whether a seat's database has become another seat's, or another world's, meanwhile."""
    form = Form(metadata_of(config.role), Sealer.load(config.key), config.owner)
    try:
        revision_of(config.place, form)
    except Refusal as refusal:
        return refusal.reason is reasons.STORE_OF_ANOTHER_SEAT
    return False


def _make(world: World, layout: Layout, tell: Told) -> None:
    now = datetime.now(UTC)
    for folder in (layout.root, layout.logs, layout.process("").parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)  # one that was there before may be open to others
    layout.ignored.write_text("*\n", encoding="utf-8")
    set_world_clock(layout.clock, timedelta(0))
    layout.world_id.write_text(f"{MachineIds().request_id()}\n", encoding="utf-8")
    tell("certificates")
    authorities = {
        domain: Authority.create(layout.authority(domain), domain, now=now)
        for domain in world.domains
    }
    for seat in world.seats:
        if not seat.external:
            for identity in seat.identities:
                issued = authorities[identity.domain].issue(identity, now=now)
                issued.write(layout.certificate(seat.name, identity))
    write_callers(world, layout, authorities, now=now)
    for seat in world.seats:
        if not seat.external:
            tell(f"database of {seat.name}")
            _make_database(world, layout, seat)
    write_people(world, layout.people)
    write_configs(world, layout)
    stamp(layout)
    layout.definition.write_text(world.text, encoding="utf-8")  # last: now it is a world


def _make_database(world: World, layout: Layout, seat: SeatPlan) -> None:
    config = seat_config(world, layout, seat)
    make_key_file(config.key, MachineIds().random_bytes(KEY_BYTES))
    _make_keys(config, layout)
    store = open_store(config)
    if seed := SEEDS.get(seat.role):
        store.write_now(lambda connection: seed(connection, store.sealer, world, seat.institution))
    if Key.OPERATORS in ROLES[seat.role].keys:
        terminal = layout.caller(Identity(LINKAGE, seat.institution, "middle-terminal"))
        store.write_now(lambda connection: seed_staff(connection, store.sealer, terminal))
    store.close()


def _make_keys(config: SeatConfig, layout: Layout) -> None:
    """The keys that a seat's role needs besides that of its store."""
    wanted = ROLES[config.role].keys
    if Key.ROOT in wanted:
        make_key_file(config.root_key, MachineIds().random_bytes(KEY_BYTES))
    if Key.CODES in wanted:
        make_key_file(config.code_key, MachineIds().random_bytes(CODE_KEY_BYTES))
    if Key.ANSWERS in wanted:
        for suite in SUITES:
            AnswerKey.create(config.answer_keys, suite, now=datetime.now(UTC))
    if Key.RECORDS in wanted:
        SigningKey.create(config.record_key)
    if Key.PERMITS in wanted:
        SigningKey.create(config.permit_signing_key)
        layout.permit_key.parent.mkdir()
        shutil.copyfile(config.permit_signing_key.with_name(PUBLIC_KEY), layout.permit_key)
        shutil.copyfile(config.record_key.with_name(PUBLIC_KEY), layout.record_key)


def open_store(config: SeatConfig) -> Store:
    """A seat's store, from outside its process: before it starts, or for an audit."""
    sealer = Sealer.load(config.key)
    return Store(
        config.place,
        sealer,
        metadata_of(config.role),
        operations=OperationLog(sealer),
        owner=config.owner,
    )


def inspect(world: World, layout: Layout, seat: SeatPlan) -> Inspection:
    """A read-only look into a seat's database."""
    config = seat_config(world, layout, seat)
    return Inspection(config.place, Sealer.load(config.key), metadata_of(seat.role), config.owner)
