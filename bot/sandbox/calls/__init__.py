"""The calls of api.weixin.qq.com, one file for each of their nouns."""
