"""What a file needs besides its own bytes to be there after a power cut."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def force_folder_of(path: Path) -> None:
    """Force the name of a file that was made or renamed to the disk. Raises OSError."""
    folder = os.open(path.absolute().parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
