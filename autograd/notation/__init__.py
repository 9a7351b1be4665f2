"""Notation: write Values, ops and numbers, and read written expressions."""
