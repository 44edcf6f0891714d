"""What hangs on what: causes, consequences and their order in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def dependents(removed: Iterable[str], requires: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The ids that hang, directly or through others, on the removed ones (which are left out)."""
    gone = set(removed)
    found: set[str] = set()
    while fresh := {name for name, causes in requires.items() if name not in gone and gone.intersection(causes)}:
        gone |= fresh
        found |= fresh
    return found


def cycle(requires: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """One circle of ids, each hanging on the next, or nothing. Works without recursion: a chain may be long."""
    done: set[str] = set()
    for start in requires:
        trail: dict[str, None] = {}
        stack = [(start, iter(requires[start]))] if start not in done else []
        trail[start] = None
        while stack:
            name, causes = stack[-1]
            following = next((cause for cause in causes if cause in requires and cause not in done), None)
            if following is None:
                done.add(name)
                trail.pop(name, None)
                stack.pop()
            elif following in trail:
                names = list(trail)
                return tuple(names[names.index(following) :])
            else:
                trail[following] = None
                stack.append((following, iter(requires[following])))
    return ()
