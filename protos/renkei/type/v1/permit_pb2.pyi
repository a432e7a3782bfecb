import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import person_pb2 as _person_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PermitSide(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERMIT_SIDE_UNSPECIFIED: _ClassVar[PermitSide]
    PERMIT_SIDE_INQUIRER: _ClassVar[PermitSide]
    PERMIT_SIDE_PROVIDER: _ClassVar[PermitSide]
PERMIT_SIDE_UNSPECIFIED: PermitSide
PERMIT_SIDE_INQUIRER: PermitSide
PERMIT_SIDE_PROVIDER: PermitSide

class InquiryTerms(_message.Message):
    __slots__ = ("inquirer", "inquirer_delegator", "provider", "provider_delegator", "affair_code", "procedure_code", "information_code", "condition_class", "fiscal_year_class", "from_date", "to_date", "non_disclosure")
    INQUIRER_FIELD_NUMBER: _ClassVar[int]
    INQUIRER_DELEGATOR_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_DELEGATOR_FIELD_NUMBER: _ClassVar[int]
    AFFAIR_CODE_FIELD_NUMBER: _ClassVar[int]
    PROCEDURE_CODE_FIELD_NUMBER: _ClassVar[int]
    INFORMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    CONDITION_CLASS_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_CLASS_FIELD_NUMBER: _ClassVar[int]
    FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    TO_DATE_FIELD_NUMBER: _ClassVar[int]
    NON_DISCLOSURE_FIELD_NUMBER: _ClassVar[int]
    inquirer: str
    inquirer_delegator: str
    provider: str
    provider_delegator: str
    affair_code: str
    procedure_code: str
    information_code: str
    condition_class: str
    fiscal_year_class: str
    from_date: _person_pb2.Date
    to_date: _person_pb2.Date
    non_disclosure: bool
    def __init__(self, inquirer: _Optional[str] = ..., inquirer_delegator: _Optional[str] = ..., provider: _Optional[str] = ..., provider_delegator: _Optional[str] = ..., affair_code: _Optional[str] = ..., procedure_code: _Optional[str] = ..., information_code: _Optional[str] = ..., condition_class: _Optional[str] = ..., fiscal_year_class: _Optional[str] = ..., from_date: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., to_date: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., non_disclosure: _Optional[bool] = ...) -> None: ...

class PermitClaims(_message.Message):
    __slots__ = ("exchange_id", "world_id", "side", "code", "terms", "legal_table", "legal_item", "not_before", "not_after", "commitment")
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    WORLD_ID_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    LEGAL_TABLE_FIELD_NUMBER: _ClassVar[int]
    LEGAL_ITEM_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_FIELD_NUMBER: _ClassVar[int]
    COMMITMENT_FIELD_NUMBER: _ClassVar[int]
    exchange_id: str
    world_id: str
    side: PermitSide
    code: _codes_pb2.LinkageCode
    terms: InquiryTerms
    legal_table: str
    legal_item: str
    not_before: _timestamp_pb2.Timestamp
    not_after: _timestamp_pb2.Timestamp
    commitment: bytes
    def __init__(self, exchange_id: _Optional[str] = ..., world_id: _Optional[str] = ..., side: _Optional[_Union[PermitSide, str]] = ..., code: _Optional[_Union[_codes_pb2.LinkageCode, _Mapping]] = ..., terms: _Optional[_Union[InquiryTerms, _Mapping]] = ..., legal_table: _Optional[str] = ..., legal_item: _Optional[str] = ..., not_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., not_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., commitment: _Optional[bytes] = ...) -> None: ...

class Permit(_message.Message):
    __slots__ = ("claims", "signature")
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    claims: bytes
    signature: bytes
    def __init__(self, claims: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...
