"""Tests of the PDF door: reproducible, closed to network and disk, valid, complete."""

import gc
import hashlib
import io
import os
import re
import subprocess
import sys
import time
import zlib
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
import pypdf
import pytest

from reporting import pdf
from reporting.pdf import characters
from reporting.pdf.characters import SEPARATORS, SHAPELESS
from reporting.pdf.places import ROOT
from tests.reporting import sample, validator
from tests.reporting.pdf_lint import lint

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
FILES = (
    pdf.Attachment("figures.csv", "text/csv", b"code,level\r\nL1,3\r\n", "The figures as CSV"),
    pdf.Attachment("figures.json", "application/json", b'{"L1": 3}', "The figures as JSON"),
)


def render(html, *, attachments=FILES, draft=False, at=AT):
    return pdf.render(
        html,
        title=sample.TITLE,
        reference=sample.REFERENCE,
        created_at=at,
        attachments=attachments,
        draft=draft,
    )


def page(body):
    return sample.document(f"<h1>A page</h1>{body}")


def words(rendered):
    return "\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(rendered.pdf)).pages)


def every_character():
    """Every character our own font files draw, in blocks short enough to print quickly."""
    points = sorted(characters._coverage() - set(map(ord, "<&")))
    lines = ["".join(map(chr, points[i : i + 200])) for i in range(0, len(points), 200)]
    return "".join(f"<p>{line}</p>" for line in lines)


DOCUMENTS = {
    "empty": page("<p></p>"),
    "unbroken": page(f"<p>{'x' * 10_000}</p>"),
    "lines": page(f'<div class="narrative">{chr(10).join(map(str, range(5_000)))}</div>'),
    "long-row": page(
        '<table class="figures"><thead><tr><th scope="col" class="w-20">A</th>'
        '<th scope="col">B</th>'
        '</tr></thead><tbody><tr><th scope="row">1</th><td>Short.</td></tr>'
        '<tr><th scope="row">2</th>'
        f"<td>{'Many words. ' * 2_000}</td></tr></tbody></table>"
    ),
    "uncovered": page("<p>\U0001f9ff \u0378 \ue000 \ud800 \U0010ffff 1\ufe0f\u20e3 \U0001faf6</p>"),
    "shapeless": page(f"<p>{'a'.join(map(chr, sorted(SHAPELESS | SEPARATORS)))}</p>"),
    "marks": page("<p>\u0301 a\u0301\u0302\u0303\u20dd \u0651\u064e \u0e31 \u093f か\u3099</p>"),
    "emoji": page(
        "<p>👨‍👩‍👧‍👦 🏴\U000e0067\U000e0062\U000e007f 🇬🇧 👍🏿 ❤️ ☎️ 🙂 <b>🙂 中文 বাংলা</b></p>"
    ),
    "bidi": page(
        '<p>a \u202edesrever\u202c b \u2067אבג\u2069 c</p><p dir="rtl" lang="ar">نص 1 a</p>'
    ),
    "characters": page(every_character()),
}


@pytest.fixture(scope="module")
def report():
    return render(sample.sample_report())


@pytest.fixture(scope="module")
def rendered(report):
    """Every kind of file these tests make, by name."""
    made = {name: render(html) for name, html in DOCUMENTS.items()}
    made["report"] = report
    made["draft"] = render(sample.sample_report(), draft=True)
    made["bare"] = render(sample.sample_report(), attachments=())
    return made


@pytest.mark.skipif(not validator.available(), reason="Java or JAXB is not installed")
def test_every_file_is_pdf_ua_1_and_pdf_a_3a(rendered, tmp_path):
    paths = []
    for name, result in rendered.items():
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(result.pdf)
    assert validator.broken_rules(paths) == []


@pytest.mark.skipif(not validator.available(), reason="Java or JAXB is not installed")
def test_validator_names_the_rule_that_is_not_met(tmp_path):
    plain = tmp_path / "plain.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(plain)
    broken = validator.broken_rules([plain])
    assert any(line.startswith("plain.pdf ua1 7.1") for line in broken)
    assert any(line.startswith("plain.pdf 3a 6.") for line in broken)


