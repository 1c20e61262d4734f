"""Pure functions on strings: no records, no disk."""
