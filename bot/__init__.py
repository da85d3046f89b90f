"""Usher: a GitHub App that shows every issue and pull request to its place, and can always say why."""

__version__ = "0.1.0"
