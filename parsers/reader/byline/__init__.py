"""Authors, editors and publisher."""
