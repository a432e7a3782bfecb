from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import refused_request_pb2 as _refused_request_pb2
from renkei.type.v1 import sub_copy_pb2 as _sub_copy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RegisterSubCopyRequest(_message.Message):
    __slots__ = ("sender", "request_id", "integrated_address_number", "sub_copy")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SUB_COPY_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    sub_copy: _sub_copy_pb2.SubCopy
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ..., sub_copy: _Optional[_Union[_sub_copy_pb2.SubCopy, _Mapping]] = ...) -> None: ...

class RegisterSubCopyResponse(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class DeleteSubCopyRequest(_message.Message):
    __slots__ = ("sender", "request_id", "integrated_address_number", "information_code", "record_key")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    INFORMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    RECORD_KEY_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    information_code: str
    record_key: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ..., information_code: _Optional[str] = ..., record_key: _Optional[str] = ...) -> None: ...

class DeleteSubCopyResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListSubCopiesRequest(_message.Message):
    __slots__ = ("sender", "integrated_address_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    def __init__(self, sender: _Optional[str] = ..., integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ...) -> None: ...

class ListSubCopiesResponse(_message.Message):
    __slots__ = ("sub_copies",)
    SUB_COPIES_FIELD_NUMBER: _ClassVar[int]
    sub_copies: _containers.RepeatedCompositeFieldContainer[_sub_copy_pb2.HeldSubCopy]
    def __init__(self, sub_copies: _Optional[_Iterable[_Union[_sub_copy_pb2.HeldSubCopy, _Mapping]]] = ...) -> None: ...

class LoadedSubCopy(_message.Message):
    __slots__ = ("integrated_address_number", "sub_copy")
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SUB_COPY_FIELD_NUMBER: _ClassVar[int]
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    sub_copy: _sub_copy_pb2.SubCopy
    def __init__(self, integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ..., sub_copy: _Optional[_Union[_sub_copy_pb2.SubCopy, _Mapping]] = ...) -> None: ...

class LoadSubCopiesRequest(_message.Message):
    __slots__ = ("sender", "request_id", "entries")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    entries: _containers.RepeatedCompositeFieldContainer[LoadedSubCopy]
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., entries: _Optional[_Iterable[_Union[LoadedSubCopy, _Mapping]]] = ...) -> None: ...

class RefusedEntry(_message.Message):
    __slots__ = ("index", "refusal")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    index: int
    refusal: _refused_request_pb2.RefusedRequest
    def __init__(self, index: _Optional[int] = ..., refusal: _Optional[_Union[_refused_request_pb2.RefusedRequest, _Mapping]] = ...) -> None: ...

class LoadSubCopiesResponse(_message.Message):
    __slots__ = ("chunk_id", "registered", "refused")
    CHUNK_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    chunk_id: str
    registered: int
    refused: _containers.RepeatedCompositeFieldContainer[RefusedEntry]
    def __init__(self, chunk_id: _Optional[str] = ..., registered: _Optional[int] = ..., refused: _Optional[_Iterable[_Union[RefusedEntry, _Mapping]]] = ...) -> None: ...
