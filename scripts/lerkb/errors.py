"""What stops a run because of how the command was used (exit code 2), as opposed to what is wrong in a record."""


class RunError(Exception):
    """The run cannot go on: a folder is missing, a setting is wrong, a file cannot be written.

    The text is one sentence for the person who typed the command; it is shown without a traceback.
    """
