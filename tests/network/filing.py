"""Batch files as tests write them, and who sends them."""

import asyncio
from collections.abc import Iterable
from datetime import date

from renkei.codes import LocalAddressNumber
from renkei.refusals import Refusal
from renkei.sub_copies import RecordName, SubCopy
from renkei.type.v1 import batch_run_pb2
from renkei.ward.v1 import registration_run_pb2 as pb2
from renkei_clients.registration_runs import RegistrationRunClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity, ward
from renkei_server.domain.batch_files.messages import RegistrationMessage, write_message
from renkei_server.domain.batch_files.numbering import MessageFileName
from renkei_server.domain.batch_files.registration import Registration, write_registrations
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.layout import Layout

from .asking import new_id
from .sub_copying import ALWAYS, HOUSEHOLD, ITEMS

_LONGEST_WAIT_SECONDS = 60.0
_PASSING_PAUSE_SECONDS = 0.05

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
    return RegistrationRunClient(callers.channel(own, platform), code)


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
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        while True:
            told = await patiently(lambda: client.get_registration_run(run))
            if told.state == batch_run_pb2.BATCH_RUN_STATE_ENDED:
                return told
            await asyncio.sleep(_PASSING_PAUSE_SECONDS)


async def patiently(ask):  # type: ignore[no-untyped-def]
    """Ask until it is answered, whatever server is away meanwhile."""
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        while True:
            try:
                return await ask()
            except Refusal as refusal:
                if not refusal.reason.passing:
                    raise
            await asyncio.sleep(_PASSING_PAUSE_SECONDS)
