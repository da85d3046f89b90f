"""Where the parts of a training run lie in its directory."""

from pathlib import Path

FINGERPRINT = "fingerprint.json"  # of the configuration and the data
SHEET = "sheet.md"  # the data
LINEAR, NETWORK = "linear", "network"  # the members as training leaves them
HELD_OUT = "linear-held-out.npy"  # the linear member's logits of issues to adapt to, not learnt from
NETWORK_HELD_OUT = "held-out.npy"  # the same of the network, beside it
SUMMARY = "run.json"  # of the network's training, beside it
COMPRESSION = "compression.json"  # what each step of compression costs
ARTIFACT = "artifact"  # the classifier
REPORT, PICTURES = "REPORT.md", "pictures"

TRAINING = Path(NETWORK, SUMMARY)
