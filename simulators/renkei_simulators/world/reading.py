"""A world file, judged as a whole before anything is made of it.

What one table tells wrong is told where it stands (`Table`); what several tell against each other,
once all were read (`judging`).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from renkei import reasons
from renkei.codes import Institution, LocalGovernmentCode
from renkei.networks import CONTROL, JUKINET, WARD, domain_of
from renkei.refusals import Refusal
from renkei.roles import ROLES, role_of
from renkei_pki.tokens.session import TokenPlace
from renkei_server.dispatch.pace import USUAL, Pace
from renkei_server.roles.own_keys import KEPT_BY_TOKENS
from renkei_server.roles.served import SERVED
from renkei_server.store.engine.shared import MOST_WORKERS
from renkei_simulators.population.numbers import national_index
from renkei_simulators.world.addresses import Address
from renkei_simulators.world.definition import (
    SHARED,
    Agency,
    Municipality,
    Prefecture,
    SeatPlan,
    World,
    WorldError,
)
from renkei_simulators.world.judging import judge, require_once
from renkei_simulators.world.tables import Table

_WORLD: Final = (
    "name",
    "test",
    "crash_points",
    "seed",
    "today",
    "pace",
    "store",
    "municipality",
    "prefecture",
    "agency",
    "seat",
)
_SEAT: Final = ("role", "institution", "listen", "process", "workers", "external", "token")
_FIRST_DAY, _LAST_DAY = date(2015, 10, 5), date(2100, 12, 31)
"""Since there are Individual Numbers, and as long as terms can be counted from it."""
_MOST_RESIDENTS: Final = 4_000_000
"""More than any municipality has."""
_MOST_SEED: Final = 2**63 - 1
_PROCESS: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def read_file(path: Path) -> World:
    """The world of a file. Raises WorldError where it is none, with the file's name."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        msg = f"{path} is not UTF-8 text: save it in that encoding."
        raise WorldError(msg, f"{path}はUTF-8ではありません。UTF-8で保存してください。") from None
    except OSError as error:
        msg = f"{path} cannot be read as a world: {error.strerror}."
        raise WorldError(msg, f"{path}を世界ファイルとして読めません。") from error
    try:
        return read(text)
    except WorldError as error:
        raise WorldError(f"{path}: {error.english}", error.japanese) from error


def read(text: str) -> World:
    """The world of a file's text. Raises WorldError where it is none."""
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        msg = f"it is no TOML: {error}."
        raise WorldError(msg, "TOMLとして読めません。示された行を直してください。") from error
    except ValueError as error:  # such as a date that no calendar has
        msg = f"it holds a value that cannot be: {error}."
        raise WorldError(msg, "ありえない値が書かれています。") from error
    table = Table(told, "", _WORLD)
    municipalities = _municipalities(table)
    codes = [one.code for one in municipalities]
    world = World(
        name=table.text("name"),
        test=table.truth("test"),
        crash_points=table.truth("crash_points", default=False),
        pace=_pace(table.table("pace", ("repeats", "housekeeping_seconds"))),
        seed=table.whole("seed", least=0, most=_MOST_SEED),
        today=table.day("today", first=_FIRST_DAY, last=_LAST_DAY),
        municipalities=municipalities,
        prefectures=_prefectures(table),
        agencies=_agencies(table, codes),
        seats=tuple(_seat(one, codes) for one in table.tables("seat", _SEAT)),
        store_url=_store_url(table.table("store", ("url",))),
        text=text,
    )
    judge(world)
    return world.isolated() if world.crash_points else world


def _pace(table: Table) -> Pace:
    try:
        return Pace(
            table.number("repeats", USUAL.repeats),
            table.number("housekeeping_seconds", USUAL.housekeeping_seconds),
        )
    except ValueError as error:
        raise table.fault(
            str(error), "repeatsは0以上、housekeeping_secondsは0より大きい数にしてください。"
        ) from error


