"""The reconciliation of records: whoever says something else, or nothing, is found; nobody else is."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import LargeBinary, delete, literal, update
from tests.worlds import Worlds
from typer.testing import CliRunner, Result

from renkei.answers import Outcome
from renkei.codes import Institution
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.networks import LINKAGE
from renkei.wire.exchange_records import content_of
from renkei_pki.identity import Identity
from renkei_pki.log_check import FaultKind
from renkei_server.process.machine import MachineIds
from renkei_server.store.engine import record_log
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.store import Store
from renkei_simulators.audit_command import app
from renkei_simulators.records_audit import Disagreement, Kind, audit_records, reconcile
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import open_store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEPT_SINCE = datetime(2019, 11, 23, 12, tzinfo=UTC)

NETWORK, ASKING, ASKED, OTHER = (
    "provision-network.ipn",
    "agency-linkage.nenkin",
    "middle-server.131148",
    "middle-server.131130",
)
SEATS = (NETWORK, ASKING, ASKED, OTHER)
AT_TWO = (Outcome.NOT_PERMITTED, Outcome.CANCELLED)
WITHOUT_ANSWER = (Outcome.EXPIRED, Outcome.UNDELIVERABLE)

WORLD = "\n".join(
    [
        'name = "logs"\ntest = true\nseed = 5\ntoday = 2026-11-23\nmunicipality = []',
        *(
            f'[[seat]]\nrole = "{role}"\ninstitution = "{institution}"\n'
            'listen = { linkage = "127.0.0.1:0" }'
            for role, institution in (seat.split(".") for seat in SEATS)
        ),
    ]
)


def record(number: int, outcome: Outcome = Outcome.PROVIDED) -> ExchangeRecord:
    """An exchange in which the pension agency asks Nakano."""
    unpermitted = outcome is Outcome.NOT_PERMITTED
    return ExchangeRecord(
        ExchangeId(f"00000000-0000-4000-8000-{number:012d}"),
        InquiryTerms(
            inquirer=Institution("nenkin"),
            inquirer_delegator=Institution("mhlw"),
            provider=Institution("131148"),
            provider_delegator=None,
            affair_code="JM90000000073000",
            procedure_code="JT90000000073001",
            information_code="TM90000000000001",
            condition_class="0",
            fiscal_year_class="0",
            from_date=None,
            to_date=None,
            non_disclosure=False,
        ),
        legal_table="" if unpermitted else "table",
        legal_item="" if unpermitted else "73",
        asked_at=NOW,
        answered_at=NOW if outcome.of_provider else None,
        outcome=outcome,
        refusal="AFFAIR_NOT_IN_TABLE" if unpermitted else "",
    )


Held = dict[str, list[ExchangeRecord]]


def honestly_held(records: list[ExchangeRecord]) -> Held:
    """What each party has recorded, none of them wrongly; in an order of its own."""
    held: Held = {seat: [] for seat in SEATS}
    for one in records:
        parties = [NETWORK, ASKING] if one.outcome in AT_TWO else [NETWORK, ASKING, ASKED]
        for seat in parties:
            held[seat].append(one)
    for kept in held.values():
        random.Random(len(kept)).shuffle(kept)
    return held


def found(held: Held) -> tuple[Disagreement, ...]:
    return reconcile(held, kept_since=KEPT_SINCE)[1]


OUTCOMES = st.lists(st.sampled_from(Outcome), min_size=1, max_size=12)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[ExchangeRecord], ExchangeRecord, str]:
    """Some exchanges, one of them, and a party that must have its record."""
    records = [record(number, outcome) for number, outcome in enumerate(draw(OUTCOMES))]
    one = draw(st.sampled_from(records))
    two = one.outcome in (*AT_TWO, *WITHOUT_ANSWER)
    return records, one, draw(st.sampled_from([NETWORK, ASKING] if two else [*SEATS[:3]]))


@given(outcomes=OUTCOMES)
def test_where_all_parties_have_recorded_the_same_every_exchange_agrees(
    outcomes: list[Outcome],
) -> None:
    records = [record(number, outcome) for number, outcome in enumerate(outcomes)]

    assert reconcile(honestly_held(records), kept_since=KEPT_SINCE) == (len(records), ())


@given(world=worlds())
def test_a_record_that_a_party_lacks_is_missed_there(
    world: tuple[list[ExchangeRecord], ExchangeRecord, str],
) -> None:
    records, one, seat = world
    held = honestly_held(records)
    held[seat].remove(one)

    agreed, disagreements = reconcile(held, kept_since=KEPT_SINCE)

    assert disagreements == (Disagreement(one.exchange_id.text, seat, Kind.MISSING),)
    assert agreed == len(records) - 1


CHANGES: list[tuple[Callable[[ExchangeRecord], ExchangeRecord], str]] = [
    (lambda one: replace(one, outcome=Outcome.WITHHELD), "outcome"),
    (lambda one: replace(one, non_disclosure=True), "non_disclosure"),
    (lambda one: replace(one, legal_item="74"), "legal_item"),
    (lambda one: replace(one, legal_table="another"), "legal_table"),
    (lambda one: replace(one, refusal="X"), "refusal"),
    (lambda one: replace(one, asked_at=NOW - timedelta(seconds=1)), "asked_at"),
    (lambda one: replace(one, answered_at=NOW + timedelta(seconds=1)), "answered_at"),
    (
        lambda one: replace(one, terms=replace(one.terms, information_code="TM00000000000002")),
        "terms.information_code",
    ),
    (
        lambda one: replace(one, terms=replace(one.terms, inquirer_delegator=None)),
        "terms.inquirer_delegator",
    ),
]


@pytest.mark.parametrize("seat", [ASKING, ASKED])
@pytest.mark.parametrize(("change", "part"), CHANGES, ids=[part for _, part in CHANGES])
def test_a_record_of_which_a_party_says_something_else_is_told_with_what_differs(
    change: Callable[[ExchangeRecord], ExchangeRecord], part: str, seat: str
) -> None:
    held = honestly_held([record(0), record(1)])
    held[seat] = [change(one) if one == record(1) else one for one in held[seat]]

    differing = Disagreement(record(1).exchange_id.text, seat, Kind.DIFFERS, (part,))
    assert found(held) == (differing,)


def test_where_the_network_says_something_else_both_others_are_told_to_differ_from_it() -> None:
    held = honestly_held([record(0)])
    held[NETWORK] = [replace(record(0), legal_item="74")]

    assert [(one.seat, one.kind) for one in found(held)] == [
        (ASKING, Kind.DIFFERS),
        (ASKED, Kind.DIFFERS),
    ]


def test_a_record_that_nobody_else_has_is_missed_at_all_others() -> None:
    held: Held = {NETWORK: [], ASKING: [record(0)], ASKED: [], OTHER: []}

    assert {(one.seat, one.kind) for one in found(held)} == {
        (NETWORK, Kind.MISSING),
        (ASKED, Kind.MISSING),
    }


def test_a_record_at_a_party_without_a_part_in_it_is_surplus() -> None:
    held = honestly_held([record(0), record(1, Outcome.NOT_PERMITTED)])
    held[OTHER].append(record(0))
    held[ASKED].append(record(1, Outcome.NOT_PERMITTED))

    assert found(held) == (
        Disagreement(record(0).exchange_id.text, OTHER, Kind.SURPLUS),
        Disagreement(record(1).exchange_id.text, ASKED, Kind.SURPLUS),
    )


def test_a_record_that_a_party_has_twice_is_told() -> None:
    held = honestly_held([record(0)])
    held[ASKED].append(record(0))

    assert found(held) == (Disagreement(record(0).exchange_id.text, ASKED, Kind.DOUBLED),)


def test_what_expired_may_be_missing_at_the_provider_alone() -> None:
    held = honestly_held([record(0, Outcome.EXPIRED)])
    held[ASKED].clear()

    assert found(held) == ()
    held[ASKING].clear()
    assert [one.seat for one in found(held)] == [ASKING]


def test_what_one_party_has_erased_because_its_years_are_over_is_not_missed() -> None:
    over = KEPT_SINCE - timedelta(seconds=1)
    old = replace(record(0), asked_at=over, answered_at=over)
    held = honestly_held([old])
    held[NETWORK].clear()

    assert found(held) == ()


def test_a_party_whose_log_is_not_at_hand_is_not_held_against_the_others() -> None:
    held = honestly_held([record(0)])
    del held[ASKED]

    assert found(held) == ()


# A world's own logs


@pytest.fixture
def layout(worlds: Worlds) -> Layout:
    """A world of four parties with a log, all empty."""
    return worlds.copy(World.parse(WORLD))


@contextmanager
def opened(layout: Layout, seat: str) -> Iterator[Store]:
    """A party's store."""
    world = World.load(layout.definition)
    store = open_store(seat_config(world, layout, world.seat(seat)))
    yield store
    store.close()


