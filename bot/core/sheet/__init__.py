"""The checks of the review sheet: each reads a diff and yields findings, and knows nothing of the others.

Precision first: a check that is often wrong is off until a maintainer switches it on (see ``registry``).
"""
