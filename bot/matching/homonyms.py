"""Homonyms."""
