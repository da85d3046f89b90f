"""The page of the contribution flow says what the code does."""

from pathlib import Path

from bot.core.flow import BEFORE_MERGE, Stage, Status, transitions
from bot.flow_docs import diagram, page

PAGE = Path(__file__).parents[1] / "docs" / "contribution-flow.md"


def test_the_committed_page_is_the_current_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "write it anew: python -m bot.flow_docs > docs/contribution-flow.md"
    )


def test_every_stage_and_status_is_explained() -> None:
    assert all(f"\n| {word} | " in page() for word in (*Stage, *Status))


def test_every_step_out_of_the_stages_before_the_merge_is_drawn() -> None:
    drawn = diagram()
    for stage, followers in transitions().items():
        for after in followers:
            here = "before" if stage in BEFORE_MERGE else stage.name.lower()
            there = "before" if after in BEFORE_MERGE else after.name.lower()
            assert here == there or f"    {here} --> {there}\n" in drawn
