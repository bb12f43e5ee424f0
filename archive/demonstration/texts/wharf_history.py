"""《青石埠史话》: a history of the landing, in short chapters."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import BookRecord, Catalogue, SectionRecord


def _chapter(key: str, label: str, title: str, text: str) -> SectionRecord:
    return SectionRecord(key, "chapter", title, label, text)


BOOK = BookRecord(
    "wharf-history",
    Catalogue(
        title="青石埠史话", slug="qingshibu-shihua", written="2009年8月",
        description="一座水运码头从万历凿石到公路通车的三百八十年，以四时货物为序，兼述行栈、挑夫与船。",
        places=("qingshibu", "butou", "shimen"), topics=("market", "bridges"), agents=(("gu-huaijin", "aut"), ("office", "pbl")),
        source="《栖澜地情丛书》之一",
    ),
    {"book_kind": "history", "content_year_from": 1593, "content_year_to": 1978, "compilers": "顾怀瑾著",
     "publisher": "栖澜县地方志办公室（虚构）", "extent": "1册，214页，图片36幅"},
    (
        _chapter("shijie", "一", "凿石", "青石埠的石阶凿于明万历年间，与永济桥改建石拱同时，石料同出雁回山。县志说“里人鑿”，没有写是哪些里人。\n"
                 "石阶六十四级，每级高五寸，宽一丈八尺，可容两副挑子交错。最低一级在枯水位以下，所以四百年来，从没有船靠不了岸。"),
        _chapter("sishi", "二", "四时货", "春多茶，夏多盐，秋多谷，冬多陶，这是康熙志的话，到民国仍然作数。\n"
                 "茶自云门下来，用竹篓，一篓三十斤；盐自下游上来，用蒲包，一包一百二十斤；谷自沿江平畈来，散装；陶自陶溪来，缸套缸，瓮套瓮，中间塞稻草。"
                 "船户认货不用看，听就知道：装陶的船，水上走着有响声。"),
        _chapter("hangzhan", "三", "行栈", "清末有行栈四十七家，下街占三十一家。泰发号起于光绪二十年，前店后仓，门口一杆大秤，秤砣是块青石，号称“石公道”。\n"
                 "行栈替客商垫款、存货、雇船，抽百分之二。民国十四年重修石阶，四十七家按货额派捐，泰发号独认十一级。"),
        _chapter("tiaofu", "四", "挑夫", "挑夫最多时三百余人，分上中下三班，以竹签计数，一签一担，日落兑钱。夜校教的第一课，就是认签上的号码。\n"
                 "卓明远校长在日记里写：“挑夫学字，先学‘壹’至‘拾’，次学‘欠’‘清’二字，再次才学自己的名字。”"),
        _chapter("gonglu", "五", "公路来了", "1978年12月，栖澜大桥合龙。次年五月一日通车，当天从青石埠发出的客船只坐了九个人。\n"
                 "码头没有关，是慢慢没有人来的。最后一家行栈改作粮站，1992年改作小学食堂。石阶还在，水还在，鹅在上面走。"),
    ),
)  # fmt: skip
