"""What `renkei up` tells of how to call the world."""

from pathlib import Path

import pytest

from renkei_simulators import up_command


def test_buf_is_named_so_that_the_shell_finds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    beside = tmp_path / "buf"
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", "")
    assert up_command.buf() == "buf", "there is none"

    beside.touch(mode=0o755)
    assert up_command.buf() == str(beside)

    monkeypatch.setenv("PATH", str(tmp_path))
    assert up_command.buf() == "buf"
