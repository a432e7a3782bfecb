import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import identity_pb2 as _identity_pb2
from renkei.type.v1 import identity_search_pb2 as _identity_search_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import person_pb2 as _person_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BulkOutputState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BULK_OUTPUT_STATE_UNSPECIFIED: _ClassVar[BulkOutputState]
    BULK_OUTPUT_STATE_REQUESTED: _ClassVar[BulkOutputState]
    BULK_OUTPUT_STATE_APPROVED: _ClassVar[BulkOutputState]
    BULK_OUTPUT_STATE_UNDER_WAY: _ClassVar[BulkOutputState]
    BULK_OUTPUT_STATE_ENDED: _ClassVar[BulkOutputState]
    BULK_OUTPUT_STATE_EXPIRED: _ClassVar[BulkOutputState]
BULK_OUTPUT_STATE_UNSPECIFIED: BulkOutputState
BULK_OUTPUT_STATE_REQUESTED: BulkOutputState
BULK_OUTPUT_STATE_APPROVED: BulkOutputState
BULK_OUTPUT_STATE_UNDER_WAY: BulkOutputState
BULK_OUTPUT_STATE_ENDED: BulkOutputState
BULK_OUTPUT_STATE_EXPIRED: BulkOutputState

class ChangedPersons(_message.Message):
    __slots__ = ("first_day", "last_day", "reasons", "removed", "dead")
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    DEAD_FIELD_NUMBER: _ClassVar[int]
    first_day: _person_pb2.Date
    last_day: _person_pb2.Date
    reasons: _containers.RepeatedScalarFieldContainer[_identity_pb2.ChangeReason]
    removed: bool
    dead: bool
    def __init__(self, first_day: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., last_day: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., reasons: _Optional[_Iterable[_Union[_identity_pb2.ChangeReason, str]]] = ..., removed: _Optional[bool] = ..., dead: _Optional[bool] = ...) -> None: ...

class BulkSelection(_message.Message):
    __slots__ = ("criteria", "changed")
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    criteria: _identity_search_pb2.IdentityCriteria
    changed: ChangedPersons
    def __init__(self, criteria: _Optional[_Union[_identity_search_pb2.IdentityCriteria, _Mapping]] = ..., changed: _Optional[_Union[ChangedPersons, _Mapping]] = ...) -> None: ...

class BulkOutput(_message.Message):
    __slots__ = ("output_id", "state", "purpose", "requested_by", "requested_at", "approved_by", "told")
    OUTPUT_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_BY_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_AT_FIELD_NUMBER: _ClassVar[int]
    APPROVED_BY_FIELD_NUMBER: _ClassVar[int]
    TOLD_FIELD_NUMBER: _ClassVar[int]
    output_id: str
    state: BulkOutputState
    purpose: _identity_search_pb2.IdentityPurpose
    requested_by: str
    requested_at: _timestamp_pb2.Timestamp
    approved_by: str
    told: int
    def __init__(self, output_id: _Optional[str] = ..., state: _Optional[_Union[BulkOutputState, str]] = ..., purpose: _Optional[_Union[_identity_search_pb2.IdentityPurpose, _Mapping]] = ..., requested_by: _Optional[str] = ..., requested_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., approved_by: _Optional[str] = ..., told: _Optional[int] = ...) -> None: ...

class RequestBulkOutputRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "selection", "purpose")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    selection: BulkSelection
    purpose: _identity_search_pb2.IdentityPurpose
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., selection: _Optional[_Union[BulkSelection, _Mapping]] = ..., purpose: _Optional[_Union[_identity_search_pb2.IdentityPurpose, _Mapping]] = ...) -> None: ...

class RequestBulkOutputResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ApproveBulkOutputRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "output_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    output_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., output_id: _Optional[str] = ...) -> None: ...

class ApproveBulkOutputResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FetchBulkOutputRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "output_id", "after")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_ID_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    output_id: str
    after: int
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., output_id: _Optional[str] = ..., after: _Optional[int] = ...) -> None: ...

class FetchBulkOutputResponse(_message.Message):
    __slots__ = ("found", "next")
    FOUND_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    found: _containers.RepeatedCompositeFieldContainer[_identity_search_pb2.FoundIdentity]
    next: int
    def __init__(self, found: _Optional[_Iterable[_Union[_identity_search_pb2.FoundIdentity, _Mapping]]] = ..., next: _Optional[int] = ...) -> None: ...

class ListBulkOutputsRequest(_message.Message):
    __slots__ = ("sender", "operator_session")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ...) -> None: ...

class ListBulkOutputsResponse(_message.Message):
    __slots__ = ("outputs",)
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    outputs: _containers.RepeatedCompositeFieldContainer[BulkOutput]
    def __init__(self, outputs: _Optional[_Iterable[_Union[BulkOutput, _Mapping]]] = ...) -> None: ...
