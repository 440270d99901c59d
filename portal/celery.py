"""The worker and its timetable. Tasks are named as text, so portal imports no app above it."""

import os
import resource

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A static timetable, since every tick asks the database what is due at its instant. Nothing is
# timed between 01:00 and 02:00, the hour that London's clock changes skip or repeat.
app.conf.beat_schedule = {
    "run-calendar": {
        "task": "assessments.tasks.run_calendar",
        "schedule": crontab(minute="*/15", hour="0,2-23"),
    },
    "remind-of-checks": {
        "task": "reporting.tasks.remind_of_checks",
        "schedule": crontab(minute="5-59/15", hour="0,2-23"),
    },
    "send-messages": {"task": "portal.tasks.send_messages", "schedule": 60.0},
    "sweep-jobs": {"task": "portal.tasks.sweep_jobs", "schedule": 30.0},
    "retention": {
        "task": "assessments.tasks.apply_retention",
        "schedule": crontab(minute="30", hour="3"),
    },
    "heartbeat": {"task": "portal.tasks.beat_heart", "schedule": 30.0},
}


@worker_process_init.connect
def limit_memory(**_kwargs: object) -> None:
    """A report that would take all memory is refused it, and its job says so."""
    most = settings.JOB_MEMORY_MB * 1024**2
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


@worker_process_init.connect
def warm_worker(**_kwargs: object) -> None:
    """Pay for the PDF engine's import once, before the first report is asked for."""
    app.tasks["reporting.tasks.warm_up"]()
