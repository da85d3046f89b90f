"""GitHub's own limits, from its documentation."""

LABEL_NAME = 50  # characters in a label's name
LABELS_PER_THREAD = 100
ASSIGNEES = 10  # people that a thread is assigned to
COMMENT = 65_536  # characters in a comment
TITLE = 256  # characters in the title of an issue or a pull request
