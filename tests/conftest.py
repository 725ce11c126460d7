"""What every test may ask for: the shared data, and a cache folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# how long an example takes depends on who else uses the machine; time is for benchmarks/
settings.register_profile("graphmap", deadline=None)
settings.load_profile("graphmap")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real tables, ``$GRAPHMAP_DATA`` or ``../shared/data`` from the project."""
    folder = Path(os.environ.get("GRAPHMAP_DATA") or SHARED)
    if not folder.is_dir():
        pytest.skip(f"shared data not found at {folder}")
    return folder


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of parsed workbooks that starts empty and ends with the run."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRAPHMAP_CACHE", str(folder))
        yield folder
