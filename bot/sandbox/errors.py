"""What api.weixin.qq.com answers when it refuses: the codes in use here and their texts."""

from __future__ import annotations

# Source: global return codes page, developers.weixin.qq.com, as printed there.
TEXTS = {
    -1: "system error",
    40001: (
        "invalid credential, access_token is invalid or not latest, could get access_token by "
        "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
    ),
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid meida size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40015: "invalid menu type",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40022: "invalid sub_menu level",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40029: "invalid code",
    40030: "invalid refresh_token",
    40032: "invalid openid list size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40035: "invalid args size",
    40036: "invalid template_id size",
    40037: "invalid template_id",
    40039: "invalid url size",
    40052: "invalid action name",
    40053: "invalid action info, please check document",
    40054: "invalid sub button url domain",
    40055: "invalid button url domain",
    40059: "invalid msg id",
    40066: "invalid url",
    40097: "invalid args",
    40114: "invalid index value",
    40125: "invalid appsecret",
    # the address is one of RFC 5737, for documentation
    40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
    40130: "invalid openid list size, at least two openid",
    40152: "invalid group id",
    40163: "code been used",
    40201: "invalid check url",
    40202: "invalid check action",
    40203: "invalid check operator",
    40249: "the template message carries marketing content",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41008: "missing code",
    41009: "missing openid",
    42003: "code expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45005: "url size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45028: "has no masssend quota",
    45029: "qrcode count out of limit",
    45047: "out of response count limit",
    45056: "too many tag now, no need to add new",
    45057: "can't delete the tag that has too many fans",
    45058: "can't modify sys tag",
    45059: "can not tagging one user too much",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45067: "clientmsgid size out of limit",
    45072: "invalid command",
    45080: (
        "need sending message to user, or recving message from user in the last 30 seconds "
        "before typing"
    ),
    45081: "you are already typing",
    45083: "the speed out of range",
    45098: "msgmenu list size is out of limit",
    45099: "msgmenu item content size is out of limit",
    45110: "author size out of limit",
    45113: "not support wxcard",
    45157: "invalid tag name",
    45158: "tag name too long",
    45159: "invalid tag id",
    45166: "invalid content",
    46003: "menu no exist",
    47001: "data format error",
    47002: (
        "data format error, do NOT use json unicode encode (\\uxxxx\\uxxxx), please use utf8 "
        "encoded text!"
    ),
    47003: "argument invalid!",
    42001: "access_token expired",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    49003: "not match openid with appid",
    53500: "publish function is banned",
    53501: "publish too frequently",
    53502: "invalid publish_id",
    53503: "the draft does not pass the check before publishing",
    53600: "invalid article_id",
    65316: "domain count reach limit",
    76021: "cgi_path not found",
}


class ApiError(Exception):
    """The platform refuses a call; `detail` stands after the text, `more` beside the code."""

    def __init__(self, code: int, detail: str = "", **more: int | list[str]) -> None:
        self.code = code
        self.more = more
        self.text = f"{TEXTS.get(code, 'error')} {detail}".strip()
        super().__init__(f"{code} {self.text}")


class NotHere(Exception):
    """The control interface cannot do this; `status` is the HTTP status of the answer."""

    def __init__(self, message: str, status: int = 400) -> None:
        self.status = status
        super().__init__(message)
