"""Organisations: made, changed, dated; and their pages."""

import datetime as dt
import html

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal import services
from portal.models import Affiliation, AuditEvent, Membership, Organisation
from portal.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

START, END = dt.date(2026, 4, 1), dt.date(2026, 12, 31)


@pytest.fixture
def trust(db):
    return factories.organisation("barts", name="Barts Health", kind=Organisation.Kind.TRUST)


@pytest.fixture
def affiliation(system, trust):
    return Affiliation.objects.create(system=system, member=trust, starts_on=START)


def posted(**changes):
    return {
        "kind": "trust",
        "name": "Barts Health NHS Trust",
        "short_name": "Barts",
        "ods_code": "R1H",
        "gss_code": "",
        "valid_from_day": "1",
        "valid_from_month": "4",
        "valid_from_year": "2026",
        **changes,
    }


def test_create_organisation_finds_a_free_address(heg, system, at):
    def create(name):
        return services.create_organisation(
            name=name, short_name="X", kind="vcse", by=heg, at=at
        ).slug

    assert create("Race Equality Group") == "race-equality-group"
    assert create("Race Equality, Group") == "race-equality-group-2"
    assert create("Race Equality: Group") == "race-equality-group-3"
    assert create("New") == "new-2"
    assert create("组织") == "organisation"
    assert AuditEvent.objects.filter(verb="create-organisation").count() == 5


def test_change_organisation_records_which_fields_changed(heg, system, at):
    services.change_organisation(
        organisation=system,
        name=system.name,
        short_name="NEL",
        ods_code=system.ods_code,
        valid_to=END,
        by=heg,
        at=at,
    )
    system.refresh_from_db()
    assert (system.short_name, system.valid_to) == ("NEL", END)
    assert AuditEvent.objects.get().detail == {"fields": ["short_name", "valid_to"]}


def test_organisations_are_the_groups_to_keep(lead, system, trust, affiliation, at):
    fields = {"name": "X", "short_name": "X", "by": lead, "at": at}
    with pytest.raises(PermissionDenied):
        services.create_organisation(kind="trust", **fields)
    with pytest.raises(PermissionDenied):
        services.change_organisation(organisation=system, **fields)
    with pytest.raises(PermissionDenied):
        services.add_affiliation(system=system, member=trust, starts_on=None, by=lead, at=at)
    with pytest.raises(PermissionDenied):
        services.end_affiliation(affiliation=affiliation, ends_on=END, by=lead, at=at)


def test_add_affiliation_refuses_what_cannot_be_part_of_a_system(heg, system, trust, group, at):
    other = factories.organisation("south-east-london")
    for whole, part in ((trust, system), (system, other), (system, group)):
        with pytest.raises(services.WrongOrganisation):
            services.add_affiliation(system=whole, member=part, starts_on=None, by=heg, at=at)


def test_affiliation_can_end_and_begin_again(heg, system, trust, affiliation, at):
    with pytest.raises(services.AlreadyAffiliated):
        services.add_affiliation(system=system, member=trust, starts_on=None, by=heg, at=at)
    with pytest.raises(services.WrongDate):
        services.end_affiliation(
            affiliation=affiliation, ends_on=START - dt.timedelta(days=1), by=heg, at=at
        )
    services.end_affiliation(affiliation=affiliation, ends_on=END, by=heg, at=at)
    services.add_affiliation(system=system, member=trust, starts_on=None, by=heg, at=at)
    assert Affiliation.objects.filter(system=system, member=trust).count() == 2
    assert list(AuditEvent.objects.values_list("verb", "detail__member")) == [
        ("end-constituent", "barts"),
        ("add-constituent", "barts"),
    ]


def test_index_shows_all_to_the_group_and_own_to_others(client, heg, lead, system, trust):
    client.force_login(heg)
    page = client.get("/organisations/")
    assert page.context["can_create"]
    shown = [one.name for one in page.context["organisations"]]
    assert shown == [system.name, trust.name, "Health Equity Group Integrated Care System"]

    client.force_login(lead)
    page = client.get("/organisations/")
    assert list(page.context["organisations"]) == [system]
    assert "Add an organisation" not in page.text


