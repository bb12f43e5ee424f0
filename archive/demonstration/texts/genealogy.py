"""《瀾源何氏宗譜》: a clan's own book, printed from blocks in the last years of the Qing."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import BookRecord, Catalogue, SectionRecord
from ..typesetting import Block

BLOCKS = (
    Block("preface", "瀾源何氏宗譜序", 1, opens_leaf=True),
    Block("preface", "吾何氏之居雁迴也，自洪武初始遷祖伯讓公（行一，自鄰省負鑿而來）。公以石工起家，其訓曰：石無欺人，人毋欺石。"
          "子孫守之，凡橋梁、碑碣、石埠之役，多出吾族之手，而譜牒無傳，名氏遂湮。康熙間永濟橋中洞之合，邑志但書老石工何姓者，"
          "吾族皆知其為吾祖，而莫能舉其名，可慨也。光緒壬寅，族人議修譜，訪諸墓石，得先世名諱三十有七，乃次其世系，刻之於木。"
          "橋下之名，水落或可見；譜中之名，願子孫世見之。"),
    Block("preface", "光緒二十八年壬寅孟冬，裔孫何錦堂謹序。", 2),
    Block("lineage", "世系", 1, opens_leaf=True),
    Block("lineage", "始遷祖伯讓公（生卒失考，葬雁迴東麓），配陳氏，子二：長文鑿，次文礪。"),
    Block("lineage", "二世文鑿公（業石工，成化間與築縣城），子一：邦柱。文礪公，遷青石埠，為埠頭支祖。"),
    Block("lineage", "六世應奎公（萬曆二十一年與修永濟石橋，有工帳一紙，今佚），子三：長守仁，次守義，三守信。"),
    Block("lineage", "九世啟明公（疑即邑志所稱老石工，生於崇禎間，卒年七十餘），配林氏，子二：長有源支，次有本支。"),
    Block("lineage", "十二世有源公（乾隆四十二年鬻青石市店屋，契存），自是業農者多，業石者少矣。"),
    Block("rules", "族規", 1, opens_leaf=True),
    Block("rules", "一、凡承橋梁石埠之工，不得以次石充好石，違者不許入祠。"),
    Block("rules", "一、遇水患，壯丁先赴津渡，後顧己舍。"),
    Block("rules", "一、族塾歲延一師，女子願讀者聽（此條光緒壬寅新增）。"),
    Block("rules", "一、端午競渡，勝不驕人，負不尋釁。"),
)  # fmt: skip

BOOK = BookRecord(
    "genealogy",
    Catalogue(
        title="瀾源何氏宗譜", slug="lanyuan-heshi-zongpu", written="光绪二十八年", other_titles="澜源何氏宗谱\n雁回何氏谱",
        description="雁回何氏家谱，存序、世系、族规。康熙志里那位“老石工何姓者”，族中疑为九世启明，可与2022年桥下所见刻名互参。书页为示范所绘，标点为今人所加。",
        places=("yanhui", "qingshibu", "yongjiqiao"), topics=("bridges", "papers"), agents=(("he-clan", "com"),),
        language="lzh", rights="pdm", credit="雁回何氏宗祠（虚构）藏", source="2021年翻拍入藏",
    ),
    {"book_kind": "other", "volume": "存首卷", "compilers": "（清）何锦堂等修", "publisher": "何氏宗祠木活字本",
     "extent": "存一册；半叶九行，行二十字", "text_unit": "leaf", "reading_direction": "rtl"},
    (
        SectionRecord("preface", "front", "瀾源何氏宗譜序", "卷首"),
        SectionRecord("lineage", "juan", "世系", "卷一"),
        SectionRecord("rules", "juan", "族規", "卷二"),
    ),
    leaves=BLOCKS,
)  # fmt: skip
