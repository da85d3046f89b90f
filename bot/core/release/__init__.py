"""The draft of the next release: which changes are in it, what it is called, what its notes say.

Its settings carry the names of Release Drafter's (https://github.com/release-drafter/release-drafter),
versions 6 and 7, and mean the same, so that a project's file can move over.
"""
