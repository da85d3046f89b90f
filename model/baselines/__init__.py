"""Classifiers to compare with: from guessing the most frequent type to a frozen transformer."""
