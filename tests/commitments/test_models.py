from __future__ import annotations

from commitments.models import (
    CaseExample,
    Definition,
    Descriptor,
    Framework,
    Item,
    Level,
    Mechanism,
    Passage,
    Section,
    ShortTermChange,
)


def test_rows_name_themselves(london_framework: Framework) -> None:
    assert str(london_framework) == "London strategic framework, first version"
    assert str(Section.objects.get(code="W")) == "Workforce"
    assert str(Item.objects.get(code="L1")) == "L1 Public anti-racist statement"
    assert str(Level.objects.get(number=2)) == "Under way"
    assert str(Descriptor.objects.get(item__code="D3", level__number=4)) == "D3 4"
    assert str(ShortTermChange.objects.get(code="A-S1")) == (
        "Increased number of Anchor organisations."
    )
    assert str(Mechanism.objects.get(code="C-M2")).startswith("Embedding their voices")
    assert str(CaseExample.objects.get(code="L-CE4")) == "Health Innovation Network (HIN)"
    assert str(Definition.objects.get(slug="health-equity")) == "Health equity"


def test_passage_is_named_by_its_title_or_its_beginning(london_framework: Framework) -> None:
    assert str(Passage.objects.get(kind="duty", order=1)) == "Equality Act 2010"
    assert str(Passage.objects.get(kind="purpose")) == (
        "The purpose of this framework is to provide a systematic app"
    )


def test_framework_is_found_by_its_version(london_framework: Framework) -> None:
    assert Framework.objects.get_by_natural_key("london-1") == london_framework


def test_actions_come_before_considerations(london_framework: Framework) -> None:
    codes = [item.code for item in Item.objects.in_order()]
    actions = [f"{letter}{number}" for letter in "LWEAC" for number in range(1, 6)]
    assert codes[:25] == actions
    counts = {"D": 5, "G": 5, "P": 3}
    considerations = [f"{code}{n}" for code, last in counts.items() for n in range(1, last + 1)]
    assert codes[25:] == considerations
    assert [item.code for item in Item.objects.actions().in_order()] == actions


def test_item_says_what_kind_it_is(london_framework: Framework) -> None:
    assert Item.objects.get(code="A2").kind_name == "Recommended action"
    assert Item.objects.get(code="G2").kind_name == "Consideration"
    assert Item.objects.get(code="A2").get_absolute_url() == "/framework/A2/"
