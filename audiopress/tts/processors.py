"""What this machine has to compute with: as many utterances at once as it has processors keep an engine busy."""

from __future__ import annotations

import os


def processors() -> int:
    """The processors this process may use, at least 1; fewer than the machine has where it is bound to some of them."""
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> int:
    """Bytes of memory in the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
