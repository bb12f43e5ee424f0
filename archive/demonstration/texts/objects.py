"""The album of things that people kept."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import AlbumRecord, Catalogue, PhotoRecord

_KEPT = {"rights": "pdm", "credit": "栖澜县地方志办公室（虚构）藏"}


def _object(key: str, scene: str, title: str, slug: str, written: str, description: str, alt: str, places: tuple,
            topics: tuple, source: str, **more) -> PhotoRecord:  # fmt: skip
    catalogue = Catalogue(title=title, slug=slug, written=written, description=description, places=places, topics=topics,
                          source=source, **(_KEPT | more))  # fmt: skip
    return PhotoRecord(key, scene, catalogue, alt)


OBJECT_ALBUM = AlbumRecord(
    "album-objects",
    Catalogue(title="旧物拾存", slug="jiuwu-shicun", written="清乾隆四十二年—1982年",
              description="票、契、证、报、戏单、年画。它们不是为了留下来而做的，所以留下来的都很老实。",
              places=("qilan",), topics=("papers",), source="历次征集", **_KEPT),
    "grain-coupon",
    (
        _object("deed-1777", "deed", "何有源卖店屋契", "he-youyuan-maiqi", "乾隆四十二年十一月",
                "青石市下街店屋一间，银三十六两。县印两方，一钤价银，一钤年月，叫“骑年盖月”。",
                "一张旧契，竖写墨字，上钤两方红色县印", ("qingshibu",), ("papers", "market"), "青石埠何氏1991年捐赠",
                language="lzh"),
        _object("seal-book", "seals", "棲瀾印存", "qilan-yincun", "清代—民国",
                "一页印谱，六方印：县印、知县私印、县学之印、照影楼用印，和芦汀村庙里那方“得水”。",
                "印谱一页，六方朱红印蜕，旁注小字", ("qilan", "luting"), ("arts", "papers"), "沈若澜1986年捐赠"),
        _object("new-year-print", "carp_print", "年画“鱼跃石门”", "nianhua-yuyue-shimen", "约1911年",
                "木版套色四块。石门是澜江出县处，鲤鱼跳过去就出了县，也就有了出息。",
                "木版年画：红鲤鱼跃出绿色波浪，两旁石壁，右上一轮黄日，左侧题签“魚躍石門”", ("shimen",), ("arts", "customs"),
                "2003年征集于青石埠"),
        _object("tea-label", "tea_label", "泰发号云门茶仿单", "taifa-cha-fangdan", "民国廿一年春",
                "裹在茶包里的招牌纸。山是云门，日头是石印的橘色，姑娘的斗笠画得比真的大。",
                "彩色茶叶商标：太阳、青山、茶园和戴斗笠的姑娘，上下有红绿大字", ("qingshibu", "yunmen"), ("farming", "papers", "market"),
                "2003年征集于青石埠"),
        _object("diploma-1934", "diploma", "林秀云毕业证书", "lin-xiuyun-zhengshu", "民国廿三年一月",
                "县立小学第十九届毕业生，时年十三。她是那年六十一名女生中的一个，后来当了四十年小学教员。",
                "蓝花边毕业证书，竖排文字，左上贴印花，中下钤校印", ("qicheng",), ("schools", "papers"), "林秀云家属2009年捐赠"),
        _object("playbill-1947", "playbill", "庆升平班戏单", "qingshengping-xidan", "民国卅六年夏",
                "红纸黑字，三夜连台。背面有铅笔记的账：凳钱四百，瓜子三百。",
                "红底大戏单，竖排黑字与金字，列三夜戏码", ("changqiao",), ("arts",), "桥东村村史馆移交"),
        _object("ferry-ticket", "ferry_ticket", "青石埠—长桥船票", "qingshibu-chuanpiao", "约1953年",
                "澜江民船运输联合社客票，带存根，已剪两孔。票价为旧币。",
                "一张旧船票，绿框，印青石埠至长桥，有紫色戳记和剪孔", ("qingshibu", "changqiao"), ("bridges", "papers"), "何阿水2014年捐赠"),
        _object("first-issue", "newspaper", "《栖澜报》创刊号", "qilanbao-chuangkanhao", "1956年7月1日",
                "头版。头条写早稻开镰，发刊词只有五十个字：“说实话，记实事。”",
                "一张旧报纸头版，红色报名，有收割照片和发刊词", ("qicheng",), ("papers", "farming"), "《栖澜报》社1994年移交"),
        _object("grain-coupon", "grain_coupon", "栖澜县地方粮票（伍市斤）", "qilan-liangpiao", "1975年",
                "图案是雁回水库与水田，票额五市斤。一个壮劳力六天的口粮贴补。",
                "红绿两色粮票，中间是水坝与稻田图案，左印“伍市斤”，钤红色圆章", ("qilan",), ("papers", "farming"), "2009年征集自栖城镇旧货市场"),
        _object("matchboxes", "matchboxes", "“栖澜风物”火花一套六枚", "fengwu-huohua", "1982年",
                "栖澜火柴厂出品：桥、塔、窑、舟、茶、坝。两分钱一盒的名片。",
                "六枚彩色火柴贴画：永济桥、文澜塔、和合窑、龙舟、云门茶、雁回坝", ("qilan",), ("arts", "papers"), "火花爱好者2011年捐赠"),
    ),
)  # fmt: skip
