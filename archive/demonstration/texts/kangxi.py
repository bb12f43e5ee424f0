"""康熙《棲瀾縣志》: the old gazetteer, in the words and the characters of its time."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import BookRecord, Catalogue, SectionRecord
from ..typesetting import Block

PREFACE = (
    "棲瀾僻在萬山，而瀾江貫其中，舟楫上下，日不下百艘。余以康熙甲子來知縣事，索舊志，得萬曆殘帙於學宮敗壁間，"
    "蠹蝕過半矣。夫邑之有志，猶國之有史也。山川之險易，戶口之登耗，風俗之醇漓，吏治之得失，胥於是乎見。"
    "舊者不傳，新者不續，則後之為政者何所取徵焉？乃延邑中耆宿，發其家藏，參以碑碣，訪諸父老，凡閱五年而書成，"
    "為卷八。疑者闕之，不敢以臆斷；實者存之，不敢以愛憎。書成而永濟橋適告竣，邑人以為二美並具，請余序之。"
    "余曰：橋以濟一時之人，志以濟百世之人，其為濟一也。"
)
HISTORY = (
    "棲瀾，古揚州之域。唐武德四年，析置瀾川縣（以瀾江名）。宋太平興國八年，改今名"
    "（取鳳棲瀾上之義。縣東有棲鳳臺，相傳鳳集於此，見舊志，今圮）。元元貞元年，以戶逾四萬，陞為州。"
    "明洪武二年，復為縣，國朝因之。"
)
BOUNDS = (
    "縣東西廣九十里，南北袤一百十里（以五尺為步，三百六十步為里）。縣治居中而偏南，瀾江繞其三面，"
    "惟北門通陸，商旅四集焉。"
)
WATERS = (
    "雁迴山，在縣西北五十里。高出羣峯，秋雁至此而迴，故名（舊志云山巔有池，歲旱禱雨輒應）。",
    "瀾江，源出雁迴山，東南流八十里至縣，納陶溪之水，又三十里至青石埠，出境。春夏水漲，聲聞十里；"
    "秋冬水落，石梁盡見，舟人謂之石門。",
    "陶溪，在縣西南三十里。溪泥色青而性韌，宜陶，居人數百家以窯為業，夜則火光燭天，遠望如列星。",
)
CUSTOMS = (
    "其俗儉而好義，重本業，恥爭訟。端午競渡，自朔日始，各埠出龍舟，舟長七丈，橈三十六，鼓一，"
    "旗以色別之（蘆汀赤，埠頭黃，橋東白）。勝者不取財帛，惟得簪花一枝，歸插神前，合村相慶，謂之得水。"
)
WALLS = (
    "縣城，明成化間築，周四里，高一丈八尺，門四：東曰迎旭，西曰來爽，南曰臨瀾，北曰拱辰。"
    "康熙十三年水壞南門，圮四十餘丈；二十四年，知縣周廷楷捐俸修復（用石三千六百丈，工一萬二千有奇，不擾於民）。"
)
BRIDGE = (
    "永濟橋，在縣西北二十里。宋淳熙三年邑人募建，以木為梁，名曰長橋。明萬曆二十一年易以石，為三洞，改今名。"
    "國朝康熙二十六年五月大水，中洞圮。知縣周廷楷倡修，邑人爭輸，二十八年八月工竣，"
    "長十四丈，廣一丈六尺，欄柱四十有二（柱首刻蓮，無一同者）。",
    "初，橋之圮也，行者以筏渡，歲溺數人。工匠難中洞之合龍，三試皆墜。有老石工何姓者曰：水落之夜可合。"
    "如其言，以八月望前二日夜半下石，石合而潮不驚，觀者數千人，歡聲動地。何不受賞，請刻名於石之陰而已。",
)
FERRY = (
    "青石埠，在縣東南三十里。石階六十有四級，明萬曆間里人鑿。商船泊此者，春多茶，夏多鹽，秋多穀，冬多陶，"
    "四時不絕，故諺云：看盡瀾江貨，須登青石階。"
)

BLOCKS = (
    Block("preface", "棲瀾縣志序", 1, opens_leaf=True),
    Block("preface", PREFACE),
    Block("preface", "康熙二十八年己巳仲秋，知縣周廷楷撰。", 2),
    Block("juan-1", "棲瀾縣志卷之一", opens_leaf=True),
    Block("juan-1", "知縣周廷楷纂修", 10),
    Block("juan-1", "輿地志", 1),
    Block("history", "沿革", 2),
    Block("history", HISTORY),
    Block("bounds", "疆域", 2),
    Block("bounds", BOUNDS),
    Block("waters", "山川", 2),
    *(Block("waters", text) for text in WATERS),
    Block("customs", "風俗", 2),
    Block("customs", CUSTOMS),
    Block("juan-2", "棲瀾縣志卷之二", opens_leaf=True),
    Block("juan-2", "知縣周廷楷纂修", 10),
    Block("juan-2", "建置志", 1),
    Block("walls", "城池", 2),
    Block("walls", WALLS),
    Block("bridge", "橋梁", 2),
    *(Block("bridge", text) for text in BRIDGE),
    Block("ferry", "津渡", 2),
    Block("ferry", FERRY),
)

BOOK = BookRecord(
    "kangxi",
    Catalogue(
        title="棲瀾縣志（康熙）",
        slug="qilan-xianzhi-kangxi",
        written="康熙二十八年",
        other_titles="栖澜县志\n康熙栖澜县志\n康熙志",
        description="现存最早的栖澜县志，知县周廷楷纂修，八卷，今存序及卷一、卷二。记沿革、山川、风俗、城池、桥梁、"
        "津渡，尤以永济桥重修始末最详。书页为示范所绘，标点为今人所加。",
        places=("qilan", "yongjiqiao", "qingshibu"),
        topics=("water", "bridges", "customs"),
        agents=(("zhou-tingkai", "com"),),
        series=("gazetteers", 1),
        language="lzh",
        rights="pdm",
        credit="栖澜县地方志办公室（虚构）藏",
        source="康熙二十九年刻本，原藏县学",
    ),
    {
        "book_kind": "gazetteer",
        "volume": "存序、卷一、卷二",
        "compilers": "（清）周廷楷纂修",
        "publisher": "棲瀾縣署刻本",
        "extent": "原书八卷四册，存一册；半叶九行，行二十字，小字双行同，四周双边，单鱼尾",
        "text_unit": "leaf",
        "reading_direction": "rtl",
    },
    (
        SectionRecord("preface", "front", "棲瀾縣志序", "卷首"),
        SectionRecord(
            "juan-1", "juan", "輿地志", "卷一",
            parts=(
                SectionRecord("history", "item", "沿革"),
                SectionRecord("bounds", "item", "疆域"),
                SectionRecord("waters", "item", "山川"),
                SectionRecord("customs", "item", "風俗"),
            ),
        ),
        SectionRecord(
            "juan-2", "juan", "建置志", "卷二",
            parts=(
                SectionRecord("walls", "item", "城池"),
                SectionRecord("bridge", "item", "橋梁"),
                SectionRecord("ferry", "item", "津渡"),
            ),
        ),
    ),
    leaves=BLOCKS,
)  # fmt: skip
