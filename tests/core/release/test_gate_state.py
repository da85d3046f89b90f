from dataclasses import replace

import pytest

from bot.core.release.gate_state import purpose_after
from bot.core.release.state import Release
from tests.core.release.gates import CHECKLIST, MERGED, draft, ready
from tests.core.release.history import LAST, state


def test_each_release_has_one_checklist() -> None:
    assert purpose_after("v1.4.2") == "release after v1.4.2"
    assert purpose_after("") == "release after nothing"
    assert len(purpose_after("v" * 300)) == 200


@pytest.mark.parametrize(
    ("last", "kept", "is_out"),
    [
        (LAST, draft(), False),
        (LAST, None, False),
        (replace(LAST, tag="v1.5.0", id=9), None, True),
        (replace(LAST, tag="v1.5.0", id=9), draft(id=10), True),
        (replace(LAST, tag="v1.4.3", id=8), draft(), False),
    ],
)
def test_whether_the_release_is_out(last: Release, kept: Release | None, is_out: bool) -> None:
    given = ready(state(MERGED, last=last, draft=kept), checklist=CHECKLIST)
    assert given.is_out is is_out
    assert not replace(given, checklist=None).is_out
