"""What goes into a backup may be kept: each sealed column says nothing that is only passing."""

from collections.abc import Iterator, Mapping

import pytest

from renkei_server.roles.bills import SERVED, metadata_of
from renkei_server.store.engine.codecs import SERIAL
from renkei_server.store.engine.columns import Sealed
from renkei_server.store.engine.passing import of_table
from renkei_simulators.separation.knowledge import Kind, Mark, cell

_PERSON = (Kind.NAME_AND_ADDRESS, Kind.INDIVIDUAL_NUMBER)

KEPT: Mapping[str, tuple[Kind, ...]] = {
    "accounts.code": (Kind.LINKAGE_CODE,),
    "awaited_outcomes.content": (Kind.RESIDENT_RECORD_CODE,),
    "bulk_outputs.output": (*_PERSON, Kind.RESIDENT_RECORD_CODE),
    "changed_codes.record": (Kind.RESIDENT_RECORD_CODE,),
    "changed_numbers.record": (Kind.LOCAL_ADDRESS_NUMBER, Kind.INDIVIDUAL_NUMBER),
    "code_acquisitions.integrated_address_number": (Kind.INTEGRATED_ADDRESS_NUMBER,),
    "codes.code": (Kind.LINKAGE_CODE,),
    "codes.integrated_address_number": (Kind.INTEGRATED_ADDRESS_NUMBER,),
    "codes_bound_elsewhere.integrated_address_number": (Kind.INTEGRATED_ADDRESS_NUMBER,),
    "consistency_differences.content": (Kind.RESIDENT_RECORD_CODE,),
    "consistency_parts.content": (),
    "core_keys.wrapped_key": (),
    "correction_approvals.approval": (*_PERSON, Kind.RESIDENT_RECORD_CODE),
    "departed_identities.record": (*_PERSON, Kind.RESIDENT_RECORD_CODE),
    "exchanges.open": (Kind.LINK_ID,),
    "identities.record": (*_PERSON, Kind.RESIDENT_RECORD_CODE),
    "identities_history.record": (*_PERSON, Kind.RESIDENT_RECORD_CODE),
    "identities_history.why": (),
    "identity_sums.content": (*_PERSON, Kind.RESIDENT_RECORD_CODE),
    "inquiries.asked": (Kind.INTEGRATED_ADDRESS_NUMBER,),
    "inquiries.permit": (Kind.LINKAGE_CODE,),
    "insured.record": _PERSON,
    "links.link_id": (Kind.LINK_ID,),
    "local_address_numbers.integrated_address_number": (Kind.INTEGRATED_ADDRESS_NUMBER,),
    "notified_persons.standing": (),
    "operations.particulars": (),
    "operator_sessions.claims": (),
    "operators.verifier": (),
    "persons.record": (*_PERSON, Kind.INTEGRATED_ADDRESS_NUMBER),
    "provisional_entries.entry": (*_PERSON, Kind.RESIDENT_RECORD_CODE, Kind.LOCAL_ADDRESS_NUMBER),
    "provisions.held": (Kind.LINKAGE_CODE,),
    "record_log.record": (),
    "resident_sums.content": (*_PERSON, Kind.RESIDENT_RECORD_CODE),
    "residents.record": (*_PERSON, Kind.RESIDENT_RECORD_CODE, Kind.LOCAL_ADDRESS_NUMBER),
    "residents_history.record": (*_PERSON, Kind.RESIDENT_RECORD_CODE, Kind.LOCAL_ADDRESS_NUMBER),
    "residents_history.why": (),
    "update_counts.counts": (),
}
"""Every sealed column that goes into a backup, and what it says; a new one is to be added."""


def backed_up(role: str) -> Iterator[str]:
    """The sealed columns of a role's store that go into a backup, whatever is under way."""
    for table in metadata_of(role).sorted_tables:
        rules = of_table(table)
        if any(rule.left is None and not rule.where for rule in rules):
            continue
        gone = {
            name for rule in rules for name, value in (rule.left or {}).items() if value is None
        }
        for column in table.columns:
            if isinstance(column.type, Sealed) and column.name not in gone:
                yield f"{table.name}.{column.name}"


@pytest.mark.parametrize("role", SERVED)
def test_whatever_goes_into_a_role_s_backup_it_may_keep(role: str) -> None:
    for place in backed_up(role):
        for kind in KEPT[place]:
            assert cell(role, kind).mark is Mark.KEEP, (place, kind)


@pytest.mark.parametrize("role", SERVED)
def test_no_processing_serial_and_no_task_goes_into_a_backup(role: str) -> None:
    found = set(backed_up(role))

    for table in metadata_of(role).sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed) and column.type.codec is SERIAL:
                assert f"{table.name}.{column.name}" not in found
    assert not any(place.startswith("outbox.") for place in found)


def test_every_column_that_is_said_to_be_kept_is_there() -> None:
    assert {place for role in SERVED for place in backed_up(role)} == KEPT.keys()


@pytest.mark.parametrize("role", SERVED)
def test_every_rule_of_what_is_passing_speaks_of_columns_that_are_there(role: str) -> None:
    for table in metadata_of(role).sorted_tables:
        for rule in of_table(table):
            named = {name for name in (rule.where, rule.each, *(rule.left or {})) if name}
            assert named <= set(table.columns.keys()), (table.name, rule)
            for name, value in (rule.left or {}).items():
                assert value is not None or table.columns[name].nullable
