"""The order of a person's notifications: what stops it, what goes on, and who was set back."""

from dataclasses import replace

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import Institution
from renkei.facts import EXPECTED
from renkei.identities import (
    LONGEST_LEAP,
    ChangeInformation,
    IdentityItems,
    IdentityNotification,
)
from renkei.persons import FourAttributes
from renkei.refusals import Refusal
from renkei_server.store.engine import outbox as outboxes
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import incoming, notified, outgoing
from renkei_server.store.identities.incoming import Incoming
from renkei_server.store.identities.notified import NotificationState, Notified, Standing
from renkei_server.store.identities.outgoing import NOTIFY, Head, Outgoing, Owed
from tests.server.world import (
    CountedIds,
    OpenStore,
    identity_items,
    local_address_number,
    request_id,
    resident_record_code,
)

NAKANO = Institution("131148")
CODE, OTHER_CODE = resident_record_code(1), resident_record_code(2)
SOMEBODY, SOMEBODY_ELSE = local_address_number(1), local_address_number(2)
CAUSE = request_id(99)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(outboxes.TABLES, outgoing.TABLES, incoming.TABLES, notified.TABLES)


@pytest.fixture
def chains(sealer: Sealer, ids: CountedIds) -> Outgoing:
    return Outgoing(sealer, Outbox(sealer, ids))


@pytest.fixture
def items(attributes: FourAttributes) -> IdentityItems:
    return identity_items(
        attributes, resident_record_code=CODE, reason=ChangeReason.ERROR_CORRECTED
    )


def put(
    store: Store, chains: Outgoing, items: IdentityItems, sequence: int, supersedes: int = 0
) -> bool:
    owed = Owed(IdentityNotification(NAKANO, sequence, items, supersedes=supersedes))
    return store.write_now(lambda connection: chains.put(connection, owed, cause=CAUSE))


def heads(store: Store, chains: Outgoing, sealer: Sealer, ids: CountedIds) -> list[Head | None]:
    """For each call that is owed the notification whose turn it is."""
    tasks = store.read_now(lambda connection: Outbox(sealer, ids).after(connection, NOTIFY, 0, 100))
    return [
        store.read_now(
            lambda connection, chain=int(task.content["chain"]): chains.head(connection, chain)
        )  # type: ignore[misc]
        for task in tasks
    ]


# Chains


def test_nothing_waits_behind_a_refusal(
    store: Store, chains: Outgoing, items: IdentityItems, sealer: Sealer, ids: CountedIds
) -> None:
    assert [put(store, chains, items, sequence) for sequence in (1, 2, 3)] == [True] * 3
    (head,) = heads(store, chains, sealer, ids)
    assert head is not None

    behind = store.write_now(lambda connection: chains.refused(connection, head))

    assert [one.notification.sequence for one in behind] == [2, 3]
    assert not put(store, chains, items, 4), "it does not say that it stands for the first"
    assert not put(store, chains, items, 5, supersedes=4)
    assert put(store, chains, items, 6, supersedes=1)
    assert put(store, chains, items, 7)
    *_, now = heads(store, chains, sealer, ids)
    assert now is not None
    assert now.owed.notification.sequence == 6


def test_a_refusal_beyond_stops_the_chain_and_the_call_under_way_means_nothing_any_more(
    store: Store, chains: Outgoing, items: IdentityItems, sealer: Sealer, ids: CountedIds
) -> None:
    assert put(store, chains, items, 4)
    (under_way,) = heads(store, chains, sealer, ids)
    assert under_way is not None

    waited = store.write_now(lambda connection: chains.stop(connection, NAKANO, CODE, 3))

    assert [one.notification.sequence for one in waited] == [4]
    assert heads(store, chains, sealer, ids) == [None]
    assert put(store, chains, items, 5, supersedes=3)
    store.write_now(lambda connection: chains.taken(connection, under_way, cause=CAUSE))
    none, now = heads(store, chains, sealer, ids)
    assert none is None
    assert now is not None
    assert now.owed.notification.sequence == 5


def test_only_what_supersedes_a_refusal_goes_on_from_it(
    store: Store, chains: Outgoing, items: IdentityItems
) -> None:
    def goes_on(supersedes: int) -> bool:
        notification = IdentityNotification(NAKANO, 9, items, supersedes=supersedes)
        return store.read_now(lambda connection: chains.goes_on(connection, notification))

    assert not goes_on(3), "nothing was refused"
    store.write_now(lambda connection: chains.stop(connection, NAKANO, CODE, 3))

    assert [goes_on(supersedes) for supersedes in (0, 1, 3, 4)] == [False, True, True, False]


def test_what_stops_one_municipality_s_notifications_stops_no_other_s_of_the_person(
    store: Store, chains: Outgoing, items: IdentityItems
) -> None:
    store.write_now(lambda connection: chains.stop(connection, NAKANO, CODE, 3))
    owed = Owed(IdentityNotification(Institution("131130"), 1, items))

    assert not put(store, chains, items, 4)
    assert store.write_now(lambda connection: chains.put(connection, owed, cause=CAUSE))


# Sequences


