"""What a command cannot do as it was called."""

__all__ = ["Refused"]


class Refused(Exception):
    """A command is called with what it cannot work with; the message says what to change."""
