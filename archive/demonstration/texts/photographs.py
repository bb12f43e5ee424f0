"""The photographs: two albums, one picture by itself and one that staff alone may see."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import AlbumRecord, Catalogue, PhotoRecord
from .maps import MAP_ALBUM
from .objects import OBJECT_ALBUM
from .photographs_bright import BRIGHT_ALBUM
from .photographs_people import PEOPLE_PLATES
from .photographs_town import TOWN_PLATES
from .sources import PRESS as _PRESS
from .sources import SHEN as _SHEN

SHEN_ALBUM = AlbumRecord(
    "album-shen",
    Catalogue(
        title="沈默生旧影（1925—1941）",
        slug="shen-mosheng-jiuying",
        written="民国十四年—民国三十年",
        description="照影楼主人沈默生所摄县中风物。原存玻璃底片186张，1986年由其女捐赠，2022年完成翻拍。这里选出十张。",
        places=("qilan",),
        topics=("bridges", "market", "schools"),
        **_SHEN,
    ),
    "qingshibu-wharf",
    (
        PhotoRecord(
            "qingshibu-wharf", "wharf",
            Catalogue(
                title="青石埠码头", slug="qingshibu-matou", written="民国十四年",
                description="石阶六十四级，是年刚刚重修。岸上为行栈的马头墙，江心帆船待风。",
                places=("qingshibu", "butou"), topics=("market", "bridges"), **_SHEN,
            ),
            alt="宽阔的石阶自左向右伸入江中，挑夫上下，右侧泊着船，远处一排帆桅",
            caption="青石埠頭 乙丑冬月默生攝",
            photographer="沈默生", shot_at="青石埠下码头，自南岸沙洲向北拍摄",
        ),
        PhotoRecord(
            "county-school", "school",
            Catalogue(
                title="县立小学师生合影", slug="xianli-xiaoxue-heying", written="民国廿三年一月",
                description="第十九届（春季班）毕业生与教员在旧考棚门前合影。横额“縣立小學”自右向左读。",
                places=("qicheng",), topics=("schools",),
                agents=(("shen-mosheng", "pht"), ("zhuo-mingyuan", "dpc")),
                rights="pdm", credit=_SHEN["credit"], source=_SHEN["source"],
            ),
            alt="校门前四排师生合影，门额上写“縣立小學”，两旁是落了叶的树",
            caption="縣立小學第十九屆畢業紀念 民國廿三年一月",
            photographer="沈默生", shot_at="栖城旧考棚（今县实验小学）门前",
            people="第三排左起：不详\n不详\n教员林先生（名不详）\n校长卓明远\n教员何静如\n不详\n不详",
        ),
        PhotoRecord(
            "yongji-bridge", "bridge",
            Catalogue(
                title="永济桥晨雾", slug="yongjiqiao-chenwu", written="民国廿五年",
                description="三孔石桥横在雾里，一只小船正要穿过中孔。桥上早行的挑夫与行人，共六人。",
                places=("yongjiqiao", "changqiao"), topics=("bridges",), **_SHEN,
            ),
            alt="三孔石拱桥与水中倒影，中孔前一人撑船，近处垂柳，远处有山",
            caption="永濟曉渡 丙子春三月",
            photographer="沈默生", shot_at="永济桥下游南岸",
        ),
        PhotoRecord(
            "west-street", "street",
            Catalogue(
                title="西街雨后", slug="xijie-yuhou", written="民国廿六年春",
                description="雨后逢墟的西街。两旁招牌可辨“窯器”“藥材”“米行”“南貨”等字，街尽头是来爽门城楼。",
                places=("qicheng",), topics=("market",), **_SHEN,
            ),
            alt="石板街两旁是两层的店铺，挂着竖招牌，街上有撑伞的、挑担的、穿长衫的人，尽头是城楼",
            caption="西街 丁丑春雨後",
            photographer="沈默生", shot_at="西街中段，照影楼楼上",
        ),
        PhotoRecord(
            "north-gate-snow", "snow",
            Catalogue(
                title="北门积雪", slug="beimen-jixue", written="民国三十年一月",
                description="大雪三日之后的拱辰门。县志载“平地积雪尺余，为数十年所仅见”。",
                places=("qicheng",), topics=("bridges",), **_SHEN,
            ),
            alt="雪中的城门与两层城楼，一人撑伞走向城门，一人挑担出城",
            caption="北門雪霽 庚辰臘月",
            photographer="沈默生", shot_at="拱辰门外官道",
        ),
        *TOWN_PLATES,
    ),
)  # fmt: skip

PRESS_ALBUM = AlbumRecord(
    "album-press",
    Catalogue(
        title="县报底片选（1957—1984）",
        slug="xianbao-dipian",
        written="1957—1984年",
        description="《栖澜报》摄影组留下一万二千余张底片，记下了一座水库、一座桥、一窑火和一条龙舟怎样重新下水。",
        places=("qilan",),
        topics=("water", "pottery", "customs"),
        **_PRESS,
    ),
    "yanhui-dam",
    (
        PhotoRecord(
            "wenlan-pagoda", "pagoda",
            Catalogue(title="文澜塔夕照", slug="wenlanta-xizhao", written="1962年秋",
                      description="自澜江东岸望文澜塔。塔影倒悬，晚归的渔船正过塔下。",
                      places=("wenlanta", "qicheng"), topics=("water",), **_PRESS),
            alt="小山上一座七层塔的剪影，水中有倒影，江面一只小船，天上有归鸟",
            photographer="《栖澜报》摄影组", shot_at="澜江东岸渡口",
        ),
        PhotoRecord(
            "yanhui-dam", "dam",
            Catalogue(title="雁回水库工地", slug="yanhui-shuiku-gongdi", written="1965年冬",
                      description="上坝的三层挑土线。县志载，这一冬日上土最高达8600立方米，全靠肩挑。",
                      places=("yanhui", "zhuwu"), topics=("water",), **_PRESS),
            alt="三层土坡上排满挑担的人，逆光成剪影，坡上插着旗",
            caption="雁回水库工地　1965.12",
            photographer="《栖澜报》摄影组", shot_at="大坝右岸",
        ),
        PhotoRecord(
            "taoxi-kiln", "kiln",
            Catalogue(title="陶溪龙窑夜火", slug="taoxi-longyao-yehuo", written="1973年",
                      description="窑头正旺，龙眼亮到第六对。窑前晒场上是等着装窑的缸坯。",
                      places=("taoxi", "shangyao"), topics=("pottery",), **_PRESS),
            alt="夜里一座沿山坡而上的长窑，窑口透出火光，窑身投柴孔一路发亮，前面摆满坛坯",
            photographer="《栖澜报》摄影组", shot_at="上窑村和合窑",
        ),
        PhotoRecord(
            "great-bridge", "great_bridge",
            Catalogue(title="栖澜大桥合龙", slug="qilan-daqiao-helong", written="1978年12月26日",
                      description="上午十时零六分，最后一段桥面就位。两岸来看合龙的有两万人。",
                      places=("qicheng",), topics=("bridges",), **_PRESS),
            alt="五孔双曲拱桥，桥面中间留着缺口，吊杆正放下最后一段，桥上站满人，插着旗",
            caption="栖澜大桥胜利合龙　一九七八年十二月二十六日",
            photographer="《栖澜报》摄影组", shot_at="澜江南岸码头",
        ),
        PhotoRecord(
            "yunmen-transplanting", "transplanting",
            Catalogue(title="云门插秧", slug="yunmen-chayang", written="1979年5月",
                      description="包产到组后的第一个春天。田埂上的老樟至今还在。",
                      places=("yunmen",), topics=("water",), **_PRESS),
            alt="层层水田里有人弯腰插秧，有人挑着秧担走在田埂上，远处一棵大树和云雾中的山",
            photographer="《栖澜报》摄影组", shot_at="云门公社半山大队",
        ),
        PhotoRecord(
            "dragon-boats", "dragon_boats",
            Catalogue(title="端午竞渡", slug="duanwu-jingdu", written="1984年6月4日",
                      description="恢复竞渡后规模最大的一届，23艘龙舟，看客六万。前为芦汀村红旗，后为埠头村黄旗。",
                      places=("yongjiqiao", "luting", "butou"), topics=("customs",), **_PRESS),
            alt="两艘龙舟在江上并进，红龙舟在前，桡手齐划，鼓手立在船中，岸上人山人海",
            caption="芦汀队夺魁　彩色反转片",
            photographer="《栖澜报》摄影组", shot_at="永济桥下游一百二十米",
        ),
        *PEOPLE_PLATES,
    ),
)  # fmt: skip

RAFT = PhotoRecord(
    "cormorants", "raft",
    Catalogue(title="晨江放鸬鹚", slug="chenjiang-fang-luci", written="二十世纪八十年代",
              description="竹排、鱼篓、三只鸬鹚。这门营生到九十年代就没有人做了。拍摄者与确切年份待考，欢迎知情者告知。",
              places=("qingshibu",), topics=("water",), rights="und",
              source="2009年征集自栖城镇旧货市场"),
    alt="清晨江上一人立在竹排上撑篙，排上有鱼篓和三只鸬鹚，两岸山峰层层，近处是竹子",
    photographer="不详", people="不详",
)  # fmt: skip

UNCLEARED = PhotoRecord(
    "yanhui-dam-uncleared", "dam",
    Catalogue(title="雁回水库工地（待核）", slug="yanhui-shuiku-daihe", written="1966年春",
              description="与《雁回水库工地》同卷的另一格。图中近景人物身份与肖像授权未核清，暂不对外。",
              places=("yanhui",), topics=("water",), access="STAFF", **_PRESS),
    alt="水库工地上挑土的人群，逆光成剪影",
    photographer="《栖澜报》摄影组", seed=1966,
)  # fmt: skip

ALBUMS = (SHEN_ALBUM, OBJECT_ALBUM, PRESS_ALBUM, MAP_ALBUM, BRIGHT_ALBUM)

RUBBINGS = (
    ("rubbing-bridge", "永济桥拱石刻名拓片", "黑底白字拓片，自右而左三行：康熙二、十八年、石工何"),
    ("rubbing-dam", "“愚公段”界石拓片", "黑底白字拓片，横刻“愚公段”三字"),
)
"""Pictures that stories show and that are no photographs of the collection: (key, title, what is to be seen)."""
