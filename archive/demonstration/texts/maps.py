"""The album of maps and plans."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import AlbumRecord, Catalogue, PhotoRecord

_MAPS = {"rights": "pdm", "credit": "栖澜县地方志办公室（虚构）藏", "agents": (("office", "com"),)}

MAP_ALBUM = AlbumRecord(
    "album-maps",
    Catalogue(title="栖澜舆图", slug="qilan-yutu", written="康熙二十八年—1976年",
              description="四幅图，四种看法：画山水的、画街巷的、画高低的、画尺寸的。",
              places=("qilan",), topics=("water", "bridges"), source="历次征集", **_MAPS),
    "map-county",
    (
        PhotoRecord(
            "map-county", "county_map",
            Catalogue(title="棲瀾縣境圖", slug="qilan-xianjing-tu", written="康熙二十八年", other_titles="栖澜县境图",
                      description="康熙志卷首图，上北下南。山作立面，江作双线，县城画出四门；永济桥三孔历历可数。",
                      places=("qilan", "yongjiqiao", "wenlanta", "shimen"), topics=("water",), language="lzh",
                      source="康熙《棲瀾縣志》卷首", **_MAPS),
            alt="古地图：群山作立面，澜江自西北流向东南，中央是方形县城，标有桥、塔、埠、墟",
        ),
        PhotoRecord(
            "map-town", "town_plan",
            Catalogue(title="棲瀾縣城廂圖", slug="chengxiang-tu", written="民国十年", other_titles="栖澜县城厢图",
                      description="第一张用仪器测的城图，比例五千分之一。西街上已标出“照影樓”，这一年它刚开张。",
                      places=("qicheng", "xijie"), topics=("market",), source="1984年征集自旧县公署档案", **_MAPS),
            alt="近代城市平面图：圆角方城，四门涂红，十字大街，城外有护城河与澜江",
        ),
        PhotoRecord(
            "map-dam-site", "survey",
            Catalogue(title="雁回水库坝址地形图", slug="bazhi-dixing-tu", written="1958年11月",
                      description="等高距十米。红线是拟定的坝轴与蓄水线，蓝线是澜江；图上的三簇黑点，就是后来迁走的三个村。",
                      places=("yanhui", "zhuwu", "reservoir"), topics=("water",), source="县水利局1996年移交", **_MAPS),
            alt="地形图：棕色等高线，绿色林地，蓝色江流，一道红线横截河谷",
        ),
        PhotoRecord(
            "map-blueprint", "blueprint",
            Catalogue(title="栖澜大桥总布置图", slug="daqiao-buzhi-tu", written="1976年6月",
                      description="晒蓝图第一张。五孔双曲拱，全长三百一十二米。折痕处磨白，是工地上摊开过很多次的缘故。",
                      places=("qicheng",), topics=("bridges",), rights="cc-by",
                      agents=(("bridge-command", "com"),), credit=_MAPS["credit"], source="大桥工程指挥部档案"),
            alt="蓝底白线的桥梁图纸，五孔拱桥立面，下有断面图和图签",
        ),
    ),
)  # fmt: skip
