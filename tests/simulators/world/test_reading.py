"""World files: every mistake in one is told before anything is made, in English and in Japanese."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei_simulators.world.addresses import Address
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.people import recipients_of

SOUND = """
name = "sound"
test = true
seed = 7
today = 2026-11-23
municipality = [{ code = "131148", name = "中野区", residents = 3 }]
prefecture = [{ code = "130001", name = "東京都", recipients = 2 }]
agency = [{ name = "nenkin", title = "日本年金機構", insured_of = ["131148"] }]

[[seat]]
role = "municipal-cs"
institution = "131148"
listen = { ward = "127.0.0.1:21103", jukinet = "127.0.0.1:21104", control = "127.0.0.1:22103" }

[[seat]]
role = "national-server"
institution = "jlis"
listen = { jukinet = "127.0.0.1:21401" }
"""

WARD_AT = 'ward = "127.0.0.1:21103"'
NATION_AT = 'listen = { jukinet = "127.0.0.1:21401" }'

KEPT = 'token = { module = "/m.so", label = "t", pin_file = "/pin" }'
NATION = '[[seat]]\nrole = "national-server"\n'
PREFECTURE = """
[[seat]]
role = "prefecture-server"
institution = "130001"
listen = { jukinet = "127.0.0.1:21901" }
"""
REGISTER = """
[[seat]]
role = "resident-record"
institution = "131148"
listen = { ward = "127.0.0.1:21101" }
"""
PLATFORM = 'role = "linkage-platform"\ninstitution = "130001"'
"""A prefecture's: it has no ward network."""