def write(layout: Layout, seat: str, *contents: bytes) -> None:
    """Have a party record something."""
    role, _, institution = seat.partition(".")
    with opened(layout, seat) as store:
        log = RecordLog(store.sealer, MachineIds(), Identity(LINKAGE, institution, role))
        for content in contents:
            store.write_now(
                lambda connection, content=content: log.append(  # type: ignore[misc]
                    connection, content, person=b"somebody", shown=True, at=NOW
                )
            )


def write_honestly(layout: Layout, *records: ExchangeRecord) -> None:
    """Have every party record exchanges as they were."""
    for seat, kept in honestly_held([*records]).items():
        write(layout, seat, *(content_of(one) for one in kept))


def renkei(layout: Layout, *arguments: str) -> Result:
    """Run a command of `renkei audit`."""
    told = CliRunner(env={"COLUMNS": "200"})
    return told.invoke(app, [*arguments, "--data", str(layout.root)])


def test_logs_that_agree_are_told_so(layout: Layout) -> None:
    write_honestly(layout, record(0), record(1), record(2, Outcome.CANCELLED))

    told = renkei(layout, "records")

    assert told.exit_code == 0
    assert "3 exchanges agree, and none disagrees." in told.stdout


def test_each_disagreement_is_a_line_and_the_exit_code_is_one(layout: Layout) -> None:
    write_honestly(layout, record(0), record(1))
    write(layout, NETWORK, content_of(record(2)))
    write(layout, ASKING, content_of(replace(record(2), legal_item="74")))

    told = renkei(layout, "records")

    assert told.exit_code == 1
    text = " ".join(told.stdout.split())
    assert f"{record(2).exchange_id} {ASKED} missing" in text
    assert f"{record(2).exchange_id} {ASKING} differs" in text
    assert "(legal_item)" in text
    assert "2 exchanges agree, 1 disagree." in text


