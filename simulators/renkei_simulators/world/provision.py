"""Making a world: certificates, keys and seeded databases.

Nothing of it is ever committed or shared between worlds: each world's roots are fresh.
"""

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from renkei import reasons
from renkei.refusals import Refusal
from renkei.roles import ROLES, Key
from renkei_pki import files
from renkei_pki.answer_keys import AnswerKey
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.custody import Custody
from renkei_pki.identity import Identity
from renkei_pki.signing import PUBLIC_KEY, SigningKey
from renkei_server.config import SeatConfig
from renkei_server.domain.linkage_codes import CODE_KEY_BYTES
from renkei_server.process.machine import MachineIds, set_world_clock
from renkei_server.roles.bills import metadata_of
from renkei_server.roles.own_keys import OwnKeys, token_of
from renkei_server.seats.middle.sealing_keys import SUITES
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.form import Form
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.opening import discard, revision_of
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Schema
from renkei_server.store.engine.sealing import Sealer, make_key_file
from renkei_server.store.engine.store import Store
from renkei_simulators.world.certificates import operator_service_of, write_callers
from renkei_simulators.world.certifying import certify
from renkei_simulators.world.configs import seat_config, write_configs
from renkei_simulators.world.definition import SeatPlan, World, WorldError
from renkei_simulators.world.form import stamp
from renkei_simulators.world.holding import RUNS, held
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.own_certificates import of_seat
from renkei_simulators.world.people import SEEDS, write_people
from renkei_simulators.world.staff import Login, Logins, hashing, seed_operator
from renkei_simulators.world.taking import take
from renkei_simulators.world.token_keys import begin, empty_tokens, require_tokens

Told = Callable[[str], None]


def provision(
    world: World, root: Path, *, fresh: bool = False, tell: Told = lambda _: None
) -> Layout:
    """Make the world under `root`, or take the one that is there if it is the same.

    Raises as `made`, and WorldError where somebody makes, runs or restores it now.
    """
    layout = Layout(root.absolute())
    with held(layout, RUNS):
        made(world, layout, fresh=fresh, tell=tell)
    return layout


def made(world: World, layout: Layout, *, fresh: bool, tell: Told = lambda _: None) -> None:
    """The same for whoever holds the folder already.

    With `fresh`, a world that is there is removed first, and so is one whose making was broken
    off: the file that says what is being made is there from the first moment to the last. Raises
    WorldError where the folder holds something else, or a seat's database cannot be made.
    """
    if not fresh and take(world, layout):
        return
    begun = layout.definition.exists() or layout.making.exists() or layout.world_id.exists()
    if not begun and {one.name for one in layout.root.iterdir()} - {layout.lock.name}:
        raise WorldError(
            f"{layout.root} holds something that is no world: name another folder with --data.",
            f"{layout.root}には世界でないものが入っています。--dataで別のフォルダーを指定してください。",
        )
    require_tokens(world)
    files.replace(layout.making, world.text.encode())
    _discard_schemas(world, layout)
    empty_tokens(world, layout)
    _clear(layout, keep={layout.lock, layout.making})
    try:
        _make(world, layout, tell)
    except Refusal as refusal:  # such as a database that is another world's
        _undo(world, layout)
        raise WorldError(str(refusal), refusal.reason.japanese) from refusal


def _undo(world: World, layout: Layout) -> None:
    """Remove what was made; what cannot be reached now to be removed, the next start removes."""
    empty_tokens(world, layout)
    try:
        _discard_schemas(world, layout)
    except Refusal:
        if len(list(layout.root.glob("seats/*/store.key"))) > 1:  # the first was made, then
            return
    _clear(layout, keep={layout.lock})


def _clear(layout: Layout, keep: Collection[Path]) -> None:
    """Remove everything of a folder but this; the folder may be a mount point, and stays."""
    for path in layout.root.iterdir():
        if path in keep:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _discard_schemas(world: World, layout: Layout) -> None:
    """Let nothing stay of a world that is made anew where it is kept outside its folder.

    That is the folder's own world; where nobody can tell any more what it was, it was `world`.
    """
    if not layout.world_id.exists():  # nothing was kept anywhere yet
        return
    with suppress(WorldError):
        world = World.load(layout.definition)
    for seat in world.seats:
        config = seat_config(world, layout, seat)
        if isinstance(config.place, Schema) and not _is_anothers(config):
            discard(config.place)


def _is_anothers(config: SeatConfig) -> bool:
    """Whether a seat's database has become another seat's, or another world's, meanwhile."""
    unused = Sealer(MachineIds().random_bytes(KEY_BYTES))  # whose it is stands there openly
    try:
        revision_of(config.place, Form(metadata_of(config.role), unused, config.owner))
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
            config = seat_config(world, layout, seat)
            begin(config)
            token = token_of(config, making=True)
            certify(list(of_seat(layout, seat)), authorities, token, Credentials.write, now=now)
    for seat in world.seats:
        if Key.OPERATORS in ROLES[seat.role].keys:  # of a server of the user's too: it is told it
            SigningKey.create(layout.operator_key(seat.name))
    write_callers(world, layout, authorities, now=now)
    with hashing(world, layout) as logins:
        for seat in world.seats:
            if not seat.external:
                tell(f"database of {seat.name}")
                _make_database(world, layout, seat, logins)
    write_people(world, layout.people)
    write_configs(world, layout)
    stamp(layout)
    files.tighten(layout.root)
    layout.making.replace(layout.definition)  # now it is a world


def _make_database(world: World, layout: Layout, seat: SeatPlan, logins: Logins) -> None:
    config = seat_config(world, layout, seat)
    with OwnKeys.opened(config) as keys:
        key = keys.custody.close(MachineIds().random_bytes(KEY_BYTES), config.key.name)
        make_key_file(config.key, key)
        _make_keys(config, layout, keys.custody)
    store = open_store(config)
    if seed := SEEDS.get(seat.role):
        store.write_now(lambda connection: seed(connection, store.sealer, world, seat.institution))
    for terminal in world.callers:
        if operator_service_of(world, terminal) == seat.name:
            _enter_operator(store, terminal, layout.caller(terminal), logins[terminal].result())
    store.close()


def _enter_operator(store: Store, terminal: Identity, folder: Path, login: Login) -> None:
    store.write_now(
        lambda connection: seed_operator(connection, store.sealer, terminal, folder, login)
    )


def _make_keys(config: SeatConfig, layout: Layout, custody: Custody) -> None:
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
        SigningKey.create(config.record_key, custody)
    if Key.PERMITS in wanted:
        SigningKey.create(config.permit_signing_key)
        layout.permit_key.parent.mkdir()
        shutil.copyfile(config.permit_signing_key.with_name(PUBLIC_KEY), layout.permit_key)
        shutil.copyfile(config.record_key.with_name(PUBLIC_KEY), layout.record_key)


def open_store(config: SeatConfig) -> Store:
    """A seat's store, from outside its process: before it starts, or for an audit."""
    sealer = _sealer(config)
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
    return Inspection(config.place, _sealer(config), metadata_of(seat.role), config.owner)


def _sealer(config: SeatConfig) -> Sealer:
    with OwnKeys.opened(config) as keys:
        return keys.sealer()
