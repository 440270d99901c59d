"""Reads an uploaded paper for its hash only: nothing of it is kept, in memory or on disk."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class HashedFile(UploadedFile):
    """The name and size of what was sent, and the SHA-256 of its bytes, without the bytes."""

    digest = ""


class HashUpload(FileUploadHandler):
    """Hashes each piece as it comes and lets it go."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.hash = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.hash.update(raw_data)

    def file_complete(self, file_size: int) -> HashedFile:
        sent = HashedFile(io.BytesIO(), name=self.file_name, size=file_size)
        sent.digest = self.hash.hexdigest()
        return sent
