"""Backing up while people save, and restoring into empty stores: equal, whole, or refused."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Max

from assessments import services as assessing
from assessments.models import Answer, Evidence
from portal import audit, guards
from portal.audit.verification import verify
from portal.models import AuditEvent, Membership, Organisation, User
from portal.services import backups
from portal.services.backups import making
from reporting.models import Report, ReportBytes
from tests import factories
from tests.portal.stores import empty_stores

pytestmark = pytest.mark.django_db(transaction=True)

PDF = bytes(range(256)) * 40


def run(name, *arguments):
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    (tmp_path / "media").mkdir()
    return tmp_path


@pytest.fixture
def populated(folder, assessment, system, lead, sponsor, at):
    """A signed-off assessment with its paper, an uploaded file, and words that need care."""
    snapshot = factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    report = Report.objects.create(
        reference="NEL-2026-board-paper-1",
        kind=Report.Kind.BOARD_PAPER,
        snapshot=snapshot,
        version=1,
        made_at=at,
        pages=1,
        size=len(PDF),
        digest=hashlib.sha256(PDF).hexdigest(),
        cover={"board": "Ā 𝄞 “quoted”\u2028", "n": 1.5},
    )
    ReportBytes.objects.create(report=report, pdf=PDF, html="<h1>Paper</h1>\r\n")
    answer = assessment.answers.get(item__code="L1")
    observed = factories.observe_change(answer)
    evidence = Evidence(
        organisation=system,
        title="A file",
        kind=Evidence.Kind.FILE,
        file_name="Minutes.pdf",
        dated_on=at.date(),
        added_by=lead,
        added_at=at,
    )
    evidence.file.save("minutes.pdf", ContentFile(PDF))
    return observed


def exports():
    return {
        slug: run("export_organisation", slug, "--json")
        for slug in Organisation.objects.values_list("slug", flat=True)
    }


def hashes(root):
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in Path(root).rglob("*")
        if path.is_file()
    }


@pytest.mark.postgresql
def test_restored_is_equal_in_every_row_file_and_guard(populated, folder, settings):
    exported, files = exports(), hashes(settings.MEDIA_ROOT)
    assert len(files) == 1
    told = run("backup", str(folder / "one.tar"))
    assert "SHA-256 of its manifest: " in told

    with empty_stores(settings, folder):
        told = run("restore", str(folder / "one.tar"))
        assert "and 1 uploads of " in told
        assert exports() == exported
        assert hashes(settings.MEDIA_ROOT) == files
        assert bytes(ReportBytes.objects.get().pdf) == PDF
        assert Report.objects.get().cover["board"] == "Ā 𝄞 “quoted”\u2028"
        assert len(guards.installed()) == 2 * len(guards.frozen_tables())
        assert verify()[1] == []
        assert AuditEvent.objects.latest("pk").verb == "backup.restored"
        # What is added next gets keys of its own, and people can sign in as before.
        assert factories.UserFactory().pk not in Membership.objects.values_list("user", flat=True)
        assert User.objects.get(name="Amina Okafor").check_password(factories.PASSWORD)

    assert AuditEvent.objects.latest("pk").verb == "backup.made"


@pytest.mark.postgresql
def test_backup_under_load_is_of_one_instant(populated, framework, folder, settings, at):
    """People save all the while; whatever instant it is, every row fits every other."""
    place = factories.organisation("south-east-london")
    person = factories.user_with("lead", place)
    cycle = populated.answer.assessment.cycle
    one = assessing.add_assessment(cycle=cycle, organisation=place, by=None, at=at)
    answers = list(one.answers.select_related("item__section"))
    stop, saved, problems = threading.Event(), [], []

    def save_and_save(answer):
        version = 0
        try:
            while not stop.is_set():
                version = assessing.save_answer(
                    answer=answer,
                    level=1,
                    coverage="",
                    narrative=f"Text {version}",
                    version=version,
                    by=person,
                    at=at,
                ).version
                saved.append(version)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=save_and_save, args=[answer]) for answer in answers[:3]]
    for thread in threads:
        thread.start()
    try:
        while len(saved) < 6:
            stop.wait(0.01)
        before = len(saved)
        backups.make_backup(folder / "one.tar", at=at)
        during = len(saved) - before
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
    assert problems == []
    assert during > 0

    with empty_stores(settings, folder):
        run("restore", str(folder / "one.tar"))
        assert verify()[1] == []
        kept = Answer.objects.filter(assessment__organisation=place, version__gt=0)
        newest = kept.annotate(newest=Max("revisions__version"))
        assert {answer.version == answer.newest for answer in newest} == {True}
        told = AuditEvent.objects.filter(chain=place.slug, verb="answer.saved").count()
        assert sum(answer.version for answer in kept) == told >= before


def test_backup_is_never_overwritten(db, folder):
    (folder / "one.tar").write_text("mine")
    with pytest.raises(CommandError, match="is there already, and a backup is never overwritten"):
        run("backup", str(folder / "one.tar"))
    assert (folder / "one.tar").read_text() == "mine"


def test_backup_is_not_overwritten_by_another_made_meanwhile(db, folder, monkeypatch, at):
    path = folder / "one.tar"
    write = making._write
    monkeypatch.setattr(making, "_write", lambda *a, **k: path.touch() or write(*a, **k))
    with pytest.raises(backups.BackupRefused, match="is there already"):
        backups.make_backup(path, at=at)
    assert path.read_bytes() == b""


def test_backup_leaves_nothing_behind_when_it_cannot_be_written(db, folder, monkeypatch, at):
    def full(*_arguments, **_words):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.Writer, "add", full)
    with pytest.raises(CommandError, match=r"^No backup was made at .*one\.tar: No space left"):
        run("backup", str(folder / "one.tar"))
    assert [one.name for one in folder.iterdir()] == ["media"]


def test_backup_asks_for_a_folder(db, folder):
    with pytest.raises(CommandError, match="nowhere: make it first"):
        run("backup", str(folder / "nowhere" / "one.tar"))


def test_backup_signs_nobody_in(db, client, lead, folder, settings, at):
    client.force_login(lead)
    backups.make_backup(folder / "one.tar", at=at)
    with tarfile.open(folder / "one.tar") as tar:
        names = tar.getnames()
    assert "database/sessions.session.jsonl" not in names
    assert "database/portal.user.jsonl" in names


@pytest.mark.postgresql
def test_restore_refuses_a_database_that_is_not_empty(populated, folder, settings, at):
    backups.make_backup(folder / "one.tar", at=at)
    settings.MEDIA_ROOT = str(folder / "other")
    with pytest.raises(CommandError, match="The database is not empty"):
        run("restore", str(folder / "one.tar"))


def test_restore_refuses_a_media_folder_that_is_not_empty(populated, folder, settings, at):
    backups.make_backup(folder / "one.tar", at=at)
    with pytest.raises(CommandError, match="is not empty: empty it, or name another"):
        run("restore", str(folder / "one.tar"))


@pytest.mark.postgresql
def test_restore_fills_a_database_that_was_only_migrated(populated, folder, settings, at):
    exported = exports()
    backups.make_backup(folder / "one.tar", at=at)
    with empty_stores(settings, folder):
        call_command("migrate", verbosity=0)
        run("restore", str(folder / "one.tar"))
        assert exports() == exported


# Archives that are not what they should be


def rewrite(path, change):
    """The archive again, with `change` applied to its members by name."""
    with tarfile.open(path) as tar:
        members = {name: tar.extractfile(name).read() for name in tar.getnames()}
    change(members)
    with tarfile.open(path, "w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def edit_manifest(**changes):
    def change(members):
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps(manifest | changes).encode()

    return change


def flip(members):
    name = "database/portal.organisation.jsonl"
    members[name] = members[name].replace(b"North East", b"North Fast")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (flip, "damaged: database/portal.organisation.jsonl is not what the manifest says"),
        (lambda members: members.pop("database/portal.user.jsonl"), "portal.user.jsonl is missing"),
        (lambda members: members.pop("manifest.json"), "it has no manifest"),
        (lambda members: members.update({"manifest.json": b"{"}), "it has no manifest"),
        (edit_manifest(format=2), "a format that this version does not know"),
        (edit_manifest(files={"media/../../x": {}}), "x does not belong in it"),
        (edit_manifest(files={"/etc/passwd": {}}), "passwd does not belong in it"),
        (edit_manifest(files={"else/x": {}}), "x does not belong in it"),
        (edit_manifest(migrations=[["portal", "9999_later"]]), "portal.9999_later is unknown here"),
    ],
)
def test_restore_refuses_what_is_damaged_before_anything_is_written(
    system, folder, settings, at, change, words
):
    backups.make_backup(folder / "one.tar", at=at)
    rewrite(folder / "one.tar", change)
    with empty_stores(settings, folder):
        with pytest.raises(CommandError, match=words):
            run("restore", str(folder / "one.tar"))
        assert connection.introspection.table_names() == []
        assert not Path(settings.MEDIA_ROOT).exists() or not any(
            Path(settings.MEDIA_ROOT).iterdir()
        )


def test_restore_refuses_a_folder_in_the_place_of_a_file(system, folder, settings, at):
    backups.make_backup(folder / "one.tar", at=at)
    with tarfile.open(folder / "two.tar", "w") as tar:
        info = tarfile.TarInfo("manifest.json")
        info.type = tarfile.DIRTYPE
        tar.addfile(info)
    with (
        empty_stores(settings, folder),
        pytest.raises(CommandError, match="it has no manifest"),
    ):
        run("restore", str(folder / "two.tar"))


@pytest.mark.parametrize("content", [b"", b"no tar at all"])
def test_restore_refuses_what_is_no_archive(db, folder, content):
    (folder / "one.tar").write_bytes(content)
    with pytest.raises(CommandError, match="cannot be read as a backup"):
        run("restore", str(folder / "one.tar"))


def test_restore_says_that_the_file_is_not_there(db, folder):
    with pytest.raises(CommandError, match="cannot be read as a backup"):
        run("restore", str(folder / "nothing.tar"))


def test_manifest_holds_the_ends_of_the_audit_chains(populated, folder, at):
    audit.record(by=None, verb="cycle.opened", target="x", organisation=None, at=at)
    heads = [[head.chain, head.sequence, head.digest] for head in verify()[0]]
    backups.make_backup(folder / "one.tar", at=at)
    with tarfile.open(folder / "one.tar") as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
    kept = [[row["name"], row["sequence"], row["digest"]] for row in manifest["audit_heads"]]
    assert kept == heads
