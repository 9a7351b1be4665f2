"""The page of a drawing: what it tells (`facts`), its frame (`html`), its scripts (`assets`)."""