@pytest.mark.parametrize("hop_is_at", [0, 1, 4, 5, 6, 40])
def test_whoever_was_set_back_the_second_notification_is_taken(
    store: Store, sealer: Sealer, items: IdentityItems, hop_is_at: int
) -> None:
    """The register has told five; the hop took so many."""
    register, hop = Notified(sealer), Incoming(sealer)
    if hop_is_at:
        taken = IdentityNotification(NAKANO, hop_is_at, items)
        store.write_now(lambda connection: hop.applied(connection, taken, 0))
    for _ in range(5):
        store.write_now(lambda connection: register.next(connection, SOMEBODY, CODE))

    def tell() -> Refusal | None:
        sequence, supersedes = store.write_now(
            lambda connection: register.next(connection, SOMEBODY, CODE)
        )
        told = IdentityNotification(NAKANO, sequence, items, supersedes=supersedes)
        try:
            store.read_now(lambda connection: hop.judge(connection, told))
        except Refusal as refusal:
            reason, expected = refusal.reason.name, refusal.fact(EXPECTED) or 0
            store.write_now(
                lambda connection: register.ended(
                    connection, CODE, sequence, "municipal-cs", reason, (), expected
                )
            )
            return refusal
        return None

    first = tell()

    assert (first is None) is (hop_is_at == 5)
    assert tell() is None or first is None


def test_a_new_code_by_which_its_origin_has_told_of_somebody_is_refused(
    store: Store, sealer: Sealer, items: IdentityItems
) -> None:
    """As where a municipality changes the code of somebody who lives elsewhere, twice."""
    hop = Incoming(sealer)
    changed = replace(items, resident_record_code=OTHER_CODE)
    told = IdentityNotification(NAKANO, 1, changed, ChangeInformation(CODE))
    store.write_now(lambda connection: hop.applied(connection, told, 0))

    with pytest.raises(Refusal) as refused:
        store.read_now(lambda connection: hop.judge(connection, told))

    assert refused.value.reason is reasons.RESIDENT_RECORD_CODE_HELD


@pytest.mark.parametrize(
    ("sequence", "supersedes", "expected"),
    [
        (5 + LONGEST_LEAP, 1, None),
        (6 + LONGEST_LEAP, 1, 5),
        (2**31 - 1, 1, 5),
        (2**31 - 1, 5, 5),
        (2**31 - 1, 0, 5),
        (6, 0, 5),
    ],
)
def test_a_sequence_that_leaps_is_refused_with_the_expected_one(
    store: Store,
    sealer: Sealer,
    items: IdentityItems,
    sequence: int,
    supersedes: int,
    expected: int | None,
) -> None:
    """Else nothing could ever come after the last that there is. The hop has taken four."""
    hop = Incoming(sealer)
    fourth = IdentityNotification(NAKANO, 4, items)
    store.write_now(lambda connection: hop.applied(connection, fourth, 0))
    told = IdentityNotification(NAKANO, sequence, items, supersedes=supersedes)

    try:
        store.read_now(lambda connection: hop.judge(connection, told))
        refused = None
    except Refusal as refusal:
        refused = refusal.fact(EXPECTED)

    assert refused == expected


@pytest.mark.parametrize(("expected", "next_one"), [(9, 9), (2**31 - 1, 6), (2**63 - 1, 6)])
def test_a_register_leaps_no_further_than_anybody_would_take(
    store: Store, sealer: Sealer, expected: int, next_one: int
) -> None:
    register = Notified(sealer)
    for _ in range(5):
        store.write_now(lambda connection: register.next(connection, SOMEBODY, CODE))
    reason = reasons.SEQUENCE_NOT_EXPECTED.name
    store.write_now(
        lambda connection: register.ended(connection, CODE, 5, "municipal-cs", reason, (), expected)
    )

    told = store.write_now(lambda connection: register.next(connection, SOMEBODY, CODE))

    assert told == (next_one, 1)


def test_two_persons_are_not_known_by_one_code(store: Store, sealer: Sealer) -> None:
    register = Notified(sealer)
    store.write_now(lambda connection: register.next(connection, SOMEBODY, CODE))

    with pytest.raises(Refusal) as refused:
        store.write_now(lambda connection: register.next(connection, SOMEBODY_ELSE, CODE))

    assert refused.value.reason is reasons.RESIDENT_RECORD_CODE_HELD
    store.write_now(lambda connection: register.next(connection, SOMEBODY, OTHER_CODE))
    store.write_now(lambda connection: register.next(connection, SOMEBODY_ELSE, CODE))


# Standings


def refused(standing: Standing, sequence: int, reason: reasons.Reason) -> Standing:
    return standing.ended(sequence, "national-server", reason.name, ())


def test_the_first_of_two_refusals_counts_whichever_is_heard_first() -> None:
    """The next hop refuses one before the nation refuses what came before it."""
    own, before = reasons.OTHER_ITEMS_CHANGED, reasons.RESIDENT_RECORD_CODE_NOT_HELD
    for order in (((4, own), (3, before)), ((3, before), (4, own))):
        standing = Standing(latest=4, told=4)
        for sequence, reason in order:
            standing = refused(standing, sequence, reason)

        assert (standing.told, standing.refused) == (3, before.name)
        assert standing.supersedes == 1


def test_what_was_stopped_counts_only_where_it_is_the_latest() -> None:
    stopped = reasons.NOTIFICATION_STOPPED
    under_way = Standing(latest=5, told=5)

    assert refused(under_way, 4, stopped) == under_way
    standing = refused(under_way, 5, stopped)
    assert (standing.state, standing.supersedes) == (NotificationState.REFUSED, 1)
