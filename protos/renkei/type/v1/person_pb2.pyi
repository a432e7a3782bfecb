from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Sex(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEX_UNSPECIFIED: _ClassVar[Sex]
    SEX_MALE: _ClassVar[Sex]
    SEX_FEMALE: _ClassVar[Sex]
SEX_UNSPECIFIED: Sex
SEX_MALE: Sex
SEX_FEMALE: Sex

class Date(_message.Message):
    __slots__ = ("year", "month", "day")
    YEAR_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    year: int
    month: int
    day: int
    def __init__(self, year: _Optional[int] = ..., month: _Optional[int] = ..., day: _Optional[int] = ...) -> None: ...

class PersonName(_message.Message):
    __slots__ = ("text", "furigana")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FURIGANA_FIELD_NUMBER: _ClassVar[int]
    text: str
    furigana: str
    def __init__(self, text: _Optional[str] = ..., furigana: _Optional[str] = ...) -> None: ...

class Address(_message.Message):
    __slots__ = ("postal_code", "text")
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    postal_code: str
    text: str
    def __init__(self, postal_code: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class FourAttributes(_message.Message):
    __slots__ = ("name", "birth_date", "sex", "address")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BIRTH_DATE_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    name: PersonName
    birth_date: Date
    sex: Sex
    address: Address
    def __init__(self, name: _Optional[_Union[PersonName, _Mapping]] = ..., birth_date: _Optional[_Union[Date, _Mapping]] = ..., sex: _Optional[_Union[Sex, str]] = ..., address: _Optional[_Union[Address, _Mapping]] = ...) -> None: ...
