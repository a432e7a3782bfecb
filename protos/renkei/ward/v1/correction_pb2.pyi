import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import identity_pb2 as _identity_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ApproveCorrectionRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "resident_record_code", "reason", "case_reference")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CASE_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    resident_record_code: _codes_pb2.ResidentRecordCode
    reason: _identity_pb2.ChangeReason
    case_reference: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., reason: _Optional[_Union[_identity_pb2.ChangeReason, str]] = ..., case_reference: _Optional[str] = ...) -> None: ...

class ApproveCorrectionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WithdrawApprovalRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "approval_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    APPROVAL_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    approval_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., approval_id: _Optional[str] = ...) -> None: ...

class WithdrawApprovalResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListCorrectionsRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "resident_record_code")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    resident_record_code: _codes_pb2.ResidentRecordCode
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ...) -> None: ...

class CorrectedRecord(_message.Message):
    __slots__ = ("items", "municipal_items")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    MUNICIPAL_ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _identity_pb2.IdentityItems
    municipal_items: _identity_pb2.MunicipalItems
    def __init__(self, items: _Optional[_Union[_identity_pb2.IdentityItems, _Mapping]] = ..., municipal_items: _Optional[_Union[_identity_pb2.MunicipalItems, _Mapping]] = ...) -> None: ...

class Correction(_message.Message):
    __slots__ = ("approval_id", "reason", "case_reference", "operator_id", "approved_at", "used_at", "sequence", "before", "after")
    APPROVAL_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CASE_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    APPROVED_AT_FIELD_NUMBER: _ClassVar[int]
    USED_AT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    approval_id: str
    reason: _identity_pb2.ChangeReason
    case_reference: str
    operator_id: str
    approved_at: _timestamp_pb2.Timestamp
    used_at: _timestamp_pb2.Timestamp
    sequence: int
    before: CorrectedRecord
    after: CorrectedRecord
    def __init__(self, approval_id: _Optional[str] = ..., reason: _Optional[_Union[_identity_pb2.ChangeReason, str]] = ..., case_reference: _Optional[str] = ..., operator_id: _Optional[str] = ..., approved_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., used_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sequence: _Optional[int] = ..., before: _Optional[_Union[CorrectedRecord, _Mapping]] = ..., after: _Optional[_Union[CorrectedRecord, _Mapping]] = ...) -> None: ...

class ListCorrectionsResponse(_message.Message):
    __slots__ = ("corrections",)
    CORRECTIONS_FIELD_NUMBER: _ClassVar[int]
    corrections: _containers.RepeatedCompositeFieldContainer[Correction]
    def __init__(self, corrections: _Optional[_Iterable[_Union[Correction, _Mapping]]] = ...) -> None: ...
