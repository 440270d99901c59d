"""Why this installation must not start as it is set up, each with its remedy."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

LOOPBACK, PRIVATE, PUBLIC = "loopback", "private", "public"
LOCAL_NAMES = {"localhost", "testserver"}
SHORTEST_KEY = 50
FEWEST_CHARACTERS = 12
SHORTEST_TOKEN = 20
MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"


def weaknesses(
    *, secret_key: str, site_url: str, allowed_hosts: Sequence[str], demo: bool, metrics_token: str
) -> list[str]:
    """Empty on one's own machine, where nobody else can reach the portal, and where all is well."""
    found = []
    if "*" in allowed_hosts:
        found.append(
            "ALLOWED_HOSTS is *, so forged links would be sent by mail. "
            "Name the hosts, or leave it out: the host of SITE_URL is the default."
        )
    address = _address(site_url)
    if address == LOOPBACK or (demo and address == PRIVATE):
        return found
    if demo:
        found.append(
            "DEMO is on at a public address, where anybody could sign in with the published "
            "password. Take DEMO away, or set SITE_URL to an address of this machine."
        )
    if len(secret_key) < SHORTEST_KEY or len(set(secret_key)) < FEWEST_CHARACTERS:
        found.append(f"SECRET_KEY is easy to guess. Make one with {MAKE_A_KEY}.")
    if urlsplit(site_url).scheme != "https":
        found.append(
            "SITE_URL does not begin with https, so passwords would travel readable. "
            "Put TLS in front, and set SITE_URL=https://… and BEHIND_TLS_PROXY=1."
        )
    if metrics_token and len(metrics_token) < SHORTEST_TOKEN:
        found.append(f"METRICS_TOKEN is easy to guess. Make one with {MAKE_A_KEY}.")
    return found


def _address(site_url: str) -> str:
    """Whether the address is of this machine, of a private network, or anybody's."""
    host = urlsplit(site_url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return LOOPBACK if host in LOCAL_NAMES else PUBLIC
    if address.is_loopback:
        return LOOPBACK
    return PRIVATE if address.is_private else PUBLIC
