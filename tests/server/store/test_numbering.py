"""Numbering: one Individual Number is one integrated address number, and nothing else counts."""

from dataclasses import replace

import pytest

from renkei import reasons
from renkei.codes import IndividualNumber, IntegratedAddressNumber
from renkei.persons import FourAttributes
from renkei.refusals import Refusal
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.persons import numbering
from renkei_server.store.persons.numbering import Numbering
from tests.server.world import (
    CountedIds,
    OpenStore,
    individual_number,
    integrated_address_number,
    local_address_number,
)

from .conftest import on_disk

OLD, NEW, OTHER = individual_number(1), individual_number(2), individual_number(3)
LOST = integrated_address_number(99)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(numbering.TABLES)


class Office:
    """Numbers persons in a store."""

    def __init__(self, store: Store, numbers: Numbering, attributes: FourAttributes) -> None:
        self.store = store
        self.numbers = numbers
        self.attributes = attributes

    def number(self, number: IndividualNumber) -> IntegratedAddressNumber:
        return self.store.write_now(lambda c: self.numbers.number(c, number, self.attributes))

    def find(self, number: IndividualNumber) -> IntegratedAddressNumber | None:
        return self.store.read_now(lambda c: self.numbers.find(c, number))

    def number_of(self, person: IntegratedAddressNumber) -> IndividualNumber | None:
        return self.store.read_now(lambda c: self.numbers.individual_number(c, person))

    def change(self, old: IndividualNumber, new: IndividualNumber) -> None:
        self.store.write_now(lambda c: self.numbers.change_individual_number(c, old, new))

    def bind(self, local: int, person: IntegratedAddressNumber) -> None:
        self.store.write_now(
            lambda c: self.numbers.bind_local(c, local_address_number(local), person)
        )

    def adopt(self, drawn: IntegratedAddressNumber, bound: IntegratedAddressNumber) -> bool:
        return self.store.write_now(lambda c: self.numbers.adopt(c, drawn, bound))

    def by_local(self, local: int) -> IntegratedAddressNumber | None:
        return self.store.read_now(lambda c: self.numbers.by_local(c, local_address_number(local)))


@pytest.fixture
def office(store: Store, sealer: Sealer, ids: CountedIds, attributes: FourAttributes) -> Office:
    return Office(store, Numbering(sealer, ids), attributes)


def test_the_same_individual_number_is_the_same_person(office: Office) -> None:
    first = office.number(OLD)

    assert office.number(OLD) == first
    assert office.find(OLD) == first


def test_nothing_but_the_individual_number_is_compared(office: Office) -> None:
    """PLT-05: two persons may share every attribute."""
    assert office.number(OLD) != office.number(OTHER)


def test_the_attributes_last_told_are_kept(office: Office, attributes: FourAttributes) -> None:
    first = office.number(OLD)
    office.attributes = replace(attributes, name="山田　太郎")

    assert office.number(OLD) == first
    assert office.store.read_now(lambda c: office.numbers.attributes(c, first)) == office.attributes


def test_somebody_who_was_not_numbered_is_not_found(office: Office) -> None:
    assert office.find(OLD) is None
    assert office.number_of(integrated_address_number(1)) is None


def test_a_number_that_is_taken_is_not_drawn_again(
    office: Office, sealer: Sealer, store: Store
) -> None:
    taken = office.number(OLD)
    drawing_the_same_again = Office(store, Numbering(sealer, CountedIds()), office.attributes)

    assert drawing_the_same_again.number(OTHER) != taken
    assert office.number_of(taken) == OLD


def test_after_a_change_the_person_is_found_by_the_new_number_alone(office: Office) -> None:
    person = office.number(OLD)

    office.change(OLD, NEW)

    assert office.find(NEW) == person
    assert office.find(OLD) is None
    assert office.number_of(person) == NEW


def test_after_a_change_the_old_number_is_free(office: Office) -> None:
    person = office.number(OLD)
    office.change(OLD, NEW)

    assert office.number(OLD) != person


def test_a_number_that_nobody_has_cannot_be_changed(office: Office) -> None:
    with pytest.raises(Refusal) as caught:
        office.change(OLD, NEW)

    assert caught.value.reason is reasons.PERSON_NOT_HELD
    assert caught.value.fields == ("old_individual_number",)


def test_a_number_cannot_be_changed_to_another_person_s(office: Office) -> None:
    person, another = office.number(OLD), office.number(NEW)

    with pytest.raises(Refusal) as caught:
        office.change(OLD, NEW)

    assert caught.value.reason is reasons.INDIVIDUAL_NUMBER_HELD_BY_ANOTHER
    assert caught.value.fields == ("new_individual_number",)
    assert (office.find(OLD), office.find(NEW)) == (person, another)


def test_a_local_address_number_points_to_one_person_at_a_time(office: Office) -> None:
    one, other = office.number(OLD), office.number(OTHER)

    assert office.by_local(7) is None
    office.bind(7, one)
    office.bind(8, one)
    assert (office.by_local(7), office.by_local(8)) == (one, one)
    office.bind(7, other)
    assert (office.by_local(7), office.by_local(8)) == (other, one)


def test_the_file_shows_no_number_of_anybody(office: Office, place: Place) -> None:
    number = individual_number(12345678901)
    person = office.number(number)
    office.bind(87654321, person)

    raw = on_disk(place)

    assert b"persons" in raw
    for hidden in (number.digits, person.digits, "87654321", "山田"):
        assert hidden.encode() not in raw


# A number that the middle server knows the person by


def test_a_number_that_was_lost_is_adopted_for_the_one_that_was_drawn_since(office: Office) -> None:
    drawn = office.number(OLD)

    assert office.adopt(drawn, LOST)

    assert office.find(OLD) == LOST
    assert (office.number_of(LOST), office.number_of(drawn)) == (OLD, None)
    assert office.number(OLD) == LOST


def test_to_adopt_it_again_changes_nothing(office: Office) -> None:
    drawn = office.number(OLD)
    office.adopt(drawn, LOST)

    assert office.adopt(drawn, LOST)
    assert office.find(OLD) == LOST


def test_a_number_of_another_person_is_not_adopted(office: Office) -> None:
    drawn, another = office.number(OLD), office.number(OTHER)

    assert not office.adopt(drawn, another)

    assert (office.find(OLD), office.find(OTHER)) == (drawn, another)


def test_nobody_adopts_a_number_for_one_that_was_never_drawn_here(office: Office) -> None:
    assert not office.adopt(integrated_address_number(5), LOST)
    assert office.number_of(LOST) is None
