from __future__ import annotations

from django.template import Context, Template

from commitments.models import Framework, Passage, Section
from commitments.queries import LevelMeaning, overview
from commitments.text import Glossary


def draw(template: str, **context: object) -> str:
    return Template("{% load framework %}" + template).render(Context(context))


def test_quoted_words_stand_uninterrupted_and_escaped() -> None:
    html = draw("{% quoted words source %}", words="Racism & <b>", source="Source: <it>")
    assert html == (
        '<figure class="framework-quote"><blockquote><p>Racism &amp; &lt;b&gt;</p></blockquote>'
        "<figcaption>Source: &lt;it&gt;</figcaption></figure>"
    )


def test_quoted_passages_are_a_paragraph_each() -> None:
    html = draw('{% quoted words "" "First:" %}', words=[Passage(text="One"), Passage(text="Two")])
    assert "<p><strong>First:</strong> One</p><p>Two</p>" in html
    assert "figcaption" not in html


def test_defined_text_is_linked_where_there_is_a_glossary() -> None:
    glossary = Glossary([("Racism", "/d/#racism")])
    assert 'href="/d/#racism"' in draw(
        "{{ text|defined:glossary }}", text="racism", glossary=glossary
    )
    assert draw("{{ text|defined:glossary }}", text="<racism>", glossary=None) == "&lt;racism&gt;"


def test_definition_reads_on_from_its_term() -> None:
    assert draw("{{ 'Racism'|lead:text }}", text="is defined as x") == "Racism"
    assert draw("{{ 'Health equity'|lead:text }}", text="the absence") == "Health equity:"


def test_look_for_does_not_repeat_its_heading() -> None:
    assert draw("{{ text|without_lead }}", text="What to look for: leaders who ask.") == (
        "Leaders who ask."
    )


def test_level_tag_has_shade_symbol_number_and_word() -> None:
    html = draw("{% level_tag 3 'Embedded' %}")
    assert html == (
        '<strong class="nhsuk-tag portal-level portal-level--3">'
        '<span aria-hidden="true">◕</span> 3 Embedded</strong>'
    )


def test_level_list_can_be_linked_to_and_is_escaped() -> None:
    html = draw("{% level_list levels %}", levels=[LevelMeaning(2, "Under way", "<i>", "B & C")])
    assert '<span id="level-2"><strong class="nhsuk-tag' in html
    assert "&lt;i&gt;" in html
    assert "<strong>What shows it:</strong> B &amp; C" in html


def test_other_statements_are_shown_with_their_place(london_framework: Framework) -> None:
    workforce = Section.objects.get(code="W")
    html = draw("{% other_statements section %}", section=workforce)
    assert "Other wording in the framework" in html
    assert "<strong>Workforce Commitment:</strong> to support our ethnic minority staff" in html
    assert "Source: the framework, Executive summary" in html
    assert draw("{% other_statements section %}", section=Section.objects.get(code="A")) == ""


def test_section_card_counts_its_items(london_framework: Framework) -> None:
    page = overview(london_framework)
    html = draw("{% section_card section '?version=x' %}", section=page.commitments[0])
    assert 'href="/framework/leadership/?version=x"' in html
    assert "“to being anti-racist" in html
    assert "5 recommended actions" in html
    html = draw("{% section_card section %}", section=page.enablers[2])
    assert "3 considerations" in html
    assert "“" not in html


def test_section_card_of_one_item_and_of_none(framework: Framework) -> None:
    data, leadership = Section.objects.get(code="D"), Section.objects.get(code="L")
    data.items.filter(code="D2").delete()
    leadership.items.all().delete()
    assert "1 consideration<" in draw("{% section_card section %}", section=data)
    assert "0 items<" in draw("{% section_card section %}", section=leadership)


def test_neighbours_may_be_missing(london_framework: Framework) -> None:
    section = Section.objects.get(code="W")
    html = draw("{% neighbours none section %}", section=section, none=None)
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html
    html = draw("{% neighbours section none %}", section=section, none=None)
    assert 'rel="prev"' in html
    assert 'rel="next"' not in html
