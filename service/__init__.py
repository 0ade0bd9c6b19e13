"""The running system: it pulls, maps, stores and answers, and keeps account of who asked."""
