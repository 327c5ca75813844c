"""What can be known of the Docker files without starting a container: every name in them exists and is documented."""

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lienthu.settings import DEFAULTS, name_variable

REPOSITORY = Path(__file__).resolve().parent.parent
COMPOSE_TEXT = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "harvester")
NODES = ("es1", "es2", "es3")
ONCE = "certificates"
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
DOCKER_DOCUMENT = (REPOSITORY / "docs" / "docker.md").read_text(encoding="utf-8")
LOCKS = ("requirements.lock", "contrib/docker/build.lock")
SETTINGS = {name_variable(key) for key in DEFAULTS}
KNOWN_KEYS = {
    "build", "image", "restart", "init", "read_only", "tmpfs", "cap_drop", "security_opt", "env_file", "environment",
    "volumes", "depends_on", "ports", "mem_limit", "healthcheck", "command", "entrypoint", "user", "network_mode",
    "profiles", "ulimits", "shm_size",
}  # fmt: skip
INTERPOLATION = re.compile(r"(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}")


def list_command_options(command: str) -> set[str]:
    from typer.main import get_command

    from lienthu.__main__ import build_command_line

    known = get_command(build_command_line()).commands[command]  # type: ignore[attr-defined]
    return {option for parameter in known.params for option in parameter.opts}


def read_lock(name: str) -> dict[str, tuple[str, str]]:
    """package -> (version, all that stands under it)."""
    found = re.findall(
        r"^([\w.-]+)==([\w.+!-]+)([^\n]*(?:\n +[^\n]*)*)", (REPOSITORY / name).read_text(encoding="utf-8"), re.MULTILINE
    )
    return {canonicalize_name(package): (version, rest) for package, version, rest in found}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_bounded_watched_and_spelled_right(name: str) -> None:
    service = SERVICES[name]
    assert service.keys() <= KNOWN_KEYS
    assert service["mem_limit"]
    if name != ONCE:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_may_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_only_the_search_page_has_a_port_and_only_on_this_machine() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])


@pytest.mark.parametrize("name", OURS)
def test_every_setting_in_it_exists(name: str) -> None:
    named = {key for key in SERVICES[name]["environment"] if key.startswith("LIENTHU_")}
    assert named
    assert named - SETTINGS == set()


def test_every_setting_of_the_image_exists() -> None:
    named = set(re.findall(r"\b(LIENTHU_\w+)=", DOCKERFILE))
    assert named
    assert named - SETTINGS == set()


