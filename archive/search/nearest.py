"""Suggestions for a query without hits: the nearest shorter queries, or the query in simplified characters."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from archive.search.text import HAN_SCRIPT

# fmt: off
_TRADITIONAL = (
    "丟並亂亙亞佇佈佔併來侖侶侷係俠倀倆倉個們倖倣倫偉側偵偽傑傖傘備傢傭傯傳債傷傾僅僇僑僕僥僱價儀儂億儈儉"
    "儐儔儕儘償優儲儷儻儼兇兌兒兗內兩冊冪凍凜凱別刪則剋剎剛剝剴創剷劃劇劉劊劍劑勁動勗務勛勝勞勢勳勵勸勻匯"
    "匱區協卹卻厭厲參叢吳吶呂員唸問啓啞啟喚喪喫喬單喲嗆嗇嗎嗚嗶嘆嘍嘔嘖嘗嘩嘮嘯嘰噓噥噯噴噸噹嚀嚇嚐嚕嚥嚨"
    "嚮嚴嚶囀囁囂囈囑囪國圍園圓圖團執堅堊堝堯報場塊塋塒塗塚塢塵塹墊墜墮墳墾壇壎壓壘壙壞壟壢壩壯壺壽夠夢夾"
    "奐奧奩奪奮妝姍姦姪娛婁婦媧媼媽嫗嫵嫻嬈嬋嬌嬝嬤嬪嬰嬸孃孫學孿宮寢實寧審寫寬寵寶將專尋對導尷屆屍屜屢層"
    "屨屬岡峯峴島峽崑崗崙崢嵐嶄嶇嶸嶺嶼巒巔巖帥師帳帶幀幃幗幟幣幫幹幾庫廁廂廄廈廚廝廟廠廢廣廬廳弒弔張強彆"
    "彈彌彎彙彥彿後徑從徠復徬徹恆恥悅悵悶悽惡惱惻愛愜愴愷愾慄慇態慍慘慚慟慣慫慮慶慼慾憂憊憐憑憚憤憫憮憲憶"
    "懇應懍懣懲懶懷懸懺懼懾戀戰戲戶拋挾捨捫捲掃掄掙掛採揀揚換揮搆損搖搗搶搾摑摟摯摻撈撐撓撚撢撥撫撲撳撻撾"
    "撿擁擄擇擊擋擔據擠擬擰擱擲擴擷擺擻擾攆攏攔攙攜攝攣攤攪攬敗敘敵數斂斃斕斬斷於昇時晉晝暈暉暢暫暱曄曆曇"
    "曉曖曠曬書會朧東柵桿梔條梟棄棗棟棧棲楊楓楨業極榮構槍槓槨槳樁樂樅樑樓標樞樣樸樹樺橈橋機橢橫檔檜檢檣檯"
    "檳檸檻櫃櫓櫚櫛櫝櫥櫬櫺櫻欄權欖欽歎歐歟歡歲歷歸歿殘殤殮殯殲殺殼毀毆毬氈氣氫氬氳氾汎汙決沍沒沖況洩洶浹"
    "涇涼淒淚淨淪淵淺渙減渦測渾湊湧湯準溝溫溼滄滅滌滬滯滲滷滾滿漁漢漣漬漲漸漿潑潔潛潤潯潰澀澆澗澠澤澱濁濃"
    "濕濘濟濤濫濬濰濱濺濾瀆瀉瀋瀏瀕瀘瀝瀟瀨瀰瀲瀾灑灘灣灤災為烏無煉煙煥煩煬熒熱熾燄燈燉燐燒燙燜營燦燬燭燴"
    "燻燼燾爍爐爛爭爲爺爾牀牆牘牽犖犢犧狀狹狽猙猶獄獅獎獨獰獲獵獷獸獺獻玀現琺琿瑣瑤瑩瑪瑯璣璦環璽瓊瓏瓔瓚"
    "甌甕產畝畢畫異當疇疊痙痠瘋瘍瘓瘡瘧瘺療癆癒癘癟癡癢癥癩癬癮癱癲發皚皰皺盃盜盞盡監盤盧盪眾睏睜睞睪瞇瞞"
    "瞭瞼矚矯砲硯碩確碼磚磧磯礎礙礦礪礫礬祕祿禍禎禦禪禮禱禿秈稅稈稜稟種稱穀穌積穎穡穢穩穫窩窪窮窯窺竄竅竇"
    "竊競筆筍筧箇箋箏節範築篤篩簍簞簡簣簫簷簽簾籃籌籐籟籠籤籬籮籲粵糝糞糧糰糾紀紂約紅紆紇紉紋納紐純紕紗紙"
    "級紛紜紡紮細紱紲紳紹紼絀終絃組絆結絕絛絞絡絢給絨統絲絳絹綁綏綑經綜綞綠綢綫綬維綰綱網綴綵綸綺綻綽綾綿"
    "緇緊緒緘緙線緝緞締緣編緩緬緯緲練緹緻縈縉縊縐縑縛縝縞縣縫縮縱縲縴縵縷縹總績繃繅繆繒織繕繚繞繡繩繪繫繭"
    "繳繹繼繽續纏纓纔纖纜缽罈罌罰罵罷羅羈羋羣羨義羶習翹聖聞聯聰聲聳聶職聽聾肅脅脈脣脫脹腎腦腫腳腸膚膠膩膽"
    "膾膿臉臍臏臘臚臟臥臨臺與興舉舊艙艦艱艷芻苧茲荊莊莖莢莧華萇萊萬萵葉葦葷蒐蒞蒼蓀蓆蓋蓮蔔蔣蔥蔭蕩蕪蕭薊"
    "薑薔薦薩薺藍藝藥藪藷藹藺蘆蘇蘊蘋蘚蘭蘿處虛虜號虧蛻蜆蝕蝦蝨蝸螞螢螻蟈蟬蟯蟲蟻蠅蠍蠔蠟蠣蠱蠶蠻衆術衛衝"
    "袞裊裏補裝裡製複褲褸褻襖襠襤襪襯襲見規覓視覦親覬覲覺覽觀觴觸訂訃計訊訌討訐訓訕訖託記訛訝訟訣訥訪設許"
    "訴訶診註証詁詆詐詔評詛詞詠詢詣試詩詫詬詭詮詰話該詳詼誅誇誌認誑誕誘誚語誠誡誣誤誥誦誨說誰課誶誹誼調諂"
    "諄談諉請諍諒論諛諜諦諧諫諭諮諱諳諶諷諸諺諼諾謀謁謂謄謊謎謐謗謙講謝謠謨謫謬謹譁證譎譏識譙譚譜譟譫譯議"
    "譴護譽讀變讒讓讖讚讜豈豎豐豔豬貍貓貝貞負財貢貧貨販貪貫責貯貲貳貴貶買貸費貼貽貿賀賁賂賃賄賅資賈賊賑賒"
    "賓賜賞賠賡賢賣賤賦質賬賭賴賸賺賻購賽贅贈贊贍贏贓贖贗贛趕趙趨跡跼踐踡踴蹕蹟蹣蹤蹺躉躊躋躍躑躓躡躪軀車"
    "軋軌軍軒軔軛軟軸軻軼軾較載輊輒輓輔輕輛輜輝輞輟輥輦輩輪輯輳輸輻輾輿轂轄轅轉轍轎轔轟轡辦辭辮辯農迴逕這"
    "連週進遊運過達違遙遜遞遠適遲遷選遺遼邁還邇邊邏邐郵鄉鄒鄧鄭鄰鄴酈醃醜醞醫醬釀釁釅釋釐釗釘釙針釣釦釧釩"
    "釵鈉鈍鈐鈑鈔鈕鈞鈣鈴鈷鈸鈹鈽鈾鈿鉀鉅鉉鉍鉑鉗鉚鉛鉤鉸鉻銀銅銑銓銖銘銜銨銬銲銳銷銻銼鋁鋅鋇鋒鋤鋪鋰鋸鋼"
    "錄錐錕錘錙錚錠錢錦錨錫錮錯錳錶鍊鍋鍍鍔鍛鍥鍬鍰鍵鍾鎂鎊鎖鎗鎘鎚鎢鎬鎮鎰鎳鏃鏈鏍鏑鏗鏘鏜鏝鏟鏡鏢鏤鏨鏽"
    "鐃鐘鐫鐮鐲鐳鐵鐸鐺鑄鑑鑒鑠鑣鑰鑲鑷鑼鑽鑾鑿長門閂閃閉開閎閏閑閒間閔閘閡閣閥閨閩閭閱閻闆闈闊闋闌闐闔闕"
    "闖關闡闢陘陝陞陣陰陳陸陽隄隊階隕際隨險隱隴隸隻雋雖雙雛雜雞離難雲電霑霧霽靂靄靈靜靦靨鞏韁韃韉韋韌韓韜"
    "韻響頁頂頃項順須頊頌預頑頒頓頗領頜頡頤頭頰頷頸頹頻顆題額顎顏顓願顛類顥顧顫顯顰顱風颯颱颳颶颼飄飛飢飩"
    "飪飭飯飲飴飼飽飾餃餅餉養餌餒餓餘餚餛餞餡館餵餽餾餿饅饉饑饒饗饜饞馬馭馮馱馳馴駁駐駑駒駕駙駛駝駟駢駭駱"
    "駿騁騎騖騙騫騰騷騾驀驃驅驍驕驗驚驛驟驢驥驪骯髏髒體髖髮鬆鬍鬚鬢鬥鬧鬨鬱魎魘魚魯魷鮑鮪鮫鮭鮮鯀鯉鯊鯖鯛"
    "鯧鯨鯽鰍鰓鰥鰭鰱鰻鰾鱉鱔鱖鱗鱟鱷鱸鳥鳩鳳鳴鳶鴆鴉鴕鴛鴣鴦鴨鴻鴿鵑鵝鵠鵡鵪鵬鵲鶉鶯鶴鷂鷓鷗鷥鷹鷺鸚鸛鸞"
    "鹵鹹鹼鹽麗麥麩麪麵麼黃黌點黨黴黷鼇鼕鼴齊齋齒齜齟齡齣齦齧齪齬齲齷龍龐龔龜"
)
_SIMPLIFIED = (
    "丢并乱亘亚伫布占并来仑侣局系侠伥俩仓个们幸仿伦伟侧侦伪杰伧伞备家佣偬传债伤倾仅戮侨仆侥雇价仪侬亿侩俭"
    "傧俦侪尽偿优储俪傥俨凶兑儿兖内两册幂冻凛凯别删则克刹刚剥剀创铲划剧刘刽剑剂劲动勖务勋胜劳势勋励劝匀汇"
    "匮区协恤却厌厉参丛吴呐吕员念问启哑启唤丧吃乔单哟呛啬吗呜哔叹喽呕啧尝哗唠啸叽嘘哝嗳喷吨当咛吓尝噜咽咙"
    "向严嘤啭嗫嚣呓嘱囱国围园圆图团执坚垩埚尧报场块茔埘涂冢坞尘堑垫坠堕坟垦坛埙压垒圹坏垄坜坝壮壶寿够梦夹"
    "奂奥奁夺奋妆姗奸侄娱娄妇娲媪妈妪妩娴娆婵娇袅嬷嫔婴婶娘孙学孪宫寝实宁审写宽宠宝将专寻对导尴届尸屉屡层"
    "屦属冈峰岘岛峡昆岗仑峥岚崭岖嵘岭屿峦巅岩帅师帐带帧帏帼帜币帮干几库厕厢厩厦厨厮庙厂废广庐厅弑吊张强别"
    "弹弥弯汇彦佛后径从徕复彷彻恒耻悦怅闷凄恶恼恻爱惬怆恺忾栗殷态愠惨惭恸惯怂虑庆戚欲忧惫怜凭惮愤悯怃宪忆"
    "恳应懔懑惩懒怀悬忏惧慑恋战戏户抛挟舍扪卷扫抡挣挂采拣扬换挥构损摇捣抢榨掴搂挚掺捞撑挠捻掸拨抚扑揿挞挝"
    "捡拥掳择击挡担据挤拟拧搁掷扩撷摆擞扰撵拢拦搀携摄挛摊搅揽败叙敌数敛毙斓斩断于升时晋昼晕晖畅暂昵晔历昙"
    "晓暧旷晒书会胧东栅杆栀条枭弃枣栋栈栖杨枫桢业极荣构枪杠椁桨桩乐枞梁楼标枢样朴树桦桡桥机椭横档桧检樯台"
    "槟柠槛柜橹榈栉椟橱榇棂樱栏权榄钦叹欧欤欢岁历归殁残殇殓殡歼杀壳毁殴球毡气氢氩氲泛泛污决冱没冲况泄汹浃"
    "泾凉凄泪净沦渊浅涣减涡测浑凑涌汤准沟温湿沧灭涤沪滞渗卤滚满渔汉涟渍涨渐浆泼洁潜润浔溃涩浇涧渑泽淀浊浓"
    "湿泞济涛滥浚潍滨溅滤渎泻沈浏濒泸沥潇濑弥潋澜洒滩湾滦灾为乌无炼烟焕烦炀荧热炽焰灯炖磷烧烫焖营灿毁烛烩"
    "熏烬焘烁炉烂争为爷尔床墙牍牵荦犊牺状狭狈狰犹狱狮奖独狞获猎犷兽獭献猡现珐珲琐瑶莹玛琅玑瑷环玺琼珑璎瓒"
    "瓯瓮产亩毕画异当畴叠痉酸疯疡痪疮疟瘘疗痨愈疠瘪痴痒症癞癣瘾瘫癫发皑疱皱杯盗盏尽监盘卢荡众困睁睐睾眯瞒"
    "了睑瞩矫炮砚硕确码砖碛矶础碍矿砺砾矾秘禄祸祯御禅礼祷秃籼税秆棱禀种称谷稣积颖穑秽稳获窝洼穷窑窥窜窍窦"
    "窃竞笔笋笕个笺筝节范筑笃筛篓箪简篑箫檐签帘篮筹藤籁笼签篱箩吁粤糁粪粮团纠纪纣约红纡纥纫纹纳纽纯纰纱纸"
    "级纷纭纺扎细绂绁绅绍绋绌终弦组绊结绝绦绞络绚给绒统丝绛绢绑绥捆经综缍绿绸线绶维绾纲网缀彩纶绮绽绰绫绵"
    "缁紧绪缄缂线缉缎缔缘编缓缅纬缈练缇致萦缙缢绉缣缚缜缟县缝缩纵缧纤缦缕缥总绩绷缫缪缯织缮缭绕绣绳绘系茧"
    "缴绎继缤续缠缨才纤缆钵坛罂罚骂罢罗羁芈群羡义膻习翘圣闻联聪声耸聂职听聋肃胁脉唇脱胀肾脑肿脚肠肤胶腻胆"
    "脍脓脸脐膑腊胪脏卧临台与兴举旧舱舰艰艳刍苎兹荆庄茎荚苋华苌莱万莴叶苇荤搜莅苍荪席盖莲卜蒋葱荫荡芜萧蓟"
    "姜蔷荐萨荠蓝艺药薮薯蔼蔺芦苏蕴苹藓兰萝处虚虏号亏蜕蚬蚀虾虱蜗蚂萤蝼蝈蝉蛲虫蚁蝇蝎蚝蜡蛎蛊蚕蛮众术卫冲"
    "衮袅里补装里制复裤褛亵袄裆褴袜衬袭见规觅视觎亲觊觐觉览观觞触订讣计讯讧讨讦训讪讫托记讹讶讼诀讷访设许"
    "诉诃诊注证诂诋诈诏评诅词咏询诣试诗诧诟诡诠诘话该详诙诛夸志认诳诞诱诮语诚诫诬误诰诵诲说谁课谇诽谊调谄"
    "谆谈诿请诤谅论谀谍谛谐谏谕谘讳谙谌讽诸谚谖诺谋谒谓誊谎谜谧谤谦讲谢谣谟谪谬谨哗证谲讥识谯谭谱噪谵译议"
    "谴护誉读变谗让谶赞谠岂竖丰艳猪狸猫贝贞负财贡贫货贩贪贯责贮赀贰贵贬买贷费贴贻贸贺贲赂赁贿赅资贾贼赈赊"
    "宾赐赏赔赓贤卖贱赋质账赌赖剩赚赙购赛赘赠赞赡赢赃赎赝赣赶赵趋迹局践蜷踊跸迹蹒踪跷趸踌跻跃踯踬蹑躏躯车"
    "轧轨军轩轫轭软轴轲轶轼较载轾辄挽辅轻辆辎辉辋辍辊辇辈轮辑辏输辐辗舆毂辖辕转辙轿辚轰辔办辞辫辩农回迳这"
    "连周进游运过达违遥逊递远适迟迁选遗辽迈还迩边逻逦邮乡邹邓郑邻邺郦腌丑酝医酱酿衅酽释厘钊钉钋针钓扣钏钒"
    "钗钠钝钤钣钞钮钧钙铃钴钹铍钸铀钿钾钜铉铋铂钳铆铅钩铰铬银铜铣铨铢铭衔铵铐焊锐销锑锉铝锌钡锋锄铺锂锯钢"
    "录锥锟锤锱铮锭钱锦锚锡锢错锰表炼锅镀锷锻锲锹锾键钟镁镑锁枪镉锤钨镐镇镒镍镞链镙镝铿锵镗镘铲镜镖镂錾锈"
    "铙钟镌镰镯镭铁铎铛铸鉴鉴铄镳钥镶镊锣钻銮凿长门闩闪闭开闳闰闲闲间闵闸阂阁阀闺闽闾阅阎板闱阔阕阑阗阖阙"
    "闯关阐辟陉陕升阵阴陈陆阳堤队阶陨际随险隐陇隶只隽虽双雏杂鸡离难云电沾雾霁雳霭灵静腼靥巩缰鞑鞯韦韧韩韬"
    "韵响页顶顷项顺须顼颂预顽颁顿颇领颌颉颐头颊颔颈颓频颗题额颚颜颛愿颠类颢顾颤显颦颅风飒台刮飓飕飘飞饥饨"
    "饪饬饭饮饴饲饱饰饺饼饷养饵馁饿余肴馄饯馅馆喂馈馏馊馒馑饥饶飨餍馋马驭冯驮驰驯驳驻驽驹驾驸驶驼驷骈骇骆"
    "骏骋骑骛骗骞腾骚骡蓦骠驱骁骄验惊驿骤驴骥骊肮髅脏体髋发松胡须鬓斗闹哄郁魉魇鱼鲁鱿鲍鲔鲛鲑鲜鲧鲤鲨鲭鲷"
    "鲳鲸鲫鳅鳃鳏鳍鲢鳗鳔鳖鳝鳜鳞鲎鳄鲈鸟鸠凤鸣鸢鸩鸦鸵鸳鸪鸯鸭鸿鸽鹃鹅鹄鹉鹌鹏鹊鹑莺鹤鹞鹧鸥鸶鹰鹭鹦鹳鸾"
    "卤咸碱盐丽麦麸面面么黄黉点党霉黩鳌冬鼹齐斋齿龇龃龄出龈啮龊龉龋龌龙庞龚龟"
)
# fmt: on
PAIRS = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
_TABLE = str.maketrans(PAIRS)
MAX_QUERIES_TRIED = 80  # each is one short look-up in the index
MAX_SUGGESTIONS = 4
MAX_PHRASE_CHARACTERS = 24  # of a longer phrase only this beginning is tried
MIN_WORD_CHARACTERS = 3

_TERM = re.compile(rf'"[^"]*"?|[{HAN_SCRIPT}]+|[^\W_{HAN_SCRIPT}]+\*?')

Finds = Callable[[str], bool]


def simplified(text: str) -> str | None:
    """The text with its known traditional characters made simplified; None if it has none."""
    changed = text.translate(_TABLE)
    return changed if changed != text else None


def nearest(q: str, finds: Finds) -> list[str]:
    """Up to MAX_SUGGESTIONS queries that ask for less than `q` and have hits, the nearest to it first.

    finds: True for a query that has hits. Of several terms one is left out, then each is tried alone; of a phrase the
    longest parts with hits, from its beginning; of a word its beginning. At most MAX_QUERIES_TRIED are tried.
    """
    named: list[str] = []
    for shorter in islice(_shorter(q), MAX_QUERIES_TRIED):
        if shorter not in named and not any(shorter.rstrip("*") in longer for longer in named) and finds(shorter):
            named.append(shorter)
        if len(named) == MAX_SUGGESTIONS:
            break
    return named


def instead(q: str, finds: Finds) -> tuple[list[str], str | None]:
    """The suggestions for a query without hits, and the query in simplified characters if that has hits.

    ([], that query) if it has hits. Else (suggestions, None): those of `nearest`; for a query with traditional
    characters those of both its forms, the longest first.
    """
    other = simplified(q)
    if other is None:
        return nearest(q, finds), None
    if finds(other):
        return [], other
    named = sorted([*nearest(q, finds), *nearest(other, finds)], key=len, reverse=True)
    longest = [each for at, each in enumerate(named) if not any(each.rstrip("*") in longer for longer in named[:at])]
    return longest[:MAX_SUGGESTIONS], None


def _shorter(q: str) -> Iterator[str]:
    terms = list(dict.fromkeys(_TERM.findall(q)))
    if len(terms) > 2:
        yield from (" ".join(terms[:at] + terms[at + 1 :]) for at in range(len(terms)))
    if len(terms) > 1:
        yield from terms
    for term in terms:
        yield from _parts(term.strip('"'))


def _parts(term: str) -> Iterator[str]:
    """Yield shorter queries for one term: of a Han phrase ever shorter parts, of a word ever shorter beginnings.

    `word` gives `word*`, `wor*`. Any other term, such as a phrase with blanks or with Han and Latin, gives each of the
    terms in it.
    """
    if re.fullmatch(rf"[{HAN_SCRIPT}]+", term):
        term = term[:MAX_PHRASE_CHARACTERS]
        for length in range(len(term) - 1, 0, -1):
            yield from (term[at : at + length] for at in range(len(term) - length + 1))
    elif re.fullmatch(rf"[^\W_{HAN_SCRIPT}]+", term):
        yield from (f"{term[:length]}*" for length in range(len(term), MIN_WORD_CHARACTERS - 1, -1))
    else:
        yield from _TERM.findall(term)
