"""F9 over real mutual TLS: municipality, prefecture and nation compare what they hold (CS-6, PS-4, NS-5)."""

from collections.abc import Sequence

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import Institution, ResidentRecordCode
from renkei.consistency import ComparedPerson, Finding, Peer, State
from renkei.consistency_reports import Report
from renkei.contract import method_of
from renkei.jukinet.v1.consistency_pb2 import ComparePersonsRequest
from renkei.networks import JUKINET
from renkei_clients.consistency import ConsistencyCheckClient, ConsistencyClient
from renkei_clients.residents import ResidentClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.identities.provided import IdentityProvisions
from renkei_simulators.separation.knowledge import Mark, cell
from renkei_simulators.trace.flows import COMPARISON
from renkei_simulators.trace.legs import leg_of
from renkei_simulators.trace.page import page
from renkei_simulators.trace.stitching import collect
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import items_of
from tests.server.world import CountedIds, SetClock
from tests.stores import BOTH

from .asking import new_id, reason_of, until_told
from .people import People
from .people.entries import entry_of
from .people.planting import lose, plant
from .small_world import NEIGHBOUR, TOKYO, WARD

STORES = BOTH

CS, PREFECTURE, NATION = (
    f"municipal-cs.{WARD}",
    f"prefecture-server.{TOKYO}",
    "national-server.jlis",
)
EVERYWHERE = (Peer.PREFECTURE, Peer.NATION)


@pytest.fixture
def terminal(world: RunningWorld) -> ConsistencyCheckClient:
    """Where the CS is told to compare."""
    return world.callers.integrated_terminal(WARD)


@pytest.fixture
def register(world: RunningWorld) -> ResidentClient:
    return world.callers.register_terminal(WARD)


async def reported(terminal: ConsistencyCheckClient, peers: Sequence[Peer] = EVERYWHERE) -> Report:
    """The report of a run that is made now."""
    await terminal.start(new_id(), peers)
    report = await until_told(terminal.report, lambda told: told.run.is_over)
    assert {(one.state, one.failed) for one in report.run.parts} == {(State.COMPARED, "")}
    return report


def found(report: Report) -> set[tuple[Peer, ResidentRecordCode, Finding, tuple[str, ...]]]:
    return {
        (one.peer, one.found.resident_record_code, one.found.finding, one.found.differing)
        for one in report.differences
    }


def client_of(world: RunningWorld, role: str, code: str, *server: str) -> ConsistencyClient:
    """Whoever compares on the resident-register network."""
    own = world.layout.certificate(f"{role}.{code}", Identity(JUKINET, code, role))
    return ConsistencyClient(
        world.callers.channel(Credentials.load(own), Identity(JUKINET, *server))
    )


# What is found


async def test_three_files_agree_but_for_the_one_person_whom_the_nation_does_not_hold(
    terminal: ConsistencyCheckClient, people: People
) -> None:
    report = await reported(terminal)

    code = people.unknown.resident_record_code
    assert found(report) == {(Peer.NATION, code, Finding.MISSING_THERE, ())}
    prefecture, nation = report.run.parts
    assert (prefecture.calls, prefecture.compared, prefecture.differences) == (1, 0, 0)
    assert (nation.calls, nation.differing_buckets, nation.buckets_done) == (3, 1, 1)
    assert prefecture.persons == nation.persons > 150


async def test_planted_differences_are_found_and_gone_after_a_resend(
    world: RunningWorld, terminal: ConsistencyCheckClient, register: ResidentClient, people: People
) -> None:
    renamed, moved = people.somebody(), people.somebody()
    await plant(world, PREFECTURE, renamed.resident_record_code, name="別の　名前")
    await plant(world, NATION, moved.resident_record_code, address="東京都中野区本町")
    before = found(await reported(terminal))

    assert {one for one in before if one[2] is Finding.ITEMS_DIFFER} == {
        (
            Peer.PREFECTURE,
            renamed.resident_record_code,
            Finding.ITEMS_DIFFER,
            ("items.name.text",),
        ),
        (Peer.NATION, moved.resident_record_code, Finding.ITEMS_DIFFER, ("items.address",)),
    }

    for person in (renamed, moved):
        entry = entry_of(person, ChangeReason.MINOR_CORRECTION)
        await register.change_resident(new_id(), entry)
        await until_told(
            lambda entry=entry: register.get_notification(entry.person),  # type: ignore[misc]
            lambda told: told.state == "APPLIED",
        )

    after = found(await reported(terminal))
    assert {one for one in after if one[2] is Finding.ITEMS_DIFFER} == set()


async def test_who_is_missing_anywhere_is_found(
    world: RunningWorld, terminal: ConsistencyCheckClient, people: People
) -> None:
    here, there, nowhere = (people.somebody().resident_record_code for _ in range(3))
    await lose(world, CS, here)
    await lose(world, PREFECTURE, there)
    for seat in (CS, PREFECTURE, NATION):
        await lose(world, seat, nowhere)

    told = {one[:3] for one in found(await reported(terminal))}

    assert told >= {
        (Peer.PREFECTURE, here, Finding.MISSING_HERE),
        (Peer.NATION, here, Finding.MISSING_HERE),
        (Peer.PREFECTURE, there, Finding.MISSING_THERE),
    }
    assert nowhere not in {code for _, code, _ in told}


