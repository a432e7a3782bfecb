from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import person_pb2 as _person_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Era(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERA_UNSPECIFIED: _ClassVar[Era]
    ERA_MEIJI: _ClassVar[Era]
    ERA_TAISHO: _ClassVar[Era]
    ERA_SHOWA: _ClassVar[Era]
    ERA_HEISEI: _ClassVar[Era]
    ERA_REIWA: _ClassVar[Era]

class ChangeReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANGE_REASON_UNSPECIFIED: _ClassVar[ChangeReason]
    CHANGE_REASON_MOVED_IN: _ClassVar[ChangeReason]
    CHANGE_REASON_MOVED_IN_FROM_ABROAD: _ClassVar[ChangeReason]
    CHANGE_REASON_BIRTH: _ClassVar[ChangeReason]
    CHANGE_REASON_ENTERED_ON_NATURALISATION: _ClassVar[ChangeReason]
    CHANGE_REASON_ENTERED_ON_LOSS_OF_NATIONALITY: _ClassVar[ChangeReason]
    CHANGE_REASON_ENTERED_EX_OFFICIO: _ClassVar[ChangeReason]
    CHANGE_REASON_ENTERED_ON_REMAKING: _ClassVar[ChangeReason]
    CHANGE_REASON_ENTERED_ON_RESTORATION: _ClassVar[ChangeReason]
    CHANGE_REASON_ENTERED_BY_CANCELLATION: _ClassVar[ChangeReason]
    CHANGE_REASON_MOVED_OUT: _ClassVar[ChangeReason]
    CHANGE_REASON_MOVED_ABROAD: _ClassVar[ChangeReason]
    CHANGE_REASON_DEATH: _ClassVar[ChangeReason]
    CHANGE_REASON_REMOVED_ON_NATURALISATION: _ClassVar[ChangeReason]
    CHANGE_REASON_REMOVED_ON_LOSS_OF_NATIONALITY: _ClassVar[ChangeReason]
    CHANGE_REASON_REMOVED_EX_OFFICIO: _ClassVar[ChangeReason]
    CHANGE_REASON_REMOVED_ON_REMAKING: _ClassVar[ChangeReason]
    CHANGE_REASON_REMOVED_ON_RESTORATION: _ClassVar[ChangeReason]
    CHANGE_REASON_REMOVED_BY_CANCELLATION: _ClassVar[ChangeReason]
    CHANGE_REASON_MOVED_WITHIN: _ClassVar[ChangeReason]
    CHANGE_REASON_MINOR_CORRECTION: _ClassVar[ChangeReason]
    CHANGE_REASON_CORRECTED_EX_OFFICIO: _ClassVar[ChangeReason]
    CHANGE_REASON_ERROR_CORRECTED: _ClassVar[ChangeReason]
    CHANGE_REASON_INDIVIDUAL_NUMBER_CHANGED: _ClassVar[ChangeReason]
    CHANGE_REASON_INDIVIDUAL_NUMBER_CORRECTED: _ClassVar[ChangeReason]
    CHANGE_REASON_INDIVIDUAL_NUMBER_ENTERED: _ClassVar[ChangeReason]
    CHANGE_REASON_RESIDENT_RECORD_CODE_CHANGED: _ClassVar[ChangeReason]
    CHANGE_REASON_RESIDENT_RECORD_CODE_ENTERED: _ClassVar[ChangeReason]
    CHANGE_REASON_HOUSEHOLD_SPLIT: _ClassVar[ChangeReason]
    CHANGE_REASON_HOUSEHOLDS_MERGED: _ClassVar[ChangeReason]
    CHANGE_REASON_HOUSEHOLD_CHANGED: _ClassVar[ChangeReason]
    CHANGE_REASON_HEAD_OF_HOUSEHOLD_CHANGED: _ClassVar[ChangeReason]
    CHANGE_REASON_FORMER_SURNAME_ENTERED: _ClassVar[ChangeReason]
    CHANGE_REASON_FORMER_SURNAME_CHANGED: _ClassVar[ChangeReason]
    CHANGE_REASON_FORMER_SURNAME_DELETED: _ClassVar[ChangeReason]
    CHANGE_REASON_ALIAS_ENTERED: _ClassVar[ChangeReason]
    CHANGE_REASON_ALIAS_DELETED: _ClassVar[ChangeReason]
    CHANGE_REASON_CORRECTED_BY_CANCELLATION: _ClassVar[ChangeReason]
ERA_UNSPECIFIED: Era
ERA_MEIJI: Era
ERA_TAISHO: Era
ERA_SHOWA: Era
ERA_HEISEI: Era
ERA_REIWA: Era
CHANGE_REASON_UNSPECIFIED: ChangeReason
CHANGE_REASON_MOVED_IN: ChangeReason
CHANGE_REASON_MOVED_IN_FROM_ABROAD: ChangeReason
CHANGE_REASON_BIRTH: ChangeReason
CHANGE_REASON_ENTERED_ON_NATURALISATION: ChangeReason
CHANGE_REASON_ENTERED_ON_LOSS_OF_NATIONALITY: ChangeReason
CHANGE_REASON_ENTERED_EX_OFFICIO: ChangeReason
CHANGE_REASON_ENTERED_ON_REMAKING: ChangeReason
CHANGE_REASON_ENTERED_ON_RESTORATION: ChangeReason
CHANGE_REASON_ENTERED_BY_CANCELLATION: ChangeReason
CHANGE_REASON_MOVED_OUT: ChangeReason
CHANGE_REASON_MOVED_ABROAD: ChangeReason
CHANGE_REASON_DEATH: ChangeReason
CHANGE_REASON_REMOVED_ON_NATURALISATION: ChangeReason
CHANGE_REASON_REMOVED_ON_LOSS_OF_NATIONALITY: ChangeReason
CHANGE_REASON_REMOVED_EX_OFFICIO: ChangeReason
CHANGE_REASON_REMOVED_ON_REMAKING: ChangeReason
CHANGE_REASON_REMOVED_ON_RESTORATION: ChangeReason
CHANGE_REASON_REMOVED_BY_CANCELLATION: ChangeReason
CHANGE_REASON_MOVED_WITHIN: ChangeReason
CHANGE_REASON_MINOR_CORRECTION: ChangeReason
CHANGE_REASON_CORRECTED_EX_OFFICIO: ChangeReason
CHANGE_REASON_ERROR_CORRECTED: ChangeReason
CHANGE_REASON_INDIVIDUAL_NUMBER_CHANGED: ChangeReason
CHANGE_REASON_INDIVIDUAL_NUMBER_CORRECTED: ChangeReason
CHANGE_REASON_INDIVIDUAL_NUMBER_ENTERED: ChangeReason
CHANGE_REASON_RESIDENT_RECORD_CODE_CHANGED: ChangeReason
CHANGE_REASON_RESIDENT_RECORD_CODE_ENTERED: ChangeReason
CHANGE_REASON_HOUSEHOLD_SPLIT: ChangeReason
CHANGE_REASON_HOUSEHOLDS_MERGED: ChangeReason
CHANGE_REASON_HOUSEHOLD_CHANGED: ChangeReason
CHANGE_REASON_HEAD_OF_HOUSEHOLD_CHANGED: ChangeReason
CHANGE_REASON_FORMER_SURNAME_ENTERED: ChangeReason
CHANGE_REASON_FORMER_SURNAME_CHANGED: ChangeReason
CHANGE_REASON_FORMER_SURNAME_DELETED: ChangeReason
CHANGE_REASON_ALIAS_ENTERED: ChangeReason
CHANGE_REASON_ALIAS_DELETED: ChangeReason
CHANGE_REASON_CORRECTED_BY_CANCELLATION: ChangeReason

class RecordedDay(_message.Message):
    __slots__ = ("year", "month", "day", "era", "unknown")
    YEAR_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    ERA_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    year: int
    month: int
    day: int
    era: Era
    unknown: str
    def __init__(self, year: _Optional[int] = ..., month: _Optional[int] = ..., day: _Optional[int] = ..., era: _Optional[_Union[Era, str]] = ..., unknown: _Optional[str] = ...) -> None: ...

class FormerSurname(_message.Message):
    __slots__ = ("text", "furigana")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FURIGANA_FIELD_NUMBER: _ClassVar[int]
    text: str
    furigana: str
    def __init__(self, text: _Optional[str] = ..., furigana: _Optional[str] = ...) -> None: ...

class IdentityItems(_message.Message):
    __slots__ = ("resident_record_code", "name", "birth", "sex", "address", "individual_number", "reason", "changed_on", "former_surname")
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BIRTH_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CHANGED_ON_FIELD_NUMBER: _ClassVar[int]
    FORMER_SURNAME_FIELD_NUMBER: _ClassVar[int]
    resident_record_code: _codes_pb2.ResidentRecordCode
    name: _person_pb2.PersonName
    birth: RecordedDay
    sex: _person_pb2.Sex
    address: str
    individual_number: _codes_pb2.IndividualNumber
    reason: ChangeReason
    changed_on: RecordedDay
    former_surname: FormerSurname
    def __init__(self, resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., name: _Optional[_Union[_person_pb2.PersonName, _Mapping]] = ..., birth: _Optional[_Union[RecordedDay, _Mapping]] = ..., sex: _Optional[_Union[_person_pb2.Sex, str]] = ..., address: _Optional[str] = ..., individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ..., reason: _Optional[_Union[ChangeReason, str]] = ..., changed_on: _Optional[_Union[RecordedDay, _Mapping]] = ..., former_surname: _Optional[_Union[FormerSurname, _Mapping]] = ...) -> None: ...

class ChangeInformation(_message.Message):
    __slots__ = ("previous_resident_record_code", "previous_individual_number")
    PREVIOUS_RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    previous_resident_record_code: _codes_pb2.ResidentRecordCode
    previous_individual_number: _codes_pb2.IndividualNumber
    def __init__(self, previous_resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., previous_individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ...) -> None: ...

class MunicipalItems(_message.Message):
    __slots__ = ("name_unregistered_characters", "address_unregistered_characters", "town_code", "postal_code", "became_resident_on", "address_fixed_on", "notified_on", "previous_municipality", "previous_address", "previous_address_unregistered_characters", "reason_detail", "operator_id", "terminal_id")
    NAME_UNREGISTERED_CHARACTERS_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_UNREGISTERED_CHARACTERS_FIELD_NUMBER: _ClassVar[int]
    TOWN_CODE_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    BECAME_RESIDENT_ON_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIXED_ON_FIELD_NUMBER: _ClassVar[int]
    NOTIFIED_ON_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_MUNICIPALITY_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_ADDRESS_UNREGISTERED_CHARACTERS_FIELD_NUMBER: _ClassVar[int]
    REASON_DETAIL_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_ID_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_ID_FIELD_NUMBER: _ClassVar[int]
    name_unregistered_characters: int
    address_unregistered_characters: int
    town_code: str
    postal_code: str
    became_resident_on: RecordedDay
    address_fixed_on: RecordedDay
    notified_on: _person_pb2.Date
    previous_municipality: str
    previous_address: str
    previous_address_unregistered_characters: int
    reason_detail: str
    operator_id: str
    terminal_id: str
    def __init__(self, name_unregistered_characters: _Optional[int] = ..., address_unregistered_characters: _Optional[int] = ..., town_code: _Optional[str] = ..., postal_code: _Optional[str] = ..., became_resident_on: _Optional[_Union[RecordedDay, _Mapping]] = ..., address_fixed_on: _Optional[_Union[RecordedDay, _Mapping]] = ..., notified_on: _Optional[_Union[_person_pb2.Date, _Mapping]] = ..., previous_municipality: _Optional[str] = ..., previous_address: _Optional[str] = ..., previous_address_unregistered_characters: _Optional[int] = ..., reason_detail: _Optional[str] = ..., operator_id: _Optional[str] = ..., terminal_id: _Optional[str] = ...) -> None: ...

class IdentityNotification(_message.Message):
    __slots__ = ("origin", "sequence", "supersedes", "items", "change_information")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDES_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_INFORMATION_FIELD_NUMBER: _ClassVar[int]
    origin: str
    sequence: int
    supersedes: int
    items: IdentityItems
    change_information: ChangeInformation
    def __init__(self, origin: _Optional[str] = ..., sequence: _Optional[int] = ..., supersedes: _Optional[int] = ..., items: _Optional[_Union[IdentityItems, _Mapping]] = ..., change_information: _Optional[_Union[ChangeInformation, _Mapping]] = ...) -> None: ...

class NotificationOutcome(_message.Message):
    __slots__ = ("number", "resident_record_code", "sequence", "seat", "refused", "fields")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    number: int
    resident_record_code: _codes_pb2.ResidentRecordCode
    sequence: int
    seat: str
    refused: str
    fields: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, number: _Optional[int] = ..., resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., sequence: _Optional[int] = ..., seat: _Optional[str] = ..., refused: _Optional[str] = ..., fields: _Optional[_Iterable[str]] = ...) -> None: ...

class NotificationProgress(_message.Message):
    __slots__ = ("under_way", "applied")
    UNDER_WAY_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    under_way: bool
    applied: _containers.RepeatedCompositeFieldContainer[AppliedSequence]
    def __init__(self, under_way: _Optional[bool] = ..., applied: _Optional[_Iterable[_Union[AppliedSequence, _Mapping]]] = ...) -> None: ...

class AppliedSequence(_message.Message):
    __slots__ = ("seat", "sequence")
    SEAT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    seat: str
    sequence: int
    def __init__(self, seat: _Optional[str] = ..., sequence: _Optional[int] = ...) -> None: ...
