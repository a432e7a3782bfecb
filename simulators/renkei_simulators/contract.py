"""The contract for other languages: .proto files, one descriptor set, and a page that explains them."""

import shutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet

_PACKAGES: Final = ("type", "batch", "control", "operators", "ward", "jukinet", "linkage")

_OF_REFUSALS: Final = ("google/rpc/error_details.proto", "google/rpc/status.proto")
"""What the details of a refusal are written in; no file of the contract imports them."""

_README: Final = "contract.md"


def files() -> list[str]:
    """The path of every .proto file of the contract, such as `renkei/type/v1/codes.proto`."""
    root = resources.files("renkei")
    return sorted(
        f"renkei/{package}/v1/{one.name}"
        for package in _PACKAGES
        for one in root.joinpath(package, "v1").iterdir()
        if one.name.endswith(".proto")
    )


def descriptor(file: str) -> FileDescriptor:
    """The descriptor of one .proto file of the contract, or of those that refusals need."""
    module = import_module(file.removesuffix(".proto").replace("/", ".") + "_pb2")
    found: FileDescriptor = module.DESCRIPTOR
    return found


def methods_of(service: str) -> tuple[str, ...]:
    """The names of a service's methods, such as `renkei.ward.v1.NumberingService`'s."""
    return _methods()[service]


@cache
def _methods() -> dict[str, tuple[str, ...]]:
    return {
        service.full_name: tuple(method.name for method in service.methods)
        for file in files()
        for service in descriptor(file).services_by_name.values()
    }


def descriptor_set() -> FileDescriptorSet:
    """Every file of the contract and all that they and refusals need, each after what it needs."""
    found = FileDescriptorSet()
    seen: set[str] = set()

    def add(one: FileDescriptor) -> None:
        if one.name in seen:
            return
        seen.add(one.name)
        for needed in one.dependencies:
            add(needed)
        one.CopyToProto(found.file.add())

    for file in (*files(), *_OF_REFUSALS):
        add(descriptor(file))
    return found


def export(folder: Path) -> list[Path]:
    """Write the .proto files, `renkei.binpb` and a README to a folder; return what was written."""
    written = [_copy(source, folder / file) for file, source in _sources()]
    binary = folder / "renkei.binpb"
    binary.write_bytes(descriptor_set().SerializeToString(deterministic=True))
    readme = resources.files("renkei_simulators.data").joinpath(_README)
    return [*written, binary, _copy(readme, folder / "README.md")]


def _sources() -> Iterator[tuple[str, Traversable]]:
    for file in files():
        yield file, resources.files("renkei").joinpath(*Path(file).parts[1:])
    for file in _OF_REFUSALS:
        yield file, resources.files("google.rpc").joinpath(Path(file).name)


def _copy(source: Traversable, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with resources.as_file(source) as path:
        shutil.copyfile(path, target)
    return target
