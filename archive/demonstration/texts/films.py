"""The films of the series, with their captions."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import Catalogue, FilmRecord, GroupRecord

_CREW = (("总撰稿", "陆芸"), ("绘制与剪辑", "县数字方志馆影像组（虚构）"), ("监制", "栖澜县地方志办公室（虚构）"))
_SOURCE = "县融媒体中心（虚构）2023年度新媒体数据表"

RIVER = FilmRecord(
    "film-river", "film-river",
    Catalogue(
        title="澜江", slug="lanjiang", written="2023年3月",
        description="一卷展开的水墨：山、桥、塔、船，随江水自西北向东南。全片无解说，以字幕述一江之长。",
        places=("qilan", "yongjiqiao", "wenlanta"), topics=("water", "bridges"),
        agents=(("office", "pro"), ("lu-yun", "aut")), series=("films", 1),
    ),
    1, 1, "2023-03-22",
    transcript="澜江发源于雁回山东麓。\n自西北入境，六十八公里，绕县城三面，往东南去。\n过永济桥，三孔，四十二根栏柱，柱柱刻莲。\n"
    "过文澜塔，塔影落在水里，比塔还长。\n一千三百年，县名改过三次，江名没有改过。",
    captions=(
        (0.8, 2.6, "澜江发源于雁回山东麓。"),
        (2.6, 4.6, "六十八公里，绕县城三面，往东南去。"),
        (4.6, 6.6, "过永济桥，四十二根栏柱，柱柱刻莲。"),
        (6.6, 8.2, "过文澜塔，塔影落在水里，比塔还长。"),
        (8.2, 9.8, "一千三百年，县名改过三次，江名没有改过。"),
    ),
    credits=_CREW,
    plays=(("县融媒体客户端", 18620, "2023-12-31", _SOURCE), ("村村通数字电视点播", 4307, "2023-12-31", _SOURCE)),
    chapters="00:00:00 雁回山\n00:00:04 永济桥\n00:00:06 文澜塔\n00:00:08 江名",
)  # fmt: skip

RACE = FilmRecord(
    "film-drums", "film-race",
    Catalogue(
        title="鼓声", slug="gusheng", written="2023年6月",
        description="端午竞渡最后一百丈。据1984年县报彩色片与何阿水口述绘制：赶水鼓两下一桡，得水鼓不数，只看桡手的背。",
        places=("luting", "butou", "yongjiqiao"), topics=("customs",),
        agents=(("office", "pro"), ("he-ashui", "sbj"), ("lu-yun", "aut")), series=("films", 2),
    ),
    1, 2, "2023-06-22",
    transcript="五月初五，永济桥到芦汀沙嘴，一千二百米。\n行水鼓，一下一桡，过桥洞用。\n赶水鼓，两下一桡。\n"
    "最后一百丈是得水鼓，那就不数了，看桡手的背，背齐了，鼓就对了。",
    captions=(
        (0.8, 3.0, "五月初五，永济桥到芦汀沙嘴，一千二百米。"),
        (3.0, 4.8, "行水鼓，一下一桡，过桥洞用。"),
        (4.8, 6.4, "赶水鼓，两下一桡。"),
        (6.4, 9.6, "最后一百丈是得水鼓：不数，看桡手的背。"),
    ),
    credits=(("口述", "何阿水"), *_CREW),
    plays=(("县融媒体客户端", 52384, "2023-12-31", _SOURCE),),
)  # fmt: skip

KILN = FilmRecord(
    "film-kiln", "film-kiln",
    Catalogue(
        title="月白", slug="yuebai", written="2024年2月",
        description="和合窑一夜：樱红、橘黄、月白，龙眼一对一对亮上去，天明封孔。画面为绘制，柴火声与琴声为合成。",
        places=("taoxi", "shangyao"), topics=("pottery",),
        agents=(("office", "pro"), ("lu-yun", "aut")), series=("films", 3),
    ),
    2, 1, "2024-03-04",
    transcript="正月廿四，和合窑点火。\n窑里没有温度计，把桩师傅隔着龙眼看火。\n先是樱红，坯里的水气走尽。\n再是橘黄，泥开始收。\n"
    "最后是月白。看见月白就封孔，早一刻生，晚一刻塌。\n一年一窑，天亮就好了。",
    captions=(
        (0.8, 2.8, "正月廿四，和合窑点火。"),
        (2.8, 4.8, "先是樱红，坯里的水气走尽。"),
        (4.8, 6.8, "再是橘黄，泥开始收。"),
        (6.8, 9.2, "最后是月白。早一刻生，晚一刻塌。"),
        (9.2, 11.6, "一年一窑，天亮就好了。"),
    ),
    credits=_CREW,
    plays=(("县融媒体客户端", 9741, "2024-12-31", "县融媒体中心（虚构）2024年度新媒体数据表"),),
)  # fmt: skip

SERIES_PAGE = GroupRecord(
    "films-series",
    Catalogue(
        title="栖澜影像志", slug="qilan-yingxiangzhi", written="2023年起",
        description="以短片记一县之山川、人物与技艺，按季摄制。第一季《澜江》《鼓声》，第二季自《月白》始。",
        places=("qilan",), topics=("water", "customs", "pottery"), agents=(("office", "pro"),),
    ),
    (RIVER, RACE, KILN),
)  # fmt: skip
