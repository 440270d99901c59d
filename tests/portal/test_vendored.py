"""The vendored design system is what its note says, and asks nobody else for anything."""

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "static" / "nhsuk-frontend-10.6.1"
SCRIPT = ROOT / "script" / "vendor-nhsuk"


def noted():
    return dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", read("VENDORED.md"), re.M))


def read(name):
    return (FOLDER / name).read_text()


def test_every_file_has_the_hash_its_note_says():
    files = {str(p.relative_to(FOLDER)): p for p in FOLDER.rglob("*") if p.is_file()}
    del files["VENDORED.md"]
    hashes = {name: hashlib.sha256(p.read_bytes()).hexdigest() for name, p in files.items()}
    assert hashes == noted()
    assert len(hashes) > 10


def test_note_carries_version_and_licence():
    assert "# nhsuk-frontend 10.6.1" in read("VENDORED.md")
    assert "Copyright (c) 2019 NHS England" in read("VENDORED.md")


def test_nothing_is_asked_of_another_server():
    css = read("nhsuk-frontend.min.css")
    assert "@font-face" not in css
    assert "https://" not in css
    for text in (css, read("nhsuk-frontend.min.js")):
        assert "sourceMappingURL" not in text


def test_every_image_the_stylesheet_names_is_there():
    names = set(re.findall(r"url\(([^)#]+)\)", read("nhsuk-frontend.min.css")))
    assert names
    assert [name for name in names if not (FOLDER / name).is_file()] == []


def test_templates_name_the_vendored_version():
    base = (ROOT / "templates" / "base.html").read_text()
    found = re.findall(r"nhsuk-frontend-[0-9.]+/", base)
    assert set(found) == {f"{FOLDER.name}/"}


def test_script_copies_and_cleans(tmp_path):
    dist = "package/dist/nhsuk/"
    css = (
        "@font-face{src:url(https://assets.nhs.uk/a.woff)}a{b:url(/assets/images/x.svg)}"
        "/*# sourceMappingURL=a.map */"
    )
    fixture = {"fixtures": [{"name": "n", "context": {}, "html": "<b>", "options": {"hidden": 1}}]}
    files = {
        "package/package.json": '{"version": "1.2.3"}',
        dist + "nhsuk-frontend.min.css": css,
        dist + "nhsuk-frontend.min.js": "let a;//# sourceMappingURL=a.map",
        dist + "assets/images/nhsuk-icon-cross.svg": "<svg/>",
        dist + "assets/images/nhsuk-icon-mask.svg": "<svg/>",
        dist + "assets/images/favicon.svg": "<svg/>",
        dist + "components/tag/fixtures.json": json.dumps(fixture),
    }
    tarball = tmp_path / "a.tgz"
    with tarfile.open(tarball, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    subprocess.run([sys.executable, SCRIPT, tarball, tmp_path], check=True, capture_output=True)
    out = tmp_path / "static" / "nhsuk-frontend-1.2.3"
    assert (out / "nhsuk-frontend.min.css").read_text() == "a{b:url(assets/images/x.svg)}"
    assert (out / "nhsuk-frontend.min.js").read_text() == "let a;"
    assert [p.name for p in (out / "assets" / "images").iterdir()] == ["nhsuk-icon-cross.svg"]
    copied = json.loads((tmp_path / "tests/portal/nhsuk_fixtures/tag.json").read_text())
    assert copied == [{"name": "n", "context": {}, "html": "<b>"}]
