"""The WeChat platform on this machine: webhook pushes, api.weixin.qq.com, phones in a browser."""
