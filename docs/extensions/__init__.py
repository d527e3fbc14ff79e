"""What the site needs beside Sphinx: each file has one subject and a ``setup``."""
