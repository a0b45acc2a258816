# ruff: noqa: E501 - a sentence or a topic stays on one line
"""The names in the articles: invented people and institutions, and places, in Chinese and English."""

import calendar

from newsroom.stories.words.topics import Word


def _words(table: str) -> tuple[Word, ...]:
    pairs = (pair.split("/") for pair in table.replace("\n", " ").split(","))
    return tuple(Word(zh.strip(), en.strip()) for zh, en in pairs)


SURNAMES = _words(
    """沈/Shen, 陆/Lu, 顾/Gu, 方/Fang, 程/Cheng, 苏/Su, 叶/Ye, 傅/Fu, 钟/Zhong, 姚/Yao, 谭/Tan, 韩/Han, 唐/Tang, 冯/Feng,
    董/Dong, 萧/Xiao, 曹/Cao, 袁/Yuan, 邓/Deng, 许/Xu, 魏/Wei, 蒋/Jiang, 潘/Pan, 杜/Du, 戴/Dai, 夏/Xia, 汪/Wang, 田/Tian,
    任/Ren, 姜/Jiang, 范/Fan, 石/Shi, 廖/Liao, 邹/Zou, 熊/Xiong, 金/Jin, 郝/Hao, 孔/Kong, 白/Bai, 崔/Cui, 康/Kang, 毛/Mao,
    邱/Qiu, 秦/Qin, 江/Jiang, 史/Shi, 侯/Hou, 邵/Shao, 孟/Meng, 龙/Long, 万/Wan, 段/Duan, 雷/Lei, 钱/Qian, 汤/Tang,
    尹/Yin, 黎/Li, 常/Chang, 武/Wu, 乔/Qiao, 贺/He, 赖/Lai, 龚/Gong, 文/Wen, 欧阳/Ouyang, 上官/Shangguan, 诸葛/Zhuge"""
)
# Rare characters on purpose: an invented name should not be that of a known person.
GIVEN_FIRST = _words(
    """砚/yan, 知/zhi, 书/shu, 景/jing, 若/ruo, 望/wang, 怀/huai, 予/yu, 清/qing, 牧/mu, 以/yi, 思/si, 映/ying, 临/lin,
    秋/qiu, 南/nan, 北/bei, 沐/mu, 和/he, 闻/wen, 寄/ji, 庭/ting, 素/su, 青/qing, 行/xing, 云/yun, 听/ting, 照/zhao,
    允/yun, 星/xing, 亦/yi, 初/chu, 见/jian, 守/shou, 择/ze, 问/wen, 遥/yao, 舒/shu, 泊/bo, 棠/tang"""
)
GIVEN_SECOND = _words(
    """舟/zhou, 衡/heng, 川/chuan, 岚/lan, 澜/lan, 朴/pu, 禾/he, 帆/fan, 迟/chi, 榕/rong, 溪/xi, 原/yuan, 野/ye, 声/sheng,
    微/wei, 岩/yan, 池/chi, 渡/du, 言/yan, 白/bai, 安/an, 桥/qiao, 松/song, 筠/yun, 垣/yuan, 蘅/heng, 砺/li, 汀/ting,
    樾/yue, 峤/qiao, 沅/yuan, 珩/heng, 葭/jia, 颐/yi, 榷/que, 籁/lai, 鹭/lu, 畴/chou"""
)
PLACES = _words(
    """上海/Shanghai, 浦东/Pudong, 徐汇/Xuhui, 杨浦/Yangpu, 虹口/Hongkou, 静安/Jing'an, 长宁/Changning, 普陀/Putuo,
    闵行/Minhang, 宝山/Baoshan, 嘉定/Jiading, 松江/Songjiang, 青浦/Qingpu, 奉贤/Fengxian, 崇明/Chongming, 金山/Jinshan,
    临港/Lingang, 张江/Zhangjiang, 苏州/Suzhou, 无锡/Wuxi, 常州/Changzhou, 南通/Nantong, 杭州/Hangzhou, 宁波/Ningbo,
    嘉兴/Jiaxing, 湖州/Huzhou, 绍兴/Shaoxing, 舟山/Zhoushan, 合肥/Hefei, 芜湖/Wuhu, 马鞍山/Ma'anshan, 宣城/Xuancheng,
    南京/Nanjing, 扬州/Yangzhou, 徐州/Xuzhou, 盐城/Yancheng, 温州/Wenzhou, 金华/Jinhua, 衢州/Quzhou, 丽水/Lishui,
    成都/Chengdu, 重庆/Chongqing, 武汉/Wuhan, 长沙/Changsha, 西安/Xi'an, 郑州/Zhengzhou, 青岛/Qingdao, 厦门/Xiamen,
    深圳/Shenzhen, 广州/Guangzhou, 昆明/Kunming, 贵阳/Guiyang, 兰州/Lanzhou, 沈阳/Shenyang, 大连/Dalian, 哈尔滨/Harbin"""
)
INSTITUTIONS = _words(
    """江海大学/Jianghai University, 东湾理工大学/Dongwan Institute of Technology, 华亭师范大学/Huating Normal University,
    申浦财经大学/Shenpu University of Finance, 吴淞海事学院/Wusong Maritime College, 云间政法学院/Yunjian Law School,
    海曲社会科学院/Haiqu Academy of Social Sciences, 沪渎经济研究所/Hudu Institute of Economics,
    长浦智库/Changpu Think Tank, 浦江城市研究院/Pujiang Urban Institute, 横沔规划院/Hengmian Planning Institute,
    龙华医学中心/Longhua Medical Centre, 金泽乡村研究中心/Jinze Rural Research Centre, 静湖人口研究所/Jinghu Population Institute,
    东方文脉研究会/Society for Eastern Letters, 新江南发展基金会/New Jiangnan Foundation"""
)
OFFICES = _words(
    """教授/professor, 副教授/associate professor, 研究员/research fellow, 首席专家/chief expert, 副院长/deputy dean,
    院长/dean, 所长/director, 学术委员会主任/chair of the academic board, 博士生导师/doctoral supervisor, 主任/head"""
)
FORUMS = _words(
    """滨江讲坛/the Riverside Forum, 江海学术周/the Jianghai Academic Week, 城市读书会/the City Reading Series,
    思想者沙龙/the Thinkers' Salon, 东湾大讲堂/the Dongwan Lecture Hall, 理论圆桌/the Theory Round Table,
    长浦年度论坛/the Changpu Annual Forum, 青年学者工作坊/the Young Scholars' Workshop"""
)
MONTHS = tuple(calendar.month_name)[1:]
# Six recurring speakers for a newsroom with a cast; rare characters, for the same reason.
CAST = _words(
    "谭泊籁/Tan Bolai, 陆知蘅/Lu Zhiheng, 顾怀榷/Gu Huaique, 程予鹭/Cheng Yulu, 傅临峤/Fu Linqiao, 叶牧葭/Ye Mujia"
)
