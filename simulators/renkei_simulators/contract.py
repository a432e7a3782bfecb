"""The contract for other languages: the .proto files and one descriptor set."""

import shutil
from importlib import import_module, resources
from pathlib import Path

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet

_PACKAGES = ("type", "batch", "ward", "jukinet", "linkage")


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
    """The descriptor of one .proto file of the contract."""
    module = import_module(file.removesuffix(".proto").replace("/", ".") + "_pb2")
    found: FileDescriptor = module.DESCRIPTOR
    return found


def descriptor_set() -> FileDescriptorSet:
    """Every file of the contract and all that they import, each after what it needs."""
    found = FileDescriptorSet()
    seen: set[str] = set()

    def add(one: FileDescriptor) -> None:
        if one.name in seen:
            return
        seen.add(one.name)
        for needed in one.dependencies:
            add(needed)
        one.CopyToProto(found.file.add())

    for file in files():
        add(descriptor(file))
    return found


def export(folder: Path) -> list[Path]:
    """Write the .proto files and `renkei.binpb` to a folder; return what was written."""
    written = []
    for file in files():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        source = resources.files("renkei").joinpath(*Path(file).parts[1:])
        with resources.as_file(source) as path:
            shutil.copyfile(path, target)
        written.append(target)
    binary = folder / "renkei.binpb"
    binary.write_bytes(descriptor_set().SerializeToString(deterministic=True))
    return [*written, binary]
