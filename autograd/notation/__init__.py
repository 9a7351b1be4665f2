"""How Values, ops and numbers are written, and how a written expression is read."""
