"""The exhibition: three rooms that walk from the river's bridges to its boats and up to its kiln."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import Catalogue, ExhibitionRecord, RoomRecord
from .telling import paragraphs as _p


def _shown(item: str, label: str = "", *, passage: str = "", wide: bool = False) -> tuple[str, dict]:
    return "exhibit", {"item": item, "label": label, "passage": passage, "wide": wide}


RIVER = ExhibitionRecord(
    "exhibition-river",
    Catalogue(
        title="澜江三渡", slug="lanjiang-sandu", written="1176—2022",
        description="一条江，三样东西：渡人的桥，赛人的船，炼泥的火。三间展室，二十分钟走完。",
        places=("qilan",), topics=("bridges", "customs", "pottery"),
    ),
    curators="陆芸", picture="second-bridge-night",
    rooms=(
        RoomRecord(
            "过江", "<p>澜江在栖澜拐了三道弯，每一道弯上都有人想过去。先是筏，后是木桥，再后是石桥，最后是铁的。</p>",
            (
                _shown("yongji-bridge", "三孔，四十二根栏柱。老照片里水很高，中孔只剩一线；石匠的名字就刻在那道线底下，朝着水。", wide=True),
                _shown("kangxi", "县志用六行字写完了这座桥的一生。第四行是修桥的日子，精确到夜半。", passage="p/juan-2-1b"),
                _shown("great-bridge", "二百八十九年以后，又一座桥合龙。这一回有相机。"),
                ("quotation", {"text": "橋以濟一時之人，志以濟百世之人，其為濟一也。", "source": "康熙《棲瀾縣志》序"}),
                _shown("map-blueprint", "图纸上的桥比真的桥直。"),
                _shown("story-bridge", "想知道那九个字是怎么被看见的，读这一篇。"),
            ),
        ),
        RoomRecord(
            "江上", "<p>端午前后，江是鼓声的。别的日子，江是鸬鹚、茶篓和咸鱼的。</p>",
            (
                _shown("dragon-boats", "得水的船分到一枝纸花。三百年，规矩没有改过。", wide=True),
                _shown("film-drums", "听一听。"),
                _shown("oral-he-ashui", "何阿水，八十一岁，打了四十年的鼓。他说打鼓用的不是手。"),
                _shown("cormorants"),
                _shown("qingshibu-wharf", "六十四级石阶，一级一级，都是船。"),
            ),
        ),
        RoomRecord(
            "窑火", "<p>江边的泥运到上窑村，走四十八米，变成碗。</p>",
            (
                _shown("film-kiln", "龙窑点火，从低处一对一对亮上去。", wide=True),
                _shown("taoxi-kiln"),
                _shown("pottery-works", "窑变成了厂，厂后来又变回了窑。"),
                _p("窑里没有温度计，只有三种颜色：樱红，橘黄，月白。看见月白，就要封孔了。走到这里，参观也可以封孔了。"),
            ),
        ),
    ),
)  # fmt: skip
