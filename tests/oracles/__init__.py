"""Independent routes to what symkern computes: slow, direct, and free of symkern's code.

Nothing in this package imports symkern. Each module transcribes a definition from its source
and leaves every shortcut that the library takes untaken.
"""