async def test_a_compared_person_s_items_are_recorded_at_both_ends(
    world: RunningWorld, terminal: ConsistencyCheckClient, people: People
) -> None:
    code = people.somebody().resident_record_code
    await plant(world, PREFECTURE, code, name="別の　名前")

    await reported(terminal, [Peer.PREFECTURE])

    store = world.seats[PREFECTURE].store
    seen = store.read_now(lambda tx: OperationLog(store.sealer).concerning(tx, code.digits))
    path = method_of(ComparePersonsRequest).path
    assert [one.caller for one in seen if one.method == path] == [
        Identity(JUKINET, WARD, "municipal-cs").uri
    ]
    own = world.seats[CS].store
    log = RecordLog(own.sealer, CountedIds(), Identity(JUKINET, WARD, "municipal-cs"))
    provisions = IdentityProvisions(log, SetClock())
    (provided,) = own.read_now(lambda tx: provisions.of(tx, code))
    assert (provided.provision.receiver, provided.provision.method) == (PREFECTURE, path)


async def test_a_trace_of_a_run_shows_what_was_asked_and_that_no_value_came_back(
    world: RunningWorld, terminal: ConsistencyCheckClient
) -> None:
    await terminal.start(request_id := new_id(), [Peer.NATION])
    await until_told(terminal.report, lambda told: told.run.is_over)

    trace = collect(world.layout.logs, request_id)

    assert trace.flow is COMPARISON
    told = {hop.method.rpartition("/")[2] for hop in trace.hops}
    assert told - {"JudgeSession"} == {
        "StartConsistencyCheck",
        "ListBucketDigests",
        "ListPersonDigests",
        "ComparePersons",
    }
    assert "本人確認情報の整合" in page(trace)
    for hop in trace.hops:
        leg = leg_of(hop.method, hop.steps)
        for message in filter(None, (leg.asks, leg.answers)):
            for kind in message.carries:
                for seat in hop.ends:
                    assert cell(seat.role, kind).mark is not Mark.NEVER, (message.step, kind, seat)


# What is refused


@pytest.mark.parametrize(
    ("role", "sender", "server", "municipality"),
    [
        ("municipal-cs", WARD, (TOKYO, "prefecture-server"), NEIGHBOUR),
        ("municipal-cs", WARD, ("jlis", "national-server"), NEIGHBOUR),
        ("prefecture-server", TOKYO, ("jlis", "national-server"), "141003"),
    ],
)
async def test_nobody_compares_a_municipality_that_is_not_theirs(
    world: RunningWorld,
    people: People,
    role: str,
    sender: str,
    server: tuple[str, str],
    municipality: str,
) -> None:
    there = client_of(world, role, sender, *server).of(Institution(municipality))
    person = ComparedPerson(items_of(people.somebody()), removed=False)

    for ask in (
        there.list_bucket_digests(),
        there.list_person_digests([0]),
        there.compare_persons([person]),
    ):
        assert await reason_of(ask) is reasons.ORIGIN_NOT_OF_SENDER


async def test_what_is_asked_for_has_its_form(world: RunningWorld, people: People) -> None:
    there = client_of(world, "municipal-cs", WARD, TOKYO, "prefecture-server").of(Institution(WARD))
    person = ComparedPerson(items_of(people.somebody()), removed=False)

    for ask, expected in (
        (there.list_person_digests([]), reasons.FIELD_MISSING),
        (there.list_person_digests([4096]), reasons.BUCKET_UNKNOWN),
        (there.list_person_digests([-1]), reasons.BUCKET_UNKNOWN),
        (there.list_person_digests([0] * 201), reasons.BATCH_TOO_LARGE),
        (there.compare_persons([]), reasons.FIELD_MISSING),
        (there.compare_persons([person] * 101), reasons.BATCH_TOO_LARGE),
    ):
        assert await reason_of(ask) is expected


async def test_a_prefecture_compares_each_of_its_municipalities(
    world: RunningWorld,
) -> None:
    there = client_of(world, "prefecture-server", TOKYO, "jlis", "national-server")

    for code in (WARD, NEIGHBOUR):
        assert await there.of(Institution(code)).list_bucket_digests()


async def test_a_prefecture_s_terminal_has_all_its_municipalities_compared_with_the_nation(
    world: RunningWorld, people: People
) -> None:
    terminal = world.callers.prefecture_checks(TOKYO)
    renamed = people.somebody().resident_record_code
    await plant(world, NATION, renamed, name="別の　名前")

    await terminal.start(new_id())
    report = await until_told(terminal.report, lambda told: told.run.is_over)

    assert [one.municipality.name for one in report.run.parts] == [NEIGHBOUR, WARD]
    assert {one.state for one in report.run.parts} == {State.COMPARED}
    assert (Peer.NATION, renamed, Finding.ITEMS_DIFFER, ("items.name.text",)) in found(report)


async def test_nothing_of_a_report_is_told_before_a_run(world: RunningWorld) -> None:
    other = world.callers.integrated_terminal(NEIGHBOUR)

    assert await reason_of(other.report()) is reasons.NO_CONSISTENCY_CHECK
