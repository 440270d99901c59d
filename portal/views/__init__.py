"""The pages of people, organisations, invitations and errors; health and help beside them."""

from portal.views.errors import (
    bad_request,
    csrf_failure,
    page_not_found,
    permission_denied,
    server_error,
)

__all__ = ["bad_request", "csrf_failure", "page_not_found", "permission_denied", "server_error"]
