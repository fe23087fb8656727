"""Whether a certificate is genuine: by its serial, its signature, and what became of it."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.awards import rules, serials, signing
from bot.school.certificate_tables import certificates
from bot.school.certificate_tables import keys as key_rows

VALID, REVOKED, ERASED, UNKNOWN = "valid", "revoked", "erased", "unknown"
#: A snapshot in a code unpacks to no more: a few hundred bytes are real.
_MOST_BYTES = 20_000
_CODE = re.compile(r"[^?#]*/(?P<serial>[^/?#]+)\?s=(?P<signature>[^#]*)#c=(?P<inside>.*)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a serial; `content` is the snapshot where it is proven."""

    status: str
    serial: str = ""
    content: Mapping[str, Any] | None = None
    reason: str = ""
    public: str = ""

    @property
    def name(self) -> str:
        """Return the name as strangers see it."""
        return masked(str(self.content["name"])) if self.content else ""


def masked(name: str) -> str:
    """Return the first sign of a name and two stars; without a name the word for a parent."""
    return f"{name[0]}**" if name else str(rules.certificates()["nobody"])


def of(serial: str) -> Select[Any]:
    """Return the row of a serial, with the public key that belongs to it."""
    return (
        select(certificates, key_rows.c.public)
        .join_from(certificates, key_rows, key_rows.c.id == certificates.c.key, isouter=True)
        .where(certificates.c.serial == serial)
    )


async def look(tx: AsyncConnection, text: str, signature: str | None = None) -> Verdict:
    """Return what can be said of a serial; with a signature it must be that certificate's own."""
    serial = serials.read(text)
    if serial is None:
        return Verdict(UNKNOWN)
    return judge(serial, (await tx.execute(of(serial))).first(), signature)


def judge(serial: str, row: Any, signature: str | None = None) -> Verdict:
    """Return what can be said of a row of `of`."""
    if row is None or (signature is not None and signature != row.signature):
        return Verdict(UNKNOWN)
    if not row.snapshot:
        return Verdict(ERASED, serial)
    if not signing.is_signed(row.public or "", row.snapshot, row.signature):
        return Verdict(UNKNOWN)
    content = json.loads(row.snapshot)
    if content["serial"] != serial:
        return Verdict(UNKNOWN)
    status = REVOKED if row.revoked_at else VALID
    return Verdict(status, serial, content, row.reason if row.revoked_at else "", row.public)


def packed(snapshot: str, signature: str) -> str:
    """Return what the code on a picture holds: address, signature, and the snapshot itself.

    The snapshot stands behind `#`, so that a phone never sends it; it is deflated (RFC 1950).
    """
    content = json.loads(snapshot)
    inside = signing.b64(zlib.compress(snapshot.encode(), 9))
    return f"{content['url']}/{content['serial']}?s={signature}#c={inside}"


def opened(code: str, known: Callable[[str], str]) -> Mapping[str, Any] | None:
    """Return the content of a code if its signature holds, without asking anybody.

    `known` gives a public key by its id, or an empty text.
    """
    parts = _CODE.fullmatch(code.strip())
    raw = signing.unb64(parts["inside"]) if parts else None
    if parts is None or raw is None:
        return None
    try:
        unpacked = zlib.decompressobj().decompress(raw, _MOST_BYTES)
        content = json.loads(unpacked)
    except (zlib.error, ValueError):
        return None
    if not isinstance(content, dict) or content.get("serial") != parts["serial"]:
        return None
    public = known(str(content.get("key", "")))
    is_ours = signing.is_signed(public, unpacked.decode(), parts["signature"])
    return content if is_ours else None
