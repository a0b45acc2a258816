"""Answers of firewalls in place of a page, in the shape of those that Chinese and other sites use.

The texts are this newsroom's own. Real ones carry a number and an address that differ at every visit; these do not,
because the same arguments give the same bytes.
"""

_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="robots" content="noindex,nofollow"><meta name="viewport" content="width=device-width">{head}</head>
<body>{body}</body></html>
"""

_VERIFY = _PAGE.format(
    language="zh-CN",
    title="访问验证",
    head="",
    body='<div class="verify"><h1>访问验证</h1><p>系统检测到您的访问存在异常，请拖动滑块完成验证后继续浏览。</p>'
    '<div id="slider" class="slider"><span class="handle"></span><span class="text">按住滑块，拖动到最右边</span></div>'
    '<p class="trace">编号：7f3a0c52e91b</p></div><script>document.cookie="verify=1;path=/"</script>',
)
_MOMENT = _PAGE.format(
    language="en-US",
    title="Just a moment...",
    head='<meta http-equiv="refresh" content="30">',
    body='<main class="challenge"><h1>127.0.0.1</h1><h2>Checking that you are human. This may take a few seconds.</h2>'
    "<noscript><p>Switch on JavaScript and cookies to continue.</p></noscript>"
    "<p>The site looks at the security of your connection before it lets you in.</p>"
    "<footer>Ray ID: 4c19d02be7a8f350</footer></main>",
)
_CAPTCHA = _PAGE.format(
    language="zh-CN",
    title="安全验证",
    head="",
    body='<form class="captcha" method="post" action="/verify"><h1>请输入验证码</h1>'
    "<p>为了保障您的账号安全，请输入图中的字符。看不清？点击图片换一张。</p>"
    '<img src="/image/1.png" alt="验证码"><input name="captcha" autocomplete="off"><button>提交</button></form>',
)
_RATE = _PAGE.format(
    language="zh-CN",
    title="访问过于频繁",
    head="",
    body="<h1>访问过于频繁</h1><p>您的访问过于频繁，请稍后再试。Too many requests, please try again later.</p>",
)
_REFUSED = _PAGE.format(
    language="zh-CN",
    title="请求已被拦截",
    head="",
    body="<h1>很抱歉，您的请求已被网站防火墙拦截</h1><p>可能原因：您提交的内容包含危险的攻击请求。</p>"
    "<p>如果您是网站管理员，请登录控制台查看日志。事件编号：20261125-0042</p>",
)
# For clients of an interface: JSON that reports a failure; it does not say that an article is gone.
_NOTICE = '{"success": false, "code": 429, "object": null, "msg": "访问过于频繁，请稍后再试"}'

BLOCK_PAGES = {
    "verify": _VERIFY,
    "moment": _MOMENT,
    "captcha": _CAPTCHA,
    "rate": _RATE,
    "refused": _REFUSED,
    "json": _NOTICE,
}
