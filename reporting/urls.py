"""Home, the comparison, and the pages of reports."""

from django.urls import path, re_path

from reporting.views import comparison, home, previews, readings, reports, verify

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

urlpatterns = [*HOME, *COMPARISON, *REPORTS]
