"""Layouts: what ships, how strictly one is read, and each way in which a sub-copy breaks it."""

from dataclasses import replace
from datetime import date, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.sub_copies import Items, NullReason
from renkei_server.domain.layouts.layouts import (
    ItemFault,
    Kind,
    Layout,
    LayoutError,
    Layouts,
)
from renkei_server.domain.legal_basis import Fidelity
from tests.server.domain.batch_files.making import (
    FULL_NAME,
    HOUSEHOLD,
    ITEMS,
    LAYOUTS,
    REGISTRATION,
    TAX,
    TODAY,
    items,
)

FLAG, NAME, RELATIONSHIP = (item.code for item in HOUSEHOLD.items)
TEXT = (resources.files("renkei_server.domain.layouts") / "household-1.toml").read_text("utf-8")
SUB_COPY = REGISTRATION.sub_copy


def changed(old: str, new: str) -> str:
    """The household layout with every such place changed."""
    assert old in TEXT
    return TEXT.replace(old, new)


@given(st.data(), st.sampled_from((HOUSEHOLD, TAX)))
def test_items_in_every_allowed_form_keep_their_layout(data: st.DataObject, layout: Layout) -> None:
    assert layout.check(data.draw(items(layout))) == []


def test_the_order_of_items_does_not_matter() -> None:
    assert HOUSEHOLD.check(dict(reversed(ITEMS.items()))) == []


@pytest.mark.parametrize(
    ("change", "item", "reason"),
    [
        ({"DI90000000000999": "1"}, "item 4", reasons.ITEM_OUTSIDE_LAYOUT),
        ({FULL_NAME: "1"}, "item 4", reasons.ITEM_OUTSIDE_LAYOUT),
        ({FLAG: None}, FLAG, reasons.ITEM_MISSING),
        ({FLAG: "2"}, FLAG, reasons.ITEM_MALFORMED),
        ({FLAG: "１"}, FLAG, reasons.ITEM_MALFORMED),
        ({NAME: "山田\n花子"}, NAME, reasons.ITEM_MALFORMED),
        ({NAME: "あ" * 101}, NAME, reasons.ITEM_TOO_LONG),
        ({NAME: ""}, NAME, reasons.ITEM_NULL_WITHOUT_REASON),
        ({FLAG: NullReason.NOT_COVERED}, FLAG, reasons.ITEM_NOT_NULLABLE),
    ],
)
def test_each_way_to_break_a_layout_has_its_own_reason(
    change: dict[str, str | None], item: str, reason: Reason
) -> None:
    told: Items = {
        code: content for code, content in {**ITEMS, **change}.items() if content is not None
    }

    assert HOUSEHOLD.check(told) == [ItemFault(item, reason)]
    with pytest.raises(Refusal) as caught:
        LAYOUTS.judge(replace(SUB_COPY, items=told), TODAY)
    assert (caught.value.reason, caught.value.fields) == (reason, ("items",))
    assert caught.value.detail == f"{item}, the first of 1"


def test_a_name_may_be_as_long_as_its_item_counted_in_characters() -> None:
    assert HOUSEHOLD.check({**ITEMS, NAME: "𠮷" * 100}) == []


def test_everything_that_is_wrong_is_told() -> None:
    told = HOUSEHOLD.check({"X": "1", FLAG: "2"})

    assert [(one.item, one.reason) for one in told] == [
        (FLAG, reasons.ITEM_MALFORMED),
        (NAME, reasons.ITEM_MISSING),
        (RELATIONSHIP, reasons.ITEM_MISSING),
        ("item 1", reasons.ITEM_OUTSIDE_LAYOUT),
    ]


@pytest.mark.parametrize(
    ("kind", "holds", "breaks"),
    [
        (Kind.TEXT, ("山", "a b", "葛\U000e0100"), ("\t", "\x7f", "\u0085", "\ufffe")),
        (Kind.DIGITS, ("0", "0012"), ("-1", "1.0", "１", "²")),
        (Kind.DATE, ("2026-02-28",), ("2026-02-30", "20260228", "2026-W09-6", "２０２６-02-28")),
        (Kind.FLAG, ("0", "1"), ("2", "true", "00")),
    ],
)
def test_a_value_is_of_its_kind(
    kind: Kind, holds: tuple[str, ...], breaks: tuple[str, ...]
) -> None:
    assert [kind.holds(text) for text in holds] == [True] * len(holds)
    assert [kind.holds(text) for text in breaks] == [False] * len(breaks)


