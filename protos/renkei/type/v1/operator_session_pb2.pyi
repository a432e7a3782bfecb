import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Access(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACCESS_UNSPECIFIED: _ClassVar[Access]
    ACCESS_READ: _ClassVar[Access]
    ACCESS_UPDATE: _ClassVar[Access]

class Factor(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACTOR_UNSPECIFIED: _ClassVar[Factor]
    FACTOR_PASSWORD: _ClassVar[Factor]
    FACTOR_BIOMETRIC: _ClassVar[Factor]
    FACTOR_PIN: _ClassVar[Factor]
ACCESS_UNSPECIFIED: Access
ACCESS_READ: Access
ACCESS_UPDATE: Access
FACTOR_UNSPECIFIED: Factor
FACTOR_PASSWORD: Factor
FACTOR_BIOMETRIC: Factor
FACTOR_PIN: Factor

class Permission(_message.Message):
    __slots__ = ("function", "access")
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    ACCESS_FIELD_NUMBER: _ClassVar[int]
    function: str
    access: Access
    def __init__(self, function: _Optional[str] = ..., access: _Optional[_Union[Access, str]] = ...) -> None: ...

class OperatorSessionClaims(_message.Message):
    __slots__ = ("session_id", "operator_id", "institution", "terminal", "factors", "permissions", "approver", "not_before", "not_after")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    INSTITUTION_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    FACTORS_FIELD_NUMBER: _ClassVar[int]
    PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    APPROVER_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    operator_id: str
    institution: str
    terminal: str
    factors: _containers.RepeatedScalarFieldContainer[Factor]
    permissions: _containers.RepeatedCompositeFieldContainer[Permission]
    approver: bool
    not_before: _timestamp_pb2.Timestamp
    not_after: _timestamp_pb2.Timestamp
    def __init__(self, session_id: _Optional[str] = ..., operator_id: _Optional[str] = ..., institution: _Optional[str] = ..., terminal: _Optional[str] = ..., factors: _Optional[_Iterable[_Union[Factor, str]]] = ..., permissions: _Optional[_Iterable[_Union[Permission, _Mapping]]] = ..., approver: _Optional[bool] = ..., not_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., not_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OperatorSession(_message.Message):
    __slots__ = ("claims", "signature")
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    claims: bytes
    signature: bytes
    def __init__(self, claims: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...
