"""Who may call whom: exactly the table, and never what the networks forbid."""

import pytest

from renkei.networks import CONTROL, JUKINET, LINKAGE, WARD, ward
from renkei.roles import ROLES, Name, in_table
from renkei_pki.identity import Identity
from renkei_server.door.admission import Admission
from renkei_server.door.connections import TABLE, Row, Scope

OWN, NEIGHBOUR = "131148", "131130"
NETWORKS = (WARD, JUKINET, LINKAGE)

CALLERS = (
    {row.caller for row in TABLE}
    | {row.seat for row in TABLE}
    | {"cs-terminal", "mynaportal", "controller", "nobody"}
)
"""Every role that the table names, and some that it does not."""


def domain(network: str, institution: str) -> str:
    return ward(institution) if network == WARD else network


def seats() -> set[tuple[str, str]]:
    """Every seat, with each network in which it listens."""
    return {(row.seat, row.network) for row in TABLE}


def services(seat: str, network: str) -> list[str]:
    return sorted({row.service for row in TABLE if (row.seat, row.network) == (seat, network)})


def admission(seat: str, network: str) -> Admission:
    return Admission(Identity(domain(network, OWN), OWN, seat), services(seat, network))


def admitted(seat: str, network: str) -> set[tuple[str, str, str, str]]:
    """Who of all callers of all networks gets in: role, institution, trust domain, service."""
    at_the_door = admission(seat, network)
    return {
        (one.role, one.institution, one.domain, service)
        for service in services(seat, network)
        for one in everybody()
        if at_the_door.admits(one, service)
    }


def everybody() -> set[Identity]:
    """All callers of all networks."""
    return {
        Identity(where, institution, role)
        for role in CALLERS
        for institution in (OWN, NEIGHBOUR)
        for where in {*(domain(one, institution) for one in NETWORKS), ward(OWN), CONTROL}
    }


def allowed(row: Row) -> set[tuple[str, str, str, str]]:
    """Whom a row of the table lets in at our own institution's seat."""
    institutions = {OWN, NEIGHBOUR} if row.scope is Scope.ANY else {OWN}
    return {(row.caller, one, domain(row.network, OWN), row.service) for one in institutions}


# The table, and nothing but the table


@pytest.mark.parametrize(("seat", "network"), sorted(seats()))
def test_whoever_is_in_the_table_gets_in_and_nobody_else(seat: str, network: str) -> None:
    rows = [row for row in TABLE if (row.seat, row.network) == (seat, network)]

    assert admitted(seat, network) == set().union(*map(allowed, rows))


@pytest.mark.parametrize(("seat", "network"), sorted(seats()))
def test_a_batch_is_for_those_who_may_call_something_there_and_for_nobody_else(
    seat: str, network: str
) -> None:
    at_the_door = admission(seat, network)
    admitted_at_all = {
        Identity(where, institution, role)
        for role, institution, where, _ in admitted(seat, network)
    }

    assert admitted_at_all
    assert {one for one in everybody() if at_the_door.admits_somewhere(one)} == admitted_at_all


def test_no_pair_is_in_the_table_twice() -> None:
    pairs = [(row.caller, row.network, row.seat, row.service) for row in TABLE]

    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.caller} to {row.seat}")
def test_within_a_municipality_s_network_there_are_own_callers_only(row: Row) -> None:
    if row.network == WARD:
        assert row.scope is Scope.OWN
    assert row.network in NETWORKS
    assert row.purpose


def test_a_service_is_open_only_where_its_seat_listens() -> None:
    """The agency linkage delivers nothing at the middle server's other service, and so on."""
    middle = Admission(Identity(LINKAGE, OWN, "middle-server"), services("middle-server", LINKAGE))
    network = Identity(LINKAGE, "ipn", "provision-network")

    assert middle.admits(network, "renkei.linkage.v1.CodeDeliveryService")
    assert not middle.admits(network, "renkei.linkage.v1.CodeAcquisitionService")
    assert not middle.admits(network, "renkei.linkage.v1.NumberingService")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.caller} to {row.seat}")
def test_a_row_speaks_of_roles_on_networks_where_they_have_certificates(row: Row) -> None:
    bears = {(role.name, network) for role in ROLES.values() for network in role.networks}

    assert {(row.caller, row.network), (row.seat, row.network)} <= bears


