from renkei.type.v1 import identity_search_pb2 as _identity_search_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SearchIdentitiesRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "criteria", "purpose")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    criteria: _identity_search_pb2.IdentityCriteria
    purpose: _identity_search_pb2.IdentityPurpose
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., criteria: _Optional[_Union[_identity_search_pb2.IdentityCriteria, _Mapping]] = ..., purpose: _Optional[_Union[_identity_search_pb2.IdentityPurpose, _Mapping]] = ...) -> None: ...

class SearchIdentitiesResponse(_message.Message):
    __slots__ = ("found",)
    FOUND_FIELD_NUMBER: _ClassVar[int]
    found: _containers.RepeatedCompositeFieldContainer[_identity_search_pb2.FoundIdentity]
    def __init__(self, found: _Optional[_Iterable[_Union[_identity_search_pb2.FoundIdentity, _Mapping]]] = ...) -> None: ...

class InquireNationRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "criteria", "purpose")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    criteria: _identity_search_pb2.IdentityCriteria
    purpose: _identity_search_pb2.IdentityPurpose
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., criteria: _Optional[_Union[_identity_search_pb2.IdentityCriteria, _Mapping]] = ..., purpose: _Optional[_Union[_identity_search_pb2.IdentityPurpose, _Mapping]] = ...) -> None: ...

class InquireNationResponse(_message.Message):
    __slots__ = ("found",)
    FOUND_FIELD_NUMBER: _ClassVar[int]
    found: _containers.RepeatedCompositeFieldContainer[_identity_search_pb2.FoundIdentity]
    def __init__(self, found: _Optional[_Iterable[_Union[_identity_search_pb2.FoundIdentity, _Mapping]]] = ...) -> None: ...
