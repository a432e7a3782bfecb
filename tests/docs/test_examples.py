"""The examples that `make examples` runs are whole without it, and bring nothing that they need not."""

import json
import subprocess
from pathlib import Path

from renkei_simulators import contract

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_a_script_is_one_that_bash_can_read() -> None:
    for script in EXAMPLES.glob("*.sh"):
        read = subprocess.run(
            ["/bin/bash", "-n", script], capture_output=True, text=True, check=False
        )

        assert (read.returncode, read.stderr) == (0, "")


def test_an_example_names_what_it_needs_and_no_registry() -> None:
    """A lock file would name the registry from which somebody here once fetched."""
    wanted = json.loads((EXAMPLES / "node" / "package.json").read_text(encoding="utf-8"))

    assert set(wanted["dependencies"]) == {"@grpc/grpc-js", "@grpc/proto-loader", "protobufjs"}
    assert {one.name for one in (EXAMPLES / "node").iterdir()} - {"node_modules"} == {
        "acquire.mjs",
        "package.json",
    }


def test_every_example_calls_what_the_contract_has() -> None:
    called = {
        "inquire.sh": (
            "ResidentRecordService",
            "NumberingService",
            "SubCopyService",
            "InquiryService",
        ),
        "change.py": ("ResidentService",),
        "node/acquire.mjs": ("ResidentRecordService",),
        "java/Acquire.java": ("ResidentRecordService",),
    }
    known = {
        service.rpartition(".")[2]
        for file in contract.files()
        for service in (s.full_name for s in contract.descriptor(file).services_by_name.values())
    }
    for example, services in called.items():
        text = (EXAMPLES / example).read_text(encoding="utf-8")
        assert [one for one in services if one not in text or one not in known] == []
