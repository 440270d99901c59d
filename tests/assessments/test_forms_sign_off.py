"""Messages, attestation, questions, Board date and sharing: what the forms take and refuse."""

from __future__ import annotations

from assessments.forms import sign_off as f


def test_messages_form_keeps_the_written_ones_in_order() -> None:
    form = f.MessagesForm({"message_1": "", "message_2": "Two.", "message_3": " Three. "})
    assert form.is_valid()
    assert form.written == ["Two.", "Three."]


def test_messages_form_shows_what_is_written() -> None:
    form = f.MessagesForm(written=["One."])
    assert [field.initial for field in form.fields.values()] == ["One.", "", ""]


def test_messages_form_says_which_message_is_wrong() -> None:
    form = f.MessagesForm({"message_1": "\u200b", "message_3": "a" * 301})
    assert form.errors == {
        "message_1": ["The first message must include text that can be seen"],
        "message_3": ["The third message must be 300 characters or fewer"],
    }


def test_sign_off_form_wants_the_sponsor_s_word() -> None:
    assert f.SignOffForm({"attestation": "on"}).is_valid()
    (message,) = f.SignOffForm({}).errors["attestation"]
    assert message == "Confirm that this is a fair account before you sign it off"


def questions(**data: str) -> f.QuestionsForm:
    return f.QuestionsForm(data, items=[("L1", "One"), ("L2", "Two")])


def test_questions_form_takes_those_written() -> None:
    form = questions(L1="", L2="Why so low?", X9="forged")
    assert form.is_valid()
    assert form.questions == {"L2": "Why so low?"}


def test_questions_form_wants_at_least_one() -> None:
    assert questions().non_field_errors() == [f.NO_QUESTION]


def test_questions_form_says_which_question_is_too_long() -> None:
    form = questions(L1="a" * 1001)
    assert form.errors == {"L1": ["Your question about L1 must be 1000 characters or fewer"]}


def test_sharing_form_wants_a_choice() -> None:
    wrong = ["Select whether to share released answers"]
    assert f.SharingForm({}).errors["shares"] == wrong
    assert f.SharingForm({"shares": "maybe"}).errors["shares"] == wrong
    yes, no = f.SharingForm({"shares": "yes"}), f.SharingForm({"shares": "no"})
    assert yes.is_valid()
    assert no.is_valid()
    assert (yes.agreed, no.agreed) == (True, False)