MISTAKES = [
    # what is written, what is written instead, what is said
    (
        NATION_AT,
        f'{NATION_AT}\nexteral = "127.0.0.1:1"',
        "exteral is no key of it; did you mean ext",
    ),
    ("seed = 7", "sead = 7", "sead is no key of it; did you mean seed?"),
    ("seed = 7", 'seed = 7\n"a\\u0007b" = 1', r"'a\\x07b' is no key of it"),
    ("seed = 7", "", "it tells no seed"),
    ("seed = 7", 'seed = "7"', "seed has to be a whole number"),
    ("seed = 7", "seed = true", "seed has to be a whole number"),
    ("seed = 7", "seed = -1", "seed has to be a whole number from 0"),
    ("test = true", 'test = "yes"', "test has to be true or false"),
    ("test = true", "test = false", "control needs test = true"),
    (
        "test = true",
        "test = false\ncrash_points = true\n",
        "needs test = true",
    ),
    ('name = "sound"', 'name = " \\u3000"', "name is blank"),
    ('name = "sound"', 'name = "a\\nb"', "name is blank, or holds a character that cannot be seen"),
    ('name = "sound"', "name = 5", "name has to be a text"),
    ("2026-11-23", '"2026-11-23"', "today has to be a date without quotes"),
    ("2026-11-23", "2026-11-23T00:00:00", "today has to be a date"),
    ("2026-11-23", "0001-01-01", "from 2015-10-05 to 2100-12-31"),
    ("2026-11-23", "2026-02-30", "it is no TOML|cannot be"),
    ("residents = 3", "residents = 0", "residents has to be a whole number from 1"),
    ("residents = 3", "residents = 3.5", "residents has to be a whole number"),
    ("residents = 3", "residents = 99999999", "from 1 to 4000000"),
    ('"131148", name', '"131147", name', "code 131147 names no institution"),
    ('"131148", name', '"nakano", name', "code nakano names no institution"),
    ('code = "131148"', 'code = "130001"', "130001 is no municipality that the model has room for"),
    ("residents = 3", "residents = 3999999", "131148 has room for"),
    ("municipality = [{ code", "municipality = { code", "it is no TOML|two brackets"),
    ('code = "130001"', 'code = "131130"', "131130 is no prefecture's: that of its own is 130001"),
    ('code = "130001"', 'code = "tokyo"', "code tokyo names no institution"),
    ("recipients = 2", "recipients = -1", "recipients has to be a whole number from 0"),
    ('institution = "131148"', 'institution = "130001"', "130001 is no municipality of this world"),
    ('role = "municipal-cs"\ninstitution = "131148"', PLATFORM, "ward is no key of it"),
    (
        'insured_of = ["131148"]',
        'insured_of = ["131130"]',
        "131130 is no municipality of this world",
    ),
    ('insured_of = ["131148"]', 'insured_of = "131148"', "insured_of has to be a list"),
    ('institution = "131148"', 'institution = "131130"', "131130 is no municipality of this world"),
    ('institution = "131148"', 'institution = "Nakano!"', "names no institution"),
    (
        'institution = "jlis"',
        'institution = "digital"',
        "the institution of a national-server is jlis",
    ),
    ('"municipal-cs"', '"municipal-sc"', "did you mean municipal-cs?"),
    ('"municipal-cs"', '"department-care"', "no server plays the role department-care"),
    (WARD_AT, 'ward = "21103"', "ward has to be HOST:PORT"),
    (WARD_AT, 'ward = "127.0.0.1"', "ward has to be HOST:PORT"),
    (WARD_AT, 'ward = "127.0.0.1:"', "ward has to be HOST:PORT"),
    (WARD_AT, 'ward = "127.0.0.1:65536"', "with a port up to 65535"),
    (WARD_AT, 'ward = "127.0.0.1:-1"', "ward has to be HOST:PORT"),
    (WARD_AT, 'ward = "127.0.0.1:２１１０３"', "ward has to be HOST:PORT"),
    (WARD_AT, 'ward = "127.0.0.256:21103"', "ward has to be HOST:PORT"),
    (WARD_AT, 'ward = "::1:21103"', "ward has to be HOST:PORT"),
    (WARD_AT, 'ward = "[::1]"', "ward has to be HOST:PORT"),
    (WARD_AT, 'ward = "http://127.0.0.1:21103"', "ward has to be HOST:PORT"),
    (WARD_AT, "ward = 21103", "ward has to be a text"),
    (WARD_AT, 'wrad = "127.0.0.1:21103"', "wrad is no key of it; did you mean ward?"),
    (WARD_AT, 'ward = "127.0.0.1:21104"', "have the same address, 127.0.0.1:21104"),
    (WARD_AT, 'ward = "0.0.0.0:21401"', "municipal-cs.131148 have the same address"),
    (WARD_AT, 'ward = "localhost:21104"', "have the same address"),
    (NATION_AT, 'listen = "127.0.0.1:21401"', "listen: it has to be a table"),
    (NATION_AT, "listen = {}", "listen has to name an address"),
    (NATION_AT, 'listen = { control = "127.0.0.1:21401" }', "listen has to name an address"),
    (NATION_AT, f'{NATION_AT}\nprocess = "../../evil"', "process names files"),
    (NATION_AT, f"{NATION_AT}\ntoken = 5", "token: it has to be a table"),
    (NATION_AT, f"{NATION_AT}\ntoken = {{}}", "token: it tells no module"),
    (
        NATION_AT,
        f'{NATION_AT}\ntoken = {{ module = "/m.so", label = "t", pin = "1234" }}',
        "pin is no key of it; did you mean pin_file",
    ),
    (
        NATION_AT,
        f'{NATION_AT}\ntoken = {{ module = "m.so", label = "t", pin_file = "/pin" }}',
        "module has to be a whole path",
    ),
    (NATION_AT, f'{NATION_AT}\n{KEPT}\nprocess = "shared"', "has a token and needs a process"),
    (
        NATION_AT,
        f'{NATION_AT}\n{KEPT}\nexternal = "127.0.0.1:31401"',
        "token of a server of yours",
    ),
    (
        NATION,
        f"{KEPT}\n\n{NATION}{KEPT}\n",
        "municipal-cs.131148 and national-server.jlis have the same token, t",
    ),
    (
        NATION_AT,
        f"{NATION_AT}\n{REGISTER}{KEPT}",
        "token is for a server of the resident-register network, which a resident-record is not",
    ),
    (
        NATION_AT,
        f"{NATION_AT}\n{PREFECTURE}{KEPT}",
        r"token cannot keep every key of a prefecture-server yet \(operators\)",
    ),
    (NATION_AT, f"{NATION_AT}\nworkers = 0", "workers has to be a whole number from 1 to 32"),
    (NATION_AT, f"{NATION_AT}\nworkers = true", "workers has to be a whole number from 1 to 32"),
    (NATION_AT, f'{NATION_AT}\nworkers = 2\nprocess = "shared"', "needs a process of its own"),
    (
        NATION_AT,
        f'{NATION_AT}\nworkers = 2\nexternal = "127.0.0.1:31401"',
        "workers of a server of yours",
    ),
    (NATION_AT, f'{NATION_AT}\nexternal = "21401"', "external has to be HOST:PORT"),
    (NATION_AT, f'{NATION_AT}\nexternal = "127.0.0.1:0"', "the port of your server, not 0"),
    (NATION_AT, f'{NATION_AT}\nexternal = "127.0.0.1:21103"', "have the same address"),
    (NATION_AT, f"{NATION_AT}\nexternal = {{}}", "external tells no address for jukinet"),
    (NATION_AT, f'{NATION_AT}\nexternal = {{ ward = "127.0.0.1:1" }}', "ward is no key of it"),
    ("seed = 7", "seed = 7\npace = 3", "pace: it has to be a table"),
    ("seed = 7", "seed = 7\npace = { repeats = true }", "repeats has to be a number"),
    ("seed = 7", "seed = 7\npace = { repeats = inf }", "repeats has to be a number"),
    (
        "seed = 7",
        'seed = 7\nstore = { ulr = "x" }',
        "store: ulr is no key of it; did you mean url?",
    ),
    ("seed = 7", 'seed = 7\nstore = { url = "mysql://x/y" }', "STORE_URL_MALFORMED"),
]


def test_a_seat_with_a_token_has_a_process_of_its_own() -> None:
    """What is opened into memory there no other seat's fault gives away."""
    text = SOUND.replace(NATION_AT, f"{NATION_AT}\n{KEPT}")

    processes = {seat.name: seat.process for seat in World.parse(text).seats}

    assert processes == {
        "municipal-cs.131148": "shared",
        "national-server.jlis": "national-server.jlis",
    }


