from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import identity_pb2 as _identity_pb2
from renkei.type.v1 import person_pb2 as _person_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class IdentityStanding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IDENTITY_STANDING_UNSPECIFIED: _ClassVar[IdentityStanding]
    IDENTITY_STANDING_RESIDENT: _ClassVar[IdentityStanding]
    IDENTITY_STANDING_REMOVED: _ClassVar[IdentityStanding]
    IDENTITY_STANDING_DEAD: _ClassVar[IdentityStanding]
IDENTITY_STANDING_UNSPECIFIED: IdentityStanding
IDENTITY_STANDING_RESIDENT: IdentityStanding
IDENTITY_STANDING_REMOVED: IdentityStanding
IDENTITY_STANDING_DEAD: IdentityStanding

class IdentityAttributes(_message.Message):
    __slots__ = ("name", "birth", "address", "sex")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BIRTH_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    name: str
    birth: _identity_pb2.RecordedDay
    address: str
    sex: _person_pb2.Sex
    def __init__(self, name: _Optional[str] = ..., birth: _Optional[_Union[_identity_pb2.RecordedDay, _Mapping]] = ..., address: _Optional[str] = ..., sex: _Optional[_Union[_person_pb2.Sex, str]] = ...) -> None: ...

class IdentityCriteria(_message.Message):
    __slots__ = ("resident_record_code", "individual_number", "attributes", "removed", "dead", "earlier")
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    DEAD_FIELD_NUMBER: _ClassVar[int]
    EARLIER_FIELD_NUMBER: _ClassVar[int]
    resident_record_code: _codes_pb2.ResidentRecordCode
    individual_number: _codes_pb2.IndividualNumber
    attributes: IdentityAttributes
    removed: bool
    dead: bool
    earlier: bool
    def __init__(self, resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ..., attributes: _Optional[_Union[IdentityAttributes, _Mapping]] = ..., removed: _Optional[bool] = ..., dead: _Optional[bool] = ..., earlier: _Optional[bool] = ...) -> None: ...

class IdentityPurpose(_message.Message):
    __slots__ = ("affair", "case_reference")
    AFFAIR_FIELD_NUMBER: _ClassVar[int]
    CASE_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    affair: str
    case_reference: str
    def __init__(self, affair: _Optional[str] = ..., case_reference: _Optional[str] = ...) -> None: ...

class FoundIdentity(_message.Message):
    __slots__ = ("items", "standing", "municipality", "leaves_on")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    MUNICIPALITY_FIELD_NUMBER: _ClassVar[int]
    LEAVES_ON_FIELD_NUMBER: _ClassVar[int]
    items: _identity_pb2.IdentityItems
    standing: IdentityStanding
    municipality: str
    leaves_on: _identity_pb2.RecordedDay
    def __init__(self, items: _Optional[_Union[_identity_pb2.IdentityItems, _Mapping]] = ..., standing: _Optional[_Union[IdentityStanding, str]] = ..., municipality: _Optional[str] = ..., leaves_on: _Optional[_Union[_identity_pb2.RecordedDay, _Mapping]] = ...) -> None: ...
