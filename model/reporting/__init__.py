"""Measurements for people: tables, pictures, and what to hold the numbers against."""