def _store_url(table: Table) -> str:
    url = table.text("url", "")
    if url and not re.match(r"postgres(ql)?(\+psycopg)?://", url):
        malformed = reasons.STORE_URL_MALFORMED
        raise table.fault(f"{malformed}: {malformed.english.rstrip('.')}", malformed.japanese)
    return url


def _municipalities(table: Table) -> tuple[Municipality, ...]:
    told = []
    for one in table.tables("municipality", ("code", "name", "residents", "four_eyes")):
        code = _institution(one, "code", number=True)
        residents = one.whole("residents", least=1, most=_MOST_RESIDENTS)
        try:
            national_index(code, residents - 1)
        except ValueError as error:
            raise one.fault(
                f"residents or code cannot be: {error}",
                f"code {code}の市区町村に{residents}人は登録できません。",
            ) from error
        four_eyes = one.truth("four_eyes", default=False)
        told.append(Municipality(code, one.text("name"), residents, four_eyes))
    require_once("[[municipality]]", (one.code for one in told))
    return tuple(told)


def _prefectures(table: Table) -> tuple[Prefecture, ...]:
    told = []
    for one in table.tables("prefecture", ("code", "name", "recipients")):
        code = _institution(one, "code", number=True)
        if not Institution(code).is_prefecture:
            raise one.fault(
                f"code {code} is no prefecture's: that of its own is {Institution(code).prefecture}",
                f"codeの{code}は都道府県のコードではありません。"
                f"その都道府県は{Institution(code).prefecture}です。",
            )
        recipients = one.whole("recipients", least=0, most=_MOST_RESIDENTS, default=0)
        told.append(Prefecture(code, one.text("name"), recipients))
    require_once("[[prefecture]]", (one.code for one in told))
    return tuple(told)


def _agencies(table: Table, codes: Sequence[str]) -> tuple[Agency, ...]:
    told = []
    for one in table.tables("agency", ("name", "title", "insured_of")):
        insured_of = tuple(one.texts("insured_of"))
        for code in insured_of:
            _require_municipality(one, "insured_of", code, codes)
        told.append(Agency(_institution(one, "name"), one.text("title"), insured_of))
    require_once("[[agency]]", (one.name for one in told))
    return tuple(told)


def _seat(table: Table, codes: Sequence[str]) -> SeatPlan:
    role = table.text("role")
    if role not in SERVED:
        near = get_close_matches(role, SERVED, n=1)
        raise table.fault(
            f"no server plays the role {role}; "
            + (f"did you mean {near[0]}?" if near else f"the roles are {', '.join(SERVED)}"),
            f"{role}という役割のサーバーはありません。役割は{'、'.join(SERVED)}です。",
        )
    institution = _institution(table, "institution")
    table.name = f"{role}.{institution}"
    if (only := ROLES[role].institution) and institution != only:
        raise table.fault(f"the institution of a {role} is {only}", f"{role}の機関は{only}です。")
    joined = (*role_of(role, institution).networks, CONTROL)
    if WARD in joined:
        _require_municipality(table, "institution", institution, codes)
    listen = _addresses(table.table("listen", joined))
    if not listen.keys() - {CONTROL}:
        raise table.fault(
            "listen has to name an address in one of its networks at least, such as "
            f'{{ {joined[0]} = "127.0.0.1:21101" }}',
            f'listenに{{ {joined[0]} = "127.0.0.1:21101" }}のようにアドレスを書いてください。',
        )
    workers = table.whole("workers", least=1, most=MOST_WORKERS, default=1)
    token = _token(table, role)
    alone = workers > 1 or token is not None
    process = table.text("process", table.name if alone else SHARED)
    if not _PROCESS.fullmatch(process):
        raise table.fault(
            f"process names files: letters, digits, dots, hyphens and underlines, not {process}",
            "processには英数字とピリオド、ハイフン、下線だけを使ってください。",
        )
    external = _external(table, listen)
    if external and workers > 1:
        raise table.fault(
            "workers of a server of yours are yours to start: leave them out, or external",
            "externalのサーバーのワーカーは利用者が起動するものです。workersかexternalを除いてください。",
        )
    if external and token:
        raise table.fault(
            "token of a server of yours is yours to use: leave it out, or external",
            "externalのサーバーのトークンは利用者が使うものです。tokenかexternalを除いてください。",
        )
    return SeatPlan(
        role=role,
        institution=institution,
        process=process,
        listen={domain_of(one, institution): where for one, where in listen.items()},
        external={domain_of(one, institution): where for one, where in external.items()},
        workers=workers,
        token=token,
    )


