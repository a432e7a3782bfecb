import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import acquisition_pb2 as _acquisition_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AcquireCodeRequest(_message.Message):
    __slots__ = ("sender", "request_id", "integrated_address_number", "individual_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    individual_number: _codes_pb2.IndividualNumber
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ..., individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ...) -> None: ...

class AcquireCodeResponse(_message.Message):
    __slots__ = ("individual_number", "processing_serial", "expires_at", "acquisition")
    INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_SERIAL_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    ACQUISITION_FIELD_NUMBER: _ClassVar[int]
    individual_number: _codes_pb2.IndividualNumber
    processing_serial: _codes_pb2.ProcessingSerial
    expires_at: _timestamp_pb2.Timestamp
    acquisition: _acquisition_pb2.CodeAcquisition
    def __init__(self, individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ..., processing_serial: _Optional[_Union[_codes_pb2.ProcessingSerial, _Mapping]] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., acquisition: _Optional[_Union[_acquisition_pb2.CodeAcquisition, _Mapping]] = ...) -> None: ...

class GetCodeAcquisitionRequest(_message.Message):
    __slots__ = ("sender", "integrated_address_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    def __init__(self, sender: _Optional[str] = ..., integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ...) -> None: ...

class GetCodeAcquisitionResponse(_message.Message):
    __slots__ = ("acquisition", "bound_number")
    ACQUISITION_FIELD_NUMBER: _ClassVar[int]
    BOUND_NUMBER_FIELD_NUMBER: _ClassVar[int]
    acquisition: _acquisition_pb2.CodeAcquisition
    bound_number: _codes_pb2.IntegratedAddressNumber
    def __init__(self, acquisition: _Optional[_Union[_acquisition_pb2.CodeAcquisition, _Mapping]] = ..., bound_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ...) -> None: ...
