"""Tests of fitting, with torch."""
