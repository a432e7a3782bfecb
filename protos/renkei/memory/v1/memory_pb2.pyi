from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Memory(_message.Message):
    __slots__ = ("incarnation", "count")
    INCARNATION_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    incarnation: str
    count: int
    def __init__(self, incarnation: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class CompareMemoriesRequest(_message.Message):
    __slots__ = ("sender", "own", "yours")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OWN_FIELD_NUMBER: _ClassVar[int]
    YOURS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    own: Memory
    yours: Memory
    def __init__(self, sender: _Optional[str] = ..., own: _Optional[_Union[Memory, _Mapping]] = ..., yours: _Optional[_Union[Memory, _Mapping]] = ...) -> None: ...

class CompareMemoriesResponse(_message.Message):
    __slots__ = ("own", "yours")
    OWN_FIELD_NUMBER: _ClassVar[int]
    YOURS_FIELD_NUMBER: _ClassVar[int]
    own: Memory
    yours: Memory
    def __init__(self, own: _Optional[_Union[Memory, _Mapping]] = ..., yours: _Optional[_Union[Memory, _Mapping]] = ...) -> None: ...
