"""More from the county paper: the bus, the town from the air, the threshing floor, the cinema, the works, the bicycles."""

# ruff: noqa: E501 -- sentences are not cut in the middle
from ..records import Catalogue, PhotoRecord
from .sources import PRESS, PRESS_CREDIT

PEOPLE_PLATES = (
    PhotoRecord(
        "first-bus", "bus",
        Catalogue(title="第一班汽车下山", slug="diyi-ban-qiche", written="1957年10月1日",
                  description="雁回至栖城公路通车，木炭改汽油的客车一日一班，三小时到县。跑着送车的是雁回小学的学生。",
                  places=("yanhui",), topics=("bridges",), **PRESS),
        alt="山路转弯处一辆插着旗的老式客车，几个孩子追着跑，路边站着三个人",
        caption="雁栖公路首班车", photographer=PRESS_CREDIT, shot_at="雁回公社九道湾",
    ),
    PhotoRecord(
        "town-from-air", "from_air",
        Catalogue(title="栖城航摄", slug="qicheng-hangshe", written="1959年10月17日",
                  description="水利勘测航片之一。城墙轮廓完整，四门大路通向四乡；城外江湾内侧的白点是沙洲。",
                  places=("qicheng",), topics=("water", "bridges"), rights="cc-by",
                  agents=(("office", "com"),), credit="栖澜县地方志办公室（虚构）藏", source="县水利局1996年移交"),
        alt="自空中垂直拍摄：方形的城在江湾里，四周是棋盘一样的田",
        photographer="航测队", shot_at="栖城上空约一千二百米",
    ),
    PhotoRecord(
        "threshing-floor", "threshing",
        Catalogue(title="扬场", slug="yangchang", written="1971年秋",
                  description="趁下午的风扬谷。木锨一起，瘪谷与草屑随风走，好谷落成一堆。",
                  places=("changqiao",), topics=("farming",), **PRESS),
        alt="晒谷场上几个人扬谷、打谷，草屑迎光飞起，后面是圆顶的草垛",
        photographer=PRESS_CREDIT, shot_at="长桥公社桥东大队晒谷场",
    ),
    PhotoRecord(
        "open-air-cinema", "cinema",
        Catalogue(title="露天电影", slug="lutian-dianying", written="约1974年",
                  description="公社放映队一个月来一次。银幕两面都能看，反面的人看到的字是反的，也照样念。",
                  places=("taoxi",), topics=("arts",), **PRESS),
        alt="夜里两根竹竿撑起的银幕上放着电影，前面坐满了人的背影，中间是放映机的光",
        photographer=PRESS_CREDIT, shot_at="陶溪公社晒坯场",
    ),
    PhotoRecord(
        "pottery-works", "works",
        Catalogue(title="陶器厂装车", slug="taoqichang-zhuangche", written="1975年",
                  description="改良窑投产第三年，大缸日出一百三十口。烟囱高三十二米，是当时全县最高的建筑。",
                  places=("taoxi",), topics=("pottery",),
                  agents=(("photo-group", "pht"), ("pottery-works", "sbj")), rights="cc-by",
                  credit=PRESS["credit"], source=PRESS["source"]),
        alt="锯齿形厂房和高烟囱前，大缸一排排摆满场地，一辆拖拉机正装着缸",
        photographer=PRESS_CREDIT, shot_at="国营陶溪陶器厂堆场",
    ),
    PhotoRecord(
        "bridge-bicycles", "bicycles",
        Catalogue(title="大桥上的早晨", slug="daqiao-zaochen", written="1983年冬",
                  description="通车第五年，早晨七点到七点半，过桥自行车每分钟四十一辆。驮鸡的去赶墟，驮孩子的去幼儿园。",
                  places=("qicheng",), topics=("bridges", "market"), **PRESS),
        alt="初升的太阳前，五个人骑着自行车过桥，有人后座载着孩子，有人载着筐",
        photographer=PRESS_CREDIT, shot_at="栖澜大桥北端",
    ),
)  # fmt: skip
