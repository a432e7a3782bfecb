import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import permit_pb2 as _permit_pb2
from renkei.type.v1 import sub_copy_pb2 as _sub_copy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExchangeOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXCHANGE_OUTCOME_UNSPECIFIED: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_PROVIDED: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_EVERY_ITEM_NULL: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_NO_SUB_COPY: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_NOT_PUBLISHED: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_PROVIDER_CODE_NOT_ACQUIRED: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_WITHHELD: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_NOT_PERMITTED: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_CANCELLED: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_EXPIRED: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_FAILED_AT_NETWORK: _ClassVar[ExchangeOutcome]
    EXCHANGE_OUTCOME_UNDELIVERABLE: _ClassVar[ExchangeOutcome]
EXCHANGE_OUTCOME_UNSPECIFIED: ExchangeOutcome
EXCHANGE_OUTCOME_PROVIDED: ExchangeOutcome
EXCHANGE_OUTCOME_EVERY_ITEM_NULL: ExchangeOutcome
EXCHANGE_OUTCOME_NO_SUB_COPY: ExchangeOutcome
EXCHANGE_OUTCOME_NOT_PUBLISHED: ExchangeOutcome
EXCHANGE_OUTCOME_PROVIDER_CODE_NOT_ACQUIRED: ExchangeOutcome
EXCHANGE_OUTCOME_WITHHELD: ExchangeOutcome
EXCHANGE_OUTCOME_NOT_PERMITTED: ExchangeOutcome
EXCHANGE_OUTCOME_CANCELLED: ExchangeOutcome
EXCHANGE_OUTCOME_EXPIRED: ExchangeOutcome
EXCHANGE_OUTCOME_FAILED_AT_NETWORK: ExchangeOutcome
EXCHANGE_OUTCOME_UNDELIVERABLE: ExchangeOutcome

class Answer(_message.Message):
    __slots__ = ("exchange_id", "outcome", "records")
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    exchange_id: str
    outcome: ExchangeOutcome
    records: _containers.RepeatedCompositeFieldContainer[_sub_copy_pb2.SubCopy]
    def __init__(self, exchange_id: _Optional[str] = ..., outcome: _Optional[_Union[ExchangeOutcome, str]] = ..., records: _Optional[_Iterable[_Union[_sub_copy_pb2.SubCopy, _Mapping]]] = ...) -> None: ...

class ExchangeRecord(_message.Message):
    __slots__ = ("exchange_id", "terms", "legal_table", "legal_item", "asked_at", "answered_at", "outcome", "refusal", "non_disclosure")
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    LEGAL_TABLE_FIELD_NUMBER: _ClassVar[int]
    LEGAL_ITEM_FIELD_NUMBER: _ClassVar[int]
    ASKED_AT_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_AT_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    NON_DISCLOSURE_FIELD_NUMBER: _ClassVar[int]
    exchange_id: str
    terms: _permit_pb2.InquiryTerms
    legal_table: str
    legal_item: str
    asked_at: _timestamp_pb2.Timestamp
    answered_at: _timestamp_pb2.Timestamp
    outcome: ExchangeOutcome
    refusal: str
    non_disclosure: bool
    def __init__(self, exchange_id: _Optional[str] = ..., terms: _Optional[_Union[_permit_pb2.InquiryTerms, _Mapping]] = ..., legal_table: _Optional[str] = ..., legal_item: _Optional[str] = ..., asked_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., answered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., outcome: _Optional[_Union[ExchangeOutcome, str]] = ..., refusal: _Optional[str] = ..., non_disclosure: _Optional[bool] = ...) -> None: ...

class Inquiry(_message.Message):
    __slots__ = ("inquiry_id", "detail_status", "information_status", "message", "outcome", "refusal", "information_code", "records")
    INQUIRY_ID_FIELD_NUMBER: _ClassVar[int]
    DETAIL_STATUS_FIELD_NUMBER: _ClassVar[int]
    INFORMATION_STATUS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    INFORMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    inquiry_id: str
    detail_status: str
    information_status: str
    message: str
    outcome: ExchangeOutcome
    refusal: str
    information_code: str
    records: _containers.RepeatedCompositeFieldContainer[_sub_copy_pb2.SubCopy]
    def __init__(self, inquiry_id: _Optional[str] = ..., detail_status: _Optional[str] = ..., information_status: _Optional[str] = ..., message: _Optional[str] = ..., outcome: _Optional[_Union[ExchangeOutcome, str]] = ..., refusal: _Optional[str] = ..., information_code: _Optional[str] = ..., records: _Optional[_Iterable[_Union[_sub_copy_pb2.SubCopy, _Mapping]]] = ...) -> None: ...
