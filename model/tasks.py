"""What the classifier decides: its tasks, the classes of each, and the splits its data is kept in."""

from collections.abc import Mapping

from model.labels import LABELS

ISSUE_TYPES = LABELS
#: Types of a change in the words of Conventional Commits; "style" and "revert" are too rare to be learnt.
PR_TYPES = ("feat", "fix", "docs", "test", "refactor", "chore", "perf", "build", "ci")
TONES = ("civil", "uncivil")

#: Task -> its classes, in the order of every vector of logits and probabilities.
TASKS: Mapping[str, tuple[str, ...]] = {"issue_type": ISSUE_TYPES, "pr_type": PR_TYPES, "tone": TONES}

#: Split -> what it is for. A text that occurs in two splits stays in the one named first.
SPLITS: Mapping[str, str] = {
    "benchmark": "a public test set, kept whole",
    "test": "newer than all that is trained on, or another collection; measured once",
    "unseen": "whole repositories held out; measured once",
    "validation": "what decisions are made on",
    "adaptation": "issues of repositories to adapt to; learnt last, judged by members that did not see them",
    "train": "what is learnt from",
}
