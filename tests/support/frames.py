"""The frames that sites put round a text: a login, a comment box, a captcha, a legal foot."""

NAV = '<nav><a href="/">首页</a> <a href="/login">登录</a> <a href="/vip">会员专区</a></nav>'
FOOTER = (
    "<footer><p>Copyright © 2024 江海网 版权所有 江ICP备404号-1</p><p>违法和不良信息举报电话：010-4100404</p></footer>"
)
LOGIN = (
    '<div class="login-box" style="display:none"><p>请先登录后继续阅读</p><form><input name="user">'
    '<input type="password" name="pass"><button>登录</button></form></div>'
)
COMMENTS = (
    '<div id="comments" hidden><h3>评论</h3><p>登录后才能发表评论</p><p>该评论已被删除</p>'
    "<form><textarea></textarea><input type=password></form></div>"
)
CAPTCHA = '<div class="captcha hidden"><p>访问过于频繁，请输入验证码</p></div><div hidden>页面不存在 404</div>'
MORE = '<div class="related"><h3>热门推荐</h3><ul>' + "".join(
    f'<li><a href="/a/{n}.html">第{n}篇：江边的树与海边的灯</a></li>' for n in range(1, 7)
)
OFFICIAL_HEAD = '<div class="top"><div>江海市人民政府</div><div>今天是2024年4月13日 星期六</div></div>'
OFFICIAL_FOOT = (
    '<div class="foot"><div>主办单位：江海市人民政府办公室</div><div>地址：江海市滨江路410号 邮编：404100</div>'
    "<div>网站标识码：4100000404 江公网安备41000002000404号</div></div>"
)
FRAMES = {
    "bare": "{message}",
    "hidden login": NAV + "<main>{message}</main>" + LOGIN + FOOTER,
    "comment box": "<div class=wrap>{message}</div>" + COMMENTS + FOOTER,
    "hidden captcha": CAPTCHA + "<div id=page><div class=content>{message}</div></div>" + FOOTER,
    "divs": OFFICIAL_HEAD + '<div class="main"><div class="box">{message}</div></div>' + OFFICIAL_FOOT,
    "related": NAV + "<div class=left>{message}</div>" + MORE + "</ul></div>" + FOOTER,
    "table": "<table><tr><td>" + NAV + "</td></tr><tr><td>{message}</td></tr><tr><td>" + FOOTER + "</td></tr></table>",
}
