"""The portal app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "People and organisations"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from portal import checks, guards, logs  # noqa: F401  (checks register themselves)

        logs.report_errors()

        post_migrate.connect(guards.install, dispatch_uid="portal.guards")
