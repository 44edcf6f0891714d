"""One file a mechanism. Each is a small numerical rule on columns, compiled, and testable alone."""