@pytest.mark.parametrize(
    ("information", "version", "day", "reason", "field"),
    [
        ("TM99999999999999", 1, TODAY, reasons.INFORMATION_UNKNOWN, "information_code"),
        (TAX.information_code, 3, TODAY, reasons.LAYOUT_VERSION_UNKNOWN, "layout_version"),
        (TAX.information_code, 0, TODAY, reasons.LAYOUT_VERSION_UNKNOWN, "layout_version"),
        (TAX.information_code, 1, TODAY, reasons.LAYOUT_NOT_VALID, "layout_version"),
        (TAX.information_code, 2, date(2024, 5, 31), reasons.LAYOUT_NOT_VALID, "layout_version"),
    ],
)
def test_a_layout_is_known_and_holds_on_the_day(
    information: str, version: int, day: date, reason: Reason, field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        LAYOUTS.find(information, version, day)

    assert (caught.value.reason, caught.value.fields) == (reason, (field,))


def test_a_version_holds_from_its_first_day_to_its_last() -> None:
    last = date(2024, 5, 31)

    assert LAYOUTS.find(TAX.information_code, 1, last).version == 1
    assert LAYOUTS.find(TAX.information_code, 2, last + timedelta(days=1)) == TAX


def test_a_sub_copy_that_keeps_its_layout_is_not_refused() -> None:
    LAYOUTS.judge(SUB_COPY, TODAY)


def test_what_ships_covers_household_information_and_owns_up_to_what_it_does_not_know() -> None:
    told = [item.japanese for item in HOUSEHOLD.items]

    assert told == ["世帯主である旨", "世帯主の氏名", "世帯主との続柄"]
    assert {item.fidelity for item in HOUSEHOLD.items} == {Fidelity.DOCUMENTED}
    for layout in LAYOUTS.known.values():
        assert layout.source
        assert layout.fidelity is not Fidelity.DOCUMENTED
        assert all(item.source for item in layout.items)


def test_a_layout_is_read_as_it_is_written() -> None:
    assert Layout.parse(TEXT) == HOUSEHOLD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version = 1", "version = 0"),
        ("version = 1", 'version = "1"'),
        ("version = 1", "version = true"),
        ("version = 1", ""),
        ("version = 1", "version = 1\nmore = 1"),
        ("version = 1", "version = 1\nlast_day = 2024-05-26"),
        ("first_day = 2024-05-27", 'first_day = "2024-05-27"'),
        ("first_day = 2024-05-27", "first_day = 2024-05-27T00:00:00"),
        ("TM90000000000001", "TM9000000000001"),
        ("DI90000000000102", "DI90000000000101"),
        ("DI90000000000102", "di90000000000102"),
        ('fidelity = "inferred"', 'fidelity = "certain"'),
        ('type = "text"', 'type = "words"'),
        ('type = "flag"', 'type = "flag"\nmore = 1'),
        ("length = 100", "length = 0"),
        ("length = 100", ""),
        ("NotConvered", "NotCovered"),
        ("null = []", "null = [[]]"),
        ("null = []", 'null = ""'),
        ("[[items]]", "[[others]]"),
        ('"世帯主の氏名"', '""'),
        ("[[items]]", "[items]]"),
    ],
)
def test_a_layout_that_is_not_strictly_of_its_form_is_not_used(old: str, new: str) -> None:
    with pytest.raises(LayoutError):
        Layout.parse(changed(old, new))


@pytest.mark.parametrize("told", ["items = []", "items = [1]"])
def test_a_layout_has_items(told: str) -> None:
    head = TEXT.partition("[[items]]")[0]

    with pytest.raises(LayoutError):
        Layout.parse(head + told)


def test_a_version_comes_once() -> None:
    with pytest.raises(LayoutError, match="version 1 comes twice"):
        Layouts.of([HOUSEHOLD, Layout.parse(TEXT)])
