"""The pages, one file each: a request in, HTML out. None but `deciding` changes anything."""
