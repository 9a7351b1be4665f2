"""The page of a training: its data (`facts`), its file (`live`), its scripts (`assets`)."""
