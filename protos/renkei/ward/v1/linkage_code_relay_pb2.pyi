from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RelayLinkageCodeGenerationRequest(_message.Message):
    __slots__ = ("sender", "request_id", "individual_number", "processing_serial")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_SERIAL_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    individual_number: _codes_pb2.IndividualNumber
    processing_serial: _codes_pb2.ProcessingSerial
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ..., processing_serial: _Optional[_Union[_codes_pb2.ProcessingSerial, _Mapping]] = ...) -> None: ...

class RelayLinkageCodeGenerationResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
