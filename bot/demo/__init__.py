"""``usher demo``: a day of a made-up project, played against the real server on a local GitHub."""
