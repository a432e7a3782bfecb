"""The keys to which an organisation's answers are sealed turn while everything runs (F2.8)."""

from datetime import UTC, datetime

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import Institution
from renkei.exchanges import ExchangeId
from renkei.networks import LINKAGE
from renkei.type.v1 import sealed_answer_pb2
from renkei.wire.sealed_answers import read_key_record
from renkei_clients.exchanges import KeyDirectoryClient
from renkei_pki.answer_keys import AnswerKey, retire
from renkei_pki.identity import Identity
from renkei_server.seats.middle.sealing_keys import SUITES
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id, reason_of, until, until_told
from .people import People
from .people.neighbours import Neighbours
from .people.strangers import outsider
from .people.sub_copies import sub_copy
from .small_world import NEIGHBOUR, WARD


def sealed_to(world: RunningWorld, exchange: ExchangeId) -> str:
    """The key to which a kept answer is sealed."""
    store = world.seats[f"middle-server.{NEIGHBOUR}"].store
    statement = "SELECT answer FROM inquiries WHERE exchange_id = ?"
    kept = store.read_now(
        lambda tx: tx.alchemy.exec_driver_sql(statement, (exchange.text,)).scalar_one()
    )
    key_id: str = sealed_answer_pb2.SealedAnswer.FromString(kept).key_id
    return key_id


async def test_new_keys_are_published_and_used_and_old_ones_open_what_was_sealed_to_them(
    world: RunningWorld, people: People, neighbours: Neighbours
) -> None:
    person = people.somebody()
    await neighbours.known_at_ward(person)
    here = await neighbours.known_here(person)
    await world.callers.register_of(WARD).register_sub_copy(
        new_id(), person.local_address_number, sub_copy()
    )
    caller = outsider(world, Identity(LINKAGE, WARD, "middle-server"))
    network = Identity(LINKAGE, "ipn", "provision-network")
    directory = KeyDirectoryClient(world.callers.channel(caller, network))
    folder = world.seats[f"middle-server.{NEIGHBOUR}"].config.answer_keys

    async def published() -> set[str]:
        told = await directory.get_sealing_keys(Institution(NEIGHBOUR))
        return {key.key_id for key in read_key_record(told.record).keys}

    before = await neighbours.ask(here)
    old = sealed_to(world, before.id)

    made = {
        AnswerKey.create(folder, suite, now=datetime.now(UTC)).public.key_id for suite in SUITES
    }
    await until_told(published, made.issubset)
    after = await neighbours.ask(here)

    assert after.outcome is Outcome.PROVIDED
    assert old not in made
    assert sealed_to(world, after.id) in made
    assert (await neighbours.client.get_inquiry(before.id)).records == before.records

    retire(folder, old)
    await until(lambda: not (folder / f"{old}.key.json").exists())
    assert await reason_of(neighbours.client.get_inquiry(before.id)) is reasons.ANSWER_KEY_UNKNOWN
