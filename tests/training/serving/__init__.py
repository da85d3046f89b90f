"""Tests of serving, with torch."""
