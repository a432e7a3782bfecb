from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AcquisitionState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACQUISITION_STATE_UNSPECIFIED: _ClassVar[AcquisitionState]
    ACQUISITION_STATE_PENDING: _ClassVar[AcquisitionState]
    ACQUISITION_STATE_BOUND: _ClassVar[AcquisitionState]
    ACQUISITION_STATE_FAILED: _ClassVar[AcquisitionState]
    ACQUISITION_STATE_EXPIRED: _ClassVar[AcquisitionState]

class AcquisitionFailure(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACQUISITION_FAILURE_UNSPECIFIED: _ClassVar[AcquisitionFailure]
    ACQUISITION_FAILURE_INDIVIDUAL_NUMBER_UNKNOWN: _ClassVar[AcquisitionFailure]
    ACQUISITION_FAILURE_NO_INDIVIDUAL_NUMBER: _ClassVar[AcquisitionFailure]
    ACQUISITION_FAILURE_REFUSED: _ClassVar[AcquisitionFailure]
    ACQUISITION_FAILURE_NUMBER_HAS_ANOTHER_CODE: _ClassVar[AcquisitionFailure]
    ACQUISITION_FAILURE_CODE_HAS_ANOTHER_NUMBER: _ClassVar[AcquisitionFailure]
    ACQUISITION_FAILURE_INDIVIDUAL_NUMBER_SUPERSEDED: _ClassVar[AcquisitionFailure]
ACQUISITION_STATE_UNSPECIFIED: AcquisitionState
ACQUISITION_STATE_PENDING: AcquisitionState
ACQUISITION_STATE_BOUND: AcquisitionState
ACQUISITION_STATE_FAILED: AcquisitionState
ACQUISITION_STATE_EXPIRED: AcquisitionState
ACQUISITION_FAILURE_UNSPECIFIED: AcquisitionFailure
ACQUISITION_FAILURE_INDIVIDUAL_NUMBER_UNKNOWN: AcquisitionFailure
ACQUISITION_FAILURE_NO_INDIVIDUAL_NUMBER: AcquisitionFailure
ACQUISITION_FAILURE_REFUSED: AcquisitionFailure
ACQUISITION_FAILURE_NUMBER_HAS_ANOTHER_CODE: AcquisitionFailure
ACQUISITION_FAILURE_CODE_HAS_ANOTHER_NUMBER: AcquisitionFailure
ACQUISITION_FAILURE_INDIVIDUAL_NUMBER_SUPERSEDED: AcquisitionFailure

class CodeAcquisition(_message.Message):
    __slots__ = ("state", "failure")
    STATE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    state: AcquisitionState
    failure: AcquisitionFailure
    def __init__(self, state: _Optional[_Union[AcquisitionState, str]] = ..., failure: _Optional[_Union[AcquisitionFailure, str]] = ...) -> None: ...
