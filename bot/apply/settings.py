"""What is wrong with a repository's settings, said once on the commit that brought it."""

import re
from collections.abc import Sequence

import structlog

from bot.config import SOURCE
from bot.core.events import Repository
from bot.github import writes
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import RepositoryClient
from bot.render import neutralise
from bot.store.flows import Flows

NAME = "usher / settings"
MOST = 50  # annotations that GitHub takes at once
_PLACED = re.compile(r"`(?P<source>[^`]*)` line (?P<line>\d+): (?P<message>.*)", re.DOTALL)
log = structlog.get_logger(__name__)


def report_settings(
    client: RepositoryClient, flows: Flows, where: Repository, sha: str, problems: Sequence[str]
) -> bool:
    """Make a check run that names the problems, each on its line; of a commit that has one, nothing.

    Args:
        client: of the repository.
        flows: where check runs are kept.
        where: the repository.
        sha: the commit at the head of the default branch.
        problems: as the config reader puts them; those of another repository's file are left out.

    Returns:
        True where something was written.

    Raises:
        RetryLater: GitHub asked for patience, or could not be reached.
    """
    own = f"{where.full_name}: {SOURCE}"
    placed = [
        found for problem in problems if (found := _PLACED.fullmatch(problem)) and found["source"] == own
    ]
    if not placed or not sha or flows.run(where.id, sha, NAME) is not None:
        return False
    try:
        run = writes.create_check_run(client, _check(sha, placed))
    except (Forbidden, Refused, Missing) as error:
        log.warning("settings.not_reported", repository=where.full_name, reason=str(error))
        return False
    flows.keep_run(where.id, sha, NAME, number=0, installation=where.installation, run=run, said="")
    return True


def _check(sha: str, placed: Sequence[re.Match[str]]) -> dict[str, object]:
    count = f"{len(placed)} {'mistake' if len(placed) == 1 else 'mistakes'} in {SOURCE}"
    lines = [f"- line {found['line']}: {neutralise(found['message'], 400)}" for found in placed[:MOST]]
    after = "The sections with mistakes keep their previous settings until they are mended; all others work."
    return {
        "name": NAME,
        "head_sha": sha,
        "status": "completed",
        "conclusion": "failure",
        "output": {
            "title": count,
            "summary": "\n".join([*lines, "", after]),
            "annotations": [
                {
                    "path": SOURCE,
                    "start_line": int(found["line"]),
                    "end_line": int(found["line"]),
                    "annotation_level": "failure",
                    "title": "Settings of Usher",
                    "message": found["message"],
                }
                for found in placed[:MOST]
            ],
        },
    }
