"""The table of who may know what."""

import pytest

from renkei.roles import ROLES
from renkei_simulators.separation.knowledge import TABLE, Kind, Mark, cell, forbidden


def test_what_a_role_may_keep_is_no_finding_in_its_store() -> None:
    assert not forbidden("national-server", Kind.INDIVIDUAL_NUMBER, in_log_line=False)
    assert not forbidden("provision-network", Kind.LINK_ID, in_log_line=False)
    assert not forbidden("middle-server", Kind.LINKAGE_CODE, in_log_line=False)


@pytest.mark.parametrize(
    ("role", "kind", "mark"),
    [
        ("linkage-platform", Kind.PROCESSING_SERIAL, Mark.UNTIL_DONE),
        ("middle-server", Kind.INDIVIDUAL_NUMBER, Mark.TRANSIT),
        ("provision-network", Kind.HOUSEHOLD, Mark.SEALED),
        ("provision-network", Kind.INDIVIDUAL_NUMBER, Mark.NEVER),
    ],
)
def test_every_other_mark_is_a_finding_once_the_flow_has_ended(
    role: str, kind: Kind, mark: Mark
) -> None:
    assert cell(role, kind).mark is mark
    assert forbidden(role, kind, in_log_line=False)


@pytest.mark.parametrize("kind", Kind)
def test_no_kind_may_stand_in_anybodys_log_line(kind: Kind) -> None:
    assert all(forbidden(role, kind, in_log_line=True) for role in TABLE)


def test_what_is_kept_encrypted_is_a_finding_in_the_clear() -> None:
    assert cell("middle-server", Kind.HOUSEHOLD).mark is Mark.KEEP
    assert forbidden("middle-server", Kind.HOUSEHOLD, in_log_line=False)


def test_an_unknown_role_may_keep_nothing() -> None:
    assert all(forbidden("middle-sever", kind, in_log_line=False) for kind in Kind)


def test_every_department_shares_one_row() -> None:
    assert not forbidden("department-tax", Kind.LOCAL_ADDRESS_NUMBER, in_log_line=False)
    assert forbidden("department-tax", Kind.INTEGRATED_ADDRESS_NUMBER, in_log_line=False)


def test_every_role_of_the_house_has_a_row() -> None:
    rows = {"department" if role.startswith("department-") else role for role in ROLES}

    assert rows <= set(TABLE)


def test_nobody_but_the_provision_network_keeps_a_link_id() -> None:
    keepers = {role for role in TABLE if cell(role, Kind.LINK_ID).mark is not Mark.NEVER}

    assert keepers == {"provision-network"}


def test_no_role_keeps_both_a_linkage_code_and_a_resident_record_code() -> None:
    def keeps(role: str, kind: Kind) -> bool:
        return cell(role, kind).mark is Mark.KEEP

    assert not any(
        keeps(role, Kind.LINKAGE_CODE) and keeps(role, Kind.RESIDENT_RECORD_CODE) for role in TABLE
    )
