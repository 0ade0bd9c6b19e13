"""One module per change; each is frozen once released."""
