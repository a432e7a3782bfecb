import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Suspicion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUSPICION_UNSPECIFIED: _ClassVar[Suspicion]
    SUSPICION_WITHOUT_CASE: _ClassVar[Suspicion]
    SUSPICION_OUT_OF_HOURS: _ClassVar[Suspicion]
    SUSPICION_MANY_PERSONS: _ClassVar[Suspicion]
    SUSPICION_ONE_PERSON_OFTEN: _ClassVar[Suspicion]
SUSPICION_UNSPECIFIED: Suspicion
SUSPICION_WITHOUT_CASE: Suspicion
SUSPICION_OUT_OF_HOURS: Suspicion
SUSPICION_MANY_PERSONS: Suspicion
SUSPICION_ONE_PERSON_OFTEN: Suspicion

class ListOperationsRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "operator_id", "resident_record_code", "since", "until", "case_reference", "suspicion", "after")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    CASE_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SUSPICION_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    operator_id: str
    resident_record_code: _codes_pb2.ResidentRecordCode
    since: _timestamp_pb2.Timestamp
    until: _timestamp_pb2.Timestamp
    case_reference: str
    suspicion: Suspicion
    after: int
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., operator_id: _Optional[str] = ..., resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., case_reference: _Optional[str] = ..., suspicion: _Optional[_Union[Suspicion, str]] = ..., after: _Optional[int] = ...) -> None: ...

class Operation(_message.Message):
    __slots__ = ("number", "at", "caller", "method", "operator_id", "outcome", "resident_record_code", "recorded_request_id", "affair", "case_reference")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    CALLER_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    RECORDED_REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AFFAIR_FIELD_NUMBER: _ClassVar[int]
    CASE_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    number: int
    at: _timestamp_pb2.Timestamp
    caller: str
    method: str
    operator_id: str
    outcome: str
    resident_record_code: _codes_pb2.ResidentRecordCode
    recorded_request_id: str
    affair: str
    case_reference: str
    def __init__(self, number: _Optional[int] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., caller: _Optional[str] = ..., method: _Optional[str] = ..., operator_id: _Optional[str] = ..., outcome: _Optional[str] = ..., resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., recorded_request_id: _Optional[str] = ..., affair: _Optional[str] = ..., case_reference: _Optional[str] = ...) -> None: ...

class ListOperationsResponse(_message.Message):
    __slots__ = ("operations", "next")
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    operations: _containers.RepeatedCompositeFieldContainer[Operation]
    next: int
    def __init__(self, operations: _Optional[_Iterable[_Union[Operation, _Mapping]]] = ..., next: _Optional[int] = ...) -> None: ...
