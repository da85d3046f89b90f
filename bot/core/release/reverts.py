"""Changes that were taken back again before anybody got them."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.core.conventional import reverted
from bot.core.release.state import MergedPull

_MIN_SHA = 7  # characters of a shortened commit name
# What GitHub's button "Revert" writes, as a line of its own.
_BUTTON = re.compile(
    r"^Reverts (?P<repository>[\w.-]{1,100}/[\w.-]{1,100})?#(?P<number>\d{1,9})[ \t\r]*$", re.MULTILINE
)
_NUMBERED = re.compile(r"(?P<subject>.*?)[ \t]+\(#(?P<number>\d{1,9})\)")
_REAPPLIED = re.compile(r'Reapply "(?P<subject>.*)"(?:[ \t]*\(#\d+\))?')


def taken_back(pulls: Sequence[MergedPull], repository: str = "") -> Mapping[int, int]:
    """Pair each change with the one that took it back: both directions, by number.

    The latest revert counts first, so that a revert that was itself reverted leaves the change in.

    Args:
        pulls: the changes, in the order in which they were merged.
        repository: its full name, for reverts that name it.
    """
    index = _Index(pulls, repository)
    pairs: dict[int, int] = {}
    for place in reversed(range(len(pulls))):
        number = pulls[place].number
        target = None if number in pairs else index.target(place, pairs)
        if target is not None:
            pairs[number], pairs[target] = target, number
    return pairs


class _Index:
    """The changes by everything that a revert may call them."""

    def __init__(self, pulls: Sequence[MergedPull], repository: str) -> None:
        self._pulls = pulls
        self._repository = repository.casefold()
        self._places = {pull.number: place for place, pull in enumerate(pulls)}
        self._titles: dict[str, list[int]] = defaultdict(list)
        self._shas: dict[str, list[int]] = defaultdict(list)
        for place, pull in enumerate(pulls):
            self._titles[pull.title.strip()].append(place)
            self._shas[pull.merge_sha[:_MIN_SHA]].append(place)

    def target(self, place: int, paired: Mapping[int, int]) -> int | None:
        """The number of the earlier change that the one at a place takes back; None where it takes none."""
        candidates = (
            other
            for other in self._named(self._pulls[place])
            if other < place and not self._is_paired(other, paired)
        )
        found = next(candidates, None)
        return None if found is None else self._pulls[found].number

    def _is_paired(self, place: int, paired: Mapping[int, int]) -> bool:
        return self._pulls[place].number in paired

    def _named(self, pull: MergedPull) -> list[int]:
        """Places of what a change says that it reverts, the surest first."""
        for found in _BUTTON.finditer(pull.body):
            if (found["repository"] or self._repository).casefold() == self._repository:
                return self._numbered(int(found["number"]))
        said = reverted("\n\n".join((pull.title, pull.body, *pull.messages)))
        reapplied = _REAPPLIED.fullmatch(pull.title.strip())
        subject = f'Revert "{reapplied["subject"]}"' if reapplied else said.subject if said else ""
        by_sha = [place for sha in (said.shas if said else ()) for place in self._by_sha(sha)]
        if by_sha or not subject:
            return by_sha
        numbered = _NUMBERED.fullmatch(subject)
        if numbered and (same := self._numbered(int(numbered["number"]))):
            return same
        return list(reversed(self._titles.get(subject, [])))

    def _numbered(self, number: int) -> list[int]:
        return [self._places[number]] if number in self._places else []

    def _by_sha(self, sha: str) -> list[int]:
        near = self._shas.get(sha[:_MIN_SHA], [])
        return [place for place in near if self._pulls[place].merge_sha.startswith(sha)]
