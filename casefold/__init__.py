"""The façade: the command line, the one place that wires everything, and the public plug-in API."""
