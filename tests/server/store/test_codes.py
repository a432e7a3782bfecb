"""Codes and the serials that wait for one: bound once, and the serial erased."""

from datetime import timedelta

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND, EXPIRED, PENDING, Acquisition, Failure, Standing, failed
from renkei.codes import IntegratedAddressNumber, LinkageCode
from renkei.refusals import Refusal
from renkei_server.store.codes import codes
from renkei_server.store.codes.codes import Codes, PendingCode
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import NOON, OpenStore, integrated_address_number, serial

from .conftest import on_disk, rows

EXPIRY = NOON + timedelta(hours=24)
PERSON, OTHER = integrated_address_number(12345678), integrated_address_number(87654321)
CODE, OTHER_CODE = LinkageCode(b"c" * 32), LinkageCode(b"d" * 32)
OUTCOMES = (EXPIRED, *map(failed, Failure))


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(codes.TABLES)


class Kept:
    """The codes of one organisation in a store."""

    def __init__(self, store: Store, kept: Codes) -> None:
        self.store = store
        self.kept = kept

    def begin(self, count: int, person: IntegratedAddressNumber = PERSON) -> str:
        key = self.store.write_now(lambda c: self.kept.begin(c, person))
        self.store.write_now(lambda c: self.kept.await_serial(c, key, serial(count), EXPIRY))
        return key

    def settle(self, count: int, outcome: Acquisition | LinkageCode) -> str:
        return self.store.write_now(lambda c: self.kept.settle(c, serial(count), outcome))

    def pending(self, key: str) -> PendingCode:
        return self.store.read_now(lambda c: self.kept.pending(c, key))

    def newest(self, person: IntegratedAddressNumber = PERSON) -> Acquisition | None:
        return self.store.read_now(lambda c: self.kept.newest(c, person))

    def standing(self, person: IntegratedAddressNumber = PERSON) -> Standing | None:
        return self.store.read_now(lambda c: self.kept.standing(c, person))

    def count(self) -> int:
        return self.store.read_now(self.kept.count)

    def code_of(self, person: IntegratedAddressNumber = PERSON) -> LinkageCode | None:
        return self.store.read_now(lambda c: self.kept.code_of(c, person))


@pytest.fixture
def kept(store: Store, sealer: Sealer) -> Kept:
    return Kept(store, Codes(sealer))


def test_an_acquisition_waits_under_its_serial(kept: Kept) -> None:
    key = kept.begin(1)

    assert kept.pending(key) == PendingCode(PENDING, serial(1), EXPIRY)
    assert kept.newest() == PENDING
    assert kept.newest(OTHER) is None
    assert kept.store.read_now(lambda c: kept.kept.person(c, key)) == PERSON


def test_an_acquisition_may_wait_for_its_serial(kept: Kept) -> None:
    key = kept.store.write_now(lambda c: kept.kept.begin(c, PERSON))

    assert kept.pending(key) == PendingCode(PENDING, None, None)


def test_a_delivered_code_is_bound_to_the_person_who_waited(kept: Kept) -> None:
    key = kept.begin(1)
    kept.begin(2, OTHER)

    assert kept.settle(1, CODE) == key

    assert (kept.newest(), kept.newest(OTHER)) == (BOUND, PENDING)
    assert (kept.code_of(), kept.code_of(OTHER)) == (CODE, None)
    assert kept.store.read_now(kept.kept.count) == 1
    assert kept.store.read_now(kept.kept.states) == {"BOUND": 1, "PENDING": 1}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_acquisition_that_failed_binds_nothing(kept: Kept, outcome: Acquisition) -> None:
    kept.begin(1)

    kept.settle(1, outcome)

    assert kept.newest() == outcome
    assert kept.code_of() is None


