from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class RefusedRequest(_message.Message):
    __slots__ = ("reason", "fields", "message", "message_ja", "facts")
    class FactsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_JA_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    reason: str
    fields: _containers.RepeatedScalarFieldContainer[str]
    message: str
    message_ja: str
    facts: _containers.ScalarMap[str, str]
    def __init__(self, reason: _Optional[str] = ..., fields: _Optional[_Iterable[str]] = ..., message: _Optional[str] = ..., message_ja: _Optional[str] = ..., facts: _Optional[_Mapping[str, str]] = ...) -> None: ...
