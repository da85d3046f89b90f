"""The App as it is asked for at GitHub: its permissions and events, and why each is needed."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.github.client import PERMISSIONS

NAME_LIMIT = 34  # characters; GitHub refuses longer names of Apps
WEBHOOK_PATH = "/webhooks/github"
CALLBACK_PATH = "/setup/callback"

PERMISSION_REASONS = {
    "checks": "to show where a pull request is, as one check run.",
    "contents": "to read .github/usher.yml, to keep the draft of the next release, and, for maintainers who"
    " ask for it, to merge, to update a branch before and to delete it afterwards, which GitHub all counts as"
    " contents. It never changes a file by itself.",
    "issues": "to add and remove labels on issues, to keep one comment for each purpose, and to open and"
    " close issues of its own, such as the checklist of a release.",
    "merge_queues": "to be told what a merge queue wants checked, so that it need not wait.",
    "metadata": "to know a repository's name and who may do what there. GitHub gives this to every App.",
    "pull_requests": "the same as for issues, on pull requests, and to ask for reviews.",
    "statuses": "to read what other services report on a commit.",
}
EVENT_REASONS = {
    "issues": "an issue is opened, edited or labelled: this is when it is triaged.",
    "issue_comment": "somebody gives a command, such as /label or /usher why.",
    "pull_request": "a pull request is opened, changed or merged: it is shown what it still needs.",
    "pull_request_review": "a review came in, which may be what a pull request waited for.",
    "check_run": "a check of a commit ended, which may be what a pull request waited for.",
    "check_suite": "all checks of a commit ended, likewise.",
    "status": "another service reported on a commit, likewise.",
    "merge_group": "a merge queue wants to know whether what is in it may be merged.",
    "release": "a release was published, so that pull requests say which release they are in.",
    "push": ".github/usher.yml changed on the default branch, so it is read anew.",
    "repository": "a repository was renamed or given away, so that what is known of it goes along.",
    "label": "the repository's labels changed, so that only labels that exist are used.",
}

_ACCOUNT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")


class WrongInput(Exception):
    """Something in the form cannot be used. Its text says what, in one line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator filled in.

    Args:
        name: the App's name, unique on all of GitHub.
        organization: who will own it; empty for a personal account.
        public_url: where GitHub reaches this server.
    """

    name: str
    organization: str
    public_url: str

    def check(self) -> None:
        """Check the fields.

        Raises:
            WrongInput: which one cannot be used, and what was expected.
        """
        if not 0 < len(self.name) <= NAME_LIMIT:
            raise WrongInput(f"The App's name needs 1 to {NAME_LIMIT} characters.")
        if self.organization and not _ACCOUNT.fullmatch(self.organization):
            raise WrongInput("The organisation is its short name, as in github.com/name.")
        try:
            parts = urlsplit(self.public_url)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.username or parts.query or parts.fragment:
            raise WrongInput("The address is a URL such as https://usher.example.org.")

    def manifest(self) -> dict[str, Any]:
        """Return the manifest that GitHub makes the App from."""
        url = self.public_url.rstrip("/")
        return {
            "name": self.name,
            "description": "Shows every issue and pull request to its place, and can always say why.",
            "url": url,
            "hook_attributes": {"url": url + WEBHOOK_PATH, "active": True},
            "redirect_url": url + CALLBACK_PATH,
            "public": False,
            "default_permissions": PERMISSIONS,
            "default_events": list(EVENT_REASONS),
        }

    def target(self, web_url: str) -> str:
        """Return the page of GitHub that takes the manifest."""
        owner = f"/organizations/{self.organization}" if self.organization else ""
        return f"{web_url}{owner}/settings/apps/new"