def test_a_log_out_of_which_a_record_was_cut_is_not_whole(layout: Layout) -> None:
    write_honestly(layout, record(0), record(1))
    rows = record_log.TABLES[0]
    with opened(layout, ASKED) as store:
        store.write_now(lambda connection: connection.execute(delete(rows).where(rows.c.leaf == 0)))

    result = audit_records(World.load(layout.definition), layout)

    (cut,) = [log for log in result.logs if log.seat == ASKED]
    assert FaultKind.MISSING in {fault.kind for fault in cut.faults}
    assert [(one.seat, one.kind) for one in result.disagreements] == [(ASKED, Kind.MISSING)]
    assert renkei(layout, "records").exit_code == 1


def test_a_record_that_was_written_anew_in_its_place_is_not_whole(layout: Layout) -> None:
    write_honestly(layout, record(0))
    rows = record_log.TABLES[0]
    with opened(layout, ASKED) as store:
        packed = store.sealer.seal(rows.c.record, bytes(72) + content_of(record(7)))
        anew = update(rows).values(record=literal(packed, LargeBinary))
        store.write_now(lambda connection: connection.execute(anew))

    result = audit_records(World.load(layout.definition), layout)

    assert [fault.kind for log in result.logs for fault in log.faults] == [FaultKind.ALTERED]
    missing = [(one.exchange[-1], one.seat) for one in result.disagreements]
    assert missing == [("0", ASKED), ("7", ASKING), ("7", NETWORK)]


def test_what_is_no_record_of_an_exchange_is_told(layout: Layout) -> None:
    write(layout, OTHER, b"\xff")

    told = renkei(layout, "records")

    assert told.exit_code == 1
    assert "leaf 0: no record of an exchange" in told.stdout


def test_while_a_call_is_owed_nothing_is_compared(layout: Layout) -> None:
    with opened(layout, ASKED) as store:
        outbox = Outbox(store.sealer, MachineIds())
        store.write_now(lambda connection: outbox.put(connection, "any", cause="", content={}))

    told = renkei(layout, "records")

    assert told.exit_code == 1
    assert "1 calls are still owed" in str(told.exception)


@pytest.mark.parametrize("contents", [False, True])
def test_an_export_is_what_the_check_takes_with_contents_or_without(
    layout: Layout, tmp_path: Path, *, contents: bool
) -> None:
    write_honestly(layout, record(0), record(1))
    file = tmp_path / "log.jsonl"

    told = renkei(layout, "export", ASKED, str(file), *(["--contents"] if contents else []))
    public = seat_config(World.parse(WORLD), layout, World.parse(WORLD).seat(ASKED)).record_key
    checked = CliRunner(env={"COLUMNS": "200"}).invoke(
        app, ["verify", str(file), "--key", str(public.with_name("public.pem"))]
    )

    assert (told.exit_code, checked.exit_code) == (0, 0)
    assert ("content" in file.read_text()) is contents
    assert ("2 whole" if contents else "2 with content withheld") in checked.stdout


def test_a_seat_without_a_log_has_no_export(worlds: Worlds, tmp_path: Path) -> None:
    text = WORLD + '\n[[seat]]\nrole = "mynaportal"\ninstitution = "digital"\n'
    layout = worlds.copy(World.parse(text + 'listen = { linkage = "127.0.0.1:0" }\n'))

    told = renkei(layout, "export", "mynaportal.digital", str(tmp_path / "log.jsonl"))

    assert told.exit_code == 1
    assert "keeps no log of records" in str(told.exception)


def test_for_machines_logs_and_disagreements_come_as_json(layout: Layout) -> None:
    write_honestly(layout, record(0))
    write(layout, NETWORK, content_of(record(2)))

    result = renkei(layout, "records", "--json")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["agreed"]) == (1, 1)
    assert {(one["seat"], one["records"]) for one in told["logs"]} >= {(NETWORK, 2), (ASKED, 1)}
    assert {(one["exchange"], one["kind"]) for one in told["disagreements"]} == {
        (str(record(2).exchange_id), "missing")
    }
