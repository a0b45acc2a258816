"""How a source is declared: its properties, its seeds, and the evidence for each rule."""
