import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import exchange_pb2 as _exchange_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import permit_pb2 as _permit_pb2
from renkei.type.v1 import sealed_answer_pb2 as _sealed_answer_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RequestExchangeRequest(_message.Message):
    __slots__ = ("sender", "request_id", "own_id", "code", "terms")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OWN_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    own_id: str
    code: _codes_pb2.LinkageCode
    terms: _permit_pb2.InquiryTerms
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., own_id: _Optional[str] = ..., code: _Optional[_Union[_codes_pb2.LinkageCode, _Mapping]] = ..., terms: _Optional[_Union[_permit_pb2.InquiryTerms, _Mapping]] = ...) -> None: ...

class NotPermitted(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class CancelledExchange(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RequestExchangeResponse(_message.Message):
    __slots__ = ("asked_at", "permit", "not_permitted", "cancelled")
    ASKED_AT_FIELD_NUMBER: _ClassVar[int]
    PERMIT_FIELD_NUMBER: _ClassVar[int]
    NOT_PERMITTED_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    asked_at: _timestamp_pb2.Timestamp
    permit: _permit_pb2.Permit
    not_permitted: NotPermitted
    cancelled: CancelledExchange
    def __init__(self, asked_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., permit: _Optional[_Union[_permit_pb2.Permit, _Mapping]] = ..., not_permitted: _Optional[_Union[NotPermitted, _Mapping]] = ..., cancelled: _Optional[_Union[CancelledExchange, _Mapping]] = ...) -> None: ...

class CancelExchangeRequest(_message.Message):
    __slots__ = ("sender", "request_id", "own_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OWN_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    own_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., own_id: _Optional[str] = ...) -> None: ...

class CancelExchangeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DeliverAnswerRequest(_message.Message):
    __slots__ = ("sender", "request_id", "exchange_id", "outcome", "answered_at", "non_disclosure", "answer")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_AT_FIELD_NUMBER: _ClassVar[int]
    NON_DISCLOSURE_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    exchange_id: str
    outcome: _exchange_pb2.ExchangeOutcome
    answered_at: _timestamp_pb2.Timestamp
    non_disclosure: bool
    answer: _sealed_answer_pb2.SealedAnswer
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., exchange_id: _Optional[str] = ..., outcome: _Optional[_Union[_exchange_pb2.ExchangeOutcome, str]] = ..., answered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., non_disclosure: _Optional[bool] = ..., answer: _Optional[_Union[_sealed_answer_pb2.SealedAnswer, _Mapping]] = ...) -> None: ...

class DeliverAnswerResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SettleExchangeRequest(_message.Message):
    __slots__ = ("sender", "request_id", "exchange_id", "code", "refusal")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    exchange_id: str
    code: _codes_pb2.LinkageCode
    refusal: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., exchange_id: _Optional[str] = ..., code: _Optional[_Union[_codes_pb2.LinkageCode, _Mapping]] = ..., refusal: _Optional[str] = ...) -> None: ...

class SettleExchangeResponse(_message.Message):
    __slots__ = ("record",)
    RECORD_FIELD_NUMBER: _ClassVar[int]
    record: _exchange_pb2.ExchangeRecord
    def __init__(self, record: _Optional[_Union[_exchange_pb2.ExchangeRecord, _Mapping]] = ...) -> None: ...
