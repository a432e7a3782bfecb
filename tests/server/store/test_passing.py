"""A row as a backup has it: whole, or without what it held for a task, or not at all."""

from typing import Any

import pytest
from sqlalchemy import Table

from renkei_server.store.engine.columns import number, table, text
from renkei_server.store.engine.passing import Passing, left_of, of_table, passing
from renkei_server.store.engine.store import tables

ENDS = Passing(owed="deed", where="state", among=("begun",), left={"state": "ended", "held": None})
FORGETS = Passing(owed="held", where="held", left={"held": None})


def deeds(*some: Passing) -> Table:
    return table(
        "deeds",
        number("number", primary_key=True),
        text("state"),
        text("held", optional=True),
        **passing(*some),
    )


def kept(row: dict[str, Any], *some: Passing) -> tuple[dict[str, Any] | None, list[str]]:
    left, owed = left_of(deeds(*some), row)
    return left, list(owed)


BEGUN = {"number": 1, "state": "begun", "held": "something"}
DONE = {"number": 2, "state": "done", "held": None}


def test_a_row_that_waits_for_a_task_is_left_as_it_is_without_it() -> None:
    assert kept(BEGUN, ENDS) == ({"number": 1, "state": "ended", "held": None}, ["deed"])


def test_a_row_that_waits_for_nothing_is_left_as_it_is() -> None:
    assert kept(DONE, ENDS) == (DONE, [])
    assert kept(BEGUN) == (BEGUN, [])


def test_a_row_is_known_by_a_column_where_something_stands() -> None:
    assert kept(BEGUN, FORGETS) == ({**BEGUN, "held": None}, ["held"])
    assert kept(DONE, FORGETS) == (DONE, [])


def test_of_a_table_for_tasks_alone_nothing_is_left_and_each_kind_is_counted() -> None:
    assert kept(BEGUN, Passing(owed="call", each="state")) == (None, ["call `begun`"])


def test_several_things_of_a_row_may_be_passing() -> None:
    held, begun = kept(BEGUN, ENDS, FORGETS)
    assert held == {"number": 1, "state": "ended", "held": None}
    assert begun == ["deed", "held"]
    assert kept(BEGUN, ENDS, Passing(owed="row"))[0] is None


@pytest.mark.parametrize("some", [(), (ENDS,), (ENDS, FORGETS)])
def test_a_table_says_it_wherever_it_is_brought_together(some: tuple[Passing, ...]) -> None:
    together = tables((deeds(*some),))

    assert of_table(together.tables["deeds"]) == some