def test_index_shows_one_kind_where_asked(client, heg, system, trust):
    client.force_login(heg)
    assert list(client.get("/organisations/?kind=trust").context["organisations"]) == [trust]
    assert len(client.get("/organisations/?kind=nonsense").context["organisations"]) == 3


def test_index_says_what_to_do_without_a_role(client, stranger):
    client.force_login(stranger)
    assert "Ask the assessment lead" in client.get("/organisations/").text


def test_index_asks_the_same_number_of_queries_for_many(client, heg, django_assert_max_num_queries):
    for number in range(40):
        factories.OrganisationFactory(name=f"Organisation {number}")
    client.force_login(heg)
    client.get("/account/")  # renews the session, which is due once a minute
    with django_assert_max_num_queries(4):
        assert client.get("/organisations/").status_code == 200


def test_detail_shows_people_to_members_and_not_to_community_partners(
    client, lead, board, community, system, affiliation
):
    affiliation.starts_on = START
    for user, sees in ((lead, True), (board, True), (community, False)):
        client.force_login(user)
        text = client.get(f"/organisations/{system.slug}/").text
        assert ("Ravi Board" in text) is sees
        assert "Barts Health" in text


def test_detail_shows_addresses_and_ways_to_act_to_whoever_may_act(client, lead, board, system):
    client.force_login(board)
    text = client.get(f"/organisations/{system.slug}/").text
    assert lead.email not in text
    assert "Invite somebody" not in text
    assert "End role" not in text

    client.force_login(lead)
    text = client.get(f"/organisations/{system.slug}/").text
    assert board.email in text
    assert text.count("End role") == 1


def test_detail_shows_pending_invitations_of_roles_one_may_give(client, lead, heg, system, at):
    services.invite(
        email="one@example.org", name="", organisation=system, role="board", by=lead, at=at
    )
    services.invite(
        email="two@example.org", name="Two", organisation=system, role="lead", by=heg, at=at
    )
    for user, sees, not_sees in (
        (lead, "one@example.org", "two@example.org"),
        (heg, "two@example.org", "one@example.org"),
    ):
        client.force_login(user)
        text = client.get(f"/organisations/{system.slug}/").text
        assert sees in text
        assert not_sees not in text


def test_detail_of_an_empty_organisation_says_so(client, heg):
    other = factories.organisation("south-east-london", valid_from=START, valid_to=END)
    client.force_login(heg)
    text = client.get(f"/organisations/{other.slug}/").text
    assert "Nobody has a role here yet" in text
    assert "None recorded" in text
    assert "31 December 2026" in text


def test_detail_of_a_constituent_names_its_systems(client, heg, trust, affiliation):
    client.force_login(heg)
    text = client.get(f"/organisations/{trust.slug}/").text
    assert "since 1 April 2026" in text


def test_detail_asks_the_same_number_of_queries_for_many(
    client, heg, system, affiliation, django_assert_max_num_queries
):
    for number in range(25):
        factories.user_with(Role.CONTRIBUTOR, system)
        member = factories.OrganisationFactory(name=f"Member {number}", kind="trust")
        Affiliation.objects.create(system=system, member=member)
    client.force_login(heg)
    client.get("/account/")  # renews the session, which is due once a minute
    with django_assert_max_num_queries(9):
        assert client.get(f"/organisations/{system.slug}/").status_code == 200


@pytest.mark.parametrize("end", ["", "edit/", "constituents/add/", "constituents/barts/end/"])
def test_organisation_of_others_is_not_there(client, lead, end, affiliation):
    factories.organisation("south-east-london")
    client.force_login(lead)
    assert client.get(f"/organisations/south-east-london/{end}").status_code == 404
    assert client.get(f"/organisations/nowhere/{end}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/organisations/new/",
        "/organisations/north-east-london/edit/",
        "/organisations/north-east-london/constituents/add/",
        "/organisations/north-east-london/constituents/barts/end/",
    ],
)
def test_keeping_organisations_is_forbidden_to_leads(client, lead, affiliation, path):
    client.force_login(lead)
    assert client.get(path).status_code == 403
    assert client.post(path, posted()).status_code == 403


