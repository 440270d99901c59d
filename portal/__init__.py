"""The foundation: who is here, what they may do, what they did, what is to be done."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
