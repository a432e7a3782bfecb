import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrganisationKeyState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORGANISATION_KEY_STATE_UNSPECIFIED: _ClassVar[OrganisationKeyState]
    ORGANISATION_KEY_STATE_CURRENT: _ClassVar[OrganisationKeyState]
    ORGANISATION_KEY_STATE_RETIRING: _ClassVar[OrganisationKeyState]
    ORGANISATION_KEY_STATE_DESTROYED: _ClassVar[OrganisationKeyState]
ORGANISATION_KEY_STATE_UNSPECIFIED: OrganisationKeyState
ORGANISATION_KEY_STATE_CURRENT: OrganisationKeyState
ORGANISATION_KEY_STATE_RETIRING: OrganisationKeyState
ORGANISATION_KEY_STATE_DESTROYED: OrganisationKeyState

class OrganisationKey(_message.Message):
    __slots__ = ("number", "state", "made_at", "records")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MADE_AT_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    number: int
    state: OrganisationKeyState
    made_at: _timestamp_pb2.Timestamp
    records: int
    def __init__(self, number: _Optional[int] = ..., state: _Optional[_Union[OrganisationKeyState, str]] = ..., made_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., records: _Optional[int] = ...) -> None: ...

class RotateOrganisationKeyRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ...) -> None: ...

class RotateOrganisationKeyResponse(_message.Message):
    __slots__ = ("number",)
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    number: int
    def __init__(self, number: _Optional[int] = ...) -> None: ...

class DestroyOrganisationKeysRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "organisation")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    organisation: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., organisation: _Optional[str] = ...) -> None: ...

class DestroyOrganisationKeysResponse(_message.Message):
    __slots__ = ("records",)
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    records: int
    def __init__(self, records: _Optional[int] = ...) -> None: ...

class GetOrganisationKeysRequest(_message.Message):
    __slots__ = ("sender", "operator_session")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ...) -> None: ...

class GetOrganisationKeysResponse(_message.Message):
    __slots__ = ("keys",)
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[OrganisationKey]
    def __init__(self, keys: _Optional[_Iterable[_Union[OrganisationKey, _Mapping]]] = ...) -> None: ...
