"""Bills of materials: each is a role's, tells what a bill must, and is found by the role's name."""

import pkgutil

import pytest
from sqlalchemy import Table

from renkei.roles import ROLES
from renkei_server import roles
from renkei_server.roles.bills import bill_of
from renkei_server.roles.served import SERVED

PARTS = {
    "asking_sessions",
    "batch_files",
    "bills",
    "consistency",
    "identity_hops",
    "information",
    "own_keys",
    "parts",
    "prefectures_linkage",
    "served",
    "staff",
}
"""What bills are made with: no role's own."""


def test_each_bill_is_that_of_a_role() -> None:
    bills = {one.name for one in pkgutil.iter_modules(roles.__path__)} - PARTS

    assert bills == {role.replace("-", "_") for role in SERVED}


@pytest.mark.parametrize("role", SERVED)
def test_a_bill_tells_tables_and_how_the_seat_is_put_together(role: str) -> None:
    bill = bill_of(role)

    assert all(isinstance(one, Table) for one in bill.TABLES)
    assert callable(bill.assemble)


@pytest.mark.parametrize("name", ["information", "parts", "no-such-role"])
def test_what_is_no_role_has_no_bill(name: str) -> None:
    with pytest.raises(KeyError):
        bill_of(name)


def test_a_served_role_has_a_network() -> None:
    assert all(ROLES[role].networks for role in SERVED)
