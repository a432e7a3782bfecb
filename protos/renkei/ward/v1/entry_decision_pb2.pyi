import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import identity_pb2 as _identity_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.ward.v1 import resident_pb2 as _resident_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListProvisionalEntriesRequest(_message.Message):
    __slots__ = ("sender", "operator_session")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ...) -> None: ...

class ProvisionalEntry(_message.Message):
    __slots__ = ("entry_id", "local_address_number", "reason", "operator_id", "entered_at")
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    LOCAL_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    ENTERED_AT_FIELD_NUMBER: _ClassVar[int]
    entry_id: str
    local_address_number: _codes_pb2.LocalAddressNumber
    reason: _identity_pb2.ChangeReason
    operator_id: str
    entered_at: _timestamp_pb2.Timestamp
    def __init__(self, entry_id: _Optional[str] = ..., local_address_number: _Optional[_Union[_codes_pb2.LocalAddressNumber, _Mapping]] = ..., reason: _Optional[_Union[_identity_pb2.ChangeReason, str]] = ..., operator_id: _Optional[str] = ..., entered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListProvisionalEntriesResponse(_message.Message):
    __slots__ = ("entries",)
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[ProvisionalEntry]
    def __init__(self, entries: _Optional[_Iterable[_Union[ProvisionalEntry, _Mapping]]] = ...) -> None: ...

class GetProvisionalEntryRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "entry_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    entry_id: str
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., entry_id: _Optional[str] = ...) -> None: ...

class GetProvisionalEntryResponse(_message.Message):
    __slots__ = ("provisional", "entry")
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    provisional: ProvisionalEntry
    entry: _resident_pb2.ResidentEntry
    def __init__(self, provisional: _Optional[_Union[ProvisionalEntry, _Mapping]] = ..., entry: _Optional[_Union[_resident_pb2.ResidentEntry, _Mapping]] = ...) -> None: ...

class ApproveEntryRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "entry_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    entry_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., entry_id: _Optional[str] = ...) -> None: ...

class ApproveEntryResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RejectEntryRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "entry_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    entry_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., entry_id: _Optional[str] = ...) -> None: ...

class RejectEntryResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
