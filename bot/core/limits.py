"""GitHub's own limits, from its documentation."""

LABEL_NAME = 50  # characters in a label's name
LABELS_PER_THREAD = 100
COMMENT = 65_536  # characters in a comment
