"""The administrator's pages: people, organisations, jobs and messages, and no business content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from portal import jobs, services
from portal.forms.fields import OneLine
from portal.models import Affiliation, Job, Membership, Message, Organisation, User
from portal.roles import Permission, can


class OperatorOnly:
    """Whoever may operate the portal reads; nobody adds or deletes here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can(request.user, Permission.OPERATE)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return can(request.user, Permission.OPERATE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class PersonForm(forms.ModelForm):
    name = OneLine(label="Full name", missing="Enter a full name", limit=150)
    job_title = OneLine(label="Job title", limit=150)

    class Meta:
        model = User
        fields = ("name", "job_title", "is_active")


@admin.register(User)
class PersonAdmin(OperatorOnly, admin.ModelAdmin):
    """Names can be put right and accounts switched off; passwords and rights are not set here."""

    form = PersonForm
    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "memberships__role")
    search_fields = ("name", "email")
    ordering = ("name",)
    fields = ("email", "name", "job_title", "is_active", "joined_at", "last_login")
    readonly_fields = ("email", "joined_at", "last_login")

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return can(request.user, Permission.OPERATE)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        services.change_account(user=obj, by=request.user, at=timezone.now(), **form.cleaned_data)


@admin.register(Organisation)
class OrganisationAdmin(OperatorOnly, admin.ModelAdmin):
    list_display = ("name", "kind", "ods_code", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("name", "short_name", "ods_code", "gss_code")
    ordering = ("name",)


@admin.register(Affiliation)
class AffiliationAdmin(OperatorOnly, admin.ModelAdmin):
    list_display = ("member", "system", "is_host", "starts_on", "ends_on")
    list_select_related = ("member", "system")
    ordering = ("system__name", "member__name")


@admin.register(Membership)
class MembershipAdmin(OperatorOnly, admin.ModelAdmin):
    list_display = ("user", "role", "organisation", "started_at", "ended_at")
    list_select_related = ("user", "organisation")
    list_filter = ("role",)
    search_fields = ("user__name", "user__email", "organisation__name")
    ordering = ("-started_at",)


@admin.register(Job)
class JobAdmin(OperatorOnly, admin.ModelAdmin):
    list_display = ("kind", "subject_id", "state", "attempts", "created_at", "finished_at")
    list_filter = ("state", "kind")
    ordering = ("-created_at",)
    actions = ("start_over",)

    @admin.action(description="Start failed jobs over", permissions=["view"])
    def start_over(self, request: HttpRequest, queryset: models.QuerySet[Job]) -> None:
        started = [jobs.retry(job, at=timezone.now()) for job in queryset]
        self.message_user(request, f"{sum(started)} started over", messages.SUCCESS)


@admin.register(Message)
class MessageAdmin(OperatorOnly, admin.ModelAdmin):
    """Without the body: it may hold the link that lets somebody in."""

    list_display = ("subject", "to", "created_at", "sent_at", "attempts", "failed_at")
    list_filter = ("sent_at", "failed_at")
    search_fields = ("to", "subject")
    ordering = ("-created_at",)
    exclude = ("body", "dedupe_key")
