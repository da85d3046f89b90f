"""Which release is the one before, and which draft is kept current."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.core.release.plan import is_set, last_version
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import Release

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def last_release(releases: Iterable[Release], config: ReleaseConfig, default_branch: str) -> Release | None:
    """The release that the next one follows: the highest version, else the one published last.

    Args:
        releases: those of the repository, in any order; drafts among them do not count.
        config: with ``tag_prefix``, ``filter_by_commitish``, ``include_pre_releases`` and ``prerelease``.
        default_branch: what a release is made from that names no branch.

    Returns:
        None where there is none. Pre-releases count for a pre-release, and where the settings say so.
    """
    takes_all = config.include_pre_releases or config.is_prerelease
    fitting = [
        release
        for release in releases
        if not release.is_draft
        and release.tag.startswith(config.tag_prefix)
        and (takes_all or not release.is_prerelease)
        and _is_of_branch(release, config, default_branch)
    ]
    known = {id(release): last_version(release.tag, release.name, config) for release in fitting}
    numbered = [release for release in fitting if known[id(release)] is not None]
    if numbered:
        return max(numbered, key=lambda release: (known[id(release)], release.published_at or _LONG_AGO))
    return max(fitting, key=lambda release: release.published_at or _LONG_AGO, default=None)


def open_draft(releases: Iterable[Release], config: ReleaseConfig, default_branch: str) -> Release | None:
    """The draft that is kept current: of the same kind, prefix and branch; the newest of several.

    Args:
        releases: those of the repository, in any order.
        config: as above.
        default_branch: as above.
    """
    fitting = [
        release
        for release in releases
        if release.is_draft
        and (release.tag.startswith(config.tag_prefix) or not is_set(release.tag))
        and release.is_prerelease == config.is_prerelease
        and _is_of_branch(release, config, default_branch)
    ]
    return max(fitting, key=lambda release: release.id, default=None)


def _is_of_branch(release: Release, config: ReleaseConfig, default_branch: str) -> bool:
    wanted = (config.commitish or default_branch).removeprefix("refs/heads/")
    is_of = (release.target or default_branch).removeprefix("refs/heads/") == wanted
    return is_of or not config.filter_by_commitish
