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

class SerialExpiry(_message.Message):
    __slots__ = ("expired_at",)
    EXPIRED_AT_FIELD_NUMBER: _ClassVar[int]
    expired_at: _timestamp_pb2.Timestamp
    def __init__(self, expired_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DeliverCodeRequest(_message.Message):
    __slots__ = ("sender", "request_id", "processing_serial", "code", "failure", "expiry")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_SERIAL_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    processing_serial: _codes_pb2.ProcessingSerial
    code: _codes_pb2.LinkageCode
    failure: _acquisition_pb2.AcquisitionFailure
    expiry: SerialExpiry
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., processing_serial: _Optional[_Union[_codes_pb2.ProcessingSerial, _Mapping]] = ..., code: _Optional[_Union[_codes_pb2.LinkageCode, _Mapping]] = ..., failure: _Optional[_Union[_acquisition_pb2.AcquisitionFailure, str]] = ..., expiry: _Optional[_Union[SerialExpiry, _Mapping]] = ...) -> None: ...

class DeliverCodeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
