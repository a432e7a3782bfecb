from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class RefusedRequest(_message.Message):
    __slots__ = ("reason", "fields", "message", "message_ja", "incident")
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_JA_FIELD_NUMBER: _ClassVar[int]
    INCIDENT_FIELD_NUMBER: _ClassVar[int]
    reason: str
    fields: _containers.RepeatedScalarFieldContainer[str]
    message: str
    message_ja: str
    incident: str
    def __init__(self, reason: _Optional[str] = ..., fields: _Optional[_Iterable[str]] = ..., message: _Optional[str] = ..., message_ja: _Optional[str] = ..., incident: _Optional[str] = ...) -> None: ...
