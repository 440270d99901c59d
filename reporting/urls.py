"""Home, the comparison, the London pack, and the pages of reports."""

from django.urls import path, re_path

from reporting.views import comparison, home, packs, previews, readings, reports, verify

app_name = "reporting"

HOME = [path("", home.home, name="home")]

COMPARISON = [
    path("comparison/", comparison.latest, name="comparisons"),
    path("comparison/<slug:cycle>.csv", comparison.as_csv, name="comparison_csv"),
    path("comparison/<slug:cycle>/", comparison.table, name="comparison"),
    re_path(
        r"^comparison/(?P<cycle>[-\w]+)/(?P<code>[LWEACDGP][1-9])/$",
        comparison.item,
        name="comparison_item",
    ),
]

PACK = [
    path("london-pack/<slug:cycle>/", packs.pack, name="pack"),
    path("london-pack/<slug:cycle>/draft/", packs.draft, name="draft_pack"),
    path("london-pack/<slug:cycle>/open-check/", packs.open_pack_check, name="open_pack_check"),
    path("london-pack/<slug:cycle>/issue/", packs.issue, name="issue_pack"),
    path("london-pack/<slug:cycle>/retry/", packs.retry, name="retry_pack"),
    path(
        "london-pack/<slug:cycle>/comments/<int:version>/<int:number>/",
        packs.reply,
        name="pack_comment",
    ),
    path("london-pack/<slug:cycle>/check/<slug:organisation>/", packs.check, name="pack_check"),
]

REPORTS = [
    path("reports/", reports.index, name="index"),
    path("reports/making/<slug:cycle>/<slug:organisation>/", reports.making, name="making"),
    path("reports/<slug:cycle>/<slug:organisation>/cover/", reports.cover, name="cover"),
    path("reports/<slug:cycle>/<slug:organisation>/preview/", previews.preview, name="preview"),
    path(
        "reports/<slug:cycle>/<slug:organisation>/preview.pdf",
        previews.download,
        name="preview_pdf",
    ),
    path("verify/", verify.verify, name="verify"),
    path("reports/<slug:reference>.pdf", reports.download, name="pdf"),
    path("reports/<slug:reference>/", reports.report, name="report"),
    path("reports/<slug:reference>/read/", readings.read, name="read"),
    path("reports/<slug:reference>/readers/", readings.readers, name="readers"),
]

urlpatterns = [*HOME, *COMPARISON, *PACK, *REPORTS]
