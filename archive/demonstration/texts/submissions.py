"""What the office of Qilan asked the towns for, and what Changqiao sent."""

from ..records import CampaignRecord, SubmissionRecord

CONSENT = (
    "本人（单位）是所送作品的作者或权利人，同意栖澜县方志馆收藏、整理、编入志书年鉴，并在数字方志馆公开展示。\n\n"
    "署名权归作者。需要商业使用时，另行征得本人同意。"
)
CONTACT = "栖澜县方志馆征集科，0700-0000000（虚构）"

VILLAGES = CampaignRecord(
    "villages",
    "讲村史：我们村的老照片与旧事",
    "请各镇街、村征集反映本地变迁的老照片、家藏文书的翻拍件和口述旧事。\n\n"
    "照片请注明时间、地点和人物；一时说不清的，写“不详”即可，不要猜。文字一千字以内，写一件事，写清楚。",
    opened=-30,
    closes=335,
)
BOATS = CampaignRecord(
    "boats", "端午龙舟影像征集", "征集各村龙舟竞渡的照片与影片，含起龙、采青、散龙各节。", opened=-420, closes=-380
)
CAMPAIGNS = (VILLAGES, BOATS)

SUBMISSIONS = (
    SubmissionRecord(
        "2026-QLDEMC2", VILLAGES, "picture", "芦汀村龙舟下水", "老人们说那年水大，鼓船是从祠堂门口直接撑出去的。",
        author="何家藏", place="芦汀村", date="1962年", people="鼓手何阿水，其余不详", picture="dragon-boats",
    ),
    SubmissionRecord(
        "2026-QLDEMD3", VILLAGES, "text", "桥东村的板灯龙",
        "元宵夜各家出一板，板上两盏灯，首尾相接，过桥时全村的灯都映在水里。领头的那一板，轮到谁家是抽签定的。",
        author="桥东村委会", place="桥东村", returned="请补充：板灯龙哪一年停过、哪一年恢复，由谁口述。",
    ),
    SubmissionRecord(
        "2026-QLDEME4", VILLAGES, "text", "渡船改班的布告", "我家留着一张渡船改班的布告，改天拍好再送。",
        author="", place="长桥镇", is_draft=True,
    ),
    SubmissionRecord(
        "2026-QLDEMF5", BOATS, "text", "龙舟棚的规矩",
        "龙舟棚里不许说“翻”字，木槌不许横放。船头朝着水，一年到头都是。\n\n散龙那天，鼓皮要松下来，用稻草包好。",
        author="芦汀村老人会", place="芦汀村", is_accepted=True,
    ),
)  # fmt: skip
