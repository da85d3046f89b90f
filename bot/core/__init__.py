"""The vocabulary: events, commands, facts, actions and rules. Pure: no I/O, no clock, no randomness."""
