"""Lifetime: what runs when, from the first open to the graceful stop.

In: a configuration. Out: an open house whose steps run on ticks, once, or for a preview. Invariant: only this package
makes a clock, and only it schedules.
"""
