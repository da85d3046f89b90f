"""How a project is doing: figures over its history, as pure functions, explained in ``docs/health.md``.

``Gathered`` reads the threads in one pass and keeps what matters; ``report`` makes the figures of that.
"""
