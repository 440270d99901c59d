"""Every setting, once: secure by default; the environment says what differs on a machine."""

import logging
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal.weaknesses import weaknesses

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

# What this installation is
DEMO = env.bool("DEMO", default=False)
DEBUG = False
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SERVICE_NAME = env("SERVICE_NAME", default="Anti-racism progress")
SERVICE_OWNER = env("SERVICE_OWNER", default="London Health Equity Group")
CONTACT_EMAIL = env("CONTACT_EMAIL", default="health.equity@example.org")
IS_HTTPS = urlsplit(SITE_URL).scheme == "https"

SECRET_KEY = env("SECRET_KEY", default="")
if not SECRET_KEY:
    message = (
        "SECRET_KEY is not set. Make one with "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(60))' "
        "and put it in the environment. script/server makes one by itself."
    )
    raise ImproperlyConfigured(message)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname or "127.0.0.1"])
METRICS_TOKEN = env("METRICS_TOKEN", default="")
PROMETHEUS_MULTIPROC_DIR = env("PROMETHEUS_MULTIPROC_DIR", default="")
weak = weaknesses(
    secret_key=SECRET_KEY,
    site_url=SITE_URL,
    allowed_hosts=ALLOWED_HOSTS,
    demo=DEMO,
    metrics_token=METRICS_TOKEN,
)
if weak:
    raise ImproperlyConfigured("The portal does not start like this. " + " ".join(weak))
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IS_HTTPS else []

INSTALLED_APPS = [
    "reporting",
    "assessments",
    "commitments",
    "portal",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "csp",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.RequestLog",
    "portal.middleware.known_methods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.session_activity",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.second_factor",
    "portal.middleware.broken_glass",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.private_pages",
]

# Counted only where somebody may read the counts
if PROMETHEUS_MULTIPROC_DIR:
    Path(PROMETHEUS_MULTIPROC_DIR).mkdir(parents=True, exist_ok=True)
if METRICS_TOKEN:
    MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "portal.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.context_processors.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_TEMPLATE_PACK = "nhsuk"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("nhsuk",)

# Database: SQLite in DATA_DIR unless DATABASE_URL names a PostgreSQL
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Broker and cache: Redis where REDIS_URL names one, else folders under DATA_DIR
REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, int | str] = {"visibility_timeout": 3600}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker" / "messages"),
        "data_folder_out": str(DATA_DIR / "broker" / "messages"),
        "control_folder": str(DATA_DIR / "broker" / "control"),
    }

# Celery: tasks carry ids only; the job table is the truth and a lost message costs a sweep
CELERY_TIMEZONE = "Europe/London"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

JOB_TASK = "portal.tasks.do_job"
# Who makes what a job asks for: called with the claimed job, ends it in the same transaction
JOB_MAKERS = {
    "board-paper": "reporting.services.make_report",
    "full-report": "reporting.services.make_report",
    "draft-preview": "reporting.services.make_preview",
    "scan": "assessments.services.scan_file",
    "london-pack-draft": "reporting.services.make_pack_paper",
    "london-pack": "reporting.services.make_pack_paper",
}
# What else a sweep does: called with the instant
JOB_SWEEPS = ["reporting.services.sweep_previews"]
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=120)
# One job's bounds, well inside its lease, so that a slow one is stopped before another takes it up
CELERY_TASK_SOFT_TIME_LIMIT = JOB_LEASE_SECONDS * 3 / 4
CELERY_TASK_TIME_LIMIT = JOB_LEASE_SECONDS * 7 / 8
JOB_MEMORY_MB = env.int("JOB_MEMORY_MB", default=1536)
# A process that has grown is replaced after the job that made it grow
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400 * 1024
JOB_ATTEMPTS = 5

# Sign-in
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.passwords.MinimumLength"},
    {"NAME": "portal.passwords.NotCommon"},
    {"NAME": "portal.passwords.NotLikeYourDetails"},
]
ACCOUNT_ADAPTER = "portal.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "portal.forms.accounts.LoginForm",
    "reset_password": "portal.forms.accounts.ResetPasswordForm",
    "reset_password_from_key": "portal.forms.accounts.ResetPasswordKeyForm",
    "change_password": "portal.forms.accounts.ChangePasswordForm",
    "set_password": "portal.forms.accounts.SetPasswordForm",
    "reauthenticate": "portal.forms.accounts.ReauthenticateForm",
}
# The adapter's keys hold account and address, so nobody can shut another person out from
# elsewhere. Whole organisations share one address behind the NHS network: its own limits are wide.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "reset_password": "20/m/ip",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "10/m/user",
    "verify": "60/m/ip",
}
MFA_ADAPTER = "portal.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "portal.forms.accounts.AuthenticateForm",
    "reauthenticate": "portal.forms.accounts.CodeReauthenticateForm",
    "activate_totp": "portal.forms.accounts.ActivateTOTPForm",
}
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SOCIALACCOUNT_ADAPTER = "portal.adapters.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = False
OIDC = {
    "name": env("OIDC_NAME", default="NHS single sign-on"),
    "client_id": env("OIDC_CLIENT_ID", default=""),
    "secret": env("OIDC_CLIENT_SECRET", default=""),
    "server_url": env("OIDC_SERVER_URL", default=""),
}
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": OIDC["name"],
                    "client_id": OIDC["client_id"],
                    "secret": OIDC["secret"],
                    "settings": {
                        "server_url": OIDC["server_url"],
                        "email_authentication": True,
                        # Entra sends no email_verified; the directory itself vouches for it.
                        "verified_email": env.bool("OIDC_VOUCHES_FOR_EMAIL", default=False),
                    },
                }
            ]
        }
    }
    if OIDC["client_id"]
    else {}
)
REQUIRE_MFA = env.bool("REQUIRE_MFA", default=not DEMO)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
INVITATION_DAYS = 28

# Sessions end after an hour without activity; a warning comes two minutes before
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=3600)
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"

# Headers
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# Language and time
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(DATA_DIR / "media")))
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Fonts are for the worker; nobody downloads them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("ttf", "otf", "png", "jpg", "gz", "br", "woff2")
# A virus scanner that the worker calls with the path of each uploaded file: it ends with 0 where
# the file is clean and with 1 where it is not. Until then nobody can download the file.
SCAN_COMMAND = shlex.split(env("SCAN_COMMAND", default=""))
SCAN_SECONDS = env.int("SCAN_SECONDS", default=60)
UPLOAD_MAX_BYTES = 25 * 1024 * 1024
# An upload is read no further than it may be long, so that an endless one cannot fill the disk.
FILE_UPLOAD_HANDLERS = [
    "assessments.uploads.TrimUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "assessments.uploads.HoldUpload",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 2
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Mail: every message goes through the outbox; this is how the worker hands it on
vars().update(env.email("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"{SERVICE_NAME} <{CONTACT_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Logs: one JSON object a line, request ids, no narrative, addresses or tokens
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "portal.logs.formatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}

# Errors are reported where this names a receiver; nothing leaves the machine without it
SENTRY_DSN = env("SENTRY_DSN", default="")

SILENCED_SYSTEM_CHECKS: list[str] = []

VERSION = "0.1.0"
