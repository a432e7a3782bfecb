from renkei.type.v1 import person_pb2 as _person_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NullReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NULL_REASON_UNSPECIFIED: _ClassVar[NullReason]
    NULL_REASON_NOT_ACCEPTABLE: _ClassVar[NullReason]
    NULL_REASON_NOT_COVERED: _ClassVar[NullReason]
NULL_REASON_UNSPECIFIED: NullReason
NULL_REASON_NOT_ACCEPTABLE: NullReason
NULL_REASON_NOT_COVERED: NullReason

class SubCopyItem(_message.Message):
    __slots__ = ("code", "text", "null_reason")
    CODE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    NULL_REASON_FIELD_NUMBER: _ClassVar[int]
    code: str
    text: str
    null_reason: NullReason
    def __init__(self, code: _Optional[str] = ..., text: _Optional[str] = ..., null_reason: _Optional[_Union[NullReason, str]] = ...) -> None: ...

class SubCopy(_message.Message):
    __slots__ = ("information_code", "record_key", "layout_version", "publication_start", "publication_end", "items")
    INFORMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    RECORD_KEY_FIELD_NUMBER: _ClassVar[int]
    LAYOUT_VERSION_FIELD_NUMBER: _ClassVar[int]
    PUBLICATION_START_FIELD_NUMBER: _ClassVar[int]
    PUBLICATION_END_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    information_code: str
    record_key: str
    layout_version: int
    publication_start: _person_pb2.Date
    publication_end: _person_pb2.Date
    items: _containers.RepeatedCompositeFieldContainer[SubCopyItem]
    def __init__(self, information_code: _Optional[str] = ..., record_key: _Optional[str] = ..., layout_version: _Optional[int] = ..., publication_start: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., publication_end: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., items: _Optional[_Iterable[_Union[SubCopyItem, _Mapping]]] = ...) -> None: ...

class HeldSubCopy(_message.Message):
    __slots__ = ("information_code", "record_key", "version", "layout_version", "publication_start", "publication_end")
    INFORMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    RECORD_KEY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    LAYOUT_VERSION_FIELD_NUMBER: _ClassVar[int]
    PUBLICATION_START_FIELD_NUMBER: _ClassVar[int]
    PUBLICATION_END_FIELD_NUMBER: _ClassVar[int]
    information_code: str
    record_key: str
    version: int
    layout_version: int
    publication_start: _person_pb2.Date
    publication_end: _person_pb2.Date
    def __init__(self, information_code: _Optional[str] = ..., record_key: _Optional[str] = ..., version: _Optional[int] = ..., layout_version: _Optional[int] = ..., publication_start: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., publication_end: _Optional[_Union[_person_pb2.Date, _Mapping]] = ...) -> None: ...
