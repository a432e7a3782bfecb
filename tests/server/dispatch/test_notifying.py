"""What a seat hears of its notifications: it goes on asking as long as it waits for some."""

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import Institution, ResidentRecordCode
from renkei.identities import (
    IdentityItems,
    IdentityNotification,
    NotificationOutcome,
    NotificationProgress,
)
from renkei.persons import FourAttributes
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei.type.v1 import identity_pb2
from renkei.ward.v1.identity_notification_pb2 import ListNotificationOutcomesResponse
from renkei.wire.codes import write_resident_record_code
from renkei.wire.identities import read_outcomes
from renkei_server.dispatch.notifying import ACKNOWLEDGE, HEAR, Beyond, Hearing, Notifying
from renkei_server.dispatch.routes import NotYetError
from renkei_server.store.engine import outbox as outboxes
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import outcomes, outgoing
from renkei_server.store.identities.outgoing import Outgoing, Owed
from tests.server.world import (
    NOON,
    CountedIds,
    OpenStore,
    SetClock,
    individual_number,
    request_id,
    resident_record_code,
)


class Silent:
    """A next hop that tells nothing."""

    async def list_notification_outcomes(self) -> list[NotificationOutcome]:
        """None."""
        return []

    async def acknowledge_notification_outcomes(self, request_id: str, upto: int) -> None:
        """There are none."""


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(outboxes.TABLES, outgoing.TABLES, outcomes.AWAITED)


async def nobody_asks(_code: ResidentRecordCode, _sequence: int) -> NotificationProgress:
    """Nobody is asked here."""
    raise Refusal(reasons.PEER_UNREACHABLE)


async def unreached(_request_id: str, _owed: Owed) -> None:
    """Nobody is called here."""


def test_who_was_refused_an_outcome_asks_again_with_the_next_notification(
    store: Store, sealer: Sealer, ids: CountedIds, attributes: FourAttributes
) -> None:
    outbox = Outbox(sealer, ids)
    notifying = Notifying(
        store=store,
        outbox=outbox,
        outgoing=Outgoing(sealer, outbox),
        notify=unreached,
        next_hop="municipal-cs",
        ended=lambda _connection, _end: None,
        beyond=Beyond(
            Silent(),
            nobody_asks,
            outcomes.Awaited(sealer),
            lambda _connection, _outcome: None,
            SetClock(),
        ),
    )

    def owe(count: int) -> int:
        """Owe one more; return how many calls are owed that ask what became of them."""
        items = IdentityItems(
            resident_record_code=resident_record_code(count),
            name=attributes.name,
            furigana=attributes.furigana,
            birth=RecordedDay.of(attributes.birth_date),
            sex=attributes.sex,
            address=attributes.address,
            individual_number=individual_number(count),
            reason=ChangeReason.MOVED_WITHIN,
            changed_on=RecordedDay(2026, 4, 1),
        )
        owed = Owed(IdentityNotification(Institution("131148"), 1, items))
        store.write_now(lambda connection: notifying.owe(connection, owed, request_id(99)))
        return len(store.read_now(lambda connection: outbox.after(connection, HEAR, 0, 10)))

    assert [owe(1), owe(2)] == [1, 1]
    (asking,) = store.read_now(lambda connection: outbox.after(connection, HEAR, 0, 10))
    store.write_now(
        lambda connection: outbox.refused(connection, asking, reasons.CALLER_NOT_ADMITTED, NOON)
    )

    assert [owe(3), owe(4)] == [1, 1]


class Repeating:
    """A next hop that tells the same again and again, whatever is acknowledged."""

    def __init__(self, *outcomes: NotificationOutcome) -> None:
        self.outcomes = list(outcomes)

    async def list_notification_outcomes(self) -> list[NotificationOutcome]:
        """The same."""
        return self.outcomes

    async def acknowledge_notification_outcomes(self, request_id: str, upto: int) -> None:
        """It is not heard."""


async def test_old_outcomes_are_acknowledged_again_and_others_asked_for_after_a_pause(
    store: Store, sealer: Sealer, ids: CountedIds
) -> None:
    """And what is told twice is taken once."""
    outbox, awaited = Outbox(sealer, ids), outcomes.Awaited(sealer)
    one, other = (
        NotificationOutcome(count, resident_record_code(count), 1, "national-server")
        for count in (1, 2)
    )
    heard: list[int] = []
    peer = Repeating(one, one)
    beyond = Beyond(
        peer, nobody_asks, awaited, lambda _tx, told: heard.append(told.number), SetClock()
    )
    hearing = Hearing(store, outbox, beyond).routes[HEAR].send
    for told in (one, other):
        store.write_now(
            lambda tx, told=told: awaited.add(tx, told.resident_record_code, 1, NOON)  # type: ignore[misc]
        )
    asking = Task(1, HEAR, request_id(1), "", {})

    store.write_now(await hearing(asking))
    with pytest.raises(NotYetError):
        await hearing(asking)
    acknowledged = len(store.read_now(lambda tx: outbox.after(tx, ACKNOWLEDGE, 0, 9)))
    peer.outcomes.append(other)
    store.write_now(await hearing(asking))

    assert heard == [1, 2]
    assert acknowledged == 2
    assert not store.read_now(awaited.any)


def test_what_a_next_hop_says_of_a_refusal_is_words_of_the_contract_and_short() -> None:
    told = identity_pb2.NotificationOutcome(
        number=1,
        resident_record_code=write_resident_record_code(resident_record_code(1)),
        sequence=1,
        seat="山田　花子",
        refused="山田　花子",
        fields=["東京都中野区\n中野", "notification.items"],
    )
    known = identity_pb2.NotificationOutcome()
    known.CopyFrom(told)
    known.seat, known.refused = "national-server", reasons.RESIDENT_ALREADY.name

    one, other = read_outcomes(ListNotificationOutcomesResponse(outcomes=[told, known]))

    assert (one.seat, one.refused, one.fields) == ("", reasons.MALFORMED_ANSWER.name, ())
    assert (other.seat, other.refused) == ("national-server", reasons.RESIDENT_ALREADY.name)
    assert other.fields == ("notification.items",)