def cross_references(data):
    """Read the cross-reference stream as a strict reader would: rows of type, place, index."""
    start = int(data.rpartition(b"startxref\n")[2].split()[0])
    head, _, rest = data[start:].partition(b"\nstream\n")
    widths = [int(width) for width in re.search(rb"/W \[([\d ]+)\]", head)[1].split()]
    table = io.BytesIO(zlib.decompress(rest.partition(b"\nendstream")[0]))
    count = int(re.search(rb"/Size (\d+)", head)[1])
    return [[int.from_bytes(table.read(width), "big") for width in widths] for _ in range(count)]


@pytest.mark.parametrize("name", ["report", "draft", "bare", "empty"])
def test_every_object_is_where_the_cross_reference_table_says(rendered, name):
    """Most readers, the validator among them, mend a wrong table silently; poppler does not."""
    data = rendered[name].pdf
    rows = cross_references(data)
    assert rows[0][0] == 0
    packed = {}
    for number, (kind, place, index) in enumerate(rows[1:], 1):
        if kind == 1:
            assert data[place:].startswith(f"{number} 0 obj".encode())
        else:
            packed.setdefault(place, {})[index] = number
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []
        for holder, numbers in packed.items():
            stream = document.get_object(holder, 0)
            order = stream.read_bytes().split()[: 2 * int(stream.N) : 2]
            assert [int(number) for number in order] == [numbers[n] for n in sorted(numbers)]


def test_every_file_passes_our_lint(rendered):
    # A page that shows every hyphen there is cannot tell which one its reference is written with.
    ordinary = {name: result for name, result in rendered.items() if name != "characters"}
    faults = {name: lint(result.pdf, sample.REFERENCE) for name, result in ordinary.items()}
    assert {name: found for name, found in faults.items() if found} == {}


def test_report_has_pages_hash_title_and_bookmarks(report):
    assert 14 <= report.pages <= 20
    assert report.sha256 == hashlib.sha256(report.pdf).hexdigest()
    reader = pypdf.PdfReader(io.BytesIO(report.pdf))
    assert len(reader.pages) == report.pages
    assert reader.metadata.title == sample.TITLE
    assert reader.metadata["/Keywords"] == sample.REFERENCE
    assert reader.metadata.creation_date == AT
    assert f"Page 3 of {report.pages}" in reader.pages[2].extract_text()
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == [
        sample.TITLE
    ]


def test_same_input_gives_same_bytes_in_another_process(report, tmp_path):
    script = (
        "import sys; from tests.reporting import sample\n"
        "from tests.reporting.test_pdf import render\n"
        "sys.stdout.write(render(sample.sample_report()).sha256)"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "LANG": "zh_CN.UTF-8",
        "TZ": "Pacific/Auckland",
    }
    other = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert other.stdout == report.sha256


def test_same_input_gives_same_bytes_later_in_the_same_process(report):
    render(page("<p>Something else between</p>"))
    assert render(sample.sample_report()).pdf == report.pdf


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT + timedelta(seconds=1)},
        {"draft": True},
        {"attachments": FILES[:1]},
    ],
)
def test_other_input_gives_other_bytes(change):
    html = page("<p>Words</p>")
    assert render(html, **change).sha256 != render(html).sha256


def test_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        render(page(""), at=datetime(2026, 11, 20, 9))  # noqa: DTZ001


def test_moment_in_another_time_zone_is_written_in_utc():
    at = AT.astimezone(timezone(timedelta(hours=5)))
    reader = pypdf.PdfReader(io.BytesIO(render(page(""), at=at).pdf))
    assert reader.metadata.creation_date == AT


def test_attachments_carry_name_type_description_and_fixed_dates(report):
    with pikepdf.open(io.BytesIO(report.pdf)) as document:
        found = {}
        for name, spec in document.attachments.items():
            file = spec.get_file()
            found[name] = (file.read_bytes(), file.mime_type, spec.description)
            assert file.creation_date == file.mod_date == AT
            assert spec.relationship == pikepdf.Name.Data
    assert found == {item.name: (item.data, item.mime, item.description) for item in FILES}


@pytest.mark.parametrize("name", ["unbroken", "lines", "long-row"])
def test_longest_texts_are_whole_and_quick(name):
    begun = time.process_time()
    result = render(DOCUMENTS[name])
    assert time.process_time() - begun < 60
    text = words(result)
    expected = {"unbroken": ("x", 9_990), "lines": ("4999", 1), "long-row": ("Many", 2_000)}
    needle, least = expected[name]
    assert text.count(needle) >= least


