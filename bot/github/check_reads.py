"""What Usher asks GitHub about the checks of many pull requests at once: GraphQL alone can be asked so."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog

from bot.core.head_checks import checks_from, checks_state
from bot.core.history import ChecksState
from bot.core.payload import mapping_at, text_at
from bot.github.answers import Forbidden, Missing, NotInstalled, Refused

AT_ONCE = 50  # pull requests, each with up to a hundred checks
log = structlog.get_logger(__name__)

_CHECKS = """\
mergeable
    statusCheckRollup {
      contexts(first: 100) {
        pageInfo { hasNextPage }
        nodes {
          __typename
          ... on CheckRun { name status conclusion startedAt checkSuite { app { slug } } }
          ... on StatusContext { context state createdAt }
        }
      }
    }"""


def head_checks(numbers: Iterable[int]) -> str:
    """Return a document that asks for the checks of the heads of pull requests, each named ``p12``."""
    asked = "\n".join(f"    p{number}: pullRequest(number: {number}) {{ {_CHECKS} }}" for number in numbers)
    return f"""\
query($owner: String!, $name: String!) {{
  repository(owner: $owner, name: $name) {{
{asked}
  }}
  rateLimit {{ cost limit remaining resetAt }}
}}"""


def states(
    full_name: str,
    numbers: Sequence[int],
    own_app: str,
    ask: Callable[[str, dict[str, Any]], Mapping[str, Any]],
) -> dict[int, ChecksState]:
    """Return how the checks of pull requests' heads stand; without those that are not known.

    Args:
        full_name: of the repository.
        numbers: of the pull requests.
        own_app: the slug of an App whose checks do not count.
        ask: asks over GraphQL, for all of it or nothing: what may not be seen would look like no checks.
    """
    owner, _, name = full_name.partition("/")
    found: dict[int, ChecksState] = {}
    for start in range(0, len(numbers), AT_ONCE):
        asked = numbers[start : start + AT_ONCE]
        try:
            data = ask(head_checks(asked), {"owner": owner, "name": name})
        except NotInstalled:
            raise
        except (Missing, Forbidden, Refused) as error:
            log.warning("history.without_checks", reason=str(error))
            return {}
        for number in asked:
            pull = mapping_at(mapping_at(data, "repository"), f"p{number}")
            if text_at(pull, "mergeable") == "CONFLICTING":
                found[number] = "conflicting"
            elif state := checks_state(checks_from(pull, own_app)):
                found[number] = state
    return found
