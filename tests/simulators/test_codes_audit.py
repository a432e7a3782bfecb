"""The reconciliation of codes: whatever was lost or contradicts is named, and nothing else is."""

from dataclasses import replace

import pytest
from tests.server.world import (
    individual_number,
    integrated_address_number,
    local_address_number,
    serial,
)

from renkei.acquisitions import BOUND, EXPIRED, PENDING, Acquisition, Failure, failed
from renkei.codes import IndividualNumber, Institution, LinkageCode
from renkei_simulators.codes_audit.comparing import Comparison, Kind, compare
from renkei_simulators.codes_audit.holdings import Holdings, Keeper, Network, Resident

WARD = Institution("131148")
NUMBER, OTHER = integrated_address_number(1), integrated_address_number(2)
CODE, ANOTHER = LinkageCode(b"c" * 32), LinkageCode(b"d" * 32)
X, Y = individual_number(1), individual_number(2)
RESIDENT = Resident(local_address_number(1), X, BOUND, BOUND, NUMBER)
UNBOUND = failed(Failure.INDIVIDUAL_NUMBER_UNKNOWN)
CONTRADICTING = failed(Failure.CODE_HAS_ANOTHER_NUMBER)


def makes(number: IndividualNumber, _institution: Institution) -> LinkageCode | None:
    return {X: CODE, Y: ANOTHER}.get(number)


KEEPER = Keeper("middle-server.131148", {NUMBER: BOUND}, {NUMBER: CODE}, (), 1)
NETWORK = Network(lambda one: one == serial(1), {WARD.name: 1}, makes)
SOUND = Holdings(WARD, (RESIDENT,), {NUMBER: X}, KEEPER, NETWORK)


def kinds(held: Holdings) -> list[Kind]:
    return [one.kind for one in compare(held).findings]


def test_what_every_party_holds_alike_is_no_finding() -> None:
    assert compare(SOUND) == Comparison(WARD.name, 1, 0, 0, (), 0)


def test_who_has_no_code_for_a_reason_is_no_finding() -> None:
    keeper = replace(KEEPER, newest={NUMBER: UNBOUND}, bound={})
    resident = replace(RESIDENT, register=UNBOUND, platform=UNBOUND)

    assert kinds(replace(SOUND, keeper=keeper, residents=(resident,))) == []


def test_who_waits_under_a_serial_that_is_issued_is_no_finding() -> None:
    assert kinds(replace(SOUND, keeper=replace(KEEPER, waiting=(serial(1),)))) == []


def test_a_party_that_is_not_looked_into_is_not_held_against_the_others() -> None:
    assert kinds(replace(SOUND, keeper=None, network=None)) == []
    assert kinds(replace(SOUND, residents=(), numbered=None)) == []


@pytest.mark.parametrize(
    ("resident", "kind"),
    [
        (replace(RESIDENT, number=None, platform=None), Kind.NOT_KNOWN_AT_PLATFORM),
        (replace(RESIDENT, register=None), Kind.FORGOTTEN_AT_REGISTER),
        (replace(RESIDENT, register=EXPIRED), Kind.FORGOTTEN_AT_REGISTER),
        (replace(RESIDENT, register=PENDING), Kind.NOBODY_ASKS),
        (replace(RESIDENT, platform=PENDING), Kind.NOBODY_ASKS),
    ],
)
def test_what_a_register_or_a_platform_has_lost_is_named(resident: Resident, kind: Kind) -> None:
    assert kinds(replace(SOUND, residents=(resident,))) == [kind]


def test_a_middle_server_that_forgot_a_number_is_named_twice_by_who_can_mend_it() -> None:
    keeper = replace(KEEPER, newest={}, bound={})

    found = compare(replace(SOUND, keeper=keeper)).findings

    assert [one.kind for one in found] == [Kind.NOT_BOUND, Kind.NOT_KNOWN_AT_MIDDLE]
    assert {one.local for one in found} == {RESIDENT.local}


def test_a_number_that_a_platform_lost_is_named() -> None:
    assert kinds(replace(SOUND, residents=(), numbered={})) == [Kind.NUMBER_LOST_AT_PLATFORM]


def held_at_both(newest: Acquisition, *, still: bool) -> Holdings:
    """A second number that came to an end of its own; the platform holds it still, or no more."""
    keeper = replace(KEEPER, newest={NUMBER: BOUND, OTHER: newest})
    numbered = {NUMBER: X, OTHER: Y} if still else {NUMBER: X}
    return replace(SOUND, keeper=keeper, numbered=numbered)


def test_a_number_that_was_given_up_for_the_one_that_is_bound_is_no_finding() -> None:
    assert kinds(held_at_both(CONTRADICTING, still=False)) == []


def test_sub_copies_under_a_number_that_was_given_up_are_named() -> None:
    held = held_at_both(CONTRADICTING, still=False)
    assert held.keeper is not None

    assert kinds(replace(held, keeper=replace(held.keeper, astray=lambda one: one == OTHER))) == [
        Kind.SUB_COPIES_ASTRAY
    ]


def test_a_number_in_use_whose_code_contradicts_what_is_bound_is_named() -> None:
    assert kinds(held_at_both(CONTRADICTING, still=True)) == [Kind.CONTRADICTED]


def test_who_waits_for_what_nobody_will_deliver_is_named() -> None:
    assert kinds(replace(SOUND, keeper=replace(KEEPER, waiting=(serial(2),)))) == [
        Kind.NOBODY_DELIVERS
    ]


def test_a_code_of_another_person_is_named() -> None:
    assert kinds(replace(SOUND, numbered={NUMBER: Y})) == [Kind.CODE_OF_ANOTHER]


def test_a_code_under_two_numbers_is_named_at_both() -> None:
    keeper = replace(
        KEEPER, newest={NUMBER: BOUND, OTHER: BOUND}, bound={NUMBER: CODE, OTHER: CODE}
    )

    assert kinds(replace(SOUND, keeper=keeper, numbered={NUMBER: X, OTHER: X})) == [
        Kind.TWO_NUMBERS,
        Kind.TWO_NUMBERS,
    ]


@pytest.mark.parametrize("used", [0, 3])
def test_acquisitions_that_only_one_side_remembers_are_counted(used: int) -> None:
    network = replace(NETWORK, used={WARD.name: used})

    assert compare(replace(SOUND, network=network)).unaccounted == used - 1


def test_a_finding_shows_nobody() -> None:
    (found,) = compare(replace(SOUND, numbered={NUMBER: Y})).findings

    assert not any(hidden in repr(found) for hidden in (NUMBER.digits, Y.digits))
