from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import identity_pb2 as _identity_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NotificationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTIFICATION_STATE_UNSPECIFIED: _ClassVar[NotificationState]
    NOTIFICATION_STATE_UNDER_WAY: _ClassVar[NotificationState]
    NOTIFICATION_STATE_APPLIED: _ClassVar[NotificationState]
    NOTIFICATION_STATE_REFUSED: _ClassVar[NotificationState]
NOTIFICATION_STATE_UNSPECIFIED: NotificationState
NOTIFICATION_STATE_UNDER_WAY: NotificationState
NOTIFICATION_STATE_APPLIED: NotificationState
NOTIFICATION_STATE_REFUSED: NotificationState

class ResidentEntry(_message.Message):
    __slots__ = ("local_address_number", "items", "municipal_items", "change_information", "household")
    LOCAL_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    MUNICIPAL_ITEMS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_INFORMATION_FIELD_NUMBER: _ClassVar[int]
    HOUSEHOLD_FIELD_NUMBER: _ClassVar[int]
    local_address_number: _codes_pb2.LocalAddressNumber
    items: _identity_pb2.IdentityItems
    municipal_items: _identity_pb2.MunicipalItems
    change_information: _identity_pb2.ChangeInformation
    household: Household
    def __init__(self, local_address_number: _Optional[_Union[_codes_pb2.LocalAddressNumber, _Mapping]] = ..., items: _Optional[_Union[_identity_pb2.IdentityItems, _Mapping]] = ..., municipal_items: _Optional[_Union[_identity_pb2.MunicipalItems, _Mapping]] = ..., change_information: _Optional[_Union[_identity_pb2.ChangeInformation, _Mapping]] = ..., household: _Optional[_Union[Household, _Mapping]] = ...) -> None: ...

class Household(_message.Message):
    __slots__ = ("number", "head", "relationship")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    RELATIONSHIP_FIELD_NUMBER: _ClassVar[int]
    number: str
    head: str
    relationship: str
    def __init__(self, number: _Optional[str] = ..., head: _Optional[str] = ..., relationship: _Optional[str] = ...) -> None: ...

class EnterResidentRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "entry", "provisional")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    entry: ResidentEntry
    provisional: bool
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., entry: _Optional[_Union[ResidentEntry, _Mapping]] = ..., provisional: _Optional[bool] = ...) -> None: ...

class EnterResidentResponse(_message.Message):
    __slots__ = ("provisional",)
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    provisional: bool
    def __init__(self, provisional: _Optional[bool] = ...) -> None: ...

class ChangeResidentRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "entry", "provisional")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    entry: ResidentEntry
    provisional: bool
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., entry: _Optional[_Union[ResidentEntry, _Mapping]] = ..., provisional: _Optional[bool] = ...) -> None: ...

class ChangeResidentResponse(_message.Message):
    __slots__ = ("provisional",)
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    provisional: bool
    def __init__(self, provisional: _Optional[bool] = ...) -> None: ...

class GetNotificationRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "local_address_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    LOCAL_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    local_address_number: _codes_pb2.LocalAddressNumber
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., local_address_number: _Optional[_Union[_codes_pb2.LocalAddressNumber, _Mapping]] = ...) -> None: ...

class GetNotificationResponse(_message.Message):
    __slots__ = ("sequence", "state", "seat", "refused", "fields")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    state: NotificationState
    seat: str
    refused: str
    fields: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, sequence: _Optional[int] = ..., state: _Optional[_Union[NotificationState, str]] = ..., seat: _Optional[str] = ..., refused: _Optional[str] = ..., fields: _Optional[_Iterable[str]] = ...) -> None: ...
