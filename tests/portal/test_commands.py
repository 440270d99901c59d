"""The foundation's management commands: preparing, doing jobs, sweeping, and being alive."""

import datetime as dt
import os
from io import StringIO

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from commitments.models import Framework
from portal import jobs
from portal.models import Heartbeat, Job, Organisation
from portal.services import operations

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 16, 10, tzinfo=dt.UTC)


def run(name, *arguments):
    """What the command prints."""
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def folders(settings, tmp_path):
    """Data folders that are not there yet."""
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = str(tmp_path / "static")
    staticfiles_storage._setup()
    yield tmp_path
    staticfiles_storage._setup()


def test_prepare_makes_folders_and_loads_what_the_portal_starts_with(folders, capsys):
    assert run("prepare").endswith("Ready.\n")
    assert (folders / "data").is_dir()
    assert (folders / "media").is_dir()
    assert (folders / "static" / "portal.css").is_file()
    assert Framework.objects.current().version
    assert Organisation.objects.filter(slug="north-east-london").exists()


def test_prepare_may_be_run_at_every_start(folders, capsys):
    run("prepare")
    before = [(one.pk, one.name) for one in Organisation.objects.order_by("pk")]
    assert run("prepare").endswith("Ready.\n")
    assert [(one.pk, one.name) for one in Organisation.objects.order_by("pk")] == before


def test_static_files_are_collected_again_only_when_they_change(folders, settings, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "own.css").write_text("p { color: #212b32 }")
    settings.STATICFILES_DIRS = [own]
    run("collect")
    collected = folders / "static" / "own.css"

    collected.write_text("as it was")
    os.utime(collected, (0, 0))
    run("collect")
    assert collected.read_text() == "as it was", "a folder that is up to date is only read"

    (own / "own.css").write_text("p { color: #005eb8 }")
    run("collect")
    assert collected.read_text() == "p { color: #005eb8 }"


def test_static_files_half_collected_are_not_taken_for_whole(folders, monkeypatch):
    run("collect")
    (folders / "static" / "collected").write_text("of an older version")

    def stopped(*_arguments, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("portal.management.commands.collect.call_command", stopped)
        with pytest.raises(KeyboardInterrupt):
            run("collect")
    assert not (folders / "static" / "collected").exists()


def test_prepare_loads_demonstration_data_in_a_demonstration_only(folders, settings, monkeypatch):
    seeded = []
    monkeypatch.setattr("reporting.demo.seed", lambda **words: seeded.append(words) or [])

    run("prepare")
    assert seeded == []

    settings.DEMO = True
    assert "Demonstration: 0 accounts." in run("prepare")
    assert [words["seed"] for words in seeded] == [1]


def finish(*, job, at):
    jobs.finish(job, at=at)


def fail(*, job, at):
    raise OSError


@pytest.fixture
def makers(settings):
    """One that does what it is given, and one that cannot."""
    settings.JOB_MAKERS = {"finishing": f"{__name__}.finish", "failing": f"{__name__}.fail"}


def insert(kind, number, at=AT):
    return jobs.insert(kind=kind, subject_id=number, organisation=None, at=at)


def test_run_jobs_does_each_job_that_is_due(makers):
    insert("finishing", 1)
    insert("finishing", 2)
    later = insert("finishing", 3, at=timezone.now() + dt.timedelta(hours=1))

    assert run("run_jobs").splitlines() == ["finishing for None"] * 2

    assert Job.objects.exclude(state=Job.State.DONE).get() == later


def test_run_jobs_leaves_a_job_that_cannot_be_done_for_later(makers):
    stubborn = insert("failing", 1)
    insert("finishing", 2)
    run("run_jobs")
    left = Job.objects.exclude(state=Job.State.DONE).get()
    assert (left, left.attempts, left.state) == (stubborn, 1, Job.State.WAITING)


def test_run_jobs_can_be_quiet(makers):
    insert("finishing", 1)
    assert run("run_jobs", "--quiet") == ""
    assert Job.objects.get().state == Job.State.DONE


def test_run_jobs_ends_at_once_when_nothing_is_due():
    assert run("run_jobs") == ""


@pytest.mark.parametrize("which", ["worker", "scheduler"])
def test_alive_is_content_with_a_recent_beat(which):
    operations.record_heartbeat(at=timezone.now() - dt.timedelta(minutes=2))
    assert run("alive", which) == ""


@pytest.mark.parametrize("which", ["worker", "scheduler"])
def test_alive_exits_with_1_after_three_silent_minutes(which):
    operations.record_heartbeat(at=timezone.now() - dt.timedelta(minutes=4))
    with pytest.raises(SystemExit) as exit_:
        run("alive", which)
    assert exit_.value.code == 1


def test_alive_exits_with_1_before_the_first_beat():
    assert not Heartbeat.objects.exists()
    with pytest.raises(SystemExit) as exit_:
        run("alive", "worker")
    assert exit_.value.code == 1


def test_alive_knows_no_other_process():
    with pytest.raises(CommandError, match="invalid choice"):
        run("alive", "proxy")


def test_sweep_jobs_rings_for_what_is_due(monkeypatch):
    job = insert("board-paper", 1)
    insert("board-paper", 2, at=timezone.now() + dt.timedelta(hours=1))
    rung = []
    monkeypatch.setattr(jobs, "ring", lambda job_id: rung.append(job_id) or True)

    assert run("sweep_jobs") == "1 rung\n"
    assert rung == [job.pk]
