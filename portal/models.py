"""People, the organisations they belong to, what they did and what is to be done."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import salted_hmac

from portal.roles import LONDON_WIDE, SECOND_FACTOR, Role


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def live(self, *, on: dt.date) -> OrganisationQuerySet:
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
        going_on = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        return self.filter(started & going_on)

    def systems(self) -> OrganisationQuerySet:
        return self.filter(kind=Organisation.Kind.ICS)

    def visible_to(self, user: User) -> OrganisationQuerySet:
        """One's own; the Health Equity Group and administrators look after all of them."""
        if user.holds(*LONDON_WIDE):
            return self
        return self.filter(pk__in=[m.organisation_id for m in user.active_memberships])


class Organisation(models.Model):
    """A dated organisation. Mergers are recorded, names are edited, rows are never deleted."""

    class Kind(models.TextChoices):
        ICS = "ics", "Integrated Care System"
        ICB = "icb", "Integrated Care Board"
        LOCAL_AUTHORITY = "local_authority", "Local authority"
        TRUST = "trust", "NHS trust"
        VCSE = "vcse", "Voluntary, community or social enterprise organisation"
        HEG = "heg", "Health Equity Group"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    ods_code = models.CharField("ODS code", max_length=12, blank=True)
    gss_code = models.CharField("GSS code", max_length=12, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    shares_with_peers_since = models.DateTimeField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="organisation_name_is_unique"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="organisation_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:organisation", args=[self.slug])

    @property
    def is_heg(self) -> bool:
        return self.kind == self.Kind.HEG


class Affiliation(models.Model):
    """A constituent organisation belongs to a system for a time; some belong to several."""

    system = models.ForeignKey(Organisation, models.PROTECT, related_name="constituents")
    member = models.ForeignKey(Organisation, models.PROTECT, related_name="affiliations")
    is_host = models.BooleanField("this system hosts the organisation", default=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["system", "member"],
                condition=Q(ends_on__isnull=True),
                name="one_current_affiliation_per_system_and_member",
            ),
            models.CheckConstraint(
                condition=~Q(system=F("member")), name="affiliation_joins_two_organisations"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.system}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; the e-mail address is the username."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("full name", max_length=150)
    job_title = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may use the administration pages", default=False)
    joined_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    behind_glass: frozenset[int] = frozenset()
    """Keys of organisations that an administrator may read now; set by the request alone."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="email_is_unique_in_any_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def active_memberships(self) -> list[Membership]:
        """Loaded once a request; a role taken away acts from the next request on."""
        if not self.is_active:
            return []
        return list(self.memberships.active().select_related("organisation"))

    def roles_in(self, organisation: Organisation | None) -> set[str]:
        """The person's roles there, with those that hold all over London."""
        return {
            membership.role
            for membership in self.active_memberships
            if membership.role in LONDON_WIDE
            or (organisation is not None and membership.organisation_id == organisation.pk)
        }

    def organisations_as(self, *roles: str) -> list[int]:
        """Keys of the organisations where the person holds one of these roles."""
        own = [m.organisation_id for m in self.active_memberships if m.role in roles]
        return [*own, *self.behind_glass] if Role.LEAD in roles else own

    def holds(self, *roles: str) -> bool:
        return any(membership.role in roles for membership in self.active_memberships)

    @property
    def is_heg_member(self) -> bool:
        return self.holds(Role.HEG)

    @property
    def needs_second_factor(self) -> bool:
        return self.is_superuser or self.holds(*SECOND_FACTOR)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """A person holds a role in an organisation for a time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="one_active_membership_per_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"

    @property
    def reference(self) -> str:
        """Names the membership in an address, where no primary key belongs."""
        return salted_hmac("portal.membership", str(self.pk)).hexdigest()[:16]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> InvitationQuerySet:
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def open(self, *, at: dt.datetime) -> InvitationQuerySet:
        return self.pending().filter(expires_at__gt=at)


class Invitation(models.Model):
    """A single-use, dated offer of a role, bound to one address. Only its token's hash is kept."""

    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                "role",
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_pending_invitation_per_address_and_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}, {self.organisation}"

    @property
    def reference(self) -> str:
        """Names the invitation in an address; says nothing of the token."""
        return self.token_hash[:16]


class AuditChain(models.Model):
    """The head of one organisation's chain of audit events, or of the portal's own."""

    name = models.CharField(max_length=80, unique=True)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def of(self, organisation: Organisation) -> AuditEventQuerySet:
        """What was done there; beside its own, the Health Equity Group keeps the portal's log."""
        names = [organisation.slug, "portal"] if organisation.is_heg else [organisation.slug]
        return self.filter(chain__in=names)


class AuditEvent(models.Model):
    """One thing someone did. No foreign keys, so the log neither blocks nor follows a deletion."""

    frozen_rows = True

    chain = models.CharField(max_length=80)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=160)
    detail = models.JSONField(default=dict)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chain", "sequence"], name="one_event_per_place_in_the_chain"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["chain", "target"], name="audit_by_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb}"


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, *, at: dt.datetime) -> JobQuerySet:
        """What a worker may claim: waiting and its time come, or left behind by a dead worker."""
        waiting = Q(state=Job.State.WAITING, run_after__lte=at)
        abandoned = Q(state=Job.State.RUNNING, lease_until__lt=at)
        return self.filter(waiting | abandoned)


class Job(models.Model):
    """Work for the worker. This row is the job; the broker only rings for it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Being made"
        DONE = "done", "Ready"
        FAILED = "failed", "Could not be made"

    kind = models.CharField(max_length=40)
    subject_id = models.PositiveBigIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    dedupe_key = models.CharField(max_length=160, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    run_after = models.DateTimeField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "run_after"], name="jobs_to_run"),
            models.Index(fields=["organisation", "claimed_at"], name="jobs_last_taken_up"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, *, at: dt.datetime) -> MessageQuerySet:
        return self.filter(sent_at__isnull=True, send_after__lte=at, failed_at__isnull=True)


class Message(models.Model):
    """The outbox: a mail written in the transaction that caused it, sent by the worker."""

    dedupe_key = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    """Empty once it is sent; one that could not be sent keeps it, to be sent yet."""
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sent_at", "send_after"], name="mail_to_send")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"


class Heartbeat(models.Model):
    """When worker and scheduler last showed that they are alive."""

    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at:%Y-%m-%d %H:%M:%S}"
