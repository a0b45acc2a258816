# ruff: noqa: E501 - a sentence or a topic stays on one line
"""The topics of the invented articles: forty, with their terms, each in Chinese and English."""

from typing import NamedTuple


class Word(NamedTuple):
    """The same word in Chinese and in English."""

    zh: str
    en: str


class Topic(NamedTuple):
    """A topic's name and its ten or so terms; both serve as tags."""

    name: Word
    terms: tuple[Word, ...]


# One topic a line: name: term, term, …, each `中文/English`.
_TABLE = """
区域一体化/regional integration: 轨道交通网/rail network, 跨省通办/cross-provincial services, 产业分工/division of industries, 示范区/demonstration zone, 断头路/dead-end roads, 联席会议/joint conference, 要素流动/flow of factors, 生态补偿/ecological compensation, 同城化/urban convergence, 毗邻地区/border districts
城市更新/urban renewal: 老旧小区/old neighbourhoods, 历史风貌/historic townscape, 里弄街区/lane houses, 公共空间/public space, 加装电梯/lift retrofits, 口袋公园/pocket parks, 滨水岸线/waterfront, 工业遗存/industrial heritage, 留改拆/selective demolition, 城市肌理/urban fabric
数字经济/digital economy: 数据要素/data elements, 平台企业/platform companies, 算力网络/computing network, 数据交易所/data exchange, 数字孪生/digital twins, 工业互联网/industrial internet, 数据产权/data property rights, 普惠接入/inclusive access, 算法治理/algorithm governance, 数字鸿沟/digital divide
科技创新/scientific innovation: 基础研究/basic research, 策源能力/capacity for origination, 成果转化/technology transfer, 大科学装置/large research facilities, 概念验证/proof of concept, 青年科学家/young scientists, 揭榜挂帅/open competition projects, 颠覆性技术/disruptive technology, 科研诚信/research integrity, 创新联合体/innovation consortia
乡村振兴/rural revitalization: 宅基地改革/homestead reform, 集体经济/collective economy, 农村电商/rural e-commerce, 村规民约/village covenants, 新农人/new farmers, 土地流转/land transfer, 粮食安全/food security, 郊野公园/country parks, 农文旅融合/farm tourism, 种业振兴/seed industry
养老服务/elderly care: 社区食堂/community canteens, 长期护理保险/long-term care insurance, 认知障碍照护/dementia care, 居家养老/home-based care, 银发经济/silver economy, 适老化改造/age-friendly retrofits, 时间银行/time banks, 护理员队伍/care workers, 医养结合/integrated medical care, 老年大学/universities for the aged
绿色低碳/green transition: 碳交易市场/carbon market, 新型储能/new energy storage, 绿色电力/green power, 零碳园区/zero-carbon parks, 碳足迹核算/carbon footprint accounting, 循环利用/recycling, 绿色金融/green finance, 虚拟电厂/virtual power plants, 建筑节能/building efficiency, 转型成本/transition costs
营商环境/business environment: 审批改革/approval reform, 首席服务官/chief service officers, 包容审慎监管/prudent regulation, 免罚清单/penalty exemption lists, 企业全生命周期/business life cycle, 信用修复/credit repair, 公平竞争审查/fair competition review, 涉企检查/business inspections, 惠企政策/support policies, 知识产权保护/intellectual property protection
人工智能/artificial intelligence: 大模型/large models, 智能体/software agents, 训练语料/training corpora, 具身智能/embodied intelligence, 开源社区/open-source communities, 人机协同/human-machine teamwork, 算法伦理/algorithm ethics, 智能终端/smart devices, 应用场景/application scenarios, 安全评测/safety evaluation
文化传承/cultural inheritance: 江南文化/Jiangnan culture, 非遗工坊/heritage workshops, 古籍整理/collation of ancient books, 戏曲传习/opera apprenticeship, 考古发掘/archaeological excavation, 文化自觉/cultural awareness, 传世文献/transmitted texts, 城市记忆/urban memory, 博物馆热/museum fever, 文明互鉴/mutual learning of civilizations
社区治理/community governance: 居民议事会/residents' councils, 网格管理/grid management, 物业服务/property services, 社区规划师/community planners, 志愿服务/volunteering, 业主委员会/owners' committees, 楼组自治/stairwell self-government, 社区基金会/community foundations, 民意征询/public consultation, 减负清单/burden reduction lists
教育改革/education reform: 学科设置/discipline structure, 集团化办学/school groups, 劳动教育/labour education, 职普融通/vocational pathways, 教师发展/teacher development, 拔尖人才培养/talent cultivation, 课程标准/curriculum standards, 家校协同/home-school cooperation, 终身学习/lifelong learning, 评价体系/evaluation system
医疗卫生/public health: 分级诊疗/tiered diagnosis, 家庭医生/family doctors, 疾控体系/disease control system, 医保支付/insurance payment, 互联网医院/internet hospitals, 创新药械/innovative medicines, 健康档案/health records, 临床研究/clinical research, 儿科服务/paediatric services, 安宁疗护/hospice care
航运中心/shipping centre: 集装箱码头/container terminals, 航运保险/marine insurance, 智慧港口/smart ports, 绿色燃料加注/green bunkering, 江海联运/river-sea transport, 船舶登记/ship registration, 海事仲裁/maritime arbitration, 航空枢纽/aviation hub, 多式联运/multimodal transport, 航运指数/shipping index
金融中心/financial centre: 人民币资产/renminbi assets, 科创板/technology board, 普惠金融/inclusive finance, 再保险市场/reinsurance market, 风险处置/risk resolution, 耐心资本/patient capital, 跨境结算/cross-border settlement, 金融科技/financial technology, 信用评级/credit rating, 养老金融/pension finance
自贸试验区/pilot free trade zone: 负面清单/negative list, 制度型开放/institutional opening, 压力测试/stress testing, 离岸贸易/offshore trade, 保税维修/bonded maintenance, 数据跨境/cross-border data, 原产地规则/rules of origin, 单一窗口/single window, 电子提单/electronic bills of lading, 经贸规则/trade rules
人才工作/talent policy: 青年驿站/youth hostels, 人才公寓/talent apartments, 职称评审/title evaluation, 海外引才/overseas recruitment, 工匠学院/craftsman academies, 博士后工作站/postdoctoral stations, 人才评价/talent assessment, 柔性引进/flexible recruitment, 技能大赛/skills contests, 薪酬激励/pay incentives
法治建设/rule of law: 基层立法联系点/grassroots legislative outreach, 行政复议/administrative review, 多元解纷/dispute resolution, 公益诉讼/public interest litigation, 执法规范/enforcement standards, 法律援助/legal aid, 合规经营/compliance, 民法典/civil code, 司法公开/judicial openness, 涉外法治/foreign-related rule of law
水环境/water environment: 河长制/river chiefs, 截污纳管/sewage interception, 海绵城市/sponge city, 饮用水源/drinking water sources, 生态廊道/ecological corridors, 蓝藻防控/algae control, 湿地保护/wetland protection, 清洁小流域/clean catchments, 水质断面/monitoring sections, 跨界治水/cross-border water governance
城市交通/urban transport: 慢行系统/walking and cycling, 公交专用道/bus lanes, 站城融合/station-city integration, 停车治理/parking management, 市域铁路/suburban railways, 智能网联汽车/connected vehicles, 骑行绿道/cycling greenways, 换乘枢纽/interchange hubs, 拥堵治理/congestion control, 低空经济/low-altitude economy
住房保障/housing security: 保障性租赁住房/affordable rental housing, 城中村改造/urban village renewal, 公积金新政/provident fund policy, 共有产权/shared ownership, 群租治理/subletting control, 租赁市场/rental market, 交付质量/delivery quality, 房屋体检/building inspection, 青年公寓/youth flats, 职住平衡/jobs-housing balance
消费升级/consumption: 首发经济/debut economy, 夜间消费/night economy, 老字号/time-honoured brands, 以旧换新/trade-in programme, 即时零售/instant retail, 离境退税/tax refunds, 商圈更新/shopping district renewal, 服务消费/service consumption, 消费维权/consumer rights, 会展经济/exhibition economy
先进制造/advanced manufacturing: 工业母机/machine tools, 商用飞机/commercial aircraft, 产业链韧性/supply chain resilience, 专精特新/specialized small firms, 智能工厂/smart factories, 首台套装备/first-of-a-kind equipment, 质量强市/quality strategy, 工业软件/industrial software, 新材料/new materials, 链主企业/leading companies
生物医药/biomedicine: 细胞治疗/cell therapy, 临床试验/clinical trials, 创新药/innovative drugs, 高端影像设备/imaging devices, 合成生物/synthetic biology, 药品审评/drug review, 研发外包/contract research, 罕见病用药/orphan drugs, 孵化平台/incubators, 医工交叉/medical engineering
集成电路/integrated circuits: 光刻工艺/lithography, 封装测试/packaging and testing, 芯片设计/chip design, 特色工艺/specialty processes, 电子材料/electronic materials, 人才缺口/talent gap, 产线建设/fab construction, 开源架构/open architectures, 车规芯片/automotive chips, 产教融合/industry-education integration
青年发展/youth development: 青年社群/youth communities, 灵活就业/flexible work, 创业孵化/start-up incubation, 婚育支持/family support, 城市归属感/sense of belonging, 夜校/night schools, 技能提升/skills upgrading, 志愿精神/volunteer spirit, 心理健康/mental health, 公共参与/public participation
公共文化/public culture: 街头艺人/street performers, 美术馆之夜/museum nights, 社区书屋/community libraries, 演艺空间/performance spaces, 阅读推广/reading promotion, 文化云平台/cultural platforms, 艺术普及/arts education, 群文创作/amateur creation, 城市书房/urban study rooms, 文化惠民/cultural benefits
应急管理/emergency management: 安全生产/workplace safety, 风险普查/risk survey, 防汛防台/typhoon defence, 韧性城市/resilient city, 应急演练/emergency drills, 消防通道/fire lanes, 预警发布/early warnings, 物资储备/emergency stocks, 地下空间/underground space, 基层应急站/grassroots stations
国企改革/state enterprise reform: 混合所有制/mixed ownership, 任期制契约/tenure contracts, 功能性改革/functional reform, 国资监管/asset supervision, 产业控股/industrial holding, 创新容错/tolerance of failure, 主责主业/core business, 资产证券化/asset securitization, 链式协作/chain cooperation, 总部经济/headquarters economy
民营经济/private economy: 民企座谈会/business forums, 融资畅通/access to finance, 市场准入/market access, 账款清欠/arrears clearance, 企业家精神/entrepreneurship, 隐性壁垒/hidden barriers, 家族传承/family succession, 产权保护/property protection, 民间投资/private investment, 商会协会/chambers of commerce
就业优先/employment first: 零工市场/casual labour markets, 高校毕业生/graduates, 职业培训/vocational training, 新职业/new occupations, 劳动权益/labour rights, 稳岗返还/job retention refunds, 就业驿站/job stations, 困难群体/vulnerable groups, 岗位供给/job supply, 公共就业服务/public employment services
共同富裕/common prosperity: 收入分配/income distribution, 慈善事业/charity, 公共服务均等化/equal public services, 中等收入群体/middle-income groups, 山海协作/paired assistance, 社会保障网/social safety net, 发展机会/opportunities, 城乡差距/urban-rural gap, 三次分配/third distribution, 消费能力/spending power
人口发展/population: 生育友好/family-friendly policy, 托育服务/childcare, 人口高质量发展/population quality, 流动人口/migrants, 家庭政策/family policy, 人口老龄化/ageing, 积分落户/points-based residency, 青年婚恋/young couples, 劳动力供给/labour supply, 城市规模/city size
海洋强国/maritime development: 深远海养殖/offshore farming, 海洋装备/marine equipment, 海上风电/offshore wind, 极地科考/polar research, 海岛保护/island protection, 蓝色碳汇/blue carbon, 海洋法治/maritime law, 渔业转型/fishery transition, 海底电缆/submarine cables, 邮轮经济/cruise economy
全民健身/public fitness: 市民球场/public courts, 赛事经济/event economy, 健身步道/fitness trails, 体教融合/sports in schools, 马拉松/marathons, 冰雪运动/winter sports, 青训体系/youth training, 体育消费/sports consumption, 水上运动/water sports, 社区运动会/community games
国际传播/international communication: 城市形象/city image, 海外社交平台/overseas social media, 中国故事/Chinese stories, 友好城市/sister cities, 智库对话/think-tank dialogue, 翻译人才/translators, 文化出海/culture abroad, 国际组织/international organizations, 公共外交/public diplomacy, 叙事能力/narrative capacity
哲学社会科学/social sciences: 自主知识体系/independent knowledge system, 学术话语/academic discourse, 田野调查/fieldwork, 学派建设/schools of thought, 交叉学科/interdisciplinary studies, 理论阐释/theoretical interpretation, 实证研究/empirical research, 智库建设/think tanks, 经典研读/close reading of classics, 学术评价/academic evaluation
基层党建/grassroots party work: 党群服务中心/community service centres, 楼宇党建/party work in office towers, 新就业群体/new employment groups, 区域联建/regional partnerships, 驻村书记/village secretaries, 组织生活/organizational life, 红色资源/revolutionary heritage, 先锋岗位/model posts, 结对共建/pairing, 骑手驿站/rider stations
全过程人民民主/whole-process democracy: 人民建议征集/citizens' proposals, 代表家站/deputies' stations, 协商议事/deliberation, 立法听证/legislative hearings, 民生实事/livelihood projects, 议案办理/handling of motions, 预算监督/budget oversight, 小院议事/courtyard meetings, 意见直通车/direct feedback, 民主实践/democratic practice
超大城市治理/megacity governance: 一网统管/unified management, 精细化管理/fine management, 城市体征/city vital signs, 热线数据/hotline data, 多中心格局/polycentric structure, 新城建设/new towns, 公共服务半径/service radius, 管理单元/management units, 治理成本/governance costs, 市民诉求/citizens' requests
"""


def _word(pair: str) -> Word:
    zh, en = pair.split("/")
    return Word(zh.strip(), en.strip())


def _topic(line: str) -> Topic:
    name, terms = line.split(":")
    return Topic(_word(name), tuple(_word(term) for term in terms.split(",")))


TOPICS = tuple(_topic(line) for line in _TABLE.strip().splitlines())
