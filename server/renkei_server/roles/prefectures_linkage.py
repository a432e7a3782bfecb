"""A prefecture's linkage platform (都道府県の連携基盤): its own persons, their numbers and codes (F1).

A prefecture has no ward network: its staff ask at its own terminal, its own register says who is
whose, and towards the national server it has the name of the prefecture's server. In its store, its
tasks and towards the middle server it is as a municipality's.
"""

from renkei import reasons
from renkei.codes import IndividualNumber, IntegratedAddressNumber
from renkei.networks import JUKINET, LINKAGE
from renkei.refusals import Refusal
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_clients.linkage import CodeAcquisitionClient
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.agency.numbering import NumberingService
from renkei_server.seats.linkage.address_information import AddressInformationService
from renkei_server.seats.linkage.tasks import ACQUIRE, LinkageTasks
from renkei_server.store.codes.acquisitions import Acquisitions, AcquisitionsByNumber
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.persons import insured, numbering


def assemble(parts: Parts) -> Seat:
    """Its one face is the linkage network; it calls on both."""
    store = parts.store
    persons = numbering.Numbering(store.sealer, parts.ids)
    asked = Acquisitions(store.sealer)
    tasks = LinkageTasks(
        store=store,
        numbering=persons,
        acquisitions=asked,
        outbox=parts.outbox,
        middle_server=parts.peer(CodeAcquisitionClient, LINKAGE, "middle-server"),
        # F1.7 and F1.8 are one call
        next_hop=parts.peer(linkage_code_generation_client, JUKINET, "national-server"),
    )

    def person_of(
        connection: Connection, _key: str, number: IndividualNumber
    ) -> IntegratedAddressNumber:
        person = persons.find(connection, number)
        if person is None:
            raise Refusal(reasons.PERSON_NOT_HELD, "", "individual_number")
        return person

    service = NumberingService(
        store=store,
        insured=SealedFile(insured.INSURED, store.sealer),
        numbering=persons,
        acquisitions=AcquisitionsByNumber(asked),
        person_of=person_of,
        first_call=ACQUIRE,
        outbox=parts.outbox,
        clock=parts.clock,
    )
    addresses = AddressInformationService(
        store=store, numbering=persons, sessions=parts.operator_sessions()
    )
    return Seat({LINKAGE: (service, addresses)}, tasks.routes)
