"""Language and script of a short text."""

import re

from parsers.text.han import HAN

_MAX_LANGUAGE_CHARACTERS = 2000  # enough to decide; more would only take longer to count
_MAX_SCRIPT_CHARACTERS = 300  # of those beyond ASCII: about every third decides the script
_HAN = re.compile(f"[{HAN}]+")
_BAR = "丨"  # a Han character found in no text: sites separate the parts of titles with it
_LETTERS = re.compile(r"[^\W\d_丨ǀ]+")  # two typographic bars count as letters elsewhere
_FOREIGN = re.compile(r"[^\W\d_丨ǀA-Za-z]")  # a letter that English lacks
_EASTERN = re.compile(f"[\u3041-\ud7a3{HAN}]")  # none of these: no Han, Kana, Hangul
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_KANA_OR_HANGUL = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uac00-\ud7a3]")
_ASCII = bytes(range(128))  # most of a Latin text: the rest is searched quickly
_ENGLISH = re.compile(r"[A-Za-z]+")

# Frequent characters that only one of the two Chinese scripts uses.
_SIMPLIFIED = frozenset(
    "这来个们为时国说会对发经过现动进种实开关问还无从业样间东应体点长见书认电产达运结义单处众总战议队"
    "变机权条报建设话军万质员边将专区强术统转华导师党热觉决难题级边办广农历红习约农务观众记话论证评语请谢谁"
    "调谈读课让设访许诉试该详诚误说规视频领题页顺须顾预颜风飞饭饮马驻验鱼鸟龙龟车轨轮软轻载较辆辑输钟钢钱铁银"
    "错锁键镇门闭闻闲闹阅阵阳阴际陈陆险随隐难韩项响顶养产亲仅从优传伟伤价众优儿兴冲净减凤凯击刘则刚创剂剧劝办"
    "劳势区医协单卖卢卫却厂厅压厌县参双发变叶号员团园围图圆圣场坏块坚坛垒报墙壮声处备够头夸夺奋奖妇孙学宁宝"
    "审宪宾寻导寿将尔尘尝层岁岛峡币师带帮库应废开异弃张弯归当录忆忧怀态恋恶悬惊惧惯愿戏战户执扩扫扬护担择"
    "挂挥损换据摄敌数断旧显晓条来极构标树桥检楼欢欧残毕气汇汉汤沟没泽洁测济浓涨润渐温湾湿满滚灭灵灾点炼烂"
    "热爱牵状独狮猎环现电画疗监盖盘码础确离积称稳穷竞笔签简类粮紧纠红纤级纪纯纲纳纵纷纸线练组细织终绍经结"
    "绕绘给络绝统继绩续维绿网罗罚职联肃肠胜脑脸节苏范茧荐药获营蓝虑虽补装观规觉计订讨训讯"
)
_TRADITIONAL = frozenset(
    "這來個們為時國說會對發經過現動進種實開關問還無從業樣間東應體點長見書認電產達運結義單處眾總戰議隊變機權"
    "條報設話軍萬質員邊將專區強術統轉華導師黨熱覺決難題級辦廣農歷紅習約務觀記論證評語請謝誰調談讀課讓訪許訴試"
    "該詳誠誤規視頻領頁順須顧預顏風飛飯飲馬駐驗魚鳥龍龜車軌輪軟輕載較輛輯輸鐘鋼錢鐵銀錯鎖鍵鎮門閉聞閒鬧閱陣陽"
    "陰際陳陸險隨隱韓項響頂養親僅優傳偉傷價兒興衝淨減鳳凱擊劉則剛創劑劇勸勞勢醫協賣盧衛卻廠廳壓厭縣參雙葉號團"
    "園圍圖圓聖場壞塊堅壇壘牆壯聲備夠頭誇奪奮獎婦孫學寧寶審憲賓尋壽爾塵嘗層歲島峽幣帶幫庫廢異棄張彎歸當錄憶憂"
    "懷態戀惡懸驚懼慣願戲戶執擴掃揚護擔擇掛揮損換據攝敵數斷舊顯曉極構標樹橋檢樓歡歐殘畢氣匯漢湯溝沒澤潔測濟濃"
    "漲潤漸溫灣濕滿滾滅靈災煉爛愛牽狀獨獅獵環畫療監蓋盤碼礎確離積稱穩窮競筆簽簡類糧緊糾纖紀純綱納縱紛紙線練組"
    "細織終紹繞繪給絡絕繼績續維綠網羅罰職聯肅腸勝腦臉節蘇範繭薦藥獲營藍慮雖補裝計訂討訓訊"
)


def in_language(text: str) -> str | None:
    """BCP 47 tag of ``text``: ``zh-Hans``, ``zh-Hant``, ``ja``, ``ko``, ``en``; None if it is unclear.

    Plain ASCII letters count as English, because the sources print nothing else in Latin script; a text without Han,
    kana or Hangul that has other letters (é, ß, д) gives None rather than a wrong tag. Han characters that both Chinese
    scripts share give ``zh-Hans``. Only its first 2,000 characters count.
    """
    text = text[:_MAX_LANGUAGE_CHARACTERS]
    if text.isascii():
        return "en" if _ENGLISH.search(text) else None
    rest = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    if not _EASTERN.search(rest):
        return "en" if _ENGLISH.search(text) and not _FOREIGN.search(rest) else None
    han = _count(_HAN, rest.replace(_BAR, ""))
    if han * 5 >= len(text) and not _KANA_OR_HANGUL.search(rest):
        return _chinese_script(rest)  # even if only few of the characters are letters
    letters = _count(_LETTERS, text)
    if not letters:
        return None
    if _count(_HANGUL, text) * 4 > letters:
        return "ko"
    if _count(_KANA, text) * 8 > letters:
        return "ja"
    if han * 5 >= letters:
        return _chinese_script(rest)
    return "en" if _count(_ENGLISH, text) == letters - han else None


def _count(runs: re.Pattern[str], text: str) -> int:
    """The number of characters in all matches of a pattern."""
    return sum(map(len, runs.findall(text)))


def _chinese_script(text: str) -> str:
    characters = set(text[:_MAX_SCRIPT_CHARACTERS])
    traditional = len(characters & _TRADITIONAL)
    return "zh-Hant" if traditional > len(characters & _SIMPLIFIED) else "zh-Hans"
