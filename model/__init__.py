"""The text classifier: data, training, evaluation and serving. It knows nothing of the bot."""