def _token(table: Table, role: str) -> TokenPlace | None:
    """The device that keeps a seat's keys, where the table names one."""
    if "token" not in table:
        return None
    if JUKINET not in ROLES[role].networks:
        raise table.fault(
            f"token is for a server of the resident-register network, which a {role} is not",
            f"tokenは住基ネットのサーバーにだけ書けます（{role}には使えません）。",
        )
    if other := ROLES[role].keys - KEPT_BY_TOKENS:
        names = ", ".join(sorted(one.name.lower() for one in other))
        raise table.fault(
            f"token cannot keep every key of a {role} yet ({names})",
            f"{role}の鍵（{names}）はまだトークンに保管できません。tokenを除いてください。",
        )
    told = table.table("token", ("module", "label", "pin_file"))
    paths = {key: Path(told.text(key)) for key in ("module", "pin_file")}
    for key, path in paths.items():
        if not path.is_absolute():
            raise told.fault(
                f"{key} has to be a whole path, such as /etc/renkei/{key}, not {path}",
                f"{key}は/etc/renkei/{key}のような絶対パスで書いてください。",
            )
    return TokenPlace(paths["module"], told.text("label"), paths["pin_file"])


def _external(table: Table, listen: Mapping[str, str]) -> Mapping[str, str]:
    """Where a server of the user's is reached in each network; nothing where the seat is ours."""
    faces = [network for network in listen if network != CONTROL]
    if "external" not in table:
        return {}
    if isinstance(table.raw("external"), str):
        where = _address(table, "external", table.text("external"))
        told = dict.fromkeys(faces, where)
    else:
        told = dict(_addresses(table.table("external", faces)))
        if missing := [one for one in faces if one not in told]:
            raise table.fault(
                f"external tells no address for {', '.join(missing)}, where it listens",
                f"externalに{'、'.join(missing)}のアドレスがありません。",
            )
    if any(Address.parse(where).port == 0 for where in told.values()):
        raise table.fault(
            "external has to name the port of your server, not 0",
            "externalには利用者のサーバーのポート番号（0以外）を書いてください。",
        )
    return told


def _addresses(table: Table) -> Mapping[str, str]:
    return {network: _address(table, network, where) for network, where in table.items()}


def _address(table: Table, key: str, told: str) -> str:
    try:
        Address.parse(told)
    except ValueError:
        raise table.fault(
            f"{key} has to be HOST:PORT with a port up to 65535, such as 127.0.0.1:21101 or "
            f"[::1]:21101, not {told}",
            f"{key}は127.0.0.1:21101や[::1]:21101のように、ホスト:ポート（65535以下）の形で"
            f"書いてください（{told}は使えません）。",
        ) from None
    return told


def _institution(table: Table, key: str, *, number: bool = False) -> str:
    """What names an institution there; a `number` is a local government's."""
    told = table.text(key)
    try:
        if number:
            LocalGovernmentCode.parse(told)
        Institution.parse(told)
    except Refusal as refusal:
        raise table.fault(
            f"{key} {told} names no institution: {refusal.reason.english.rstrip('.')}",
            f"{key}の{told}は機関を表しません。{refusal.reason.japanese}",
        ) from refusal
    return told


def _require_municipality(table: Table, key: str, told: str, codes: Sequence[str]) -> None:
    if told not in codes:
        raise table.fault(
            f"{key} {told} is no municipality of this world: add a [[municipality]] with that code, "
            f"or name one of {', '.join(codes) or 'those that you add'}",
            f"{key}の{told}はこの世界の市区町村ではありません。"
            "そのコードの[[municipality]]を加えるか、既存のコードを書いてください。",
        )
