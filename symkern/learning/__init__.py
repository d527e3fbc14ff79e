"""What kernel regression learns, from how many samples, and how that grows with the length."""
