"""What people said about a pull request by command is kept, or forgotten again."""

from dataclasses import replace
from datetime import datetime

from bot.apply.job import DONE, Job, Outcome, Tools
from bot.core.action import Action
from bot.core.pull_actions import ForgetWord, RecordWord
from bot.core.pull_context import Word
from bot.store.words import WordStore


def record_word(tools: Tools, job: Job, action: Action) -> Outcome:
    """Keep what somebody said."""
    assert isinstance(action, RecordWord)
    plan = job.plan
    at = datetime.fromisoformat(action.at) if action.at else None
    said = Word(action.word, action.by, action.sha, action.detail, at)
    if any(_says(word, said) for word in tools.flows.words.of(plan.repository_id, plan.number)):
        return DONE if job.resumed else Outcome("unchanged", "they said so already")
    tools.flows.words.keep(plan.repository_id, plan.number, plan.installation, said)
    return DONE


def forget_word(tools: Tools, job: Job, action: Action) -> Outcome:
    """Forget what was said."""
    assert isinstance(action, ForgetWord)
    plan, words = job.plan, tools.flows.words
    kept = [word for word in words.of(plan.repository_id, plan.number) if _is_meant(word, action)]
    if not kept:
        return DONE if job.resumed else Outcome("unchanged", "nobody had said so")
    tools.ledger.start(job.step.id, {"words": [_plain(word) for word in kept]})
    words.forget(plan.repository_id, plan.number, action.word, action.by)
    return DONE


def unsay(words: WordStore, repository_id: int, number: int, action: RecordWord) -> str:
    """Take back that a word was kept. Returns what was done."""
    gone = words.forget(repository_id, number, action.word, action.by)
    return f"{action.word} of {action.by} no longer counts" if gone else "it did not count any more"


def say_again(
    words: WordStore, repository_id: int, number: int, installation: int, before: list[dict[str, str]]
) -> str:
    """Take back that words were forgotten. Returns what was done."""
    for each in before:
        at = datetime.fromisoformat(each["at"]) if each["at"] else None
        word = Word(each["word"], each["by"], each["sha"], each["detail"], at)
        words.keep(repository_id, number, installation, word)
    return f"counts again: {', '.join(each['by'] for each in before)}" if before else "nothing was forgotten"


def _says(kept: Word, said: Word) -> bool:
    """Whether a word that is kept says as much as another one, and not earlier."""
    is_late = said.at is None or (kept.at is not None and kept.at >= said.at)
    return replace(kept, at=said.at) == said and is_late


def _is_meant(word: Word, action: ForgetWord) -> bool:
    return word.word == action.word and action.by in {"", word.by}


def _plain(word: Word) -> dict[str, str]:
    at = word.at.isoformat() if word.at else ""
    return {"word": word.word, "by": word.by, "sha": word.sha, "detail": word.detail, "at": at}
