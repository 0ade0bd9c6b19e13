"""The command line's rooms: setting up, syncing, asking the graph."""
