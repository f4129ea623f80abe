"""Measurements, printed beside their goals. Nothing here is a test: machines differ; ratios count."""
