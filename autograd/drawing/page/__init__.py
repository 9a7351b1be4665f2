"""The page of a drawing: its data (`facts`), its HTML file (`html`), its scripts (`assets`)."""