def test_every_variable_is_documented_and_every_documented_one_is_used() -> None:
    used = {name for name, _, _ in INTERPOLATION.findall(COMPOSE_TEXT)}
    table = DOCKER_DOCUMENT.split("## Variables")[1].split("## ")[0]
    documented = {
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert used == documented


def test_no_dollar_is_left_to_chance() -> None:
    """Compose replaces $NAME as well: what a shell is to see is written $$."""
    assert re.sub(r"\$\$", "", INTERPOLATION.sub("", COMPOSE_TEXT)).count("$") == 0


def test_secrets_come_from_outside_and_must_be_set() -> None:
    secrets = {
        (service, key): value
        for service, described in SERVICES.items()
        for key, value in described.get("environment", {}).items()
        if re.search("PASSWORD|KEY$|SECRET|TOKEN", key)
    }
    assert {service for service, _ in secrets} == {*OURS, *NODES, "postgres"}
    for place, value in secrets.items():
        match = INTERPOLATION.fullmatch(value)
        assert match is not None, place
        assert match[2] == "?", place
        assert match[3].startswith("set "), place
    assert not re.search(r"://[^/\s]*:[^/\s]*@", COMPOSE_TEXT), "an address holds a password"


def test_volumes_and_dependencies_that_are_named_are_there() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume["source"] if isinstance(volume, dict) else volume.split(":")[0]
            assert source.startswith((".", "$")) or source in COMPOSE["volumes"], (name, volume)
        for needed, how in service.get("depends_on", {}).items():
            finished = how["condition"] == "service_completed_successfully"
            assert finished == (needed == ONCE)
            assert "profiles" not in SERVICES[needed], f"{name} waits for {needed}, which may not be started"


@pytest.mark.parametrize("name", OURS)
def test_folders_are_mounted_and_no_single_file_that_an_editor_would_replace(name: str) -> None:
    volumes = SERVICES[name]["volumes"]
    beside = {volume["source"] if isinstance(volume, dict) else volume.split(":")[0] for volume in volumes}
    folders = {source.removeprefix("./") for source in beside if source.startswith("./")}
    start = DOCKER_DOCUMENT.split("## Start")[1].split("## ")[0]
    made = {word for line in re.findall(r"^mkdir -p (.+)$", start, re.MULTILINE) for word in line.split()}
    assert made == {*folders, "files"}
    ignored = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {f"/{folder}/" for folder in made} <= set(ignored)
    assert {"/.env", "/lienthu.env"} <= set(ignored), "a secret could be committed"


def test_the_image_alone_is_run_with_the_same_bounds_and_folders() -> None:
    alone = DOCKER_DOCUMENT.split("## The image alone")[1]
    bounds, folders = (
        shlex.split(re.findall(rf'^{name}="(.+)"$', alone, re.MULTILINE)[0]) for name in ("bounds", "folders")
    )
    assert {"--init", "--read-only", "--cap-drop", "--security-opt", "--memory"} <= set(bounds)
    targets = {word.split(":")[1] for word in folders if ":" in word}
    assert targets == {"/var/lib/lienthu", "/etc/lienthu", "/var/lib/lienthu/tables", "/srv/files"}
    for command in re.findall(r"lienthu (demo|run|serve|status)\b(.*)", alone):
        assert set(re.findall(r"--\w+", command[1])) <= list_command_options(command[0])


def test_the_nodes_are_one_secured_cluster_of_one_or_three() -> None:
    made = set(re.findall(r"for node in ([^;]+);", SERVICES[ONCE]["command"][0])[0].split())
    assert made == set(NODES)
    for name in NODES:
        node = SERVICES[name]
        settings = node["environment"]
        assert node.get("profiles", []) == ([] if name == "es1" else ["cluster"])
        assert settings["node.name"] == name
        assert set(settings["discovery.seed_hosts"].split(",")) == set(NODES) - {name}
        assert ("cluster.initial_master_nodes" in settings) == (name == "es1")
        assert settings["xpack.security.enabled"] == "true"
        for layer in ("http", "transport"):
            assert settings[f"xpack.security.{layer}.ssl.enabled"] == "true"
            assert settings[f"xpack.security.{layer}.ssl.certificate"] == f"certificates/{name}.crt"
            assert settings[f"xpack.security.{layer}.ssl.key"] == f"certificates/{name}.key"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
def test_the_script_that_makes_certificates_is_a_script() -> None:
    script = SERVICES[ONCE]["command"][0].replace("$$", "$")
    checked = subprocess.run(["bash", "-n", "-c", script], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_commands_that_are_called_exist() -> None:
    command, *options = SERVICES["harvester"]["command"]
    assert {option for option in options if option.startswith("--")} <= list_command_options(command)
    _, _, asked, option = SERVICES["harvester"]["healthcheck"]["test"]
    assert option in list_command_options(asked)
    assert '["lienthu"]' in DOCKERFILE
    assert list_command_options(re.findall(r'^CMD \["(\w+)"\]', DOCKERFILE, re.MULTILINE)[0])
    for command in re.findall(r"docker compose run --rm harvester (\w+)", DOCKER_DOCUMENT):
        assert list_command_options(command) is not None


def test_the_image_does_not_run_as_root_and_is_watched() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\w+)$", last_stage, re.MULTILINE) == ["lienthu"]
    assert "HEALTHCHECK" in last_stage
    assert "pip install" not in last_stage
    assert re.search(r"uninstall .*\bpip setuptools wheel\b", last_stage), "the base brings an installer of its own"


def test_everything_that_the_image_copies_is_there_and_goes_to_the_builder() -> None:
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    let_in = set(re.findall(r"^!(.+)$", (REPOSITORY / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(copied) == let_in
    assert all((REPOSITORY / source).exists() for source in copied)
    described = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(described["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= set(copied)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_by_its_sum_and_names_no_server(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    locked = read_lock(name)
    pinned = [line for line in text.splitlines() if re.match(r"[A-Za-z]", line)]
    assert len(pinned) == len(locked) > 1
    assert all("--hash=sha256:" in rest for _, rest in locked.values())
    assert "://" not in text


def test_the_lock_fits_what_the_program_asks_for() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = read_lock("requirements.lock")
    for wanted in map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["postgresql"]]):
        version, _ = locked[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version), f"{wanted} is locked at {version}: make the lock anew"
