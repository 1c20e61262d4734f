"""One file a page type."""
