"""The declaration of a source: its properties, its seeds, and the evidence for each rule."""
