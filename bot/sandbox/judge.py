"""Judges what the webhook answered: shown, silent, or the fault text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox import cipher, replies, signing, wire
from bot.sandbox.cipher import CipherError
from bot.sandbox.findings import Broken, Finding, broken, note

if TYPE_CHECKING:
    from bot.sandbox.replies import Rules
    from bot.sandbox.wire import Fields

ENVELOPE = ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
SECONDS_DIGITS = 10


@dataclass(frozen=True)
class Bench:
    """How the account is set, as far as reading a reply needs it; the push's key comes first."""

    mode: str
    data_format: str
    token: str
    app_id: str
    keys: tuple[str, ...]
    rules: Rules


@dataclass
class Verdict:
    """What becomes of a reply.

    `outcome` is reply, silent or fault; `opened` is the reply's body after decryption.
    """

    outcome: str
    reply: Fields | None = None
    opened: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def text(self) -> str | None:
        """The words of a text reply."""
        is_text = self.reply is not None and self.reply.get("MsgType") == "text"
        return str(self.reply["Content"]) if self.reply and is_text else None


def judge(body: bytes, bench: Bench) -> Verdict:
    """Return the verdict on the body of a 2xx answer.

    Source: passive reply page: an empty body or `success` stays silent, a valid reply is shown,
    anything else shows the fault text.
    """
    if body in (b"", b"success"):
        return Verdict("silent", opened=body.decode())
    verdict = Verdict("reply", opened=body.decode(errors="replace"))
    try:
        fields = _open(body, bench, verdict)
        verdict.findings += replies.check(fields, bench.rules)
        verdict.reply = fields
    except Broken as error:
        verdict.outcome = "fault"
        verdict.findings.append(error.finding)
    return verdict


def _open(body: bytes, bench: Bench, verdict: Verdict) -> Fields:
    """Return the fields of the reply, decrypted if they are encrypted."""
    fields = _parse(body, bench, verdict)
    if "Encrypt" not in fields:
        if bench.mode == "safe":
            raise broken("plain_in_safe")
        return fields
    if bench.mode == "plain":
        raise broken("encrypted_in_plain")
    _check_envelope(fields, bench.token, verdict)
    opened = _decrypt(str(fields["Encrypt"]), bench)
    verdict.opened = opened.decode(errors="replace")
    return _parse(opened, bench, verdict)


def _check_envelope(fields: Fields, token: str, verdict: Verdict) -> None:
    for name in ENVELOPE:
        if not fields.get(name):
            raise broken("missing_envelope", name=name)
    encrypt, signature, timestamp, nonce = (str(fields[name]) for name in ENVELOPE)
    if signature != signing.sign(token, timestamp, nonce, encrypt):
        raise broken("msg_signature")
    if not timestamp.isdigit() or len(timestamp) != SECONDS_DIGITS:
        verdict.findings.append(note("timestamp", value=timestamp))


def _decrypt(encrypted: str, bench: Bench) -> bytes:
    reason = ""
    for key in bench.keys:
        try:
            return cipher.decrypt(key, bench.app_id, encrypted)
        except CipherError as error:
            reason = reason or str(error)
    raise broken("decrypt", error=reason)


def _parse(body: bytes, bench: Bench, verdict: Verdict) -> Fields:
    if bench.data_format == "json":
        return _parse_json(body)
    return _parse_xml(body, verdict)


def _parse_json(body: bytes) -> Fields:
    try:
        value: Any = json.loads(body)
    except ValueError as error:
        raise broken("stray_text", format="JSON", error=error) from error
    if not isinstance(value, dict):
        raise broken("not_object")
    return value


def _parse_xml(body: bytes, verdict: Verdict) -> Fields:
    if body.lstrip().startswith(b"{"):
        raise broken("json_in_xml")
    try:
        root = wire.parse_xml(body)
    except wire.Malformed as error:
        raise broken("stray_text", format="XML", error=error) from error
    if root.name != "xml":
        raise broken("root", name=root.name)
    twice = wire.duplicates(root)
    if twice:
        verdict.findings.append(note("duplicate", names=", ".join(twice)))
    return wire.as_fields(root)
