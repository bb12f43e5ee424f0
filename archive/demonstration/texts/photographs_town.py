"""More of Shen Mosheng's plates: the stage, the flood, the boatman, the tea house, the wedding."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import Catalogue, PhotoRecord
from .sources import SHEN

TOWN_PLATES = (
    PhotoRecord(
        "old-boatman", "boatman",
        Catalogue(title="蓑衣船夫", slug="suoyi-chuanfu", written="约民国十七年",
                  description="沈默生唯一一张不照脸的肖像。据其手记：“请他转身，他说江在这边。”",
                  places=("qingshibu",), topics=("bridges",), **SHEN),
        alt="一人背对镜头站在船头，戴斗笠，披棕蓑衣，手握长篙，前面是白茫茫的江",
        caption="江在這邊", photographer="沈默生", people="埠头村船夫（名不详）", shot_at="青石埠江面",
    ),
    PhotoRecord(
        "tea-house", "tea_house",
        Catalogue(title="临江茶馆早市", slug="linjiang-chaguan", written="1930年春",
                  description="“听澜轩”茶馆楼上。天亮开门，挑夫、行商与遛鸟的人同桌，茶价一律两枚铜元。",
                  places=("qicheng", "xijie"), topics=("market", "farming"), **SHEN),
        alt="茶馆里窗格透进江上的晨光，几张方桌边坐着喝茶的人，梁上挂着鸟笼",
        caption="聽瀾軒早市", photographer="沈默生", shot_at="西街东口听澜轩",
    ),
    PhotoRecord(
        "great-flood", "flood",
        Catalogue(title="辛未大水", slug="xinwei-dashui", written="民国二十年七月",
                  description="澜江最高水位漫过来爽门门额。县志载，沿江淹田三万余亩，永济桥栏柱冲毁十九。远处屋脊上待援者可数者十人。",
                  places=("changqiao", "luting"), topics=("water",), **SHEN),
        alt="洪水淹到屋檐，两处屋顶上站着人，一只小船载着一家人撑过来，水面漂着木料",
        caption="辛未七月大水 船過屋脊", photographer="沈默生", shot_at="芦汀村口",
    ),
    PhotoRecord(
        "temple-opera", "theatre",
        Catalogue(title="水神庙夜戏", slug="shuishenmiao-yexi", written="民国廿二年夏",
                  description="竞渡之夜例有酬神戏。台上演《鳳臺會》，用四盏汽灯，曝光八秒，看客一律不许动，据说没有人动。",
                  places=("changqiao",), topics=("arts", "customs"), **SHEN),
        alt="夜里亮着灯的戏台，台上两名戴翎子的演员对舞，台下黑压压一片人头",
        caption="酬神戲 癸酉端陽夜", photographer="沈默生", shot_at="长桥水神庙",
    ),
    PhotoRecord(
        "bridal-chair", "bridal_chair",
        Catalogue(title="田埂上的花轿", slug="tiangeng-huajiao", written="1935年夏",
                  description="迎亲队伍自右向左走：灯笼、唢呐、花轿、三抬嫁妆。秧田刚灌满水，映出另一支队伍。",
                  places=("yunmen", "banshan"), topics=("customs",), **SHEN),
        alt="一队迎亲的人抬着花轿和嫁妆走在田埂上，倒影映在水田里",
        caption="乙亥四月 雲門道中", photographer="沈默生", shot_at="云门至栖城大路",
    ),
)  # fmt: skip