def test_longest_word_stays_inside_the_page():
    text = words(render(DOCUMENTS["unbroken"]))
    assert max(len(line) for line in text.splitlines()) < 130


def test_no_heading_is_left_alone_at_the_foot_of_a_page(report):
    for sheet in pypdf.PdfReader(io.BytesIO(report.pdf)).pages:
        lines = [line for line in sheet.extract_text().splitlines() if line.strip()]
        body = [
            line for line in lines if not line.startswith(("Reference ", "Check that", "Page "))
        ]
        assert not body[-1].startswith(("Evidence", "Annex", "Next steps"))


def test_table_head_is_repeated_on_every_page_of_a_table():
    rows = "".join(f'<tr><th scope="row">{n}</th><td>Words</td></tr>' for n in range(120))
    result = render(
        page(
            '<table class="figures"><thead><tr><th scope="col" class="w-20">Number</th>'
            f'<th scope="col">Meaning</th></tr></thead><tbody>{rows}</tbody></table>'
        )
    )
    pages = [p.extract_text() for p in pypdf.PdfReader(io.BytesIO(result.pdf)).pages]
    assert len(pages) > 2
    assert all("Meaning" in text for text in pages)


def test_draft_says_so_on_every_page():
    result = render(page('<p>One</p><h2 style="break-before: page">Two</h2>'), draft=True)
    reader = pypdf.PdfReader(io.BytesIO(result.pdf))
    assert reader.metadata.title == f"Draft: {sample.TITLE}"
    assert all("Draft preview: not a report" in sheet.extract_text() for sheet in reader.pages)
    assert "DRAFT" not in words(render(page("<p>One</p>")))


def test_document_without_language_becomes_british_english():
    result = render("<title>x</title><h1>One</h1>")
    assert pypdf.PdfReader(io.BytesIO(result.pdf)).trailer["/Root"]["/Lang"] == "en-GB"


def test_environment_and_collector_are_put_back(monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "/somewhere/fonts.conf")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = dict(os.environ)
    render(page(""))
    assert dict(os.environ) == before
    assert gc.isenabled()


def test_collector_that_was_off_stays_off():
    gc.disable()
    try:
        render(page(""))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_warm_leaves_nothing_for_the_first_report_to_load():
    pdf.warm()
    assert "weasyprint" in sys.modules
    assert pdf._engine.cache_info().currsize == 1
    gc.unfreeze()


def test_knowing_the_module_does_not_import_weasyprint():
    script = "import sys, reporting.pdf; sys.exit('weasyprint' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=30, check=True)


def test_versions_name_libraries_and_fonts():
    found = pdf.versions()
    assert found["weasyprint"] == "70.0"
    assert len(found["fonts"]) == 64
    assert int(found["pango"]) > 15_000
    assert set(found) == {"weasyprint", "pydyf", "pango", "fonts", "subsetter"}


def test_subsetter_is_installed_here():
    assert pdf.subsetter_available()


def test_subsetter_is_missed_where_the_library_is_not_there(monkeypatch):
    def refuse(name):
        raise OSError(name)

    monkeypatch.setattr(pdf.ctypes, "CDLL", refuse)
    assert not pdf.subsetter_available()


def test_vendored_fonts_have_their_licence_and_stay_small():
    assert "SIL OPEN FONT LICENSE" in (pdf.FONTS / "OFL.txt").read_text()
    assert sum(file.stat().st_size for file in pdf.FONTS.iterdir()) < 12_000_000


def test_vendored_fonts_are_the_files_their_note_names():
    note = (pdf.FONTS / "VENDORED.md").read_text()
    for font in pdf.FONTS.glob("*.ttf"):
        assert f"| {font.name} | {hashlib.sha256(font.read_bytes()).hexdigest()} |" in note


def test_versions_tell_a_machine_without_a_font_from_one_with_it(monkeypatch, tmp_path):
    with_all = pdf._files_digest.__wrapped__()
    monkeypatch.setattr(pdf, "CJK_FILES", (tmp_path / "missing.ttc",))
    assert pdf._files_digest.__wrapped__() != with_all
