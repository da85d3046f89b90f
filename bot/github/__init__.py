"""GitHub's side: signatures, App authentication, reads, writes and limits. Nothing here decides anything."""
