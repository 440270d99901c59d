"""The pages of self-assessment, a list for each noun."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from assessments.views import (
    answers,
    asks,
    assignments,
    autosave,
    changes,
    check,
    citations,
    conversation,
    cycles,
    evidence,
    history,
    home,
    plans,
    risks,
    sign_off,
    steps,
)


class ItemCode(StringConverter):
    """A code such as L1 or D3, so that it never hides a page like check/."""

    regex = "[LWEACDGP][1-9]"


register_converter(ItemCode, "code")

app_name = "assessments"

ONE = "assessments/<slug:cycle>/<slug:organisation>/"
ANSWER = f"{ONE}<code:code>/"
CYCLE = "cycles/<slug:cycle>/"
CASE = f"{CYCLE}<slug:organisation>/"

ASSESSMENTS = [
    path("assessments/", home.index, name="index"),
    path(ONE, home.detail, name="detail"),
    path(f"{ONE}check/", check.check, name="check"),
    path(f"{ONE}messages/", check.board_messages, name="messages"),
    path(f"{ONE}send/", check.send, name="send"),
    path(f"{ONE}take-back/", check.take_it_back, name="take_back"),
    path(f"{ONE}sign-off/", sign_off.sign_off, name="sign_off"),
    path(f"{ONE}sign-off/questions/", sign_off.questions, name="questions"),
    path(f"{ONE}release/", sign_off.release_now, name="release"),
    path(f"{ONE}reopen/", sign_off.ask_for_reopening, name="reopen"),
    path(f"{ONE}sharing/", sign_off.sharing, name="sharing"),
    path(f"{ONE}complete/", sign_off.complete, name="complete"),
]

ASKS = f"{ONE}asks/"
BOARD = [
    path(ASKS, asks.index, name="board_asks"),
    path(f"{ASKS}add/", asks.add, name="add_board_ask"),
    path(f"{ASKS}<uuid:key>/", asks.edit, name="board_ask"),
    path(f"{ASKS}<uuid:key>/withdraw/", asks.withdraw, name="withdraw_board_ask"),
    path(f"{ASKS}<uuid:key>/up/", asks.up, name="board_ask_up"),
    path(f"{ASKS}<uuid:key>/outcome/", asks.outcome, name="outcome"),
    path("risks/<slug:organisation>/", risks.index, name="risks"),
    path("risks/<slug:organisation>/add/", risks.add, name="add_risk"),
    path("risks/<slug:organisation>/<uuid:key>/", risks.edit, name="risk"),
    path("risks/<slug:organisation>/<uuid:key>/withdraw/", risks.withdraw, name="withdraw_risk"),
]

ANSWERS = [
    path(ANSWER, answers.answer, name="answer"),
    path(f"{ANSWER}autosave/", autosave.autosave, name="autosave"),
    path(f"{ANSWER}history/", history.history, name="history"),
    path(f"{ANSWER}not-assessed/", answers.not_assessed, name="not_assessed"),
    path(f"{ANSWER}reconfirm/", answers.reconfirm, name="reconfirm"),
    path(f"{ANSWER}no-personal-data/", answers.no_personal_data, name="no_personal_data"),
]

CONVERSATION = [
    path(f"{ANSWER}accept/", conversation.accept_answer, name="accept"),
    *(
        path(f"{ANSWER}{deed}/", conversation.converse, {"deed": deed}, name=deed.replace("-", "_"))
        for deed in conversation.DEEDS
    ),
]

ASSIGNMENTS = [
    path("my-actions/", assignments.my_actions, name="my_actions"),
    path(f"{ONE}assign/", assignments.assign, name="assign"),
    path(f"{ONE}nudge/", assignments.nudge, name="nudge"),
]

CYCLES = [
    path("cycles/", cycles.index, name="cycles"),
    path("cycles/new/", cycles.new, name="new_cycle"),
    path("cycles/calendar/<slug:kind>/", cycles.cadence, name="cadence"),
    path(CYCLE, cycles.status, name="cycle_status"),
    path(f"{CYCLE}dates/", cycles.dates, name="cycle_dates"),
    path(f"{CYCLE}add/", cycles.add, name="add_organisation"),
    path(f"{CASE}extend/", cycles.extend, name="extend"),
    path(f"{CASE}not-applicable/", cycles.not_applicable, name="not_applicable"),
    path(f"{CASE}reopen/", cycles.give_back, name="give_back"),
]

LIBRARY = "evidence/<slug:organisation>/"
EVIDENCE = [
    path(LIBRARY, evidence.index, name="evidence_library"),
    path(f"{LIBRARY}add/", evidence.add, name="add_evidence"),
    path(f"{LIBRARY}<uuid:key>/", evidence.detail, name="evidence"),
    path(f"{LIBRARY}<uuid:key>/edit/", evidence.edit, name="edit_evidence"),
    path(f"{LIBRARY}<uuid:key>/withdraw/", evidence.withdraw, name="withdraw_evidence"),
    path(f"{LIBRARY}<uuid:key>/file/", evidence.file, name="evidence_file"),
    path(f"{ANSWER}evidence/", citations.choose, name="choose_evidence"),
    path(f"{ANSWER}evidence/add/", citations.add, name="add_and_cite"),
    path(f"{ANSWER}evidence/<uuid:key>/remove/", citations.remove, name="uncite"),
]

STEPS = [
    path(f"{ANSWER}steps/add/", steps.add, name="add_step"),
    path(f"{ANSWER}steps/<uuid:key>/", steps.edit, name="step"),
    path(f"{ANSWER}steps/<uuid:key>/withdraw/", steps.withdraw, name="withdraw_step"),
    path(f"{ANSWER}change/", changes.change, name="change"),
    path(f"{ANSWER}change/remove/", changes.remove, name="remove_change"),
]

PLAN = "plan/<slug:organisation>/"
PLANS = [
    path(PLAN, plans.plan, name="plan"),
    path(f"{PLAN}edit/", plans.edit, name="edit_plan"),
    path(f"{PLAN}priorities/", plans.priorities, name="priorities"),
    path(f"{PLAN}measures/add/", plans.new_measure, name="add_measure"),
    path(f"{PLAN}measures/<uuid:key>/", plans.edit_measure, name="measure"),
    path(f"{PLAN}measures/<uuid:key>/remove/", plans.drop_measure, name="remove_measure"),
    path(f"{PLAN}steps/<uuid:key>/", steps.edit_in_plan, name="plan_step"),
]

urlpatterns = [
    *ASSESSMENTS,
    *BOARD,
    *ANSWERS,
    *CONVERSATION,
    *ASSIGNMENTS,
    *CYCLES,
    *EVIDENCE,
    *STEPS,
    *PLANS,
]
