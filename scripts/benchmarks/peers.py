"""The two services the webhook is measured beside: `peers.py bare|naive PORT TOKEN BASE.jsonl`.

`bare` checks the signature and answers a constant; `naive` is what a tutorial builds: wechatpy,
jieba and TfidfVectorizer in an aiohttp handler, nothing stored.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from aiohttp import web
from wechatpy.utils import check_signature

REPLY = (
    "<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{me}]]></FromUserName>"
    "<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[ok]]></Content></xml>"
)


def bare(token: str, _base: list[dict[str, Any]]) -> Any:
    async def receive(request: web.Request) -> web.Response:
        query = request.query
        check_signature(token, query["signature"], query["timestamp"], query["nonce"])
        await request.read()
        text = REPLY.format(to=query["openid"], me="gh_bench", now=0)
        return web.Response(text=text, content_type="text/xml")

    return receive


def naive(token: str, base: list[dict[str, Any]]) -> Any:
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import linear_kernel
    from wechatpy import create_reply, parse_message

    wordings = [w for row in base for w in row["askings"]]
    answers = [row["answer"] for row in base for _ in row["askings"]]
    model = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    matrix = model.fit_transform(wordings)

    async def receive(request: web.Request) -> web.Response:
        query = request.query
        check_signature(token, query["signature"], query["timestamp"], query["nonce"])
        message = parse_message(await request.read())
        scores = linear_kernel(model.transform([message.content]), matrix)[0]
        best = int(scores.argmax())
        text = answers[best] if scores[best] > 0.2 else "?"  # noqa: PLR2004 - the tutorials' guess
        return web.Response(text=create_reply(text, message).render(), content_type="text/xml")

    return receive


def main() -> None:
    kind, port, token, path = sys.argv[1:]
    base = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    app = web.Application()
    app.router.add_post("/wechat", {"bare": bare, "naive": naive}[kind](token, base))
    print("ready", time.monotonic(), flush=True)
    web.run_app(app, host="127.0.0.1", port=int(port), print=None, access_log=None)


if __name__ == "__main__":
    main()
