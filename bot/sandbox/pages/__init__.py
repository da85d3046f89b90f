"""The few pages of GitHub that an App's flows lead through, and read-only views of threads."""
