from renkei.type.v1 import consistency_pb2 as _consistency_pb2
from renkei.type.v1 import identity_pb2 as _identity_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListBucketDigestsRequest(_message.Message):
    __slots__ = ("sender",)
    SENDER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    def __init__(self, sender: _Optional[str] = ...) -> None: ...

class ListBucketDigestsResponse(_message.Message):
    __slots__ = ("buckets",)
    BUCKETS_FIELD_NUMBER: _ClassVar[int]
    buckets: _containers.RepeatedCompositeFieldContainer[_consistency_pb2.BucketDigest]
    def __init__(self, buckets: _Optional[_Iterable[_Union[_consistency_pb2.BucketDigest, _Mapping]]] = ...) -> None: ...

class ListPersonDigestsRequest(_message.Message):
    __slots__ = ("sender", "buckets")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    BUCKETS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    buckets: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, sender: _Optional[str] = ..., buckets: _Optional[_Iterable[int]] = ...) -> None: ...

class ListPersonDigestsResponse(_message.Message):
    __slots__ = ("answered", "persons")
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    answered: int
    persons: _containers.RepeatedCompositeFieldContainer[_consistency_pb2.PersonDigest]
    def __init__(self, answered: _Optional[int] = ..., persons: _Optional[_Iterable[_Union[_consistency_pb2.PersonDigest, _Mapping]]] = ...) -> None: ...

class ComparedResident(_message.Message):
    __slots__ = ("person", "municipal_items")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    MUNICIPAL_ITEMS_FIELD_NUMBER: _ClassVar[int]
    person: _consistency_pb2.ComparedPerson
    municipal_items: _identity_pb2.MunicipalItems
    def __init__(self, person: _Optional[_Union[_consistency_pb2.ComparedPerson, _Mapping]] = ..., municipal_items: _Optional[_Union[_identity_pb2.MunicipalItems, _Mapping]] = ...) -> None: ...

class CompareResidentsRequest(_message.Message):
    __slots__ = ("sender", "residents")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    RESIDENTS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    residents: _containers.RepeatedCompositeFieldContainer[ComparedResident]
    def __init__(self, sender: _Optional[str] = ..., residents: _Optional[_Iterable[_Union[ComparedResident, _Mapping]]] = ...) -> None: ...

class CompareResidentsResponse(_message.Message):
    __slots__ = ("comparisons",)
    COMPARISONS_FIELD_NUMBER: _ClassVar[int]
    comparisons: _containers.RepeatedCompositeFieldContainer[_consistency_pb2.PersonComparison]
    def __init__(self, comparisons: _Optional[_Iterable[_Union[_consistency_pb2.PersonComparison, _Mapping]]] = ...) -> None: ...
