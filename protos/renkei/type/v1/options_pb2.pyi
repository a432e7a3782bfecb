import datetime

from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
SENDER_FIELD_NUMBER: _ClassVar[int]
sender: _descriptor.FieldDescriptor
REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
request_id: _descriptor.FieldDescriptor
CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
credential: _descriptor.FieldDescriptor
KEPT_FIELD_NUMBER: _ClassVar[int]
kept: _descriptor.FieldDescriptor
RULE_FIELD_NUMBER: _ClassVar[int]
rule: _descriptor.FieldDescriptor
CLOSED_FIELD_NUMBER: _ClassVar[int]
closed: _descriptor.FieldDescriptor

class MethodRule(_message.Message):
    __slots__ = ("default_deadline", "maximum_deadline", "steps", "in_batches")
    DEFAULT_DEADLINE_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_DEADLINE_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    IN_BATCHES_FIELD_NUMBER: _ClassVar[int]
    default_deadline: _duration_pb2.Duration
    maximum_deadline: _duration_pb2.Duration
    steps: _containers.RepeatedScalarFieldContainer[str]
    in_batches: bool
    def __init__(self, default_deadline: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., maximum_deadline: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., steps: _Optional[_Iterable[str]] = ..., in_batches: _Optional[bool] = ...) -> None: ...
