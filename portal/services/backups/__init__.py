"""Backups: one file that holds database and uploads, and putting them into empty stores."""

from portal.services.backups.archive import BackupRefused
from portal.services.backups.making import make_backup
from portal.services.backups.restoring import restore_backup

__all__ = ["BackupRefused", "make_backup", "restore_backup"]
