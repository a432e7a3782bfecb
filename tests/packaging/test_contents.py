"""Of a checkout nothing is shipped but what is Renkei's: no key, no person, no world."""

from pathlib import Path, PurePath

from pathspec import GitIgnoreSpec

from renkei_simulators.world.definition import World
from renkei_simulators.world.provision import provision
from tests.worlds import seat

from .checkout import LOOSE, OF_A_WORLD, PACKAGES, ROOT, SECRET, held_by_sdist, held_by_wheel
from .conftest import Built

_KEPT_AT_HOME = {".ci/run", ".gitattributes"}
"""What is of use in the repository alone."""

_WORLD = (
    'name = "packed"\ntest = true\nseed = 1\ntoday = 2026-11-23\n'
    'municipality = [{ code = "131148", name = "中野区", residents = 2 }]\n'
    + seat("municipal-cs", "131148", "ward")
)


def test_an_sdist_holds_no_key_that_was_left_in_the_checkout(built: Built) -> None:
    assert [name for name, held in held_by_sdist(built.sdist) if SECRET in held] == []


def test_a_wheel_holds_no_key_that_was_left_in_the_checkout(built: Built) -> None:
    assert [name for name, held in held_by_wheel(built.wheel) if SECRET in held] == []


def test_an_sdist_holds_the_packages_whole_and_their_tests(built: Built) -> None:
    shipped = {name for name, _ in held_by_sdist(built.sdist)}
    wanted = {one for one in built.tracked if one.startswith((*PACKAGES, "tests/", "docs/"))}

    assert wanted - shipped == set()
    assert shipped - built.tracked == {"PKG-INFO"}
    assert {"Makefile", "README.md", "README.ja.md", "LICENSE", "pyproject.toml"} <= shipped
    assert shipped & _KEPT_AT_HOME == set()


def test_a_wheel_holds_the_packages_whole_and_nothing_else(built: Built) -> None:
    shipped = {name for name, _ in held_by_wheel(built.wheel) if ".dist-info/" not in name}

    assert shipped == {
        one.partition("/")[2] for one in built.tracked if one.startswith(tuple(PACKAGES))
    }


def test_git_ignores_what_the_guides_commands_leave(built: Built) -> None:
    ignored = GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text().splitlines())
    keys = [one for one in LOOSE if PurePath(one).suffix in {".pem", ".key", ".csr", ".jsonl"}]
    left = [
        *keys,
        *(f"{world}/{one}" for world in ("renkei-data", "my-data") for one in OF_A_WORLD),
    ]

    assert [one for one in left if not ignored.match_file(one)] == []
    assert [one for one in built.tracked if ignored.match_file(one)] == []


def test_a_world_s_folder_is_ignored_by_git_whatever_its_name(tmp_path: Path) -> None:
    layout = provision(World.parse(_WORLD), tmp_path / "trial")
    ignored = GitIgnoreSpec.from_lines(layout.ignored.read_text().splitlines())

    assert ignored.match_file(str(layout.people.relative_to(layout.root)))
