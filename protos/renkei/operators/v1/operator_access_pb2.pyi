from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OpenOperatorSessionRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_id", "password", "asserted_factors")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    ASSERTED_FACTORS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_id: str
    password: str
    asserted_factors: _containers.RepeatedScalarFieldContainer[_operator_session_pb2.Factor]
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_id: _Optional[str] = ..., password: _Optional[str] = ..., asserted_factors: _Optional[_Iterable[_Union[_operator_session_pb2.Factor, str]]] = ...) -> None: ...

class OpenOperatorSessionResponse(_message.Message):
    __slots__ = ("operator_session",)
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    operator_session: _operator_session_pb2.OperatorSession
    def __init__(self, operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ...) -> None: ...

class CloseOperatorSessionRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ...) -> None: ...

class CloseOperatorSessionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
