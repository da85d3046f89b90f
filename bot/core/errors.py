"""The errors that Usher raises on purpose, and who hears of each."""

from datetime import datetime


class UsherError(Exception):
    """Base of every error that Usher raises on purpose. Its text is one clear line."""


class UserError(UsherError):
    """Something a person on the thread can mend: said on the thread, once."""


class BotError(UsherError):
    """Something that went wrong on the way: logged and retried, never said on the thread."""


class RetryLater(BotError):
    """GitHub asked for patience, or could not be reached: the delivery is put back until then.

    Args:
        message: one line that says what happened.
        until: the earliest time (UTC) at which a retry makes sense; None lets the back-off decide.
    """

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class Gone(BotError):
    """The repository, thread or installation is no longer there for us: nothing to retry."""


class Malformed(UsherError):
    """A delivery whose body cannot be read: kept in quarantine, where an operator sees it."""


class ConfigError(UsherError):
    """A configuration that cannot be used. Its text says line, key and what was expected."""


class SetupError(UsherError):
    """The operator's settings are wrong or missing: the command ends with this one line.

    Args:
        message: what is wrong, where, and what to do.
        is_input: True where a setting is wrong, False where something in the world is (a database that
            does not open).
    """

    def __init__(self, message: str, *, is_input: bool = False) -> None:
        super().__init__(message)
        self.is_input = is_input
