"""People and pages for the tests of the foundation."""

import pytest
from django.core.cache import cache

from portal.models import Organisation
from portal.roles import Role
from tests import factories


@pytest.fixture(autouse=True)
def nothing_tried_before():
    """Limits on guessing are kept in the cache, which tests share."""
    cache.clear()


@pytest.fixture
def group(db):
    """The Health Equity Group, the organisation."""
    return factories.organisation(
        "health-equity-group",
        name="Health Equity Group",
        short_name="HEG",
        kind=Organisation.Kind.HEG,
    )


@pytest.fixture
def admin(group):
    return factories.user_with(Role.ADMIN, group, name="Ada Fields", is_staff=True)


@pytest.fixture
def board(system):
    return factories.user_with(Role.BOARD, system, name="Ravi Board")


@pytest.fixture
def community(system):
    return factories.user_with(Role.COMMUNITY, system, name="Grace Bell")


@pytest.fixture
def stranger(db):
    """Somebody with an account and no role."""
    return factories.UserFactory(name="Sam Stranger")
