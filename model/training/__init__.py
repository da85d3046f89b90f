"""Training of the network. Needs torch and transformers: `pip install 'usher-bot[train]'`."""
