from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import person_pb2 as _person_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EnrolOperatorRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_id", "password", "roster_end")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    ROSTER_END_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_id: str
    password: str
    roster_end: _person_pb2.Date
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_id: _Optional[str] = ..., password: _Optional[str] = ..., roster_end: _Optional[_Union[_person_pb2.Date, _Mapping]] = ...) -> None: ...

class EnrolOperatorResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SetPermissionsRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_id", "permissions", "approver")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    APPROVER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_id: str
    permissions: _containers.RepeatedCompositeFieldContainer[_operator_session_pb2.Permission]
    approver: bool
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_id: _Optional[str] = ..., permissions: _Optional[_Iterable[_Union[_operator_session_pb2.Permission, _Mapping]]] = ..., approver: _Optional[bool] = ...) -> None: ...

class SetPermissionsResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SetRosterEndRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_id", "roster_end")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    ROSTER_END_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_id: str
    roster_end: _person_pb2.Date
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_id: _Optional[str] = ..., roster_end: _Optional[_Union[_person_pb2.Date, _Mapping]] = ...) -> None: ...

class SetRosterEndResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RevokeOperatorRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_id: _Optional[str] = ...) -> None: ...

class RevokeOperatorResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UnlockOperatorRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_id: _Optional[str] = ...) -> None: ...

class UnlockOperatorResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListOperatorsRequest(_message.Message):
    __slots__ = ("sender",)
    SENDER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    def __init__(self, sender: _Optional[str] = ...) -> None: ...

class RosterEntry(_message.Message):
    __slots__ = ("operator_id", "revoked", "locked", "roster_end", "permissions", "approver")
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    LOCKED_FIELD_NUMBER: _ClassVar[int]
    ROSTER_END_FIELD_NUMBER: _ClassVar[int]
    PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    APPROVER_FIELD_NUMBER: _ClassVar[int]
    operator_id: str
    revoked: bool
    locked: bool
    roster_end: _person_pb2.Date
    permissions: _containers.RepeatedCompositeFieldContainer[_operator_session_pb2.Permission]
    approver: bool
    def __init__(self, operator_id: _Optional[str] = ..., revoked: _Optional[bool] = ..., locked: _Optional[bool] = ..., roster_end: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., permissions: _Optional[_Iterable[_Union[_operator_session_pb2.Permission, _Mapping]]] = ..., approver: _Optional[bool] = ...) -> None: ...

class ListOperatorsResponse(_message.Message):
    __slots__ = ("operators",)
    OPERATORS_FIELD_NUMBER: _ClassVar[int]
    operators: _containers.RepeatedCompositeFieldContainer[RosterEntry]
    def __init__(self, operators: _Optional[_Iterable[_Union[RosterEntry, _Mapping]]] = ...) -> None: ...
