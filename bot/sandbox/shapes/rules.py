"""The rules of a branch and what is in its merge queue."""

from typing import Any

from bot.sandbox.branches import Protection, QueueEntry
from bot.sandbox.shapes.repos import simple_commit_json
from bot.sandbox.things import Json, Repository

# GitHub's own defaults for a merge queue, but that it builds and merges one pull request at a time.
QUEUE_SETTINGS: Json = {
    "check_response_timeout_minutes": 60,
    "grouping_strategy": "ALLGREEN",
    "max_entries_to_build": 1,
    "max_entries_to_merge": 1,
    "merge_method": "MERGE",
    "min_entries_to_merge": 1,
    "min_entries_to_merge_wait_minutes": 0,
}


def rules_json(repo: Repository, protection: Protection) -> list[Json]:
    """Every rule that is in force on the branch."""
    found: list[Json] = []
    if protection.checks:
        checks = [{"context": name} for name in protection.checks]
        strict = {"strict_required_status_checks_policy": protection.up_to_date}
        found.append(
            _rule(repo, protection, "required_status_checks", required_status_checks=checks, **strict)
        )
    if protection.approvals:
        asked = {
            "required_approving_review_count": protection.approvals,
            "dismiss_stale_reviews_on_push": False,
            "require_code_owner_review": False,
            "require_last_push_approval": False,
            "required_review_thread_resolution": False,
        }
        found.append(_rule(repo, protection, "pull_request", **asked))
    if protection.has_queue:
        found.append(_rule(repo, protection, "merge_queue", **QUEUE_SETTINGS))
    return found


def _rule(repo: Repository, protection: Protection, kind: str, **parameters: Any) -> Json:
    return {
        "type": kind,
        "parameters": parameters,
        "ruleset_source_type": "Repository",
        "ruleset_source": repo.full_name,
        "ruleset_id": protection.id,
    }


def merge_group_json(repo: Repository, base_ref: str, entry: QueueEntry) -> Json:
    return {
        "head_sha": entry.head_sha,
        "head_ref": f"refs/heads/{entry.group_ref}",
        "base_sha": entry.base_sha,
        "base_ref": f"refs/heads/{base_ref}",
        "head_commit": simple_commit_json(repo.network.commits[entry.head_sha]),
    }
