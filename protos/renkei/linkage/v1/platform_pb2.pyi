import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import acquisition_pb2 as _acquisition_pb2
from renkei.type.v1 import exchange_pb2 as _exchange_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetStatisticsRequest(_message.Message):
    __slots__ = ("sender",)
    SENDER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    def __init__(self, sender: _Optional[str] = ...) -> None: ...

class OutcomeCount(_message.Message):
    __slots__ = ("outcome", "count")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    outcome: _exchange_pb2.ExchangeOutcome
    count: int
    def __init__(self, outcome: _Optional[_Union[_exchange_pb2.ExchangeOutcome, str]] = ..., count: _Optional[int] = ...) -> None: ...

class WorkState(_message.Message):
    __slots__ = ("kind", "owed", "refused")
    KIND_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    kind: str
    owed: int
    refused: int
    def __init__(self, kind: _Optional[str] = ..., owed: _Optional[int] = ..., refused: _Optional[int] = ...) -> None: ...

class RefusedCodes(_message.Message):
    __slots__ = ("failure", "count")
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    failure: _acquisition_pb2.AcquisitionFailure
    count: int
    def __init__(self, failure: _Optional[_Union[_acquisition_pb2.AcquisitionFailure, str]] = ..., count: _Optional[int] = ...) -> None: ...

class GetStatisticsResponse(_message.Message):
    __slots__ = ("at", "codes", "sub_copies", "inquiries", "held_answers", "records", "work", "refused_codes")
    AT_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    SUB_COPIES_FIELD_NUMBER: _ClassVar[int]
    INQUIRIES_FIELD_NUMBER: _ClassVar[int]
    HELD_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    WORK_FIELD_NUMBER: _ClassVar[int]
    REFUSED_CODES_FIELD_NUMBER: _ClassVar[int]
    at: _timestamp_pb2.Timestamp
    codes: int
    sub_copies: int
    inquiries: _containers.RepeatedCompositeFieldContainer[OutcomeCount]
    held_answers: int
    records: int
    work: _containers.RepeatedCompositeFieldContainer[WorkState]
    refused_codes: _containers.RepeatedCompositeFieldContainer[RefusedCodes]
    def __init__(self, at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., codes: _Optional[int] = ..., sub_copies: _Optional[int] = ..., inquiries: _Optional[_Iterable[_Union[OutcomeCount, _Mapping]]] = ..., held_answers: _Optional[int] = ..., records: _Optional[int] = ..., work: _Optional[_Iterable[_Union[WorkState, _Mapping]]] = ..., refused_codes: _Optional[_Iterable[_Union[RefusedCodes, _Mapping]]] = ...) -> None: ...
