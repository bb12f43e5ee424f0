"""The colour album: the county since the 1990s."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import AlbumRecord, Catalogue, PhotoRecord

_OFFICE = {
    "rights": "cc-by",
    "credit": "县数字方志馆影像组（虚构）摄",
    "agents": (("office", "com"),),
    "source": "示范拍摄",
}

BRIGHT_ALBUM = AlbumRecord(
    "album-bright",
    Catalogue(
        title="彩色栖澜（1994—2022）", slug="caise-qilan", written="1994—2022年",
        description="雨里的墟、夜里的灯、四月的茶山和新桥。四张照片，四种光。",
        places=("qilan",), topics=("market", "customs", "farming"), **_OFFICE,
    ),
    "tea-hills",
    (
        PhotoRecord(
            "umbrella-market", "umbrellas",
            Catalogue(title="雨墟", slug="yuxu", written="1994年3月28日",
                      description="逢八的墟日遇雨，从供销社四楼往下拍。数得清的伞有三十八把。",
                      places=("taoxi",), topics=("market",), **_OFFICE),
            alt="从高处俯看雨中的集市，各色的伞挤满石板街，两旁摆着果菜筐",
            photographer="罗雨晴", shot_at="陶溪镇墟场",
        ),
        PhotoRecord(
            "lantern-dragon", "lantern_dragon",
            Catalogue(title="元宵板灯龙", slug="yuanxiao-bandenglong", written="2005年2月23日",
                      description="一户一板，一板一灯，四十五板连成一条龙，从桥东村游过永济桥。",
                      places=("changqiao", "yongjiqiao"), topics=("customs", "arts"), **_OFFICE),
            alt="夜里一长串灯板连成龙形，龙头在前，人们举着它蜿蜒走来，天上有烟花，远处是石桥",
            photographer="罗雨晴", shot_at="长桥镇桥东村",
        ),
        PhotoRecord(
            "tea-hills", "tea_hill",
            Catalogue(title="云门茶山", slug="yunmen-chashan", written="2012年4月",
                      description="谷雨前三日。采茶人戴的花头巾是自家织的，远看认得出是哪一村。",
                      places=("yunmen", "banshan"), topics=("farming",), **_OFFICE),
            alt="一垄垄弯曲的茶树覆盖山坡，穿彩衣戴斗笠的人在茶行间采茶，山后有云雾",
            photographer="罗雨晴", shot_at="云门乡半山村",
        ),
        PhotoRecord(
            "second-bridge-night", "night_river",
            Catalogue(title="二桥之夜", slug="erqiao-zhi-ye", written="2022年9月28日",
                      description="澜江二桥通车当晚。桥下那只亮着渔灯的船，是县里最后几条木船之一。",
                      places=("qicheng",), topics=("bridges",), **_OFFICE),
            alt="夜色中亮着灯的斜拉桥和城市，灯光在江面拉成长线，近处一只小船亮着渔灯",
            photographer="罗雨晴", shot_at="澜江南岸滨江步道",
        ),
    ),
)  # fmt: skip
