"""What can be wrong with what a person hands over. Every message is one clear line."""


class DataError(ValueError):
    """The training data, or what training left, cannot be used."""


class ModelError(Exception):
    """The classifier's files are missing, altered or of another format."""


class TrainingError(Exception):
    """Training failed, though nothing was wrong with what it was given to read."""
