from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import sealed_answer_pb2 as _sealed_answer_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PublishSealingKeysRequest(_message.Message):
    __slots__ = ("sender", "request_id", "keys")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    keys: _sealed_answer_pb2.PublishedSealingKeys
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., keys: _Optional[_Union[_sealed_answer_pb2.PublishedSealingKeys, _Mapping]] = ...) -> None: ...

class PublishSealingKeysResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSealingKeysRequest(_message.Message):
    __slots__ = ("sender", "organisation")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    organisation: str
    def __init__(self, sender: _Optional[str] = ..., organisation: _Optional[str] = ...) -> None: ...

class GetSealingKeysResponse(_message.Message):
    __slots__ = ("keys",)
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _sealed_answer_pb2.PublishedSealingKeys
    def __init__(self, keys: _Optional[_Union[_sealed_answer_pb2.PublishedSealingKeys, _Mapping]] = ...) -> None: ...
