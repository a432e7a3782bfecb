"""The functions of the modelled systems and what of each there is today, read from `coverage.toml`.

A function works when a client can use it over gRPC with mutual TLS and a test shows it.
Sources of the ids: a ward's published assessment; for the systems of others they are ours.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import resources
from pathlib import Path
from typing import Any, Self

from renkei.roles import Name
from renkei_simulators.conformance.controls import Fidelity
from renkei_simulators.documents.parts import DocumentError


class State(Enum):
    """How much of a function there is."""

    WORKS = Name("works", "動く")
    IN_PART = Name("in part", "一部")
    NOT_YET = Name("not yet", "未実装")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise DocumentError unless the text is a state in English."""
        for one in cls:
            if one.value.english == text:
                return one
        msg = f"there is no state {text!r}"
        raise DocumentError(msg)


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a system."""

    id: str
    name: Name
    state: State
    today: Name | None
    """What of it there is, where the state alone does not say it."""
    mark: Fidelity | None
    """How well founded what it does is; `remark` says of which part that is not so."""
    remark: Name | None
    tests: tuple[str, ...]
    """The tests that show it, each as `path::name`."""


@dataclass(frozen=True, slots=True)
class System:
    """One system and its functions."""

    key: str
    name: Name
    functions: tuple[Function, ...]


def systems(text: str | None = None) -> tuple[System, ...]:
    """Every system. Raises DocumentError where a function says what nothing shows."""
    if text is None:
        file = resources.files("renkei_simulators.documents").joinpath("coverage.toml")
        text = file.read_text(encoding="utf-8")
    found = tuple(
        System(one["key"], Name(**one["name"]), tuple(map(_function, one["function"])))
        for one in tomllib.loads(text)["system"]
    )
    _refuse_an_id_twice(found)
    return found


def _function(told: Mapping[str, Any]) -> Function:
    try:
        function = Function(
            id=told["id"],
            name=Name(**told["name"]),
            state=State.parse(told["state"]),
            today=_name(told, "today"),
            mark=Fidelity.parse(told["mark"]) if "mark" in told else None,
            remark=_name(told, "remark"),
            tests=tuple(told.get("tests", ())),
        )
    except (KeyError, TypeError, DocumentError) as error:
        msg = f"{told.get('id', 'a function')}: {error}"
        raise DocumentError(msg) from error
    exists = function.state is not State.NOT_YET
    if exists != bool(function.tests) or exists != (function.mark is not None):
        needs = "needs a mark and a test that shows it" if exists else "has neither mark nor test"
        msg = f"{function.id}: what is {function.state.value.english!r} {needs}"
        raise DocumentError(msg)
    return function


def _name(told: Mapping[str, Any], key: str) -> Name | None:
    return Name(**told[key]) if key in told else None


def _refuse_an_id_twice(found: Sequence[System]) -> None:
    ids = [function.id for system in found for function in system.functions]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        msg = f"{', '.join(twice)}: told twice"
        raise DocumentError(msg)


def refuse_missing_tests(found: Sequence[System], root: Path) -> None:
    """Raise DocumentError where a test that is to show a function is not in the project."""
    if missing := list(_missing(found, root)):
        raise DocumentError("; ".join(missing))


def _missing(found: Sequence[System], root: Path) -> Iterator[str]:
    texts: dict[str, str] = {}
    for function in (one for system in found for one in system.functions):
        for test in function.tests:
            path, _, name = test.partition("::")
            if path not in texts:
                file = root / path
                texts[path] = file.read_text(encoding="utf-8") if file.is_file() else ""
            if not re.search(rf"^(?:async )?def {re.escape(name)}\(", texts[path], re.MULTILINE):
                yield f"{function.id}: there is no test {test}"
