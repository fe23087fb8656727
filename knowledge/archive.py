"""An index as bytes: one .npz without pickle, refused when it is damaged or of another format."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import IndexBroken
from knowledge.forms import Forms
from knowledge.index import FORMAT, KINDS, Index, Postings
from knowledge.lists import Lists
from knowledge.vocabulary import Vocabulary

_LISTS = ("seen", "longer", "answers")
_PLAIN = ("risks", "ages", "until", "starts")
_POSTINGS = ("ptr", "rows", "impact")
_NAMES = (
    "meta", "codes", "idf", *_PLAIN, *_POSTINGS,
    *(f"{name}_{part}" for name in _LISTS for part in ("columns", "bounds")),
)  # fmt: skip
#: What NumPy, zip, zlib and JSON raise over bytes that are no index.
_DAMAGE = (
    OSError, ValueError, TypeError, LookupError, EOFError, RuntimeError, NotImplementedError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def dumps(index: Index) -> bytes:
    """Return the arrays and names of an index as one .npz file."""
    forms = index.forms
    meta = {
        "format": FORMAT,
        "version": index.version,
        "names": forms.names,
        "texts": forms.texts,
        "longer": list(forms.vocabulary.longer),
    }
    arrays: dict[str, NDArray[Any]] = {n: getattr(forms, n) for n in _PLAIN}
    for name in _LISTS:
        lists: Lists = getattr(forms, name)
        arrays |= {f"{name}_columns": lists.columns, f"{name}_bounds": lists.bounds}
    arrays |= dict(zip(_POSTINGS, index.postings, strict=True))
    arrays |= {"codes": forms.vocabulary.codes, "idf": index.idf}
    blob = np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, meta=blob, **arrays)
    return buffer.getvalue()


def save(index: Index, path: Path) -> None:
    """Write an index to a file, atomically (a rename)."""
    scratch = path.with_suffix(".tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch.write_bytes(dumps(index))
    scratch.replace(path)


def load(path: Path) -> Index:
    """Read what `save` wrote.

    Raises:
        IndexBroken: the file is missing, damaged, or of another format.
    """
    try:
        return loads(path.read_bytes())
    except OSError as error:
        raise IndexBroken(f"{path} cannot be read: {error.strerror}") from error
    except IndexBroken as error:
        raise IndexBroken(f"{path}: {error}") from error


def loads(data: bytes) -> Index:
    """Read what `dumps` returned.

    Raises:
        IndexBroken: the bytes are damaged or of another format.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            meta = dict(json.loads(file["meta"].tobytes()))
            if meta["format"] != FORMAT:
                raise IndexBroken(f"has format {meta['format']}, this program needs {FORMAT}")
            arrays = {name: file[name] for name in _NAMES}
        index = Index.of(
            _forms(meta, arrays),
            arrays["idf"],
            Postings(arrays["ptr"], arrays["rows"], arrays["impact"]),
        )
        if index.version != meta["version"]:
            raise IndexBroken("was made of other entries or word lists")
    except _DAMAGE as error:
        raise IndexBroken(f"is not an index: {error}") from error
    return index


def _forms(meta: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Forms:
    forms = Forms(
        names=tuple((i, topic, area, version) for i, topic, area, version in meta["names"]),
        texts=tuple(meta["texts"]),
        vocabulary=Vocabulary.of(arrays["codes"], meta["longer"]),
        risks=arrays["risks"],
        ages=arrays["ages"],
        until=arrays["until"],
        starts=arrays["starts"],
        seen=_lists(arrays, "seen"),
        longer=_lists(arrays, "longer"),
        answers=_lists(arrays, "answers"),
    )
    entries, wordings = len(forms.names), len(forms.texts)
    fits = (
        len(forms.risks) == len(forms.ages) == len(forms.until) == entries,
        len(forms.starts) == entries + 1,
        forms.starts[-1] == wordings,
        len(forms.seen.bounds) == KINDS * wordings + 1,
        len(forms.longer.bounds) == wordings + 1,
        len(forms.answers.bounds) == entries + 1,
        all(len(f.columns) == f.bounds[-1] for f in (forms.seen, forms.longer, forms.answers)),
        len(arrays["idf"]) == len(forms.vocabulary) == len(arrays["ptr"]) - 1,
        len(arrays["rows"]) == len(arrays["impact"]) == arrays["ptr"][-1],
    )
    if not all(fits):
        raise IndexBroken("has arrays that do not fit together")
    return forms


def _lists(arrays: dict[str, NDArray[Any]], name: str) -> Lists:
    return Lists(arrays[f"{name}_columns"], arrays[f"{name}_bounds"])
