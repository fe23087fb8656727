"""Fitted models on disk: arrays without pickle, so nothing in a file can run."""

from __future__ import annotations

import zipfile
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.errors import CatalogueError


def read(path: Path, names: AbstractSet[str], layout: int, script: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of a fitted file by name; `script` fits it anew.

    Raises:
        CatalogueError: it is away, damaged, or of another layout.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise CatalogueError(path, None, f"cannot be read ({error})") from error
    if arrays.keys() != names or int(arrays["format"]) != layout:
        raise CatalogueError(path, None, f"is not of format {layout}; run {script}")
    return arrays