def test_create_page_makes_an_organisation(client, heg):
    client.force_login(heg)
    assert client.get("/organisations/new/").status_code == 200
    answer = client.post("/organisations/new/", posted(name="  Barts\r\nHealth\x0b NHS Trust "))
    organisation = Organisation.objects.get(kind="trust")
    assert answer.url == organisation.get_absolute_url() == "/organisations/barts-health-nhs-trust/"
    assert organisation.name == "Barts Health NHS Trust"
    assert organisation.valid_from == START


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " \u200b "}, "Enter the organisation's name"),
        ({"name": "x" * 201}, "Name must be 200 characters or fewer"),
        ({"short_name": ""}, "Enter a short name"),
        ({"kind": "school"}, "Choose the kind of organisation"),
        ({"valid_from_day": "31"}, "Exists from must be a real date"),
        ({"ods_code": "x" * 13}, "ODS code must be 12 characters or fewer"),
        ({"name": "north EAST london integrated care system"}, "There is an organisation with"),
        (
            {"valid_to_day": "1", "valid_to_month": "1", "valid_to_year": "2026"},
            "The end date must be the same as or after the start date",
        ),
    ],
)
def test_create_page_says_what_is_wrong_beside_the_field(client, heg, system, changes, sentence):
    client.force_login(heg)
    page = client.post("/organisations/new/", posted(**changes))
    assert page.status_code == 200
    assert html.unescape(page.text).count(sentence) == 2
    assert not Organisation.objects.filter(kind="trust").exists()


def test_edit_page_changes_an_organisation_but_not_its_kind(client, heg, system):
    client.force_login(heg)
    path = f"/organisations/{system.slug}/edit/"
    assert system.name in client.get(path).text
    answer = client.post(path, posted(name="North East London Partnership"))
    assert answer.url == f"/organisations/{system.slug}/"
    system.refresh_from_db()
    assert (system.name, system.kind) == ("North East London Partnership", "ics")


def test_edit_page_keeps_what_was_typed_when_the_name_is_taken(client, heg, system, trust):
    client.force_login(heg)
    page = client.post(f"/organisations/{system.slug}/edit/", posted(name=trust.name))
    assert "There is an organisation with this name already" in page.text
    assert page.context["organisation"].name == system.name
    assert trust.name in page.text


def test_constituent_pages_add_and_end(client, heg, system, trust):
    client.force_login(heg)
    path = f"/organisations/{system.slug}/constituents/add/"
    assert trust.name in client.get(path).text
    client.post(path, {"member": trust.slug, "is_host": "on"})
    assert system.constituents.get().is_host

    path = f"/organisations/{system.slug}/constituents/{trust.slug}/end/"
    assert client.get(path).status_code == 200
    day = {"ends_on_day": "31", "ends_on_month": "december", "ends_on_year": "2026"}
    client.post(path, day)
    assert system.constituents.get().ends_on == END
    assert client.get(path).status_code == 404


def test_constituent_pages_refuse_with_a_sentence(client, heg, system, affiliation, monkeypatch):
    client.force_login(heg)
    add = f"/organisations/{system.slug}/constituents/add/"
    assert "Choose an organisation" in client.post(add, {"member": "barts"}).text
    end = f"/organisations/{system.slug}/constituents/barts/end/"
    assert "Enter the last day" in client.post(end, {}).text
    early = {"ends_on_day": "1", "ends_on_month": "1", "ends_on_year": "2020"}
    assert "must be the same as or after" in client.post(end, early).text


def test_constituent_page_of_an_organisation_that_is_no_system_refuses(client, heg, trust):
    other = factories.organisation("hackney", kind=Organisation.Kind.LOCAL_AUTHORITY)
    client.force_login(heg)
    page = client.post(f"/organisations/{trust.slug}/constituents/add/", {"member": other.slug})
    assert "Only a system can have constituent organisations" in page.text


def test_pages_answer_only_the_methods_they_know(client, heg, system):
    client.force_login(heg)
    assert client.post(reverse("portal:organisations")).status_code == 405
    assert client.post(system.get_absolute_url()).status_code == 405


def test_role_taken_away_acts_at_the_next_request(client, lead, system, at):
    client.force_login(lead)
    assert client.get(system.get_absolute_url()).status_code == 200
    Membership.objects.filter(user=lead).update(ended_at=at)
    assert client.get(system.get_absolute_url()).status_code == 404
