from renkei.type.v1 import consistency_pb2 as _consistency_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListBucketDigestsRequest(_message.Message):
    __slots__ = ("sender", "municipality")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    MUNICIPALITY_FIELD_NUMBER: _ClassVar[int]
    sender: str
    municipality: str
    def __init__(self, sender: _Optional[str] = ..., municipality: _Optional[str] = ...) -> None: ...

class ListBucketDigestsResponse(_message.Message):
    __slots__ = ("buckets",)
    BUCKETS_FIELD_NUMBER: _ClassVar[int]
    buckets: _containers.RepeatedCompositeFieldContainer[_consistency_pb2.BucketDigest]
    def __init__(self, buckets: _Optional[_Iterable[_Union[_consistency_pb2.BucketDigest, _Mapping]]] = ...) -> None: ...

class ListPersonDigestsRequest(_message.Message):
    __slots__ = ("sender", "municipality", "buckets")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    MUNICIPALITY_FIELD_NUMBER: _ClassVar[int]
    BUCKETS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    municipality: str
    buckets: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, sender: _Optional[str] = ..., municipality: _Optional[str] = ..., buckets: _Optional[_Iterable[int]] = ...) -> None: ...

class ListPersonDigestsResponse(_message.Message):
    __slots__ = ("answered", "persons")
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    answered: int
    persons: _containers.RepeatedCompositeFieldContainer[_consistency_pb2.PersonDigest]
    def __init__(self, answered: _Optional[int] = ..., persons: _Optional[_Iterable[_Union[_consistency_pb2.PersonDigest, _Mapping]]] = ...) -> None: ...

class ComparePersonsRequest(_message.Message):
    __slots__ = ("sender", "municipality", "persons")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    MUNICIPALITY_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    municipality: str
    persons: _containers.RepeatedCompositeFieldContainer[_consistency_pb2.ComparedPerson]
    def __init__(self, sender: _Optional[str] = ..., municipality: _Optional[str] = ..., persons: _Optional[_Iterable[_Union[_consistency_pb2.ComparedPerson, _Mapping]]] = ...) -> None: ...

class ComparePersonsResponse(_message.Message):
    __slots__ = ("comparisons",)
    COMPARISONS_FIELD_NUMBER: _ClassVar[int]
    comparisons: _containers.RepeatedCompositeFieldContainer[_consistency_pb2.PersonComparison]
    def __init__(self, comparisons: _Optional[_Iterable[_Union[_consistency_pb2.PersonComparison, _Mapping]]] = ...) -> None: ...
