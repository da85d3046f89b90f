"""Tests of training; they need torch, which is only in the training environment."""
