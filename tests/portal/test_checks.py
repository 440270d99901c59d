"""What the deployment checks say, and that each names its remedy."""

import pytest
from django.test import RequestFactory

from portal import checks
from portal.views import errors

STRONG = "a-long-secret-key-with-many-different-letters-0123456789"


@pytest.fixture(autouse=True)
def elsewhere(settings):
    """A portal that is no demonstration and on nobody's own machine."""
    settings.DEMO = False
    settings.SITE_URL = "http://portal.example.org"
    settings.IS_HTTPS = False


@pytest.mark.parametrize(("key", "found"), [(STRONG, 0), ("short", 1), ("a" * 80, 1)])
def test_secret_key_is_strong(settings, key, found):
    settings.SECRET_KEY = key
    assert len(checks.secret_key_is_strong()) == found


def test_site_is_https(settings):
    (message,) = checks.site_is_https()
    assert "SITE_URL=https" in message.hint
    settings.IS_HTTPS = True
    assert checks.site_is_https() == []


def test_demonstration_needs_no_https(settings):
    settings.DEMO = True
    assert checks.site_is_https() == []


def test_cache_is_shared(settings, monkeypatch):
    postgresql = "django.db.backends.postgresql"
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", postgresql)
    settings.REDIS_URL = ""
    assert [message.id for message in checks.cache_is_shared()] == ["portal.W003"]
    settings.REDIS_URL = "redis://redis:6379/0"
    assert checks.cache_is_shared() == []


def test_mail_leaves(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert [message.id for message in checks.mail_leaves()] == ["portal.W004"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert checks.mail_leaves() == []


def test_error_pages_without_a_request_to_trust():
    request = RequestFactory().get("/")
    assert errors.bad_request(request, ValueError()).status_code == 400
    assert errors.server_error(request).status_code == 500
    assert errors.csrf_failure(request).status_code == 403
