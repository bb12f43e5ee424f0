"""The places, people, topics and series of the invented county."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import AgentRecord, PlaceRecord, SeriesRecord, TopicRecord

PLACES = (
    PlaceRecord(
        "qilan", "栖澜县", "county", other_names="棲瀾縣\n澜邑", position=("27.412600", "115.936400"),
        description="虚构的示范县。县境东西宽约48公里、南北长约57公里，面积1286平方公里，澜江自西北向东南贯穿全境，"
        "辖五镇一乡、96个村（社区）。",
        former=(
            ("澜川县", "唐武德四年—宋太平兴国八年", "析邻县之东境置，以澜江得名"),
            ("栖澜县", "宋太平兴国八年—元元贞元年", "改今名，取凤栖澜上之义"),
            ("栖澜州", "元元贞元年—明洪武二年", "户逾四万，升为州"),
            ("栖澜县", "明洪武二年以来", "复降为县，沿用至今"),
        ),
    ),
    PlaceRecord(
        "qicheng", "栖城镇", "town", "qilan", "城关\n县城", position=("27.405100", "115.948200"),
        description="县治所在。旧城周四里，开四门，西街为百年商业街。",
        former=(("在城坊", "明洪武二年—清末", ""), ("城关镇", "1952年—1984年", ""), ("栖城镇", "1984年以来", "")),
    ),
    PlaceRecord(
        "qingshibu", "青石埠镇", "town", "qilan", "青石市\n石埠", position=("27.358800", "116.021500"),
        description="澜江中游水运码头，清末有行栈四十余家，1978年公路桥通车后码头渐废。",
        former=(("青石市", "明万历年间—清末", "以临江青石阶得名"), ("石埠区", "1950年—1958年", "")),
    ),
    PlaceRecord(
        "yanhui", "雁回镇", "town", "qilan", "雁迴", position=("27.561300", "115.801900"),
        description="县境西北山区，澜江发源于此。雁回水库1967年蓄水，灌溉下游三镇农田。",
        former=(("雁迴堡", "明代", "设巡检司"), ("雁回公社", "1958年—1984年", "")),
    ),
    PlaceRecord(
        "taoxi", "陶溪镇", "town", "qilan", "陶溪墟", position=("27.330700", "115.842800"),
        description="陶业之乡，沿溪旧有龙窑十二座，所产缸、瓮、壶行销澜江上下。",
        former=(("陶溪墟", "明代—1949年", "逢三、八日成墟"),),
    ),
    PlaceRecord(
        "changqiao", "长桥镇", "town", "qilan", "永济桥镇", position=("27.451900", "115.879600"),
        description="因永济桥得名，端午竞渡以芦汀、桥东两村最盛。",
        former=(("桥头乡", "1950年—1958年", ""), ("长桥公社", "1958年—1984年", "")),
    ),
    PlaceRecord(
        "yunmen", "云门乡", "town", "qilan", "雲門", position=("27.297400", "115.983300"),
        description="县境东南丘陵，梯田与茶园相间，云门茶清代曾充贡。",
    ),
    PlaceRecord("luting", "芦汀村", "village", "changqiao", "蘆汀", position=("27.446200", "115.891100"),
                description="澜江北岸船民村，龙舟鼓手何阿水的家乡。"),
    PlaceRecord("butou", "埠头村", "village", "qingshibu", "埠頭", position=("27.355900", "116.018400"),
                description="青石埠码头所在，旧时挑夫、船工聚居。"),
    PlaceRecord("shangyao", "上窑村", "village", "taoxi", "上窯", position=("27.336100", "115.834500"),
                description="存龙窑三座，其中“和合窑”至今每年开火一次。"),
    PlaceRecord("zhuwu", "竹坞村", "village", "yanhui", "竹塢", position=("27.570400", "115.812700"),
                description="修水库时由库区三村合并迁建。"),
    PlaceRecord("yongjiqiao", "永济桥", "site", "changqiao", "永濟橋\n长桥", position=("27.450300", "115.882900"),
                description="三孔石拱桥，清康熙二十八年重修，全长四十六米八，县级文物保护单位。"),
    PlaceRecord("wenlanta", "文澜塔", "site", "qicheng", "文瀾塔", position=("27.398600", "115.957700"),
                description="明万历四十年建，七层八面砖塔，通高三十一米六。"),
    PlaceRecord("shimen", "石门", "site", "qingshibu", "石門", position=("27.338500", "116.047200"),
                description="澜江出县处，两崖对峙，水落则石梁尽见。旧时放排人过此必焚香。"),
    PlaceRecord("xijie", "西街", "site", "qicheng", position=("27.405900", "115.944100"),
                description="东起县前，西抵来爽门，长620米，石板路面。民国二十五年有店铺213家。",
                former=(("来爽街", "明成化间—清末", "以来爽门得名"), ("西街", "清末以来", ""))),
    PlaceRecord("banshan", "半山村", "village", "yunmen", position=("27.301100", "115.976800"),
                description="茶村，海拔410米，梯田与茶园相间。",
                former=(("半山坪", "清乾隆年间—1958年", ""), ("半山大队", "1958年—1984年", ""), ("半山村", "1984年以来", ""))),
    PlaceRecord("qiaodong", "桥东村", "village", "changqiao", "橋東", position=("27.449700", "115.886200"),
                description="永济桥东首，元宵游板灯龙，端午出白旗龙舟。"),
    PlaceRecord("reservoir", "雁回水库", "site", "yanhui", "雁回湖", position=("27.566800", "115.817900"),
                description="1967年4月蓄水，总库容4260万立方米，坝高38.5米。"),
)  # fmt: skip

AGENTS = (
    AgentRecord(
        "zhou-tingkai", "周廷楷", "person", "约1640—1702", "周端甫\n澜西居士",
        "字端甫，号澜西居士。康熙二十三年任栖澜知县，在任六年，修县志、复永济桥、清丈沿江田亩。秩满去任，"
        "邑人于桥北立去思碑，碑毁于民国。",
    ),
    AgentRecord(
        "shen-mosheng", "沈默生", "person", "1898—1971", "照影楼主人",
        "栖城西街“照影楼”照相馆主人。民国十年自沪上购得旧式木座相机一架，此后三十年遍摄县中桥梁、墟市与人物。"
        "1986年，其女沈若澜将所存玻璃底片186张捐赠县志办公室。",
    ),
    AgentRecord(
        "photo-group", "《栖澜报》摄影组", "body", "1956—1993", "县报摄影组",
        "县报所设摄影组，存底片一万二千余张，记水利、农业、工业与节庆。1994年移交县地方志办公室。",
    ),
    AgentRecord(
        "office", "栖澜县地方志办公室", "body", "1982年以来", "县志办\n方志办",
        "主管全县地方志、年鉴编纂与地情资料征集。本馆为其示范馆，机构与事迹均属虚构。",
    ),
    AgentRecord(
        "committee", "栖澜县志编纂委员会", "body", "1982年—1990年", "县志编委会",
        "第一轮新编县志的编纂机构，1990年《栖澜县志（1911—1985）》出版后撤销。",
    ),
    AgentRecord(
        "he-ashui", "何阿水", "person", "1931—2016", "阿水伯",
        "芦汀村船民，十七岁起任龙舟鼓手，前后四十余年。2014年口述生平，整理为《何阿水口述：澜江上的龙舟》。",
    ),
    AgentRecord(
        "gu-huaijin", "顾怀瑾", "person", "1938—2019", "",
        "《栖澜县志（1911—1985）》主编，《栖澜年鉴》首任主编。",
    ),
    AgentRecord(
        "zhuo-mingyuan", "卓明远", "person", "1889—1951", "",
        "民国十八年至二十六年任栖澜县立小学校长，倡行夜校，编有《栖澜乡土读本》。",
    ),
    AgentRecord(
        "gu-qiao", "顾樵", "person", "1796—1868", "顾西桥\n西橋",
        "字西桥，栖城人，道光间画家。屡试不第，以画自给。道光二十三年冬作《澜江八景》册，今存。",
    ),
    AgentRecord(
        "he-clan", "雁回何氏", "body", "明初以来", "瀾源何氏\n何氏宗祠",
        "明洪武间自邻省迁雁回堡，世业石工。康熙间有石工名失载，即合永济桥中洞者。",
    ),
    AgentRecord(
        "pottery-works", "国营陶溪陶器厂", "body", "1958—2001年", "陶溪陶器厂",
        "前身为1953年成立的陶溪陶器生产合作社。2001年改制，厂房今为陶艺工坊。",
    ),
    AgentRecord(
        "bridge-command", "栖澜大桥工程指挥部", "body", "1976—1979年", "",
        "1976年为修建栖澜大桥设立，通车后撤销，图纸与日志移交县档案馆。",
    ),
    AgentRecord(
        "shen-ruolan", "沈若澜", "person", "1932—2015", "",
        "沈默生之女，小学教员。1986年将父亲所存玻璃底片186张与印谱一册捐赠县志办公室。",
    ),
    AgentRecord("lu-yun", "陆芸", "person", "1979年以来", "", "县地方志办公室编辑，“澜畔故事”栏目撰稿人。"),
)  # fmt: skip

TOPICS = (
    TopicRecord("water", "山川水利", "江河、堤堰、水库与水患。", "水利\n河工"),
    TopicRecord("bridges", "桥梁交通", "桥、渡、码头、道路与舟车。", "交通\n津渡"),
    TopicRecord("customs", "民俗节庆", "岁时、竞渡、庙会与礼俗。", "龙舟\n风俗"),
    TopicRecord("pottery", "陶业", "龙窑、匠作与行销。", "窑业\n陶瓷"),
    TopicRecord("market", "市镇商业", "墟市、行栈、街巷与店铺。", "墟市"),
    TopicRecord("farming", "农事茶事", "稻、茶与四时农活。", "农业\n茶业"),
    TopicRecord("arts", "戏曲艺文", "戏、画、印、灯与电影。", "艺文"),
    TopicRecord("papers", "文书票证", "契约、票证、报纸与图籍。", "票证\n契约"),
    TopicRecord("schools", "学校教育", "学宫、书院、小学堂与新学。", "学宫"),
)

SERIES = (
    SeriesRecord("gazetteers", "栖澜历代县志", "indigo", "自康熙志以下，历次所修县志。"),
    SeriesRecord("yearbooks", "栖澜年鉴", "ochre", "1987年创刊，逐年出版，卷年记上一年之事。"),
    SeriesRecord("oral", "栖澜口述史丛书", "cinnabar", "以亲历者的口述补文献之不足，每种附录音与手稿影像目录。"),
    SeriesRecord("journal", "栖澜史志", "ink", "县志办公室所编季刊，2008年创刊，刊考证、史料与口述。"),
    SeriesRecord("films", "栖澜影像志", "celadon", "以影像记一县之山川、人物与技艺，按季摄制。"),
)
