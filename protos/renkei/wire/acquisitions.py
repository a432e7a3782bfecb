"""How an acquisition stands."""

from google.protobuf.message import Message

from renkei import acquisitions, reasons
from renkei.linkage.v1 import code_acquisition_pb2
from renkei.refusals import Refusal
from renkei.type.v1 import acquisition_pb2
from renkei.wire.codes import (
    read_integrated_address_number,
    require,
    write_integrated_address_number,
)


def read_acquisition(message: Message, field: str = "acquisition") -> acquisitions.Acquisition:
    """Read how an acquisition stands."""
    require(message, field)
    acquisition: acquisition_pb2.CodeAcquisition = getattr(message, field)
    try:
        failure = acquisitions.Failure(acquisition.failure) if acquisition.failure else None
        return acquisitions.Acquisition(acquisitions.State(acquisition.state), failure)
    except ValueError:
        raise Refusal(reasons.FIELD_MISSING, "no such state", field) from None


def write_acquisition(acquisition: acquisitions.Acquisition) -> acquisition_pb2.CodeAcquisition:
    """Write how an acquisition stands."""
    failure = acquisition.failure.value if acquisition.failure else 0
    return acquisition_pb2.CodeAcquisition(
        state=acquisition_pb2.AcquisitionState.Name(acquisition.state.value),
        failure=acquisition_pb2.AcquisitionFailure.Name(failure),
    )


def read_standing(
    message: code_acquisition_pb2.GetCodeAcquisitionResponse,
) -> acquisitions.Standing:
    """Read how an acquisition stands at a middle server."""
    told = message.HasField("bound_number")
    number = read_integrated_address_number(message, "bound_number") if told else None
    return acquisitions.Standing(read_acquisition(message), number)


def write_standing(
    standing: acquisitions.Standing,
) -> code_acquisition_pb2.GetCodeAcquisitionResponse:
    """Write how an acquisition stands at a middle server."""
    number = standing.bound_number
    return code_acquisition_pb2.GetCodeAcquisitionResponse(
        acquisition=write_acquisition(standing.acquisition),
        bound_number=None if number is None else write_integrated_address_number(number),
    )


def read_failure(number: int, field: str = "failure") -> acquisitions.Failure:
    """Read why no code could be made, which must be set."""
    try:
        return acquisitions.Failure(number)
    except ValueError:
        raise Refusal(reasons.FIELD_MISSING, "", field) from None


def write_failure(failure: acquisitions.Failure) -> str:
    """Write why no code could be made: the name of the enum's value."""
    return acquisition_pb2.AcquisitionFailure.Name(failure.value)
