"""The map of the site. Other apps are included by name, never imported."""

from importlib import import_module

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# Only our own pages are registered: no library adds its tables to what an administrator sees.
import_module("portal.admin")
admin.site.login = secure_admin_login(admin.site.login)

handler400 = "portal.views.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"

urlpatterns = [
    path("", include("reporting.urls")),
    path("", include("portal.site_urls")),
    path("framework/", include("commitments.urls")),
    path("", include("assessments.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