def test_a_department_has_the_row_of_all_departments() -> None:
    assert in_table("department-care") == "department-*"
    assert in_table("resident-record") == "resident-record"


@pytest.mark.parametrize(
    ("caller", "admitted"),
    [
        ("131148", True),  # a ward of Tokyo
        ("131130", True),
        ("130001", True),  # Tokyo itself
        ("141003", False),  # Yokohama lies in Kanagawa
        ("140007", False),
        ("nenkin", False),
    ],
)
def test_a_prefecture_s_seat_admits_its_own_and_what_lies_in_it(
    caller: str, *, admitted: bool
) -> None:
    service, purpose = "renkei.jukinet.v1.AService", Name("identity notifications", "本人確認情報")
    scope = Scope.OWN_OR_OF_PREFECTURE
    row = Row("municipal-cs", JUKINET, scope, "prefecture-server", service, purpose)
    tokyo = Identity(JUKINET, "130001", "prefecture-server")
    at_the_door = Admission(tokyo, [service], table=[row])

    assert at_the_door.admits(Identity(JUKINET, caller, "municipal-cs"), service) is admitted


@pytest.mark.parametrize(
    ("seat", "where", "service"),
    [
        ("municipal-cs", ward(OWN), "renkei.ward.v1.ResidentRecordService"),
        ("municipal-cs", JUKINET, "renkei.ward.v1.LinkageCodeGenerationService"),
        ("municipal-cs", ward(NEIGHBOUR), "renkei.ward.v1.LinkageCodeGenerationService"),
        ("resident-record", ward(OWN), "renkei.ward.v1.NoSuchService"),
        ("nobody", ward(OWN), "renkei.ward.v1.ResidentRecordService"),
    ],
)
def test_a_service_that_admits_nobody_stops_the_start(seat: str, where: str, service: str) -> None:
    with pytest.raises(ValueError, match="admits nobody"):
        Admission(Identity(where, OWN, seat), [service])


# What must never be


def ever_admitted(caller: str, seat: str) -> bool:
    return any((row.caller, row.seat) == (caller, seat) for row in TABLE)


def test_the_address_system_never_reaches_the_municipal_cs() -> None:
    assert not ever_admitted("address-system", "municipal-cs")
    assert ever_admitted("address-system", "linkage-platform")


def test_of_a_ward_s_systems_the_register_alone_reaches_the_municipal_cs() -> None:
    """NET-04, NET-06; its own terminals are part of it."""
    callers = {row.caller for row in TABLE if row.seat == "municipal-cs"}

    assert callers == {"resident-record", "cs-terminal"}


def test_the_municipal_cs_alone_goes_from_a_municipality_to_the_national_server() -> None:
    callers = {row.caller for row in TABLE if row.seat == "national-server"}

    assert callers == {"municipal-cs", "agency-terminal", "prefecture-server"}


def test_a_municipality_tells_its_own_prefecture_and_no_other_of_its_residents() -> None:
    service = "renkei.jukinet.v1.IdentityNotificationService"
    tokyo = Identity(JUKINET, "130001", "prefecture-server")
    at_tokyo = Admission(tokyo, [service])

    told = {
        code: at_tokyo.admits(Identity(JUKINET, code, "municipal-cs"), service)
        for code in (OWN, "141003")
    }
    assert told == {OWN: True, "141003": False}


def test_the_provision_network_never_reaches_the_resident_register_network() -> None:
    assert not [
        row for row in TABLE if row.caller == "provision-network" and row.network == JUKINET
    ]
    assert not [row for row in TABLE if row.seat == "provision-network" and row.network == JUKINET]


def test_the_controller_has_no_business_anywhere() -> None:
    assert not [row for row in TABLE if "control" in row.caller or row.network == CONTROL]


@pytest.mark.parametrize(("seat", "network"), sorted(seats()))
def test_an_identity_of_another_trust_domain_is_never_admitted(seat: str, network: str) -> None:
    """Though its role and institution be right: each has a certificate for each network."""
    at_the_door, here = admission(seat, network), domain(network, OWN)
    elsewhere = {JUKINET, LINKAGE, CONTROL, ward(OWN), ward(NEIGHBOUR)} - {here}
    for row in TABLE:
        if (row.seat, row.network) == (seat, network):
            assert at_the_door.admits(Identity(here, OWN, row.caller), row.service)
            for other in elsewhere:
                assert not at_the_door.admits(Identity(other, OWN, row.caller), row.service)
