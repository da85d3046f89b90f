"""Tests of the baselines that need torch."""
