"""Articles of WeChat accounts, mp.weixin.qq.com, under their long and their short addresses."""

from parsers.reader import IDENTITY, ROUND_TEXT, SHOWN, DefaultPage, css, first


class WeixinPage(DefaultPage):
    """An article's page; the body is hidden until a script has run, that of a post of pictures has an id of its own."""

    hosts = frozenset({"mp.weixin.qq.com"})
    timezone = "Asia/Shanghai"
    body = ("#js_content", "#js_image_desc")
    # Cards of accounts and programs, rewards, and the code of the page itself.
    left_out = (
        "mp-common-profile, mp-miniprogram, .mp_profile_iframe_wrp, .weapp_display_element, .reward_area, .qr_code_pc,"
        " #js_pc_qr_code, #js_tags"
    )
    notes = ROUND_TEXT
    headline = first(css("#activity-name"), SHOWN)
    identity = IDENTITY
