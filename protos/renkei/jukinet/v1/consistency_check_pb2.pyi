from renkei.type.v1 import consistency_pb2 as _consistency_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StartConsistencyCheckRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ...) -> None: ...

class StartConsistencyCheckResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: int
    def __init__(self, run: _Optional[int] = ...) -> None: ...

class GetConsistencyReportRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "after")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    after: int
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., after: _Optional[int] = ...) -> None: ...

class GetConsistencyReportResponse(_message.Message):
    __slots__ = ("run", "differences", "more")
    RUN_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    run: _consistency_pb2.ConsistencyRun
    differences: _containers.RepeatedCompositeFieldContainer[_consistency_pb2.ConsistencyDifference]
    more: bool
    def __init__(self, run: _Optional[_Union[_consistency_pb2.ConsistencyRun, _Mapping]] = ..., differences: _Optional[_Iterable[_Union[_consistency_pb2.ConsistencyDifference, _Mapping]]] = ..., more: _Optional[bool] = ...) -> None: ...
