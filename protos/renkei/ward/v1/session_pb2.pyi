from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JudgeSessionRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "terminal", "function", "access", "approves")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    ACCESS_FIELD_NUMBER: _ClassVar[int]
    APPROVES_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    terminal: str
    function: str
    access: _operator_session_pb2.Access
    approves: bool
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., terminal: _Optional[str] = ..., function: _Optional[str] = ..., access: _Optional[_Union[_operator_session_pb2.Access, str]] = ..., approves: _Optional[bool] = ...) -> None: ...

class JudgeSessionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
