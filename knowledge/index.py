"""The index: sparse postings as NumPy arrays, saved without pickle, immutable once made."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.entry import Entry
from knowledge.errors import IndexBroken
from knowledge.vocabulary import Vocabulary

#: Raised whenever features or weights change, so that an old file is not read as a new one.
FORMAT = 6
_ARRAYS = ("idf", "ptr", "docs", "impact")
_OTHERS = ("risks", "codes", "exact_rows", "meta")
#: What NumPy, zip, zlib and JSON raise over bytes that are no index.
_DAMAGE = (
    OSError, ValueError, TypeError, LookupError, EOFError, RuntimeError, NotImplementedError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Index:
    """Everything search needs, by entry row and term column.

    `idf` float64 (terms,), 0 for terms in most entries, which have no postings; the postings of
    term t are `docs[ptr[t]:ptr[t+1]]` (int64 entry rows) with `impact` float64, the BM25 weight of
    the term in that entry; both types are what `bincount` takes without a copy. `unknown_idf` is
    what a term that no entry holds weighs in a query. `exact` maps a normalised wording to its row.
    """

    version: str
    entries: tuple[str, ...]
    topics: tuple[str, ...]
    risks: NDArray[np.int8]
    vocabulary: Vocabulary
    idf: NDArray[np.float64]
    ptr: NDArray[np.int64]
    docs: NDArray[np.int64]
    impact: NDArray[np.float64]
    unknown_idf: float
    exact: dict[str, int]
    #: How many entries hold each term: the differences of `ptr`.
    counts: NDArray[np.int64] = field(repr=False)

    def dumps(self) -> bytes:
        """Return the arrays and names as one .npz file."""
        meta = {
            "format": FORMAT,
            "version": self.version,
            "unknown_idf": self.unknown_idf,
            "longer": list(self.vocabulary.longer),
            "entries": self.entries,
            "topics": self.topics,
            "exact_texts": list(self.exact),
        }
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        arrays["risks"] = self.risks
        arrays["codes"] = self.vocabulary.codes
        arrays["exact_rows"] = np.fromiter(self.exact.values(), np.int32, len(self.exact))
        buffer = io.BytesIO()
        blob = np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), np.uint8)
        np.savez_compressed(buffer, meta=blob, **arrays)
        return buffer.getvalue()

    def save(self, path: Path) -> None:
        """Write the index to a file, atomically (a rename)."""
        scratch = path.with_suffix(".tmp")
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(self.dumps())
        scratch.replace(path)

    @classmethod
    def load(cls, path: Path) -> Index:
        """Read what `save` wrote.

        Raises:
            IndexBroken: the file is missing, damaged, or of another format.
        """
        try:
            return cls.loads(path.read_bytes())
        except OSError as error:
            raise IndexBroken(f"{path} cannot be read: {error.strerror}") from error
        except IndexBroken as error:
            raise IndexBroken(f"{path}: {error}") from error

    @classmethod
    def loads(cls, data: bytes) -> Index:
        """Read what `dumps` returned.

        Raises:
            IndexBroken: the bytes are damaged or of another format.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                arrays = {name: file[name] for name in (*_ARRAYS, *_OTHERS)}
            meta = dict(json.loads(arrays.pop("meta").tobytes()))
            if meta["format"] != FORMAT:
                raise IndexBroken(f"has format {meta['format']}, this program needs {FORMAT}")
            return cls._joined(meta, arrays)
        except _DAMAGE as error:
            raise IndexBroken(f"is not an index: {error}") from error

    @classmethod
    def _joined(cls, meta: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Index:
        rows, codes = arrays.pop("exact_rows").tolist(), arrays.pop("codes")
        return cls(
            version=meta["version"],
            entries=tuple(meta["entries"]),
            topics=tuple(meta["topics"]),
            vocabulary=Vocabulary(codes, {w: len(codes) + n for n, w in enumerate(meta["longer"])}),
            unknown_idf=meta["unknown_idf"],
            exact=dict(zip(meta["exact_texts"], rows, strict=True)),
            counts=np.diff(arrays["ptr"]),
            **arrays,
        )


def version_of(entries: Iterable[Entry]) -> str:
    """Return the hash that names a base: equal entries and equal format, equal version."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for entry in sorted(entries, key=lambda e: e.id):
        digest.update(f"{entry.id} {entry.version}\n".encode())
    return digest.hexdigest()[:16]
