"""From the bytes of one document to its items: pure, and run in a child process that may be killed at any time."""
