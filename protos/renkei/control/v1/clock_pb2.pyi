import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Times(_message.Message):
    __slots__ = ("world_time", "machine_time")
    WORLD_TIME_FIELD_NUMBER: _ClassVar[int]
    MACHINE_TIME_FIELD_NUMBER: _ClassVar[int]
    world_time: _timestamp_pb2.Timestamp
    machine_time: _timestamp_pb2.Timestamp
    def __init__(self, world_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., machine_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetClockRequest(_message.Message):
    __slots__ = ("sender",)
    SENDER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    def __init__(self, sender: _Optional[str] = ...) -> None: ...

class GetClockResponse(_message.Message):
    __slots__ = ("times",)
    TIMES_FIELD_NUMBER: _ClassVar[int]
    times: Times
    def __init__(self, times: _Optional[_Union[Times, _Mapping]] = ...) -> None: ...

class SetClockRequest(_message.Message):
    __slots__ = ("sender", "request_id", "world_time")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    WORLD_TIME_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    world_time: _timestamp_pb2.Timestamp
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., world_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SetClockResponse(_message.Message):
    __slots__ = ("times",)
    TIMES_FIELD_NUMBER: _ClassVar[int]
    times: Times
    def __init__(self, times: _Optional[_Union[Times, _Mapping]] = ...) -> None: ...

class AdvanceClockRequest(_message.Message):
    __slots__ = ("sender", "request_id", "by")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    by: _duration_pb2.Duration
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., by: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class AdvanceClockResponse(_message.Message):
    __slots__ = ("times",)
    TIMES_FIELD_NUMBER: _ClassVar[int]
    times: Times
    def __init__(self, times: _Optional[_Union[Times, _Mapping]] = ...) -> None: ...
