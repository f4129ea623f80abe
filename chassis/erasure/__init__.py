"""Erasure orders: each is carried out once, however often it arrives."""
