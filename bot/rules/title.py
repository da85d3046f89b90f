"""Title: no work in progress, and on request a type in the form of Conventional Commits."""

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.core.commit_lists import rewritten_from, short_names
from bot.core.conventional import TYPES, Conventional, corrected, parse
from bot.core.events import PullEvent
from bot.core.expressions import expression, fits_one
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pull_context import PullTypePrediction
from bot.core.pulls import Commit, Commits, PullRequest
from bot.core.rule import Section, rule
from bot.core.spellings import ANY_SPELLING
from bot.core.work_in_progress import mark_of


def _expression(pattern: str) -> str:
    expression(pattern)
    return pattern


Name = Annotated[str, Field(min_length=1, max_length=100)]
Names = Annotated[tuple[Name, ...], Field(max_length=200)]
Types = Annotated[Names, AfterValidator(lambda types: types or TYPES)]
Pattern = Annotated[str, AfterValidator(_expression)]


class TitleConfig(Section):
    """The title of a pull request, and the subjects of its commits."""

    model_config = ANY_SPELLING

    wip: bool = Field(default=True, description="A title that says WIP, `[Draft]` and the like is not ready.")
    conventional: bool | None = Field(
        default=None,
        description="Ask for titles such as `fix: save before closing`. Left out, any of the settings that"
        " follow asks for them.",
    )
    title_only: bool = Field(default=False, description="The title counts, commits do not.")
    commits_only: bool = Field(default=False, description="All commits count, the title does not.")
    title_and_commits: bool = Field(
        default=False,
        description="The title and all commits count. With none of the three, the title or any commit does.",
    )
    any_commit: bool = Field(default=False, description="Where all commits count: one of them is enough.")
    types: Types = Field(default=TYPES, description="The types there are; an empty list stands for these.")
    scopes: Names = Field(
        default=(), description="The scopes there are, as names or regular expressions; empty takes any."
    )
    disallow_scopes: Names = Field(default=(), description="Scopes that are not to be used, likewise.")
    require_scope: bool = Field(default=False, description="A scope must be named: `fix(editor): ...`.")
    subject_pattern: Pattern = Field(
        default="", description="A regular expression (RE2) for what follows the colon; empty takes any text."
    )
    subject_pattern_error: str = Field(
        default="",
        max_length=300,
        description="What is said where it does not match; `{subject}` and `{title}` are filled in.",
    )
    allow_merge_commits: bool = Field(default=False, description='Let commits "Merge ..." be as they are.')
    allow_revert_commits: bool = Field(
        default=False, description='Let titles and commits `Revert "..."` be as they are.'
    )
    validate_single_commit: bool = Field(
        default=False, description="An only commit counts, too: GitHub proposes its subject for a squash."
    )
    validate_single_commit_matches_pr_title: bool = Field(
        default=False, description="The subject of an only commit must be the title."
    )
    ignore_labels: Names = Field(default=(), description="Labels of pull requests that need not comply.")
    threshold: float = Field(
        default=0.7,
        strict=True,
        ge=0,
        le=1,
        description="How sure the classifier must be of a type (0 to 1) to propose it.",
    )

    @property
    def is_asked(self) -> bool:
        """Whether titles or commits shall be conventional."""
        own = {"wip", "conventional", "ignore_labels", "threshold", *Section.model_fields}
        return bool(self.model_fields_set - own) if self.conventional is None else self.conventional


Said = tuple[Status, Phrase]


@rule(
    on=PullEvent,
    needs=(PullRequest, Commits, PullTypePrediction),
    config=TitleConfig,
    section="title",
    spares=lambda config: () if config.is_asked else (Commits, PullTypePrediction),
)
def title(_event: PullEvent, config: TitleConfig, facts: Facts) -> list[Item]:
    """Ask for a title that says what the change is and that it is ready."""
    pull = facts[PullRequest]
    if not pull.is_open or not (config.wip or config.is_asked):
        return []
    status, text = _state(pull, config, facts)
    return [Item("title", "Title", Stage.OPENED, status, text)]


def _state(pull: PullRequest, config: TitleConfig, facts: Facts) -> Said:
    if pull.author.is_bot:
        return Status.NOT_APPLICABLE, Phrase("bots name their own pull requests")
    if label := next((name for name in config.ignore_labels if pull.has_label(name)), ""):
        return Status.NOT_APPLICABLE, Phrase("not asked for with the label `{label}`", {"label": label})
    if mark := mark_of(pull.title) if config.wip else "":
        if pull.is_draft:
            text = "`{mark}` may stay while this is a draft; take it out of the title when it is ready"
            return Status.WAITING, Phrase(text, {"mark": mark})
        text = "take `{mark}` out of the title when it is ready; until then, it can be a draft"
        return Status.MISSING, Phrase(text, {"mark": mark})
    if not config.is_asked:
        return Status.DONE, Phrase("`{title}`", {"title": pull.title})
    return _conventional(pull, config, facts)


