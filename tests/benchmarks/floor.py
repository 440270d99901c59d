"""The floor that pages are measured against: somebody signed in, and nothing to say."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Engine
from django.urls import include, path

TEMPLATE = Engine().from_string(
    "<!doctype html><title>Floor</title><p>{{ user.name }}</p>"
    "<form><input type=hidden name=csrfmiddlewaretoken value={{ token }}></form>"
)


def floor(request: HttpRequest) -> HttpResponse:
    """Session, sign-in, CSRF token and a trivial template, behind the whole middleware."""
    context = Context({"user": request.user, "token": get_token(request)})
    return HttpResponse(TEMPLATE.render(context))


urlpatterns = [path("floor/", floor), path("", include("portal.urls"))]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"
