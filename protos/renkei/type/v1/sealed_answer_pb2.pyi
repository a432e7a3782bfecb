import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import exchange_pb2 as _exchange_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SealingSuite(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEALING_SUITE_UNSPECIFIED: _ClassVar[SealingSuite]
    SEALING_SUITE_MLKEM768_X25519: _ClassVar[SealingSuite]
    SEALING_SUITE_X25519: _ClassVar[SealingSuite]
SEALING_SUITE_UNSPECIFIED: SealingSuite
SEALING_SUITE_MLKEM768_X25519: SealingSuite
SEALING_SUITE_X25519: SealingSuite

class SealingPublicKey(_message.Message):
    __slots__ = ("key_id", "suite", "public_key")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    SUITE_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    suite: SealingSuite
    public_key: bytes
    def __init__(self, key_id: _Optional[str] = ..., suite: _Optional[_Union[SealingSuite, str]] = ..., public_key: _Optional[bytes] = ...) -> None: ...

class SealingKeyRecord(_message.Message):
    __slots__ = ("organisation", "number", "suites", "keys", "not_before", "not_after")
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SUITES_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_FIELD_NUMBER: _ClassVar[int]
    organisation: str
    number: int
    suites: _containers.RepeatedScalarFieldContainer[SealingSuite]
    keys: _containers.RepeatedCompositeFieldContainer[SealingPublicKey]
    not_before: _timestamp_pb2.Timestamp
    not_after: _timestamp_pb2.Timestamp
    def __init__(self, organisation: _Optional[str] = ..., number: _Optional[int] = ..., suites: _Optional[_Iterable[_Union[SealingSuite, str]]] = ..., keys: _Optional[_Iterable[_Union[SealingPublicKey, _Mapping]]] = ..., not_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., not_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PublishedSealingKeys(_message.Message):
    __slots__ = ("record", "signature", "certificates")
    RECORD_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATES_FIELD_NUMBER: _ClassVar[int]
    record: bytes
    signature: bytes
    certificates: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, record: _Optional[bytes] = ..., signature: _Optional[bytes] = ..., certificates: _Optional[_Iterable[bytes]] = ...) -> None: ...

class AnswerClaims(_message.Message):
    __slots__ = ("world_id", "inquirer", "provider", "permit", "key_id", "answered_at", "non_disclosure", "signed_at", "answer")
    WORLD_ID_FIELD_NUMBER: _ClassVar[int]
    INQUIRER_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    PERMIT_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_AT_FIELD_NUMBER: _ClassVar[int]
    NON_DISCLOSURE_FIELD_NUMBER: _ClassVar[int]
    SIGNED_AT_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    world_id: str
    inquirer: str
    provider: str
    permit: bytes
    key_id: str
    answered_at: _timestamp_pb2.Timestamp
    non_disclosure: bool
    signed_at: _timestamp_pb2.Timestamp
    answer: _exchange_pb2.Answer
    def __init__(self, world_id: _Optional[str] = ..., inquirer: _Optional[str] = ..., provider: _Optional[str] = ..., permit: _Optional[bytes] = ..., key_id: _Optional[str] = ..., answered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., non_disclosure: _Optional[bool] = ..., signed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., answer: _Optional[_Union[_exchange_pb2.Answer, _Mapping]] = ...) -> None: ...

class SignedAnswer(_message.Message):
    __slots__ = ("claims", "signature", "certificates")
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATES_FIELD_NUMBER: _ClassVar[int]
    claims: bytes
    signature: bytes
    certificates: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, claims: _Optional[bytes] = ..., signature: _Optional[bytes] = ..., certificates: _Optional[_Iterable[bytes]] = ...) -> None: ...

class SealedAnswer(_message.Message):
    __slots__ = ("exchange_id", "key_id", "ciphertext")
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    CIPHERTEXT_FIELD_NUMBER: _ClassVar[int]
    exchange_id: str
    key_id: str
    ciphertext: bytes
    def __init__(self, exchange_id: _Optional[str] = ..., key_id: _Optional[str] = ..., ciphertext: _Optional[bytes] = ...) -> None: ...
