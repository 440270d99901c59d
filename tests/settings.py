"""Settings of the test run: the real ones, with the environment a test needs."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only-" + "x" * 60)
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="portal-tests-"))
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("EMAIL_URL", "memorymail://")
os.environ.setdefault("REQUIRE_MFA", "0")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from portal.settings import *  # noqa: F403

# Fast, and the same words: the real hasher costs a third of a second a person.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Jobs are rung in tests only where a test asks for a broker.
CELERY_BROKER_URL = os.environ.get("TEST_REDIS_URL", "memory://")
# The tests of addresses knock on every door many times a minute.
ACCOUNT_RATE_LIMITS = ACCOUNT_RATE_LIMITS | {"verify": "100000/m/ip"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
LOG_LEVEL = "WARNING"
