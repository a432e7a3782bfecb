import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class IssueProcessingSerialRequest(_message.Message):
    __slots__ = ("sender", "request_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class IssueProcessingSerialResponse(_message.Message):
    __slots__ = ("processing_serial", "expires_at")
    PROCESSING_SERIAL_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    processing_serial: _codes_pb2.ProcessingSerial
    expires_at: _timestamp_pb2.Timestamp
    def __init__(self, processing_serial: _Optional[_Union[_codes_pb2.ProcessingSerial, _Mapping]] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetProcessingSerialRequest(_message.Message):
    __slots__ = ("sender", "processing_serial")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_SERIAL_FIELD_NUMBER: _ClassVar[int]
    sender: str
    processing_serial: _codes_pb2.ProcessingSerial
    def __init__(self, sender: _Optional[str] = ..., processing_serial: _Optional[_Union[_codes_pb2.ProcessingSerial, _Mapping]] = ...) -> None: ...

class GetProcessingSerialResponse(_message.Message):
    __slots__ = ("good",)
    GOOD_FIELD_NUMBER: _ClassVar[int]
    good: bool
    def __init__(self, good: _Optional[bool] = ...) -> None: ...

class GetProcessingSerialCountRequest(_message.Message):
    __slots__ = ("sender",)
    SENDER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    def __init__(self, sender: _Optional[str] = ...) -> None: ...

class GetProcessingSerialCountResponse(_message.Message):
    __slots__ = ("used",)
    USED_FIELD_NUMBER: _ClassVar[int]
    used: int
    def __init__(self, used: _Optional[int] = ...) -> None: ...
