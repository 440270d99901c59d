"""The floor that pages are measured against: somebody signed in, and nothing to say."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

TEMPLATE = engines["django"].from_string(
    "<!doctype html><title>Floor</title><p>{{ request.user.name }}</p><form>{% csrf_token %}</form>"
)


def floor(request: HttpRequest) -> HttpResponse:
    """Session, sign-in, CSRF token and a trivial template, behind the whole middleware."""
    return HttpResponse(TEMPLATE.render({}, request))


urlpatterns = [path("floor/", floor), path("", include("portal.urls"))]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"
