from renkei.type.v1 import identity_pb2 as _identity_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import person_pb2 as _person_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CountUpdatesRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "first_day", "last_day", "reasons")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    first_day: _person_pb2.Date
    last_day: _person_pb2.Date
    reasons: _containers.RepeatedScalarFieldContainer[_identity_pb2.ChangeReason]
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., first_day: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., last_day: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., reasons: _Optional[_Iterable[_Union[_identity_pb2.ChangeReason, str]]] = ...) -> None: ...

class UpdateCount(_message.Message):
    __slots__ = ("day", "reason", "count")
    DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    day: _person_pb2.Date
    reason: _identity_pb2.ChangeReason
    count: int
    def __init__(self, day: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., reason: _Optional[_Union[_identity_pb2.ChangeReason, str]] = ..., count: _Optional[int] = ...) -> None: ...

class CountUpdatesResponse(_message.Message):
    __slots__ = ("counts",)
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedCompositeFieldContainer[UpdateCount]
    def __init__(self, counts: _Optional[_Iterable[_Union[UpdateCount, _Mapping]]] = ...) -> None: ...
