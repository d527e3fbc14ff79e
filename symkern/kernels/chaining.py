"""The methods that chain stages: made from the table of stages when it is read, told to type checkers beside this file."""


class Chaining:
    """What a pipeline is built by; the stub of this module says which methods there are."""
