"""From samples to the files that are served: regression, stacking, adaptation, compression."""
