"""《栖澜年鉴（2022）》: the yearbook before, which records 2021."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import BookRecord, Catalogue, SectionRecord


def _entry(key: str, title: str, text: str) -> SectionRecord:
    return SectionRecord(key, "entry", title, text=f"【{title}】 {text}")


def _category(key: str, title: str, under: str, *entries: SectionRecord) -> SectionRecord:
    return SectionRecord(
        key, "category", title, parts=(SectionRecord(f"{key}-1", "subcategory", under, parts=entries),)
    )


BOOK = BookRecord(
    "yearbook-2022",
    Catalogue(
        title="栖澜年鉴（2022）", slug="qilan-nianjian-2022", written="2022年11月",
        description="记述2021年栖澜县各方面情况，52万字，收条目814条。此处收录示范条目，数字均为虚拟。",
        places=("qilan",), topics=("farming", "bridges", "schools"), agents=(("office", "com"),), series=("yearbooks", 36),
        source="示范条目",
    ),
    {"book_kind": "yearbook", "volume": "总第36卷", "volume_year": 2022, "content_year_from": 2021, "content_year_to": 2021,
     "compilers": "栖澜县地方志编纂委员会编", "publisher": "栖澜县地方志办公室（虚构）", "extent": "1册，372页"},
    (
        _category("gaikuang", "县情概况", "自然与人口",
                  _entry("qihou", "气候", "2021年，全县平均气温18.1℃，降水量1608.7毫米，比常年偏多4%。全年无大旱大涝，雁回水库年末蓄水3710万立方米。"),
                  _entry("renkou", "人口", "2021年末，全县户籍人口41.57万人，常住人口37.05万人。百岁老人31人，其中女性24人。")),
        _category("nongye", "农业", "粮食与茶",
                  _entry("liangshi", "粮食生产", "2021年，全县粮食总产13.35万吨，比上年增长1.1%。其中早稻5.04万吨，晚稻6.62万吨。"),
                  _entry("cha", "云门茶", "2021年，云门乡产干茶951吨，产值1.29亿元。4月，半山村恢复手工炒制“雾尖”，老师傅6人带徒14人。")),
        _category("jiaotong", "交通", "桥梁与渡口",
                  _entry("erqiao", "澜江二桥主塔封顶", "2021年8月19日，澜江二桥南主塔封顶，塔高78米。11月3日，北主塔封顶。"),
                  _entry("dukou", "渡口撤并", "2021年，撤销渡口3处，保留长桥、石门渡口2处。长桥渡口渡船改为电动，日均渡客64人次。")),
        _category("jiaoyu", "教育", "学校",
                  _entry("shiyan-xiaoxue", "县实验小学建校115周年", "2021年9月28日，县实验小学（前身为1906年官立高等小学堂）举行建校115周年活动，"
                         "展出民国二十三年毕业证书等校史实物47件，第十九届毕业生林秀云之子捐赠教案一册。")),
        _category("wenhua", "文化", "地方志",
                  _entry("zongpu", "《瀾源何氏宗譜》翻拍", "2021年6月，雁回何氏宗祠所藏光绪二十八年宗谱存卷完成翻拍，计书页5面，列入旧籍整理目录。"),
                  _entry("longzhou", "端午龙舟赛", "2021年6月14日，第四十一届澜江龙舟赛举行，17支队伍参赛，埠头村队以4分15秒3获得第一。")),
    ),
    cover="yearbook-2022-cover",
)  # fmt: skip
