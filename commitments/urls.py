"""The pages of the framework, which anyone may read."""

from django.urls import path, re_path

from commitments import views

app_name = "commitments"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("search/", views.search, name="search"),
    path("levels/", views.levels, name="levels"),
    path("case-examples/", views.case_examples, name="case-examples"),
    path("definitions/", views.definitions, name="definitions"),
    path("statement/", views.statement, name="statement"),
    path("theory-of-change/", views.theory_of_change, name="theory-of-change"),
    path("one-year-on/", views.priorities, name="priorities"),
    path("duties-and-strategies/", views.duties, name="duties"),
    re_path(r"^(?P<code>[A-Z]{1,2}[0-9]{1,2})/$", views.item, name="item"),
    path("<slug:slug>/", views.section, name="section"),
]
