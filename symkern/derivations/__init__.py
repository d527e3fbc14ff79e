"""How each claim is proved: its steps, and the brute force that checks them, one file a claim."""
