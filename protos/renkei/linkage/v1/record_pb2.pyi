import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import exchange_pb2 as _exchange_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListPersonalRecordsRequest(_message.Message):
    __slots__ = ("sender", "code", "from_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FROM_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    code: _codes_pb2.LinkageCode
    from_number: int
    def __init__(self, sender: _Optional[str] = ..., code: _Optional[_Union[_codes_pb2.LinkageCode, _Mapping]] = ..., from_number: _Optional[int] = ...) -> None: ...

class ShownRecord(_message.Message):
    __slots__ = ("number", "record", "content", "salt", "previous", "leaf", "written_at", "proof")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    SALT_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    LEAF_FIELD_NUMBER: _ClassVar[int]
    WRITTEN_AT_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    number: int
    record: _exchange_pb2.ExchangeRecord
    content: bytes
    salt: bytes
    previous: bytes
    leaf: int
    written_at: _timestamp_pb2.Timestamp
    proof: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, number: _Optional[int] = ..., record: _Optional[_Union[_exchange_pb2.ExchangeRecord, _Mapping]] = ..., content: _Optional[bytes] = ..., salt: _Optional[bytes] = ..., previous: _Optional[bytes] = ..., leaf: _Optional[int] = ..., written_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., proof: _Optional[_Iterable[bytes]] = ...) -> None: ...

class ListPersonalRecordsResponse(_message.Message):
    __slots__ = ("head", "shown", "records")
    HEAD_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    head: str
    shown: int
    records: _containers.RepeatedCompositeFieldContainer[ShownRecord]
    def __init__(self, head: _Optional[str] = ..., shown: _Optional[int] = ..., records: _Optional[_Iterable[_Union[ShownRecord, _Mapping]]] = ...) -> None: ...
