"""The stories: the instalments of a column and one by itself, which between them use every kind of block."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import Catalogue, GroupRecord, StoryRecord
from .telling import heading as _h
from .telling import paragraphs as _p
from .telling import picture as _picture
from .things import CINEMA, EIGHT_VIEWS, FLOOD, THINGS_COLUMN

BRIDGE = StoryRecord(
    "story-bridge",
    Catalogue(
        title="一座桥的三次落成", slug="yizuo-qiao-de-sanci-luocheng", written="1176—1689",
        description="永济桥有三个生日。前两个有年份，第三个有时辰：康熙二十八年八月望前二日，夜半，水落。",
        places=("yongjiqiao", "changqiao"), topics=("bridges",), agents=(("lu-yun", "aut"), ("zhou-tingkai", "sbj")),
    ),
    "陆芸", "yongji-bridge",
    (
        _p("从长桥镇上走到永济桥，要经过一家修摩托车的铺子、一家卖龙船饭的馆子，然后路忽然窄了，石板上两道车辙，是独轮车压了两百年压出来的。",
           "桥上有四十二根栏柱，柱头刻莲。本地孩子从小玩一个游戏：找两朵一样的。没有人找到过。"),
        _h("木的，石的", "第一座桥是木的。宋淳熙三年，邑人募建，名叫长桥。木桥三四十年一换，县志里没有一笔提到换桥，大概换得太平常了。",
           "明万历二十一年改成石拱，三孔，改名永济。永济就是“永远能过去”。九十四年以后，它过不去了。"),
        ("quotation", {"text": "初，橋之圮也，行者以筏渡，歲溺數人。工匠難中洞之合龍，三試皆墜。", "source": "康熙《棲瀾縣志》卷二“橋梁”"}),
        _p("修桥的人是知县周廷楷。他到任第二年先修了城墙，县志说“捐俸修復，不擾於民”，这是自己写自己，要打点折扣。"
           "但修桥这一段他没写自己，写了一个姓何的老石工。"),
        ("book_citation", {"book": "kangxi", "place_in_book": "卷二，橋梁",
                           "quotation": "有老石工何姓者曰：水落之夜可合。如其言，以八月望前二日夜半下石，石合而潮不驚，觀者數千人，歡聲動地。"
                           "何不受賞，請刻名於石之陰而已。"}),
        _h("石头的背面", "名字刻在石头背面，朝着水，谁也看不见。三百三十三年里，这件事只活在书上，有人说是文人的编造。",
           "2022年大旱，澜江落到有记录以来最低。十月，水下相机从中孔底下往上拍，拍到拱石背面有字，水锈盖着，最先认出来的是“何”，然后是“二十八年”。清理以后，全文不过九个字。"),
        _picture("rubbing-bridge", "中孔拱石背面刻名拓片，2022年10月枯水期拓"),
        ("timeline", {"title": "永济桥纪年", "events": [
            ("宋淳熙三年（1176）", "邑人募建木梁桥，名长桥。"),
            ("明万历二十一年（1593）", "改建三孔石拱桥，改名永济。"),
            ("康熙二十六年（1687）五月", "大水，中孔圮。"),
            ("康熙二十八年（1689）八月", "重修竣工。"),
            ("民国二十年（1931）七月", "大水，冲毁栏柱十九，次年补刻，补柱莲心朝西。"),
            ("1982年", "公布为县级文物保护单位。"),
            ("2022年10月", "枯水期摄得拱石背面刻名。"),
        ]}),
        _p("那个找莲花的游戏，其实有一条线索：一九三二年补刻的十九根，莲心朝西，旧的朝东。石匠故意的，他不想冒充前人。"),
    ),
    1,
)  # fmt: skip

DRUMS = StoryRecord(
    "story-drums",
    Catalogue(
        title="水上鼓声", slug="shuishang-gusheng", written="1966—1979",
        description="龙舟在河泥里埋了十三年。每年五月初一，有一个人去河边踩一踩，硬的，就晓得它还在。",
        places=("luting", "butou", "yongjiqiao"), topics=("customs",), agents=(("lu-yun", "aut"), ("he-ashui", "sbj")),
    ),
    "陆芸", "dragon-boats",
    (
        _p("何阿水家的墙上挂着一枝纸花，桃花，四十年了，褪成米色。我问这是什么，他说：得水。",
           "“得水”是竞渡赢了的意思。栖澜的龙舟赛没有奖金，康熙志里就写着“勝者不取財帛，惟得簪花一枝”。三百年里，花是纸扎的，规矩是真的。"),
        ("film", {"film": "film-drums", "caption": "短片《鼓声》，据口述与1984年县报彩色片绘制"}),
        _h("十三年", "一九六六年停了。来人问船，村里说烂掉了。船在河泥里。老杉木见不得风，埋着反而不裂，这是芦汀人祖传的办法，那年头成了唯一的办法。"),
        ("quotation", {"text": "十三年，每年五月初一我到河边坐一坐，踩一踩泥，硬的，就晓得还在。", "source": "《何阿水口述：澜江上的龙舟》"}),
        ("picture_pair", {
            "left": {"image": "great-bridge", "caption": "1978年12月，大桥合龙"},
            "right": {"image": "dragon-boats", "caption": "1984年端午，永济桥下"},
        }),
        _p("大桥合龙，书记问老百姓还想要什么，他说想划船。第二年端午前，两百多人站在水里挖，挖到木头，没有一个人说话。",
           "何阿水拿指节敲了敲船帮。“还是那个声音。”他说这句话的时候，自己也像一面鼓。"),
        ("book_citation", {"book": "oral-he-ashui", "place_in_book": "二，鼓点",
                           "quotation": "打鼓的其实不是用手，是用眼睛。"}),
    ),
    2,
)  # fmt: skip

KILN = StoryRecord(
    "story-kiln",
    Catalogue(
        title="月白封孔", slug="yuebai-fengkong", written="明代—2022年",
        description="樱红、橘黄、月白，是窑火的三种颜色，也是上窑村把桩师傅的三只表。",
        places=("taoxi", "shangyao"), topics=("pottery",), agents=(("lu-yun", "aut"),),
    ),
    "陆芸", "taoxi-kiln",
    (
        _p("和合窑四十八米长，趴在山坡上，头低尾高。窑身两边一对一对的投柴孔，叫龙眼。点火以后，龙眼从低到高一对一对亮上去，像有什么东西在山里慢慢醒过来。"),
        _h("三候", "窑里没有温度计。把桩师傅隔着龙眼看火：先是樱红，坯里的水气走尽；再是橘黄，泥开始收；最后是月白，月亮的白，一窑四千件同时亮着。",
           "看见月白就要封孔，早一刻生，晚一刻塌。“多久算一刻？”我问。师傅想了想说：“吸半口烟。”"),
        ("table", {"caption": "陶溪龙窑座数与窑工（据县志、年鉴整理）", "columns": (("text", "年份"), ("number", "龙窑（座）"), ("number", "窑工（人）")),
                   "rows": (("清末", 12, 600), ("1937年", 7, 340), ("1953年", 6, 288), ("1973年", 5, 431), ("1985年", 3, 412), ("2022年", 1, 14))}),
        _p("表上的“1”，就是和合窑。每年只烧一次，正月廿四。这一天不卖东西，烧出来的头一口缸，送给当年村里出生的头一个孩子。"),
        ("quotation", {"text": "溪泥色青而性韌，宜陶，居人數百家以窯為業，夜則火光燭天，遠望如列星。", "source": "康熙《棲瀾縣志》卷一“山川”"}),
        _p("列星只剩一颗了，还亮着。"),
    ),
    3,
)  # fmt: skip

DAM = StoryRecord(
    "story-dam",
    Catalogue(
        title="挑出来的水库", slug="tiao-chulai-de-shuiku", written="1963—1967",
        description="雁回水库的坝，土方六十一万立方米，用一个办法运上去：肩膀。",
        places=("yanhui", "zhuwu"), topics=("water",), agents=(("lu-yun", "aut"), ("photo-group", "pht")),
    ),
    "陆芸", "yanhui-dam",
    (
        _p("一九六三年秋冬，一百二十八天没有下雨。永济桥底下可以走人，有人在干河床上捡到康熙年间的桥石，垫了猪圈。",
           "第二年十一月，雁回水库动工。"),
        ("table", {"caption": "1965年12月某日的挑土记录（竹坞村藏工分簿）", "columns": (("text", "小队"), ("number", "人数"), ("number", "土方（立方米）"), ("number", "人均（立方米）")),
                   "rows": (("长桥一队", 86, 70.5, 0.82), ("青石埠三队", 112, 87.4, 0.78), ("云门二队", 64, 48.6, 0.76), ("陶溪窑工队", 41, 39.8, 0.97))}),
        _p("陶溪窑工队人最少，人均最高。县报记者去问窍门，队长说没有窍门，挑泥挑惯了。"),
        ("book_citation", {"book": "gazetteer-1985", "place_in_book": "第二篇第一章第一节，雁回水库",
                           "quotation": "土方全靠肩挑，上坝线分三层，日上土最高达8600立方米。"}),
        _h("坝首的界石", "修坝时各队分段，段与段之间埋界石。二〇二〇年除险加固，挖出一块，上面凿着“愚公段”三个字，字不好，一笔一笔很用力。",
           "施工队把它移到坝首，没有修补。水库边上没有纪念碑，这块界石就算是了。"),
        _picture("rubbing-dam", "“愚公段”界石拓片，雁回水库管理所藏"),
        ("timeline", {"title": "雁回水库", "events": [
            ("1963年秋冬", "连旱一百二十八天。"), ("1964年11月", "动工。"), ("1967年4月", "下闸蓄水，三村二百一十八户迁竹坞。"),
            ("1971年", "渠系配套。"), ("2022年8—10月", "大旱，十一次开闸补水。"),
        ]}),
    ),
    4,
)  # fmt: skip

PLATES = StoryRecord(
    "story-plates",
    Catalogue(
        title="一百八十六张玻璃", slug="yibai-bashiliu-zhang-boli", written="1921—2022",
        description="照影楼关门以后，沈默生的女儿用棉被裹着一百八十六张玻璃底片，搬了四次家，一张没碎。",
        places=("qicheng",), topics=("market",), agents=(("lu-yun", "aut"), ("shen-mosheng", "sbj")),
    ),
    "陆芸", "west-street",
    (
        _p("照影楼在西街中段，二楼有一面朝北的大玻璃窗，那是摄影棚。沈默生给人照相，一块银元两张；给桥照相、给雪照相，不要钱，自己贴。"),
        ("picture_pair", {
            "left": {"image": "west-street", "caption": "民国廿六年春，从照影楼窗口拍下去"},
            "right": {"image": "north-gate-snow", "caption": "民国三十年一月，雪后北门"},
        }),
        _p("玻璃底片怕三样：怕摔，怕潮，怕人好心去擦。女儿沈若澜记住了第三样。五次有人劝她擦一擦，她都没有擦。"),
        ("quotation", {"text": "我不懂照相。父亲只讲过一句：上面的灰也是那天的灰。", "source": "沈若澜，1986年捐赠时语"}),
        ("timeline", {"title": "底片的行程", "events": [
            ("民国十年（1921）", "沈默生购入木座相机。"), ("1956年", "照影楼并入合作社，底片搬回家中。"),
            ("1986年", "捐赠县志办公室，清点为186张。"), ("2022年5—10月", "除尘、翻拍，加固药膜剥离的11张。"),
        ]}),
        _p("翻拍的时候，编辑在《西街雨后》最暗的一角发现一个人，站在药材铺的屋檐下，没有看镜头，在看天。雨刚停，他大概在想要不要收伞。"),
    ),
)  # fmt: skip

COLUMN = GroupRecord(
    "column",
    Catalogue(
        title="澜畔故事", slug="lanpan-gushi", written="2023年起",
        description="从志书、年鉴、底片和口述里读出来的故事，每期一篇。",
        places=("qilan",), topics=("customs", "bridges"),
    ),
    (BRIDGE, DRUMS, KILN, DAM, FLOOD, CINEMA, EIGHT_VIEWS),
    "wenlan-pagoda",
)  # fmt: skip

COLUMNS = (COLUMN, THINGS_COLUMN)
STORIES = (*COLUMN.members, *THINGS_COLUMN.members, PLATES)
