"""Holds docker-compose.yml, .env.example and Dockerfile against the settings and the scripts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
ENVIRONMENT = OURS["web"]["environment"]
READ_BY_SETTINGS = set(
    re.findall(r"\benv(?:\.\w+)?\(\s*\"(\w+)\"", (ROOT / "portal" / "settings.py").read_text())
)

STRONG = "k3Jd8sPq0ZxLm4Vb7NcTg5Hy2RwEa9Uf6Io1QzXsWdCeRfVtGbYhNuJmIk"

# What a production portal must be told, as nothing in settings can guess it.
NEEDED = {
    "ALLOWED_HOSTS",
    "BEHIND_TLS_PROXY",
    "CONTACT_EMAIL",
    "DATABASE_URL",
    "DATA_DIR",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "REDIS_URL",
    "REQUIRE_MFA",
    "SECRET_KEY",
    "SITE_URL",
    "TRUSTED_PROXY_COUNT",
}


def variables(text):
    """Names of ${VARIABLES}, and whether each has a default or a refusal to start without it."""
    return dict(re.findall(r"\$\{(\w+)(:[-?])?[^}]*\}", text))


def of_example():
    """What .env.example sets, by name."""
    return dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_settings_read_every_variable_that_the_services_are_given():
    assert sorted(set(ENVIRONMENT) - READ_BY_SETTINGS) == []


def test_services_are_given_everything_that_production_needs():
    assert sorted(NEEDED - set(ENVIRONMENT)) == []
    assert READ_BY_SETTINGS >= NEEDED


def test_every_service_of_ours_has_the_same_environment():
    assert {name for name, one in OURS.items() if one["environment"] != ENVIRONMENT} == set()
    assert set(OURS) == {"migrate", "web", "worker", "scheduler"}


def test_a_demonstration_cannot_be_composed_by_mistake():
    assert "DEMO" not in ENVIRONMENT


def test_example_names_every_variable_that_compose_asks_for():
    asked = set(variables((ROOT / "docker-compose.yml").read_text()))
    assert sorted(asked - {"VERSION"} - set(of_example())) == []


def test_example_names_nothing_that_compose_does_not_ask_for():
    asked = set(variables((ROOT / "docker-compose.yml").read_text()))
    assert sorted(set(of_example()) - asked) == []


def test_secrets_come_from_the_environment_only():
    secret = {"SECRET_KEY", "POSTGRES_PASSWORD", "OIDC_CLIENT_SECRET", "EMAIL_URL", "SENTRY_DSN"}
    assert {name: value for name, value in of_example().items() if name in secret and value} == {}
    for name in secret & set(ENVIRONMENT):
        assert re.fullmatch(rf"\$\{{{name}(:[-?][^}}]*)?\}}", ENVIRONMENT[name])
    assert "${POSTGRES_PASSWORD" in ENVIRONMENT["DATABASE_URL"]
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"] == "${POSTGRES_PASSWORD}"


def test_compose_refuses_to_start_without_what_has_no_default():
    text = (ROOT / "docker-compose.yml").read_text()
    refusing = set(re.findall(r"\$\{(\w+):\?set \1 in \.env\}", text))
    assert refusing == {
        "CONTACT_EMAIL",
        "DEFAULT_FROM_EMAIL",
        "EMAIL_URL",
        "POSTGRES_PASSWORD",
        "SECRET_KEY",
        "SITE_HOST",
    }


def test_there_is_one_scheduler():
    assert SERVICES["scheduler"]["deploy"]["replicas"] == 1
    assert SERVICES["scheduler"]["command"][:4] == ["celery", "-A", "portal", "beat"]
    assert [name for name, one in OURS.items() if "beat" in one.get("command", [])] == ["scheduler"]


def test_redis_appends_to_a_file_and_forgets_nothing():
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_our_services_run_without_rights():
    for one in OURS.values():
        assert one["user"] == "10001:10001"
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]


def test_every_service_that_stays_has_a_health_check():
    staying = set(SERVICES) - {"migrate"}
    assert sorted(name for name in staying if "healthcheck" not in SERVICES[name]) == []


def test_services_wait_for_the_migration_and_for_what_they_need():
    for name in ("web", "worker", "scheduler"):
        waits = SERVICES[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert waits["redis"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["restart"] == "no"


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["proxy"]


def test_what_must_last_is_on_a_volume():
    mounted = {
        volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", [])
    }
    assert mounted == set(COMPOSE["volumes"])
    assert f"data:{ENVIRONMENT['DATA_DIR']}" in OURS["web"]["volumes"]


def dockerfile():
    """Instructions of the Dockerfile, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.split(maxsplit=1) for line in text.splitlines() if line and line[0] != "#"]


def test_image_runs_as_the_user_that_compose_names():
    instructions = dockerfile()
    users = [rest for word, rest in instructions if word == "USER"]
    made = next(rest for word, rest in instructions if "useradd" in rest)
    assert users == ["portal"]
    assert re.search(r"--uid 10001 .*\bportal\b", made)
    words = [word for word, _rest in instructions]
    assert words.index("USER") > max(i for i, word in enumerate(words) if word in {"RUN", "COPY"})


def test_image_has_the_debian_packages_of_the_scripts():
    script = (ROOT / "script" / "environment.sh").read_text()
    wanted = re.search(r'^RUN_PACKAGES="([^"]*)"', script, re.MULTILINE)[1].split()
    run = next(rest for word, rest in dockerfile() if word == "RUN" and "apt-get install" in rest)
    installed = run.split("--no-install-recommends")[1].split("&&")[0].split()
    assert sorted(installed) == sorted(wanted)


def test_image_has_every_folder_that_the_portal_runs_on():
    copied = {rest.split()[0] for word, rest in dockerfile() if word == "COPY"}
    apps = {"portal", "commitments", "assessments", "reporting"}
    assert copied >= apps | {"templates", "static", "fixtures", "manage.py", "requirements.lock"}


def start(**environment):
    """Load the settings in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


def test_settings_refuse_to_start_without_a_secret_key_and_say_how_to_mend_it():
    code, words = start()
    assert code == 1
    assert "SECRET_KEY is not set. Make one with python3 -c" in words.splitlines()[-1]


def test_settings_start_with_what_compose_gives():
    values = {"SITE_HOST": "portal.example.org", "SECRET_KEY": STRONG, "POSTGRES_PASSWORD": "p"}
    values |= {
        "EMAIL_URL": "smtp+tls://mail:secret@mail.example.org:587",
        "DEFAULT_FROM_EMAIL": "progress@example.org",
        "CONTACT_EMAIL": "contact@example.org",
    }

    def fill(found):
        name, default = found[1], found[2] or ""
        return values.get(name, default.removeprefix(":-"))

    filled = {
        name: re.sub(r"\$\{(\w+)(:[-?][^}]*)?\}", fill, value)
        for name, value in ENVIRONMENT.items()
    }
    assert start(**filled) == (0, "")


@pytest.mark.parametrize("name", ["environment.sh", "server", "test", "manage", "lock", "load"])
def test_scripts_are_valid_bash(name):
    subprocess.run(["bash", "-n", ROOT / "script" / name], check=True)
