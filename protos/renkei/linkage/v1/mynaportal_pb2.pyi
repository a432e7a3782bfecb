from renkei.linkage.v1 import record_pb2 as _record_pb2
from renkei.type.v1 import acquisition_pb2 as _acquisition_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OpenAccountRequest(_message.Message):
    __slots__ = ("sender", "request_id", "individual_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    individual_number: _codes_pb2.IndividualNumber
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ...) -> None: ...

class OpenAccountResponse(_message.Message):
    __slots__ = ("account_id",)
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    account_id: str
    def __init__(self, account_id: _Optional[str] = ...) -> None: ...

class GetAccountRequest(_message.Message):
    __slots__ = ("sender", "account_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    account_id: str
    def __init__(self, sender: _Optional[str] = ..., account_id: _Optional[str] = ...) -> None: ...

class GetAccountResponse(_message.Message):
    __slots__ = ("acquisition",)
    ACQUISITION_FIELD_NUMBER: _ClassVar[int]
    acquisition: _acquisition_pb2.CodeAcquisition
    def __init__(self, acquisition: _Optional[_Union[_acquisition_pb2.CodeAcquisition, _Mapping]] = ...) -> None: ...

class ListRecordsRequest(_message.Message):
    __slots__ = ("sender", "account_id", "from_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    account_id: str
    from_number: int
    def __init__(self, sender: _Optional[str] = ..., account_id: _Optional[str] = ..., from_number: _Optional[int] = ...) -> None: ...

class ListRecordsResponse(_message.Message):
    __slots__ = ("head", "shown", "records")
    HEAD_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    head: str
    shown: int
    records: _containers.RepeatedCompositeFieldContainer[_record_pb2.ShownRecord]
    def __init__(self, head: _Optional[str] = ..., shown: _Optional[int] = ..., records: _Optional[_Iterable[_Union[_record_pb2.ShownRecord, _Mapping]]] = ...) -> None: ...
