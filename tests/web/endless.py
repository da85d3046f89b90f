"""The web application over a history that has no end; each report that is begun is a line on stdout."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from bot.core.history import PastThread
from bot.store.history import Histories
from tests.web.site import main


def endless(_histories: Histories, _history: int) -> Iterator[PastThread]:
    os.write(1, b"begun\n")  # whole, whoever else writes at the same time
    for number in count(1):
        yield PastThread(number, False, "", 1, datetime(2020, 1, 1, tzinfo=UTC))
        time.sleep(0.01)


if __name__ == "__main__":
    Histories.threads = endless  # type: ignore[assignment, method-assign]
    main()
