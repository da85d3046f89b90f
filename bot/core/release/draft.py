"""The draft on GitHub: what Usher writes there, and what people wrote around it.

The notes stand between two comments that nobody sees. What people write above or below them stays, and so do
a tag and a title that they change: the first comment says what Usher gave the draft, so that a change shows.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from bot.core.actions import DraftRelease
from bot.core.release.notes import notes
from bot.core.release.plan import Plan, is_set, plan
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import Release, ReleaseState, plain

MAX_BODY = 125_000  # characters; GitHub refuses longer notes
_END = "<!-- usher:notes end -->"
_HINT = "Usher keeps what follows current; your own words stay above this line or below the last one."
_START = re.compile(r"^<!-- usher:notes (?P<given>\{[^\n]*\}) [^\n]*-->[ \t\r]*$", re.MULTILINE)
_LAST = re.compile(rf"^{re.escape(_END)}[ \t\r]*$", re.MULTILINE)  # no title makes a line of its own


@dataclass(frozen=True, slots=True)
class Kept:
    """What a draft has from people.

    Args:
        above, below: their text around the notes.
        tag, name: what they changed; "" where it is what Usher gave.
    """

    above: str = ""
    below: str = ""
    tag: str = ""
    name: str = ""


def kept(state: ReleaseState) -> Kept:
    """Read what a draft has from people; all of it, where Usher did not write it."""
    draft = state.draft
    if draft is None:
        return Kept()
    found = _START.search(draft.body)
    given = _given(found["given"]) if found else {}
    own_tag = draft.tag if is_set(draft.tag) and draft.tag != given.get("tag") else ""
    own_name = draft.name if draft.name != given.get("name", "") else ""
    if found is None:
        return Kept(draft.body.strip(), "", own_tag, own_name)
    ends = list(_LAST.finditer(draft.body, found.end()))
    below = draft.body[ends[-1].end() :].strip() if ends else ""
    return Kept(draft.body[: found.start()].strip(), below, own_tag, own_name)


def has_notes(draft: Release) -> bool:
    """Whether a draft has notes of Usher's; one that a person wrote alone is theirs."""
    return _START.search(draft.body) is not None


def drafted(
    state: ReleaseState, config: ReleaseConfig, *, is_asked: bool = False
) -> tuple[Plan, DraftRelease | None]:
    """Plan the next release and write its draft; without the draft where it is as it should be.

    While there is neither a change to list nor a draft to keep current, nothing is drafted.

    Args:
        state: what was merged, and the draft that there is.
        config: the settings.
        is_asked: True where a person asks for a draft, also of no change.
    """
    own = kept(state)
    next_one = plan(state, config, own.tag)
    if not next_one.pulls and state.draft is None and not is_asked:
        return next_one, None
    text = notes(next_one.pulls, next_one.verdicts, state, config, next_one.values)
    action = DraftRelease(
        tag=next_one.tag,
        name=own.name or next_one.name,
        body=_page(own, {"tag": next_one.usual_tag, "name": next_one.name}, text),
        prerelease=config.is_prerelease,
        target=target(state, config),
        latest=str(config.latest).lower(),
        draft=state.draft.id if state.draft else 0,
        seen=state.draft.seal if state.draft else "",
        reason=next_one.reason,
    )
    return next_one, None if state.draft and says(state.draft, action) else action


def _page(own: Kept, given: dict[str, str], text: str) -> str:
    """Put the notes between what people wrote, as much of them as there is room for."""
    start = f"<!-- usher:notes {_dumped(given)} {_HINT} -->"
    around = [part for part in (own.above, start, _END, own.below) if part]
    room = MAX_BODY - sum(len(part) + 2 for part in around)
    parts = (own.above, f"{start}\n{cut(text, room)}\n{_END}", own.below)
    return "\n\n".join(part for part in parts if part)


def cut(text: str, room: int) -> str:
    """Shorten notes to a number of characters, at the end of a line, and say so."""
    if len(text) <= room:
        return text
    word = "\n\n… *The rest does not fit into a release.*"
    closing = "\n</details>"
    kept_text = text[: max(0, room - len(word) - len(closing))]
    kept_text = kept_text[: max(0, kept_text.rfind("\n"))].rstrip()
    is_open = kept_text.count("<details>") > kept_text.count("</details>")
    return (kept_text + (closing if is_open else "") + word)[: max(0, room)]


def target(state: ReleaseState, config: ReleaseConfig) -> str:
    """The branch or commit to be released; GitHub takes no tag there."""
    wanted = config.commitish.removeprefix("refs/heads/")
    return state.default_branch if not wanted or wanted.startswith("refs/tags/") else wanted


def says(draft: Release, action: DraftRelease) -> bool:
    """Whether a draft is already what an action would make of it."""
    is_same = (draft.tag, draft.name, draft.is_prerelease) == (action.tag, action.name, action.prerelease)
    return is_same and draft.target in {"", action.target} and plain(draft.body) == plain(action.body)


def with_draft(state: ReleaseState, action: DraftRelease) -> ReleaseState:
    """Return how things stand once the draft is what an action makes of it."""
    draft = Release(
        tag=action.tag,
        name=action.name,
        body=action.body,
        id=action.draft,
        is_draft=True,
        is_prerelease=action.prerelease,
        target=action.target,
    )
    return replace(state, draft=draft)


def _dumped(given: dict[str, str]) -> str:
    """JSON that can end no comment."""
    return json.dumps(given, sort_keys=True).replace("-", "\\u002d").replace(">", "\\u003e")


def _given(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}