@pytest.mark.parametrize("store", ["", '[store]\nurl = "postgresql://somebody@localhost/x"\n'])
def test_a_seat_of_several_workers_has_a_process_of_its_own_on_either_store(store: str) -> None:
    text = SOUND.replace(NATION_AT, f"{NATION_AT}\nworkers = 2")
    world = World.parse(f"{text}\n{store}")
    seats = {seat.name: (seat.process, seat.workers) for seat in world.seats}

    nation = next(name for name in seats if name.startswith("national-server"))
    assert seats.pop(nation) == (nation, 2)
    assert {workers for _, workers in seats.values()} == {1}


@pytest.mark.parametrize(("right", "wrong", "says"), MISTAKES)
def test_a_mistake_in_a_world_file_is_told_in_both_languages(
    right: str, wrong: str, says: str
) -> None:
    assert right in SOUND

    with pytest.raises(WorldError, match=says) as told:
        World.parse(SOUND.replace(right, wrong, 1))

    assert re.search("[ぁ-ん]", told.value.japanese), told.value.japanese


def test_what_is_named_twice_is_told() -> None:
    for twice in ("municipality", "prefecture", "agency"):
        line = next(one for one in SOUND.splitlines() if one.startswith(twice))
        again = line.replace("= [", "= [" + line.partition("[")[2].rstrip("]") + ", ", 1)
        with pytest.raises(WorldError, match="more than once"):
            World.parse(SOUND.replace(line, again))
    seat = SOUND[SOUND.rindex("[[seat]]") :]
    with pytest.raises(WorldError, match=r"names national-server\.jlis more than once"):
        World.parse(SOUND + seat)


def test_a_prefecture_s_linkage_platform_has_no_ward_and_its_server_s_name_on_the_register_network() -> (
    None
):
    seat = World.load().seat("linkage-platform.130001")

    assert {(one.domain, one.role) for one in seat.identities} == {
        ("linkage", "linkage-platform"),
        ("jukinet", "prefecture-server"),
        ("control", "linkage-platform"),
    }


def test_a_prefecture_s_own_register_holds_so_many_of_each_of_its_municipalities() -> None:
    world = World.load()

    for prefecture, municipalities in (("130001", 2), ("140007", 1)):
        persons = list(recipients_of(world, prefecture))
        assert len(persons) == 20 * municipalities
        assert all(one.individual_number for one in persons)


def test_a_world_without_a_server_is_none() -> None:
    with pytest.raises(WorldError, match=r"add a \[\[seat\]\]"):
        World.parse(SOUND[: SOUND.index("[[seat]]")])


@pytest.mark.parametrize("encoding", ["shift_jis", "utf-16", "euc_jp"])
def test_a_file_in_another_encoding_is_told_with_its_name(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "world.toml"
    file.write_bytes(SOUND.encode(encoding))

    with pytest.raises(WorldError, match=r"world\.toml is not UTF-8 text.*UTF-8で保存"):
        World.load(file)


def test_a_file_as_windows_writes_it_is_read_as_any_other(tmp_path: Path) -> None:
    file = tmp_path / "world.toml"
    file.write_bytes(SOUND.replace("\n", "\r\n").encode("utf-8-sig"))

    assert World.load(file) == World.parse(SOUND)


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(WorldError, match=r"cannot be read as a world.*読めません"):
            World.load(path)


def test_a_server_of_yours_has_one_address_or_one_for_each_network() -> None:
    one = World.parse(f'{SOUND}external = "127.0.0.1:31401"\n')
    each = World.parse(
        SOUND.replace(
            '\n[[seat]]\nrole = "national',
            'external = { ward = "[::1]:31103", jukinet = "localhost:31104" }\n'
            '\n[[seat]]\nrole = "national',
        )
    )

    assert one.seat("national-server.jlis").reached == {"jukinet": "127.0.0.1:31401"}
    assert one.peers["national-server.jlis jukinet"] == "127.0.0.1:31401"
    assert each.seat("municipal-cs.131148").reached == {
        "ward-131148": "[::1]:31103",
        "jukinet": "localhost:31104",
    }
    assert each.peers["municipal-cs.131148 ward-131148"] == "[::1]:31103"
    assert each.peers["municipal-cs.131148 jukinet"] == "localhost:31104"


def test_listeners_on_ipv6_and_on_ports_of_any_kind_are_told_apart() -> None:
    told = SOUND.replace(WARD_AT, 'ward = "[::1]:21104"').replace("127.0.0.1:22103", "127.0.0.1:0")

    assert World.parse(told).seat("municipal-cs.131148").listen["ward-131148"] == "[::1]:21104"


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = Address.parse(text)
    except ValueError:
        return
    assert Address.parse(str(address)) == address


@given(st.text(max_size=200))
def test_any_text_is_a_world_or_refused(text: str) -> None:
    with pytest.raises(WorldError):
        World.parse(text)
