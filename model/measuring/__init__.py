"""How good a classifier is, and what it costs: metrics, each task and slice, duplicates found."""
