"""A mail server on loopback that takes everything, refuses some, or hangs, as a test says."""

from __future__ import annotations

import asyncio
import threading
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

from tests.faults.processes import free_port


class MailSink:
    """What was taken is in `messages`; addresses in `refused` are answered 550.

    While `hanging` is set no answer to RCPT comes.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[Message] = []
        self.refused: set[str] = set()
        self.hanging = threading.Event()
        self.controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        """Who was written to, once for each message taken."""
        return [str(message["To"]) for message in self.messages]

    def start(self) -> None:
        if self.controller is None:
            self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
            self.controller.start()

    def stop(self) -> None:
        """Go away: nobody listens on the port any more."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    def clear(self) -> None:
        self.messages.clear()
        self.refused.clear()
        self.hanging.clear()

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        while self.hanging.is_set():
            await asyncio.sleep(0.1)
        if address in self.refused:
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.messages.append(message_from_bytes(envelope.content))
        return "250 Taken"
