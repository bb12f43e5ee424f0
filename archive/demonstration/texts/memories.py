"""What was told and what was noted on cards: an oral history, and the place-name cards kept for readers on site."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import BookRecord, Catalogue, SectionRecord

ORAL_HISTORY = BookRecord(
    "oral-he-ashui",
    Catalogue(
        title="何阿水口述：澜江上的龙舟",
        slug="he-ashui-koushu",
        written="2014年",
        description="芦汀村老鼓手何阿水八十三岁时的口述。讲起龙、下水、鼓点与“得水”，也讲停了十三年的竞渡怎样重新开始。",
        places=("luting", "yongjiqiao", "changqiao"),
        topics=("customs",),
        agents=(("he-ashui", "nrt"), ("lu-yun", "edt"), ("office", "com")),
        series=("oral", 1),
    ),
    {
        "book_kind": "oral-history",
        "compilers": "何阿水口述，陆芸整理",
        "publisher": "栖澜县地方志办公室（虚构）",
        "extent": "1册，128页，录音9小时42分",
    },
    (
        SectionRecord(
            "shuoming", "front", "整理说明",
            text="口述者何阿水，1931年生，长桥镇芦汀村人。访谈自2014年3月起，前后七次，地点在其家中与村龙舟棚。"
            "整理时保留方言词，首次出现加注；年月与数字经与《栖澜报》、县志核对，不合者两存。",
        ),
        SectionRecord(
            "qilong", "chapter", "起龙", "一",
            text="问：龙舟平时放在哪里？\n"
            "答：埋在河泥里。别的地方上架晾着，我们芦汀是埋的。老杉木见不得风，埋了反而不裂。五月初一天不亮，全村男人下河去挖，"
            "泥巴到大腿。挖出来用稻草洗，洗干净了，年纪最大的拿新笔点眼睛。点完大家不作声，等鸡叫，鸡叫了才许笑。\n"
            "问：您第一次下水是哪一年？\n"
            "答：民国三十七年，我十七。原先打鼓的是我叔公，那年他腰伤了，把鼓槌往我手里一塞，说：你耳朵好。",
        ),
        SectionRecord(
            "gudian", "chapter", "鼓点", "二",
            text="问：鼓怎么打？\n"
            "答：三种。“行水鼓”一下一桡，慢的，过桥洞用，桥洞里有回声，你打快了自己先乱。“赶水鼓”两下一桡。最后一百丈是“得水鼓”，"
            "那就不数了，看桡手的背，背齐了鼓就对了。打鼓的其实不是用手，是用眼睛。\n"
            "问：输赢要紧吗？\n"
            "答：要紧的，一年的面子。可是赢来的只有一枝纸花。埠头村有一年输了，来讨那枝花看，我们给他们看了，他们说：就这个？"
            "我们说：就这个。大家都笑。",
        ),
        SectionRecord(
            "shisannian", "chapter", "停了十三年", "三",
            text="问：哪年停的？\n"
            "答：六六年。船没有烧，埋着。有人来问，我们讲烂掉了。十三年，每年五月初一我到河边坐一坐，踩一踩泥，硬的，就晓得还在。\n"
            "问：七九年是怎么恢复的？\n"
            "答：七八年底大桥合龙，县里高兴，书记问老百姓还想要什么，我说想划船。挖出来那天，两百多人站在水里，没有一个人说话。"
            "木头是黑的，敲一敲，还是那个声音。",
        ),
        SectionRecord(
            "xinren", "chapter", "新人", "四",
            text="问：现在村里还有年轻人划吗？\n"
            "答：平常没有，端午都回来。从省城开车回来，划完吃一餐龙船饭又走。2012年起有女子队，我孙女打鼓。"
            "老规矩女人不上龙船，我说老规矩还讲打鼓的要耳朵好，她耳朵比我好。",
        ),
    ),
)  # fmt: skip

PLACE_NAME_CARDS = BookRecord(
    "place-name-cards",
    Catalogue(
        title="栖澜县地名普查卡片（1981年）",
        slug="diming-kapian-1981",
        written="1981年",
        description="1981年全县地名普查的原始卡片，按公社编次，记标准名、旧名、读音与来历。因含个人签名与住址，限馆内阅览。",
        places=("qilan", "changqiao", "taoxi"),
        topics=("market",),
        agents=(("office", "com"),),
        source="栖澜县地名普查办公室移交",
        access="ON_SITE",
    ),
    {
        "book_kind": "other",
        "compilers": "栖澜县地名普查办公室",
        "extent": "卡片2164张，装6匣",
    },
    (
        SectionRecord(
            "changqiao-gongshe", "category", "长桥公社",
            parts=(
                SectionRecord("k-luting", "entry", "芦汀",
                              text="标准名：芦汀。旧名：蘆汀、芦丁。读音：lú tīng，当地读如“鹿丁”。来历：澜江北岸沙洲多芦苇，船民上岸定居成村。"
                              "登记人：（签名从略）。"),
                SectionRecord("k-yongji", "entry", "永济桥",
                              text="标准名：永济桥。旧名：长桥。来历：明万历二十一年改建石桥时名。桥北原有去思碑，今仅存碑座。"),
            ),
        ),
        SectionRecord(
            "taoxi-gongshe", "category", "陶溪公社",
            parts=(
                SectionRecord("k-shangyao", "entry", "上窑",
                              text="标准名：上窑。来历：居溪上游，与下窑相对。有“和合窑”，两姓合筑，故名。"),
            ),
        ),
    ),
)  # fmt: skip
