"""The ops, a table per family; importing this package defines them all."""