def _conventional(pull: PullRequest, config: TitleConfig, facts: Facts) -> Said:
    """Weigh the title and the commits as the settings have it."""
    commits = _counted(facts[Commits].commits, config)
    all_commits = (config.commits_only or config.title_and_commits) and not config.title_only
    ignores_title = config.commits_only and not config.title_only
    of_title = None if ignores_title else _problem(pull.title, config)
    if of_title and not config.title_only and not all_commits:
        good = [commit for commit in commits if not _problem(commit.message, config)]
        if good:
            text = "the commit `{subject}` has a type; for a squash merge, give the title one, too"
            return Status.DONE, Phrase(text, {"subject": good[0].subject})
    if of_title:
        return Status.MISSING, _proposal(pull.title, config, facts) or of_title
    wrong = [commit for commit in commits if _problem(commit.message, config)] if all_commits else []
    if wrong and (not config.any_commit or len(wrong) == len(commits)):
        return Status.MISSING, _reword(wrong, pull, config, facts[Commits].commits)
    if of_only := _problem_of_only_commit(pull, config, commits):
        return Status.MISSING, of_only
    if ignores_title:
        return Status.DONE, Phrase("the commits have a type")
    return Status.DONE, Phrase("`{title}`", {"title": pull.title})


def _counted(commits: Sequence[Commit], config: TitleConfig) -> list[Commit]:
    """The commits that have to comply."""

    def is_let_be(commit: Commit) -> bool:
        is_merge = commit.is_merge or commit.subject.startswith("Merge ")
        return (config.allow_merge_commits and is_merge) or _is_revert(commit.subject, config)

    return [commit for commit in commits if not is_let_be(commit)]


def _is_revert(line: str, config: TitleConfig) -> bool:
    return config.allow_revert_commits and line.startswith('Revert "')


def _problem(message: str, config: TitleConfig) -> Phrase | None:
    """What is wrong with a title or the subject of a commit; None where nothing is."""
    if _is_revert(message, config):
        return None
    said, types = parse(message), ", ".join(config.types)
    if said is None:
        text = "begin it with the type of the change, as in `{type}: ...`; the types here are {types}"
        return Phrase(text, {"type": config.types[0], "types": types})
    if not _has_type(message, config):
        text = "`{type}` is not among the types here: {types}"
        return Phrase(text, {"type": said.type, "types": types})
    return _problem_of_scope(said, config) or _problem_of_subject(said, message, config)


def _has_type(message: str, config: TitleConfig) -> bool:
    said = parse(message)
    return said is not None and said.type in {name.lower() for name in config.types}


def _problem_of_scope(said: Conventional, config: TitleConfig) -> Phrase | None:
    known = f"; the scopes here are {', '.join(config.scopes)}" if config.scopes else ""
    if config.require_scope and not said.scopes:
        text = "name the part that changes, as in `{type}(part): ...`{known}"
        return Phrase(text, {"type": said.type, "known": known})
    for scope in said.scopes:
        if config.scopes and not fits_one(scope, config.scopes):
            return Phrase("`{scope}` is not among the scopes{known}", {"scope": scope, "known": known})
        if fits_one(scope, config.disallow_scopes):
            return Phrase("the scope `{scope}` is not to be used here", {"scope": scope})
    return None


def _problem_of_subject(said: Conventional, message: str, config: TitleConfig) -> Phrase | None:
    if not config.subject_pattern or expression(config.subject_pattern).fits(said.description):
        return None
    if own_words := config.subject_pattern_error:
        known = {"{subject}": said.description, "{title}": message.partition("\n")[0]}
        filled = re.sub(r"\{(subject|title)\}", lambda name: known[name[0]], own_words)
        return Phrase("{own_words}", {"own_words": filled})
    text = "what follows the colon must match `{pattern}`"
    return Phrase(text, {"pattern": config.subject_pattern})


def _proposal(current: str, config: TitleConfig, facts: Facts) -> Phrase | None:
    """A title to take over as it is: the one that was meant, or one with the type that was predicted."""
    meant = corrected(current, config.types)
    if meant and meant != current and not _problem(meant, config):
        return Phrase("write `{better}`", {"better": meant})
    if _has_type(current, config):
        return None
    guess = facts[PullTypePrediction]
    if guess.abstained or guess.probability < config.threshold:
        return None
    better = f"{guess.label}: {current.strip()}"
    if _problem(better, config):
        return None
    text = "begin it with its type, perhaps `{better}` ({percent}% sure); the types here are {types}"
    percent = int(guess.probability * 100 + 1e-9)
    return Phrase(text, {"better": better, "percent": percent, "types": ", ".join(config.types)})


def _reword(
    wrong: Sequence[Commit], pull: PullRequest, config: TitleConfig, commits: Sequence[Commit]
) -> Phrase:
    """Which commits to reword, how, and what is wrong with the first of them."""
    problem = _problem(wrong[0].message, config)
    assert problem is not None
    which = "one of the commits {names}" if config.any_commit and len(wrong) > 1 else "{names}"
    how = "`git rebase --interactive {start}`, then `git push --force-with-lease`"
    values = {"names": short_names(wrong), "start": rewritten_from(commits, wrong, pull.base)}
    return Phrase(f"reword {which} ({how}): {problem.text}", {**problem.values, **values})


def _problem_of_only_commit(
    pull: PullRequest, config: TitleConfig, commits: Sequence[Commit]
) -> Phrase | None:
    plain = [commit for commit in commits if not commit.is_merge]
    if len(plain) != 1:
        return None
    if config.validate_single_commit and _problem(plain[0].message, config):
        return _reword(plain, pull, config, commits)
    if config.validate_single_commit_matches_pr_title and plain[0].subject != pull.title.strip():
        text = "the title must be the subject of the only commit, `{subject}`"
        return Phrase(text, {"subject": plain[0].subject})
    return None
