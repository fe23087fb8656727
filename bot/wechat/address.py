"""Where the platform answers, and how long it is waited for."""

BASE_URL = "https://api.weixin.qq.com"
TIMEOUT_S = 10.0  # one request, from connecting to the last byte
CONNECT_TIMEOUT_S = 5.0
