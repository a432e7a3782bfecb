"""Records of batch files, made up in every form that is allowed."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import TypeVar

from hypothesis import strategies as st

from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.sub_copies import NullReason, Publication, RecordName, SubCopy
from renkei.texts import is_plain
from renkei_server.domain.batch_files.faults import Fault, Parsed
from renkei_server.domain.batch_files.inquiry import InquiryLine
from renkei_server.domain.batch_files.registration import Registration
from renkei_server.domain.batch_files.sides import Side
from renkei_server.domain.layouts import shipped
from renkei_server.domain.layouts.layouts import Item, Kind, Layout, Layouts

T = TypeVar("T")

TODAY = date(2026, 11, 23)
LAYOUTS: Layouts = shipped()
HOUSEHOLD: Layout = LAYOUTS.find("TM90000000000001", 1, TODAY)
TAX: Layout = LAYOUTS.find("TM00000000000002", 2, TODAY)

JAPAN = timezone(timedelta(hours=9))
LOCAL, INTEGRATED = LocalAddressNumber("0" * 5 + "1357902468"), IntegratedAddressNumber("8" * 15)
FULL_NAME = "山田　花子"

INQUIRY = InquiryLine(
    number_system="01",
    person=LOCAL,
    requested_at=datetime(2026, 11, 23, 9, 30, 15, 123000, tzinfo=JAPAN),
    inquirer_department_code="2100",
    inquirer_user_id="operator-17",
    inquirer_institution_code="0220113114801700",
    inquirer_nondisclosure_code="1",
    affair_code="JM90000000132000",
    procedure_code="JT90000000132001",
    inquirer_delegator_code="",
    provider_delegator_code="",
    provider_institution_code="0220113113001700",
    information_code=HOUSEHOLD.information_code,
    condition_class="0",
    fiscal_year_class="0",
    from_date=date(2026, 4, 1),
    to_date=None,
)
ITEMS: dict[str, str | NullReason] = dict(
    zip(
        (item.code for item in HOUSEHOLD.items),
        ("0", FULL_NAME, NullReason.NOT_ACCEPTABLE),
        strict=True,
    )
)
REGISTRATION = Registration(
    number=1,
    person=LOCAL,
    sub_copy=SubCopy(
        RecordName(HOUSEHOLD.information_code), 1, Publication(date(2026, 4, 1)), ITEMS
    ),
    data_set=HOUSEHOLD.data_set,
    updated_on=date(2026, 4, 1),
)


def letters(alphabet: str, least: int, most: int) -> st.SearchStrategy[str]:
    """Texts of these letters; a regular expression would first count all of Unicode."""
    return st.text(alphabet, min_size=least, max_size=most)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.integers(0, 10**count - 1).map(f"{{:0{count}}}".format)


def person(side: Side) -> st.SearchStrategy[LocalAddressNumber | IntegratedAddressNumber]:
    return digits(15).map(side.person)


MOMENTS = st.integers(0, 4_000_000_000_000).map(
    lambda milliseconds: datetime.fromtimestamp(0, JAPAN) + timedelta(milliseconds=milliseconds)
)
DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = CAPITALS + CAPITALS.lower()
WORDS = letters(DIGITS + LETTERS + " -./:;!~'\"<>&", 1, 20).map(str.strip).filter(bool)
"""Printed ASCII without a comma."""

PLAIN = st.text(
    st.sampled_from("山田𠮷葛\U000e0100　 aé'\"<>&;")
    | st.integers(0x20, 0x10FFFF).map(chr).filter(lambda one: is_plain(one) and one != ","),
    min_size=1,
    max_size=20,
)
"""What may stand in a file of either kind."""


@st.composite
def inquiries(draw: st.DrawFn, side: Side = Side.WARD, layout: Layout = HOUSEHOLD) -> InquiryLine:
    """A line of inquiry in every form."""
    days = sorted(draw(st.lists(st.dates(date(1990, 1, 1)), min_size=2, max_size=2)))
    first, last = (draw(st.sampled_from((None, day))) for day in days)
    return InquiryLine(
        number_system=draw(digits(2)),
        person=draw(person(side)),
        requested_at=draw(MOMENTS),
        inquirer_department_code=draw(WORDS),
        inquirer_user_id=draw(st.just("") | WORDS),
        inquirer_institution_code=draw(digits(16)),
        inquirer_nondisclosure_code=draw(digits(1)),
        affair_code="JM" + draw(digits(14)),
        procedure_code="JT" + draw(digits(14)),
        inquirer_delegator_code=draw(st.just("") | digits(16)),
        provider_delegator_code=draw(st.just("") | digits(16)),
        provider_institution_code=draw(digits(16)),
        information_code=layout.information_code,
        condition_class=draw(digits(1)),
        fiscal_year_class=draw(digits(1)),
        from_date=first,
        to_date=last,
    )


def content(item: Item) -> st.SearchStrategy[str | NullReason]:
    """What an item may hold."""
    held: dict[Kind, st.SearchStrategy[str]] = {
        Kind.TEXT: PLAIN,
        Kind.DIGITS: st.integers(1, item.length).flatmap(digits),
        Kind.DATE: st.dates(date(1, 1, 1)).map(date.isoformat),
        Kind.FLAG: st.sampled_from("01"),
    }
    nulls = sorted(item.null_reasons, key=lambda reason: reason.value)
    return held[item.kind] | st.sampled_from(nulls) if nulls else held[item.kind]


def items(layout: Layout) -> st.SearchStrategy[dict[str, str | NullReason]]:
    return st.fixed_dictionaries({item.code: content(item) for item in layout.items})


@st.composite
def registrations(draw: st.DrawFn, side: Side = Side.WARD) -> Registration:
    """A record of registration in every form."""
    layout = draw(st.sampled_from((HOUSEHOLD, TAX)))
    key = draw(letters(DIGITS + LETTERS, 0, 40))
    first, last = sorted(draw(st.lists(st.dates(), min_size=2, max_size=2)))
    return Registration(
        number=draw(st.integers(1, 9_999_999)),
        person=draw(person(side)),
        sub_copy=SubCopy(
            RecordName(layout.information_code, key),
            layout.version,
            Publication(first, draw(st.sampled_from((None, last)))),
            draw(items(layout)),
        ),
        data_set=layout.data_set,
        updated_on=draw(st.dates()),
        region=draw(st.just("") | digits(3)),
    )


CUTS = st.integers(1, 300)
"""How many bytes a chunk has."""


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    """The bytes in chunks of this size."""
    return (data[start : start + size] for start in range(0, len(data), size))


def good(read: Iterable[Parsed[T] | Fault]) -> list[T]:
    """The values of a stream in which nothing is wrong."""
    told = list(read)
    assert [one for one in told if isinstance(one, Fault)] == []
    return [one.value for one in told if isinstance(one, Parsed)]


def wrong(read: Iterable[Parsed[T] | Fault]) -> list[Fault]:
    """What is wrong in a stream."""
    return [one for one in read if isinstance(one, Fault)]
