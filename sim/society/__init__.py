"""Who lives where and talks with whom: places, population, people, assemblies, ties, groups."""
