"""The kitchen page's addresses, beside the portal's own."""

from django.urls import path

from tests.browser import kitchen

urlpatterns = [
    path("kitchen/", kitchen.page),
    path("kitchen/draft/", kitchen.draft),
    path("kitchen/extend/", kitchen.extend),
]
