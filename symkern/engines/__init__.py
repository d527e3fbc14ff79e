"""Engines: from a kernel, a token law and a length to the sectors of the spectrum."""
