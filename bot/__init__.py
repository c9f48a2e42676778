"""placewire: write a place once; hear every report of it, once.

Source -> Post -> Hit -> Story -> Digest -> Delivery. Each package below is one step of that sentence or something
it stands on; docs/architecture.md has the map.
"""

__version__ = "0.1.0"
