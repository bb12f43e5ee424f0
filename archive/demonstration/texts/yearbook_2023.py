"""《栖澜年鉴（2023）》: the yearbook of 2023, which records 2022, in categories, subcategories and entries."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import BookRecord, Catalogue, SectionRecord


def _entry(key: str, title: str, text: str) -> SectionRecord:
    """An entry opens with its title in brackets, as it is printed."""
    return SectionRecord(key, "entry", title, text=f"【{title}】 {text}")


_OVERVIEW = SectionRecord(
    "gaikuang", "category", "县情概况",
    parts=(
        SectionRecord(
            "gaikuang-diqing", "subcategory", "自然与人口",
            parts=(
                _entry("weizhi-mianji", "位置面积",
                       "栖澜县位于澜江中上游，东西宽约48公里，南北长约57公里，总面积1286平方公里。2022年末，辖栖城、青石埠、雁回、"
                       "陶溪、长桥5个镇和云门乡，96个村（社区）。县人民政府驻栖城镇。"),
                _entry("renkou", "人口",
                       "2022年末，全县户籍人口41.36万人，比上年减少0.21万人；常住人口36.82万人，城镇化率52.4%。"
                       "全年出生2417人，出生率6.5‰；死亡2908人，死亡率7.9‰。"),
                _entry("qihou", "气候",
                       "2022年，全县平均气温18.6℃，比常年偏高0.9℃；降水量1274.3毫米，比常年偏少18%。7月中旬至10月下旬连旱103天，"
                       "为1963年以来最长；8月13日极端最高气温41.2℃，创有记录以来新高。"),
            ),
        ),
    ),
)  # fmt: skip

_WATER = SectionRecord(
    "shuili", "category", "水利",
    parts=(
        SectionRecord(
            "shuili-kanghan", "subcategory", "抗旱供水",
            parts=(
                _entry("kanghan", "抗旱保供",
                       "2022年8月1日至10月30日，全县启动抗旱四级至三级应急响应。雁回水库先后11次开闸，向下游补水2146万立方米，"
                       "保障沿江9.8万亩晚稻灌溉；出动送水车63辆，为云门乡、雁回镇17个高山村组4316人送水1.2万吨。"),
                _entry("shuiku-chuxian", "雁回水库除险加固完工",
                       "2022年12月8日，雁回水库除险加固工程通过完工验收。工程2020年10月开工，投资7860万元，更新放空闸门2扇，"
                       "完成坝体防渗1.9万平方米，并将1965年民工所刻“愚公段”界石移存坝首。"),
            ),
        ),
        SectionRecord(
            "shuili-hezhang", "subcategory", "河湖治理",
            parts=(
                _entry("lanjiang-shuizhi", "澜江水质",
                       "2022年，澜江青石埠断面水质年均值为Ⅱ类，12个月中Ⅱ类10个月、Ⅲ类2个月。全年清理河道86公里，拆除违建13处。"),
            ),
        ),
    ),
)  # fmt: skip

_ECONOMY = SectionRecord(
    "jingji", "category", "农业与工业",
    parts=(
        SectionRecord(
            "nongye", "subcategory", "农业",
            parts=(
                _entry("liangshi", "粮食生产",
                       "2022年，全县粮食播种面积31.4万亩，总产12.86万吨，因旱比上年减产3.7%。其中早稻4.92万吨，晚稻6.31万吨。"),
                _entry("cha", "云门茶",
                       "2022年末，云门乡茶园面积1.82万亩，产干茶968吨，产值1.37亿元。3月，“云门雾尖”茶制作技艺列入县级非物质文化遗产代表性项目名录。"),
            ),
        ),
        SectionRecord(
            "gongye", "subcategory", "陶瓷工业",
            parts=(
                _entry("taoci", "陶瓷产业概况",
                       "2022年，陶溪镇有陶瓷企业47家、手工作坊128家，从业2960人，产值6.24亿元，比上年增长4.8%，其中文创类产品占31%。"),
                _entry("hehe-yao", "“和合窑”复烧",
                       "2022年2月24日（正月廿四），上窑村“和合窑”按旧制开窑，装坯3860件，烧成46小时，成品率81%。"
                       "62岁的把桩师傅看火封孔，现场不设测温设备，观礼者约5000人次。"),
            ),
        ),
    ),
)  # fmt: skip

_ROADS = SectionRecord(
    "jiaotong", "category", "交通",
    parts=(
        SectionRecord(
            "qiaoliang", "subcategory", "桥梁",
            parts=(
                _entry("lanjiang-erqiao", "澜江二桥通车",
                       "2022年9月28日，澜江二桥建成通车。桥长486米，双向四车道，2020年3月开工，投资2.13亿元。"
                       "通车后，栖澜大桥限行重型货车。"),
                _entry("yongjiqiao-jiance", "永济桥监测",
                       "2022年4月，永济桥安装位移、倾斜、水位传感器19个。10月枯水期，水下摄影首次记录到中孔拱石背面的刻名，"
                       "可辨“何”“二十八年”等字，与康熙《棲瀾縣志》所载相合。"),
            ),
        ),
    ),
)  # fmt: skip

_CULTURE = SectionRecord(
    "wenhua", "category", "文化",
    parts=(
        SectionRecord(
            "wenhua-huodong", "subcategory", "群众文化",
            parts=(
                _entry("longzhou", "端午龙舟赛",
                       "2022年6月3日（农历五月初五），第四十二届澜江龙舟赛在永济桥至芦汀沙嘴水域举行，19支队伍、684名队员参赛，"
                       "其中女子队3支。芦汀村队以4分12秒7获得第一，“得水”花枝由92岁的老鼓手代表交接。"),
                _entry("cunshi", "村史馆建设",
                       "2022年，新建村史馆4个，全县累计21个；“讲村史”征集活动收到稿件893篇，选用116篇。"),
            ),
        ),
        SectionRecord(
            "difangzhi", "subcategory", "地方志",
            parts=(
                _entry("nianjian-bianzuan", "年鉴编纂",
                       "2022年11月，《栖澜年鉴（2022）》出版，52万字，收条目814条。全年接待查询216人次，提供资料1347份。"),
                _entry("jiuzhi-zhengli", "旧志整理",
                       "2022年，康熙《棲瀾縣志》存卷完成高清扫描与标点，全部书页在县数字方志馆公开。《何阿水口述：澜江上的龙舟》录音完成数字化，时长9小时42分。"),
                _entry("boli-dipian", "沈默生玻璃底片保护",
                       "2022年5—10月，对186张沈默生玻璃底片逐张除尘、测量、翻拍，换装无酸纸匣。其中11张药膜剥离，已专项加固。"),
            ),
        ),
    ),
)  # fmt: skip

BOOK = BookRecord(
    "yearbook-2023",
    Catalogue(
        title="栖澜年鉴（2023）",
        slug="qilan-nianjian-2023",
        written="2023年11月",
        description="记述2022年栖澜县自然、经济、文化、社会各方面情况，采用类目、分目、条目三级结构，条目标题用【】标示。"
        "此处收录示范条目，数字均为虚拟。",
        places=("qilan",),
        topics=("water", "pottery", "bridges", "customs"),
        agents=(("office", "com"),),
        series=("yearbooks", 37),
    ),
    {
        "book_kind": "yearbook",
        "volume": "总第37卷",
        "volume_year": 2023,
        "content_year_from": 2022,
        "content_year_to": 2022,
        "compilers": "栖澜县地方志编纂委员会编",
        "publisher": "栖澜县地方志办公室（虚构）",
        "extent": "1册，386页",
    },
    (_OVERVIEW, _WATER, _ECONOMY, _ROADS, _CULTURE),
    cover="yearbook-cover",
)
