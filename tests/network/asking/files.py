"""Batch files as tests write them, and who sends them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from renkei.codes import LocalAddressNumber
from renkei.networks import ward
from renkei.sub_copies import RecordName, SubCopy
from renkei.type.v1 import batch_run_pb2
from renkei.ward.v1 import inquiry_run_pb2
from renkei.ward.v1 import registration_run_pb2 as pb2
from renkei_clients.inquiry_runs import InquiryRunClient
from renkei_clients.registration_runs import RegistrationRunClient
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.domain.batch_files.faults import Parsed
from renkei_server.domain.batch_files.inquiry import InquiryLine, write_inquiries
from renkei_server.domain.batch_files.messages import RegistrationMessage, write_message
from renkei_server.domain.batch_files.numbering import LineFileName, MessageFileName
from renkei_server.domain.batch_files.registration import Registration, write_registrations
from renkei_server.domain.batch_files.result import ResultLine, read_results
from renkei_server.domain.batch_files.sides import Side
from renkei_server.domain.days import JAPAN
from renkei_server.domain.layouts import shipped
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.layout import Layout
from tests.network.asking import new_id, patiently, until_told
from tests.network.people.sub_copies import ALWAYS, HOUSEHOLD, ITEMS
from tests.network.small_world import NEIGHBOUR, WARD

MESSAGE = RegistrationMessage(
    message_id="",
    test=False,
    source="JUKI01",
    destination="TDC01",
    department="2100",
    user_id="operator-17",
)


def registration_client(callers: Callers, layout: Layout, code: str) -> RegistrationRunClient:
    """A ward's resident record system, as it hands over files."""
    register = Identity(ward(code), code, "resident-record")
    own = Credentials.load(layout.certificate(f"resident-record.{code}", register))
    platform = Identity(ward(code), code, "linkage-platform")
    return RegistrationRunClient(callers.channel(own, platform))


def record(number: int, person: LocalAddressNumber, key: str = "") -> Registration:
    """Household information of one person."""
    name = RecordName(HOUSEHOLD.information_code, key)
    return Registration(
        number=number,
        person=person,
        sub_copy=SubCopy(name, 1, ALWAYS, ITEMS),
        data_set="DS90000000000100",
        updated_on=date(2026, 4, 1),
    )


def message_name(number: int, *, attachment: bool) -> str:
    """The name of a message, or of its attachment."""
    return str(MessageFileName(attachment, HOUSEHOLD.information_code, "TDC01", "DS1", number))


def attachment_of(records: Iterable[Registration]) -> bytes:
    """The content of an attachment."""
    return b"".join(write_registrations(records))


def registration_files(*parts: list[Registration]) -> dict[str, bytes]:
    """The files of a run, by name; each part is an attachment with its message."""
    files = {}
    for number, records in enumerate(parts):
        files[message_name(number, attachment=False)] = write_message(MESSAGE)
        files[message_name(number, attachment=True)] = attachment_of(records)
    return files


async def register_by_file(
    client: RegistrationRunClient,
    files: dict[str, bytes],
    kind: pb2.RegistrationRunKind = pb2.REGISTRATION_RUN_KIND_INITIAL,
) -> str:
    """A run with these files, closed; the same calls are made again while a server is away."""
    open_id, close_id = new_id(), new_id()
    run = await patiently(
        lambda: client.open_registration_run(
            open_id, kind, HOUSEHOLD.information_code, 1, len(files) // 2
        )
    )
    for name, content in files.items():
        put_id = new_id()
        faults = await patiently(
            lambda: client.put_registration_file(put_id, run, name, content)  # noqa: B023
        )
        assert list(faults) == []
    await patiently(lambda: client.close_registration_run(close_id, run))
    return run


async def registration_ended(
    client: RegistrationRunClient, run: str
) -> pb2.GetRegistrationRunResponse:
    """How the run stands once it has ended."""
    return await until_told(
        lambda: patiently(lambda: client.get_registration_run(run)),
        lambda told: told.state == batch_run_pb2.BATCH_RUN_STATE_ENDED,
    )


JOB, MADE_AT = "KAIGO01", "20261123093015"

LINE = InquiryLine(
    number_system="01",
    person=LocalAddressNumber("900000000000101"),
    requested_at=datetime(2026, 11, 23, 9, 30, 15, tzinfo=JAPAN),
    inquirer_department_code="2100",
    inquirer_user_id="operator-17",
    inquirer_institution_code=f"02201{NEIGHBOUR}01700",
    inquirer_nondisclosure_code="1",
    affair_code="JM90000000132000",
    procedure_code="JT90000000132001",
    inquirer_delegator_code="",
    provider_delegator_code="",
    provider_institution_code=f"02201{WARD}01700",
    information_code=HOUSEHOLD.information_code,
    condition_class="0",
    fiscal_year_class="0",
    from_date=date(2026, 4, 1),
    to_date=None,
)
"""The neighbour asks the ward for household information, for long-term care insurance."""


def department_client(
    callers: Callers, layout: Layout, code: str, role: str = "department-care"
) -> InquiryRunClient:
    """A department of a ward, as it hands over files."""
    identity = Identity(ward(code), code, role)
    own = Authority.load(layout.authority(identity.domain)).issue(identity, now=datetime.now(UTC))
    platform = Identity(ward(code), code, "linkage-platform")
    return InquiryRunClient(callers.channel(own, platform))


def lines_of(*persons: LocalAddressNumber, line: InquiryLine = LINE) -> bytes:
    """The content of a file that asks the same about each person."""
    return b"".join(write_inquiries(replace(line, person=person) for person in persons))


def line_file(number: int) -> str:
    """The name of a file of inquiries."""
    return str(LineFileName(JOB, MADE_AT, number))


async def inquire_by_file(client: InquiryRunClient, *contents: bytes) -> str:
    """A run with these files, closed; the same calls are made again while a server is away."""
    open_id, close_id = new_id(), new_id()
    run = await patiently(lambda: client.open_inquiry_run(open_id, JOB, MADE_AT, len(contents)))
    for number, content in enumerate(contents, start=1):
        put_id = new_id()
        faults = await patiently(
            lambda: client.put_inquiry_file(put_id, run, line_file(number), content)  # noqa: B023
        )
        assert list(faults) == []
    await patiently(lambda: client.close_inquiry_run(close_id, run))
    return run


async def inquiries_ended(
    client: InquiryRunClient, run: str
) -> inquiry_run_pb2.GetInquiryRunResponse:
    """How the run stands once it has ended."""
    return await until_told(
        lambda: patiently(lambda: client.get_inquiry_run(run)),
        lambda told: told.state == batch_run_pb2.BATCH_RUN_STATE_ENDED,
    )


async def results(client: InquiryRunClient, run: str, number: int = 1) -> list[ResultLine]:
    """What came of the lines of one file, under the one layout of household information."""
    layout = shipped().find(HOUSEHOLD.information_code, 1, date(2026, 11, 23))
    parts = await patiently(lambda: client.get_result_file(run, number))
    assert list(parts) == [1]
    read = list(read_results([parts[1]], Side.WARD, layout))
    return [one.value for one in read if isinstance(one, Parsed)]
