"""《栖澜史志》, one issue of the quarterly: three articles and what the editor says."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..page_layout import Article
from ..records import BookRecord, Catalogue, SectionRecord

EDITORIAL = Article(
    "editorial", "卷首语", "本刊编辑部",
    "这一期的三篇文章都与水有关，并非有意。去年秋天澜江落到有记录以来的最低处，许多平日看不见的东西露出来：桥石背后的字，码头最下面的十一级台阶，"
    "还有一条沉了不知多少年的木船。水退一尺，史料就多一页；可我们宁愿少看几页，多下几场雨。\n"
    "刻名的考证，作者三易其稿，仍不肯把话说满。编者以为这正是写志人的本分：疑者阙之，实者存之。\n"
    "从本期起，增辟“旧物新说”栏，每期说一件东西。读者家中如有旧票、旧契、旧照，欢迎来信，不必割爱，借拍即可。",
)  # fmt: skip
NAME_UNDER_BRIDGE = Article(
    "name-under-bridge", "永济桥拱石刻名考", "陆芸",
    "2022年10月9日，澜江青石埠站水位降至31.06米。次日上午，县文物所用水下相机自永济桥中孔底部向上拍摄，得拱石背面刻字三行，行三字：“康熙二／十八年／石工何”。\n"
    "康熙《棲瀾縣志》卷二记，中洞合龙，老石工何姓者“不受賞，請刻名於石之陰而已”。志成于刻石之后数月，编者周廷楷亲与其事，所记与实物相合，此其一。"
    "刻字在第七券石，正当合龙处，此其二。字体不工，转折处有重刀，出自匠人而非书手，此其三。据此可定：志书所记属实。\n"
    "然而石上只有姓，没有名。雁回何氏宗谱疑为九世启明，依据是年代与行业，并无直证。本文以为，在没有新材料以前，仍以“何姓石工”称之为妥。\n"
    "有人问，他既要求刻名，为什么只刻一个姓？宗谱里有一句祖训：石无欺人，人毋欺石。或许在他看来，姓是祖宗的，工是自己的，名反在其次。",
)  # fmt: skip
WHARF_TOOLS = Article(
    "wharf-tools", "青石埠的六十四级", "顾怀瑾遗稿",
    "青石埠石阶，志书历来作六十四级。我一九五六年随父亲挑盐，曾经数过，是五十三级。父亲说，下面还有，在水里。这话我一直当是大人哄孩子。\n"
    "一九六三年大旱，我特地去数，露出来六十一级，最下面三级仍在泥中，踩得着。六十四级之说不虚。万历年间凿石的人，是把最枯的水位也算进去的。\n"
    "挑夫有个规矩，上行靠右，下行靠左，叫作“上右下左，碰着请坐”，意思是撞了人，要请对方坐下喝碗茶。码头上立过一块石牌，刻的就是这八个字，一九五八年垫了灶。\n"
    "（编者按：本文据作者1997年手稿整理。）",
)  # fmt: skip
ARTICLES = (EDITORIAL, NAME_UNDER_BRIDGE, WHARF_TOOLS)
RUNNING = "栖澜史志　2023年第1期"

BOOK = BookRecord(
    "journal-2023-1",
    Catalogue(
        title="栖澜史志（2023年第1期）", slug="qilan-shizhi-2023-1", written="2023年春",
        description="县志办公室所编季刊，总第61期。本期刊《永济桥拱石刻名考》等三篇，书页与文字可对照阅读。",
        places=("yongjiqiao", "qingshibu"), topics=("bridges", "water"),
        agents=(("office", "edt"), ("lu-yun", "aut"), ("gu-huaijin", "aut")), series=("journal", 61),
        source="示范书页",
    ),
    {"book_kind": "journal", "volume": "2023年第1期（总第61期）", "volume_year": 2023, "compilers": "《栖澜史志》编辑部编",
     "publisher": "栖澜县地方志办公室（虚构）", "extent": "64页，选印其中数页", "text_unit": "leaf"},
    tuple(SectionRecord(article.key, "item", article.title) for article in ARTICLES),
    cover="journal-cover",
    leaves=ARTICLES,
)  # fmt: skip