@pytest.mark.parametrize("outcome", [CODE, *OUTCOMES])
async def test_the_serial_is_erased_with_the_outcome(
    kept: Kept, place: Place, outcome: Acquisition | LinkageCode
) -> None:
    key = kept.begin(1)
    ((sealed,),) = rows(kept.store, "SELECT serial FROM code_acquisitions")
    assert sealed in on_disk(place)

    kept.settle(1, outcome)
    await kept.store.tidy(at_once=True)

    assert (kept.pending(key).serial, kept.pending(key).expires_at) == (None, None)
    assert sealed not in on_disk(place)
    assert rows(kept.store, "SELECT expires_at FROM code_acquisitions") == [(None,)]


@pytest.mark.parametrize("count", [1, 2], ids=["settled before", "never pending here"])
def test_a_serial_for_which_nothing_waits_is_refused(kept: Kept, count: int) -> None:
    kept.begin(1)
    kept.settle(1, CODE)

    with pytest.raises(Refusal) as caught:
        kept.settle(count, OTHER_CODE)

    assert caught.value.reason is reasons.SERIAL_NOT_PENDING
    assert caught.value.fields == ("processing_serial",)
    assert kept.code_of() == CODE


def test_acquiring_anew_leaves_one_code_to_a_person(kept: Kept) -> None:
    for count in (1, 2):
        kept.begin(count)
        kept.settle(count, CODE)

    assert kept.code_of() == CODE
    assert kept.store.read_now(kept.kept.count) == 1


def test_another_code_for_the_same_number_is_kept_out(kept: Kept) -> None:
    kept.begin(1)
    kept.settle(1, CODE)
    kept.begin(2)

    kept.settle(2, OTHER_CODE)

    assert kept.standing() == Standing(failed(Failure.NUMBER_HAS_ANOTHER_CODE))
    assert (kept.code_of(), kept.count()) == (CODE, 1)


def test_the_same_code_for_another_number_is_kept_out_and_says_whose_it_is(kept: Kept) -> None:
    kept.begin(1)
    kept.settle(1, CODE)
    kept.begin(2, OTHER)

    kept.settle(2, CODE)

    assert kept.standing(OTHER) == Standing(failed(Failure.CODE_HAS_ANOTHER_NUMBER), PERSON)
    assert (kept.code_of(OTHER), kept.code_of(), kept.count()) == (None, CODE, 1)
    assert kept.standing() == Standing(BOUND)


def test_codes_that_were_kept_out_are_counted_by_how_they_contradict(kept: Kept) -> None:
    for count, (person, code) in enumerate(
        [(PERSON, CODE), (PERSON, OTHER_CODE), (OTHER, CODE), (OTHER, CODE)]
    ):
        kept.begin(count, person)
        kept.settle(count, code)
    kept.begin(9)
    kept.settle(9, failed(Failure.REFUSED))

    assert kept.store.read_now(kept.kept.contradictions) == {
        Failure.NUMBER_HAS_ANOTHER_CODE: 1,
        Failure.CODE_HAS_ANOTHER_NUMBER: 2,
    }


def test_an_acquisition_that_gets_no_serial_can_be_given_up(kept: Kept) -> None:
    key = kept.store.write_now(lambda c: kept.kept.begin(c, PERSON))

    kept.store.write_now(lambda c: kept.kept.give_up(c, key, failed(Failure.REFUSED)))

    assert kept.pending(key) == PendingCode(failed(Failure.REFUSED), None, None)


def test_a_serial_of_an_acquisition_that_was_given_up_is_not_pending(kept: Kept) -> None:
    key = kept.begin(1)
    kept.store.write_now(lambda c: kept.kept.give_up(c, key, EXPIRED))

    with pytest.raises(Refusal) as caught:
        kept.settle(1, CODE)

    assert caught.value.reason is reasons.SERIAL_NOT_PENDING


def test_the_file_shows_neither_person_nor_serial_nor_code(kept: Kept, place: Place) -> None:
    kept.begin(1)
    kept.settle(1, CODE)
    kept.begin(2)

    raw = on_disk(place)

    assert b"BOUND" in raw
    for hidden in (PERSON.digits.encode(), serial(2).value.encode(), CODE.value):
        assert hidden not in raw


def test_a_pending_code_does_not_show_its_serial(kept: Kept) -> None:
    assert serial(1).value not in repr(kept.pending(kept.begin(1)))
