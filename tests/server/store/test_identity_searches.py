"""Searches of an identity file find exactly those whom a plain filter over the same persons takes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.change_reasons import ChangeReason
from renkei.codes import Institution
from renkei.identities import IdentityItems
from renkei.identity_search import Attributes, Criteria
from renkei.persons import FourAttributes, Sex
from renkei.recorded_days import RecordedDay
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.domain.identity_search import fits, is_asked_for
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.histories import Change
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import identity_file
from renkei_server.store.identities.identity_file import IdentityFile
from renkei_server.store.identities.searching import search
from tests.server.world import (
    NOON,
    OpenStore,
    identity_items,
    individual_number,
    resident_record_code,
)

TODAY = date(2026, 11, 23)
NAKANO = Institution("131148")
MOVED = Change(NOON, "MOVED_WITHIN")

NAMES = ("山田　花子", "山田花子", "髙橋　太郎", "高橋　太郎", "ＳＭＩＴＨ　ＡＮＮ")
READINGS = ("ヤマダ　ハナコ", "ヤマタハナコ", "タカハシ　タロウ", "タカハシ　タロオ", "")
DAYS = (
    RecordedDay(1970, 1, 31),
    RecordedDay(1970, 2, 1),
    RecordedDay(1970, 0, 0, unknown="月日不詳"),
    RecordedDay(0, 0, 0, unknown="不詳"),
)
ADDRESSES = ("東京都中野区中野１－２", "東京都中野区中野1‐2", "東京都中野区中野１２")
LEFT = RecordedDay(2026, 11, 1)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(identity_file.TABLES)


@pytest.fixture
def file(sealer: Sealer) -> IdentityFile:
    return SealedFile(identity_file.FORM, sealer)


@pytest.fixture
def items(attributes: FourAttributes) -> IdentityItems:
    return identity_items(attributes)


def found(store: Store, file: IdentityFile, criteria: Criteria) -> list[HeldIdentity]:
    return store.read_now(lambda connection: search(connection, file, criteria, TODAY))


VERSION = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "furigana": st.sampled_from(READINGS),
        "birth": st.sampled_from(DAYS),
        "address": st.sampled_from(ADDRESSES),
        "sex": st.sampled_from(Sex),
    }
)
PERSONS = st.lists(
    st.tuples(
        st.lists(VERSION, min_size=1, max_size=3), st.sampled_from(["", "MOVED_OUT", "DEATH"])
    ),
    max_size=8,
)
TOLD = st.builds(
    Attributes,
    name=st.sampled_from([*NAMES, *READINGS[:-1], "花子"]),
    birth=st.none() | st.sampled_from(DAYS),
    address=st.just("") | st.sampled_from(ADDRESSES),
    sex=st.none() | st.sampled_from(Sex),
).filter(lambda one: bool(one.address) or (one.birth is not None and one.birth.year > 0))
SOUGHT = st.builds(
    Criteria,
    key=TOLD
    | st.integers(1, 9).map(resident_record_code)
    | st.integers(1, 9).map(individual_number),
    removed=st.booleans(),
    dead=st.booleans(),
    earlier=st.booleans(),
)


def person_of(items: IdentityItems, index: int, version: dict[str, object]) -> IdentityItems:
    numbers = {
        "resident_record_code": resident_record_code(index),
        "individual_number": individual_number(index),
    }
    return replace(items, **numbers, **version)  # type: ignore[arg-type]


def write(
    store: Store, file: IdentityFile, versions: Sequence[IdentityItems], removed: str
) -> HeldIdentity:
    """A person who was one after the other, and left at last if they did."""
    first, *later = versions
    held = HeldIdentity(first, NAKANO)
    store.write_now(lambda connection: file.add(connection, held))
    for number, version in enumerate(later, 2):
        leaves = bool(removed) and number == len(versions)
        now = replace(
            held,
            items=version,
            leaves_on=LEFT if leaves else None,
            removed_by=ChangeReason[removed] if leaves else None,
        )
        store.write_now(
            lambda connection, was=held, now=now: file.replace(connection, was, now, MOVED)  # type: ignore[misc]
        )
        held = now
    return held


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(persons=PERSONS, sought=st.lists(SOUGHT, min_size=1, max_size=12))
def test_a_search_finds_whom_a_plain_filter_takes(
    store: Store,
    file: IdentityFile,
    items: IdentityItems,
    persons: list[tuple[list[dict[str, object]], str]],
    sought: list[Criteria],
) -> None:
    """PRV-16."""
    store.write_now(
        lambda connection: [
            file.forget(connection, one, MOVED) for one in [*file.every(connection)]
        ]
    )
    everybody = []
    for index, (versions, removed) in enumerate(persons, 1):
        was = [person_of(items, index, version) for version in versions]
        everybody.append((was, write(store, file, was, removed)))

    for criteria in sought:
        expected = [
            held
            for versions, held in everybody
            if is_asked_for(criteria, held, TODAY)
            and any(
                fits(criteria.key, one) for one in (versions if criteria.earlier else versions[-1:])
            )
        ]
        assert found(store, file, criteria) == expected


def test_those_of_one_name_and_birth_date_are_each_told(
    store: Store, file: IdentityFile, items: IdentityItems
) -> None:
    other = replace(
        items,
        resident_record_code=resident_record_code(2),
        individual_number=individual_number(2),
        address="東京都中野区本町",
    )
    both = [HeldIdentity(one, NAKANO) for one in (items, other)]
    store.write_now(lambda connection: file.add_each(connection, both))

    assert found(store, file, Criteria(Attributes(items.name, items.birth))) == both
    (one,) = found(store, file, Criteria(Attributes(items.name, items.birth, other.address)))
    assert one == both[1]


def test_nobody_is_looked_for_by_what_tells_too_little(store: Store, file: IdentityFile) -> None:
    with pytest.raises(ValueError, match="nobody"):
        found(store, file, Criteria(Attributes("山田　花子")))
