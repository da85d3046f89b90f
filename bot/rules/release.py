"""Release: the draft of the next release is kept current, and each change says which release it is in."""

from bot.core.actions import Abstain, Action
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pulls import PullRequest
from bot.core.release.draft import drafted, target
from bot.core.release.plan import Plan
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import ReleaseState
from bot.core.rule import rule

Said = tuple[Status, Phrase]


@rule(on=PullEvent, needs=(PullRequest, ReleaseState), config=ReleaseConfig, section="release")
def release(_event: PullEvent, config: ReleaseConfig, facts: Facts) -> list[Action | Item]:
    """Keep a draft of the next release with everything that was merged since the last one."""
    pull, state = facts[PullRequest], facts[ReleaseState]
    if not pull.is_merged or not _is_wanted(config, state):
        return []
    plan, draft = drafted(state, config)
    status, text = _standing(pull, state, plan, target(state, config))
    item = Item("release", "Release", Stage.RELEASE, status, text, who="maintainers")
    if draft is None:
        return [item]
    if state.last and draft.tag == state.last.tag:
        reason = f"the tag {draft.tag} is that of the last release; see tag_template and version_template"
        return [item, Abstain(about="draft release", reason=reason)]
    return [item, draft]


def _is_wanted(config: ReleaseConfig, state: ReleaseState) -> bool:
    """Whether the project has releases on GitHub, or says that it wants them."""
    return config.is_set_up or state.last is not None or state.draft is not None


def _standing(pull: PullRequest, state: ReleaseState, plan: Plan, branch: str) -> Said:
    """Where a merged pull request is on its way into a release."""
    if state.released_in:
        page = state.page_of(state.released_in)
        return Status.DONE, Phrase(f"released in [{{tag}}]({page})", {"tag": state.released_in})
    verdict = plan.verdicts.get(pull.number)
    if verdict is None:
        return _elsewhere(pull, branch)
    if other := plan.taken_back.get(pull.number):
        text = "left out of the release, as this and pull request {number} cancel each other out"
        return Status.NOT_APPLICABLE, Phrase(text, {"number": other})
    if verdict.left_out.startswith("label "):
        label = verdict.left_out.removeprefix("label ")
        text = "left out of the release notes by the label {label}"
        return Status.NOT_APPLICABLE, Phrase(text, {"label": label})
    if verdict.left_out:
        return Status.NOT_APPLICABLE, Phrase(f"left out of the release notes: {verdict.left_out}")
    return Status.WAITING, Phrase("in the draft of {tag}", {"tag": plan.tag})


def _elsewhere(pull: PullRequest, branch: str) -> Said:
    if pull.base != branch:
        text = "merged into `{base}`, while `{branch}` is released"
        return Status.NOT_APPLICABLE, Phrase(text, {"base": pull.base, "branch": branch})
    return Status.WAITING, Phrase("not in a release yet")
