import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import exchange_pb2 as _exchange_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import permit_pb2 as _permit_pb2
from renkei.type.v1 import person_pb2 as _person_pb2
from renkei.type.v1 import sub_copy_pb2 as _sub_copy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SetManualReleaseRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "information_code", "integrated_address_number", "manual")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    INFORMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    MANUAL_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    information_code: str
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    manual: bool
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., information_code: _Optional[str] = ..., integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ..., manual: _Optional[bool] = ...) -> None: ...

class SetManualReleaseResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListHeldAnswersRequest(_message.Message):
    __slots__ = ("sender", "operator_session")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ...) -> None: ...

class HeldAnswer(_message.Message):
    __slots__ = ("exchange_id", "terms", "until", "persons")
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    exchange_id: str
    terms: _permit_pb2.InquiryTerms
    until: _timestamp_pb2.Timestamp
    persons: _containers.RepeatedCompositeFieldContainer[HeldPerson]
    def __init__(self, exchange_id: _Optional[str] = ..., terms: _Optional[_Union[_permit_pb2.InquiryTerms, _Mapping]] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., persons: _Optional[_Iterable[_Union[HeldPerson, _Mapping]]] = ...) -> None: ...

class HeldPerson(_message.Message):
    __slots__ = ("integrated_address_number", "attributes")
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    attributes: _person_pb2.FourAttributes
    def __init__(self, integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ..., attributes: _Optional[_Union[_person_pb2.FourAttributes, _Mapping]] = ...) -> None: ...

class ListHeldAnswersResponse(_message.Message):
    __slots__ = ("answers",)
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[HeldAnswer]
    def __init__(self, answers: _Optional[_Iterable[_Union[HeldAnswer, _Mapping]]] = ...) -> None: ...

class GetHeldAnswerRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "exchange_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    exchange_id: str
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., exchange_id: _Optional[str] = ...) -> None: ...

class GetHeldAnswerResponse(_message.Message):
    __slots__ = ("held", "outcome", "records", "digest")
    HELD_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    held: HeldAnswer
    outcome: _exchange_pb2.ExchangeOutcome
    records: _containers.RepeatedCompositeFieldContainer[_sub_copy_pb2.SubCopy]
    digest: bytes
    def __init__(self, held: _Optional[_Union[HeldAnswer, _Mapping]] = ..., outcome: _Optional[_Union[_exchange_pb2.ExchangeOutcome, str]] = ..., records: _Optional[_Iterable[_Union[_sub_copy_pb2.SubCopy, _Mapping]]] = ..., digest: _Optional[bytes] = ...) -> None: ...

class ReleaseAnswerRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "exchange_id", "digest", "non_disclosure")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    NON_DISCLOSURE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    exchange_id: str
    digest: bytes
    non_disclosure: bool
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., exchange_id: _Optional[str] = ..., digest: _Optional[bytes] = ..., non_disclosure: _Optional[bool] = ...) -> None: ...

class ReleaseAnswerResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WithholdAnswerRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "exchange_id", "non_disclosure")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    NON_DISCLOSURE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    exchange_id: str
    non_disclosure: bool
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., exchange_id: _Optional[str] = ..., non_disclosure: _Optional[bool] = ...) -> None: ...

class WithholdAnswerResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
