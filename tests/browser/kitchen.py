"""A page with every component and form field, served to the browser tests only."""

import json
from pathlib import Path
from types import SimpleNamespace

from crispy_forms.layout import Fieldset
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.template import engines

from portal.nhsuk import (
    DateField,
    MaxCharacters,
    MaxWords,
    NHSButton,
    NHSField,
    NHSForm,
    nhs_helper,
)

LEVELS = [
    ("0", "Not started", "Nothing agreed yet. No person or group is named as responsible."),
    ("1", "Committed", "The Board has agreed it in writing, with a named lead and a date."),
    ("2", "In development", "Work has begun in part of the system, with a plan and people’s time."),
    ("3", "Embedded", "It is how most of the system works, and the records show it."),
    ("4", "Transforming", "People from affected communities say what has changed for them."),
]


def message(text):
    return {"required": text, "invalid": text, "invalid_choice": text, "invalid_list": text}


class KitchenForm(NHSForm):
    version = forms.IntegerField(initial=3, widget=forms.HiddenInput, error_messages=message(""))
    level = forms.ChoiceField(
        label="Where is your system on this action?",
        choices=[(value, text) for value, text, _ in LEVELS],
        widget=forms.RadioSelect,
        error_messages=message("Select a level"),
    )
    reason = forms.CharField(
        label="Why is it not started?", required=False, error_messages=message("Enter why")
    )
    coverage = forms.ChoiceField(
        label="How much of the system does this describe?",
        choices=[("one", "One site"), ("some", "Some"), ("all", "All of the system")],
        widget=forms.RadioSelect,
        error_messages=message("Select how much of the system"),
    )
    narrative = forms.CharField(
        label="What is in place?",
        help_text="Say where it is not yet in place, and for which communities.",
        widget=forms.Textarea,
        validators=[MaxWords(150, "Narrative must be {limit} words or fewer")],
        error_messages=message("Enter what is in place"),
    )
    summary = forms.CharField(
        label="Summary",
        required=False,
        widget=forms.Textarea,
        validators=[MaxCharacters(200, "Summary must be {limit} characters or fewer")],
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    due_on = DateField(
        label="Due date",
        help_text="For example, 31 March 2027",
        error_messages=message("Enter the due date"),
    )
    lead = forms.EmailField(
        label="Email address of the lead",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=message("Enter an email address in the correct format")
        | {"max_length": "Email address must be 320 characters or fewer"},
    )
    baseline = forms.IntegerField(
        label="Baseline", error_messages=message("Baseline must be a number")
    )
    system = forms.ChoiceField(
        label="System",
        choices=[("", "Choose a system"), ("nel", "North East"), ("sel", "South East")],
        error_messages=message("Select a system"),
    )
    communities = forms.MultipleChoiceField(
        label="Which communities?",
        help_text="Select all that apply.",
        choices=[("b", "Black African"), ("c", "Black Caribbean"), ("g", "Gypsy or Roma")],
        widget=forms.CheckboxSelectMultiple,
        error_messages=message("Select at least one community"),
    )
    shared = forms.BooleanField(
        label="Show this evidence to community partners", error_messages=message("Confirm")
    )
    paper = forms.FileField(
        label="Upload the paper",
        error_messages=dict.fromkeys(("required", "invalid", "missing", "empty"), "Select a file"),
    )
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages=message("Enter your password"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = nhs_helper(
            NHSField(
                "level",
                size="m",
                heading=2,
                choice_hints={value: hint for value, _, hint in LEVELS},
                conditional={"0": NHSField("reason", size="s", width=20)},
            ),
            NHSField("coverage", small=True),
            NHSField("narrative", rows=8),
            NHSField("summary", threshold=75),
            "note",
            Fieldset(
                "About the step",
                NHSField("due_on"),
                NHSField("lead", width=20),
                NHSField("baseline", width=5),
            ),
            NHSField("system"),
            NHSField("communities"),
            "shared",
            "paper",
            "password",
            buttons=(NHSButton("Save and come back later", name="later", variant="secondary"),),
            attrs={"data-autosave-url": "/kitchen/draft/", "id": "kitchen"},
        )


def tag(text, colour):
    return {"tag": {"text": text, "colour": colour}}


def context(form):
    plain = {"colour": False, "border": False, "classes": "nhsuk-u-font-weight-normal"}
    given = {"hint": "Assigned to you", "status": tag("In progress", "white")}
    return {
        "form": form,
        "tasks": [
            {
                "heading": "Leadership",
                "href": "#l1",
                "status": {"tag": {"text": "Completed", **plain}},
            },
            {"heading": "Workforce", "href": "#w1", **given},
            {"heading": "Environment", "href": "#e1", "status": tag("Not yet started", "blue")},
            {"heading": "Check answers", "status": tag("Cannot start yet", "grey")},
            {"heading": "Care", "href": "#c1", "status": tag("There is a problem", "red")},
        ],
        "rows": [
            {"key": "Level", "value": "Embedded", "actions": change("level")},
            {"key": "Narrative", "value": "Not provided", "actions": change("narrative")},
        ],
        "crumbs": [{"text": "Home", "href": "/"}, {"text": "Framework", "href": "/framework/"}],
        "systems": ["North Central", "North East", "North West", "South East", "South West"],
        "tabs": [
            {"label": "Systems", "id": "systems", "panel": {"html": "<p>Five systems</p>"}},
            {"label": "Actions", "id": "actions", "panel": {"html": "<p>25 actions</p>"}},
        ],
        "demo": True,
        "session_extend_url": "/kitchen/extend/",
    }


def change(what):
    return {"items": [{"href": f"#{what}", "text": "Change", "visuallyHiddenText": what}]}


@login_not_required
def page(request):
    posted = request.method == "POST"
    form = KitchenForm(request.POST if posted else None, request.FILES if posted else None)
    if "saved" in request.GET:
        messages.success(request, "Your answer to L1 was saved <b>once</b>")
    seconds = int(request.GET.get("seconds", 0))
    person = SimpleNamespace(is_authenticated=True, email="lead@nel.example.org")
    extra = {"session_seconds": seconds, "user": person} if seconds else {}
    template = engines["django"].from_string(Path(__file__).with_name("kitchen.html").read_text())
    return HttpResponse(template.render({**context(form), **extra}, request))


@login_not_required
def draft(request):
    """Keeps what it was sent; "unplug" stands for a lost connection, "locked" for a refusal."""
    sent = request.POST.dict()
    if "unplug" in sent["narrative"]:
        return HttpResponse(status=503)
    if "locked" in sent["narrative"]:
        return JsonResponse({"message": "This answer was sent for sign-off."}, status=409)
    RECEIVED.append(json.loads(json.dumps(sent)))
    return JsonResponse({"saved_at": "10:32"})


@login_not_required
def extend(request):
    EXTENDED.append(request.method)
    return HttpResponse(status=204)


RECEIVED: list[dict[str, str]] = []
EXTENDED: list[str] = []
