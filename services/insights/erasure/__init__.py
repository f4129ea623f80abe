"""Deletion of everything derived from erased ledgers."""
