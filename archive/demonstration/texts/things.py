"""More stories: three instalments of the first column, and the second column, in which things are made to speak."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import Catalogue, GroupRecord, StoryRecord
from .telling import heading, paragraphs, picture

FLOOD = StoryRecord(
    "story-flood",
    Catalogue(
        title="水到门额", slug="shui-dao-mene", written="民国二十年—1973年",
        description="来爽门的门额上有一道浅浅的线，比人高出许多。它不是石匠刻的。",
        places=("changqiao", "luting", "qicheng"), topics=("water",), agents=(("lu-yun", "aut"), ("shen-mosheng", "pht")),
    ),
    "陆芸", "great-flood",
    (
        paragraphs("民国二十年七月，雨下了十九天。第十九天夜里，澜江从芦汀沙嘴漫过来，天亮时来爽门只剩一个门额。",
                   "沈默生把照相机绑在门板上，请人划船带他出去。他一共拍了六张，五张是水，一张是人。"),
        picture("great-flood", "船過屋脊，沈默生摄，1931年7月"),
        heading("屋脊上", "照片里左边那座屋脊上站着五个人。我们拿着放大的照片去芦汀问，九十一岁的何兰花指着中间最矮的一个说：这是我，我抱着一只鸡。",
                "照片上看不见鸡。她说，鸡在怀里，不肯让它淋雨。"),
        ("quotation", {"text": "民国二十年（1931） 七月，澜江大水，沿江淹田三万余亩，永济桥桥栏冲毁十九柱。", "source": "《栖澜县志（1911—1985）》大事记"}),
        ("table", {"caption": "澜江三次大水（据县志整理）", "columns": (("text", "年份"), ("number", "淹田（万亩）"), ("number", "最大流量（立方米/秒）")),
                   "rows": (("1931年", 3.1, 2870), ("1954年", 2.4, 2690), ("1973年", 0.6, 3120))}),
        paragraphs("流量最大的是1973年，淹田最少的也是1973年。中间隔着一座水库。"),
    ),
    5,
)  # fmt: skip

CINEMA = StoryRecord(
    "story-cinema",
    Catalogue(
        title="反面也能看", slug="fanmian-yeneng-kan", written="约1974年",
        description="银幕挂在两根竹竿中间，正面坐满了，后来的人就坐到反面去。",
        places=("taoxi", "shangyao"), topics=("arts",), agents=(("lu-yun", "aut"),),
    ),
    "陆芸", "open-air-cinema",
    (
        paragraphs("陶溪的孩子认字比别处快，有一个原因：他们常常坐在银幕反面，字幕是反的，要倒着认。",
                   "放映队一个月来一次，机器由两个人抬上山。发电机在窑边，柴油味和窑烟味混在一起，老人说那就是电影的味道。"),
        picture("open-air-cinema", "露天电影，约1974年，陶溪公社晒坯场"),
        paragraphs("最怕下雨，也最盼下小雨：小雨不停机，银幕湿了透亮，反面看得比正面还清楚。",
                   "1986年镇上有了电影院，反面从此没有了。"),
    ),
    6,
)  # fmt: skip

EIGHT_VIEWS = StoryRecord(
    "story-views",
    Catalogue(
        title="八景存其五", slug="bajing-cun-qiwu", written="1843—2022年",
        description="顾西桥画了八处风景。一百八十年后，我们拿着画册去找，找到五处，另外三处找到的是别的东西。",
        places=("qilan", "shimen", "wenlanta"), topics=("arts", "water"), agents=(("lu-yun", "aut"), ("gu-qiao", "sbj")),
    ),
    "陆芸", "view-moon",
    (
        paragraphs("永济晓渡，在。文澜夕照，在。雁回秋色，在，雁少了。云门春茗，在，比画上绿。北郭雪霁，要等下雪，2018年等到一次。"),
        picture("view-moon", "顾樵《瀾江八景》之“鳳臺夜月”"),
        heading("不在的三处", "凤台道光末年就圮了，台基上现在是一座变电站，夜里嗡嗡地响，月亮照样照。",
                "石门1969年炸宽航道，千尺剩下六百尺，帆也没有了。陶溪窑火，从前是列星，现在是一颗。"),
        ("book_citation", {"book": "eight-views", "place_in_book": "第七开，鳳臺夜月", "quotation": "鳳去臺空惟月在，夜深猶照大江流。"}),
        paragraphs("顾西桥作画那年，凤台也已经空了，他写得明明白白。所以八景从一开始，就不只是画看得见的东西。"),
    ),
    7,
)  # fmt: skip

FERRY_TICKET = StoryRecord(
    "thing-ticket",
    Catalogue(
        title="剪了两个孔的船票", slug="jianle-liangge-kong-de-chuanpiao", written="约1953年",
        description="一张船票剪一个孔就够了。这一张剪了两个。",
        places=("qingshibu", "changqiao"), topics=("papers", "bridges"), agents=(("lu-yun", "aut"), ("he-ashui", "dnr")),
    ),
    "陆芸", "ferry-ticket",
    (
        picture("ferry-ticket", "青石埠至长桥客票，何阿水2014年捐赠"),
        paragraphs("票价贰仟伍佰元，旧币，合新币两角五分。上船剪一孔，下船收票，按说票不会留在客人手里。",
                   "何阿水说，那天船到长桥，检票的又剪了一孔，把票还给他，说：你划得比我们的船快，这张留着。"),
        paragraphs("他那天是去相亲的，坐不住，下到后舱帮人摇橹。第二个孔，比第一个大一点。"),
    ),
    1,
)  # fmt: skip

DIPLOMA = StoryRecord(
    "thing-diploma",
    Catalogue(
        title="第一九〇七号", slug="di-yijiulingqi-hao", written="民国廿三年—2021年",
        description="一张毕业证书，十三岁领的，九十年里只挂出来过一次。",
        places=("qicheng",), topics=("schools", "papers"), agents=(("lu-yun", "aut"), ("zhuo-mingyuan", "sbj")),
    ),
    "陆芸", "diploma-1934",
    (
        paragraphs("林秀云把证书夹在《栖澜乡土读本》里，读本用蓝布包着，蓝布放在米缸底。兵来过，水来过，米缸没有动过。"),
        ("picture_pair", {"left": {"image": "diploma-1934", "caption": "学字第一九〇七号"},
                          "right": {"image": "county-school", "caption": "同届合影，民国廿三年一月"}}),
        heading("第几个", "合影里没有写名字。她的儿子拿着照片看了很久，说后排左起第四个，因为她站着的时候左肩总是低一点，挑水挑的。",
                "我们把“不详”改成了“疑为林秀云”。照片里不详的人，就这样少了半个。"),
        ("quotation", {"text": "挑夫学字，先学‘壹’至‘拾’，次学‘欠’‘清’二字，再次才学自己的名字。", "source": "卓明远日记，引自《青石埠史话》"}),
        ("book_citation", {"book": "yearbook-2022", "place_in_book": "教育·学校", "quotation": "展出民国二十三年毕业证书等校史实物47件"}),
    ),
    2,
)  # fmt: skip

BLUEPRINT = StoryRecord(
    "thing-blueprint",
    Catalogue(
        title="蓝图上的油渍", slug="lantu-shang-de-youzi", written="1976—1979年",
        description="一座桥有几十张图，磨得最厉害的是第一张。",
        places=("qicheng",), topics=("bridges", "papers"), agents=(("lu-yun", "aut"), ("bridge-command", "sbj")),
    ),
    "陆芸", "map-blueprint",
    (
        paragraphs("大桥的图一共二十四张，卷在一个铁皮筒里。二十三张是新的，像没有打开过；第一张折成八块，折痕全白了。",
                   "指挥部的老陈说，下面的图是给技术员看的，第一张是给大家看的。来送饭的、来参观的、来问几时能过桥的，都要看一眼。"),
        ("picture_pair", {"left": {"image": "map-blueprint", "caption": "1976年6月的总布置图"},
                          "right": {"image": "great-bridge", "caption": "1978年12月26日的桥"}}),
        ("timeline", {"title": "栖澜大桥", "events": [("1976年6月", "设计定稿。"), ("1976年10月", "动工。"), ("1978年12月26日", "合龙。"),
                                                   ("1979年5月1日", "通车，当日青石埠客船载客九人。"), ("2022年9月", "二桥通车，大桥限行重车。")]}),
        paragraphs("图的右下角有一块油渍，圆的，碗底大小。老陈说是他放的，面条，1977年大年三十。"),
    ),
    3,
)  # fmt: skip

SEAL = StoryRecord(
    "thing-seal",
    Catalogue(
        title="得水", slug="deshui-yin", written="清代—2024年",
        description="芦汀村有一方印，一年只盖一次，盖在一枝纸花上。",
        places=("luting", "butou", "qiaodong"), topics=("customs", "arts"), agents=(("lu-yun", "aut"), ("he-ashui", "sbj")),
    ),
    "陆芸", "seal-book",
    (
        paragraphs("印是黄杨木的，两个字：得水。平时锁在庙里，端午那天请出来，赢的那个村在花枝的纸叶子上盖一下，盖了才算数。"),
        picture("seal-book", "《棲瀾印存》一页，右下即“得水”印"),
        heading("谁来盖", "规矩是输的村盖给赢的村。埠头村的人说，盖的时候要笑，不笑不作数，有人看着的。",
                "2012年有了女子队，埠头村输给芦汀村的女子队，那一次笑得最响。"),
        ("film", {"film": "film-drums", "caption": "短片《鼓声》：最后一百丈"}),
        ("book_citation", {"book": "oral-he-ashui", "place_in_book": "二，鼓点", "quotation": "他们说：就这个？我们说：就这个。大家都笑。"}),
        ("table", {"caption": "近年“得水”之村", "columns": (("text", "年份"), ("text", "得水"), ("text", "盖印")),
                   "rows": (("2021年", "埠头村", "芦汀村"), ("2022年", "芦汀村", "埠头村"), ("2023年", "桥东村", "芦汀村"))}),
        ("timeline", {"title": "一方印的去处", "events": [("清代", "始用，见《棲瀾印存》。"), ("1966年", "藏于鼓腹。"), ("1979年", "复用。"), ("2024年", "制仿印一方，原印不再钤花。")]}),
        ("picture_pair", {"left": {"image": "dragon-boats", "caption": "1984年端午，永济桥下"}, "right": {"image": "temple-opera", "caption": "1933年端午夜戏"}}),
        ("quotation", {"text": "勝者不取財帛，惟得簪花一枝，歸插神前，合村相慶，謂之得水。", "source": "康熙《棲瀾縣志》卷一“風俗”"}),
    ),
    4,
)  # fmt: skip

THINGS_COLUMN = GroupRecord(
    "column-things",
    Catalogue(
        title="旧物新说", slug="jiuwu-xinshuo", written="2023年起",
        description="一期说一件东西：它从哪里来，谁留着它，为什么。",
        places=("qilan",), topics=("papers", "arts"),
    ),
    (FERRY_TICKET, DIPLOMA, BLUEPRINT, SEAL),
    "matchboxes",
)  # fmt: skip
