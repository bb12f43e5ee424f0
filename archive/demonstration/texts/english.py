"""The small English tree of the demonstration: what stands there in place of the Chinese words.

A field that is not named here is emptied where it holds Chinese, so that a reader sees the Chinese marked as such.
"""

# ruff: noqa: E501 -- sentences are not cut in the middle
PARTICULARS = {
    "name": "Qilan County Digital Chronicle Museum",
    "motto": "A bridge serves its own day, a chronicle a hundred generations",
    "notice": "A demonstration: Qilan County and every place, person, body, event and figure here are invented, text and pictures alike.",
    "office": "Qilan County Chronicles Office (invented)",
    "contact": "A demonstration site without a telephone. Please do not cite it.",
}

HOME = {
    "title": "Qilan County Digital Chronicle Museum",
    "introduction": (
        "<p>Qilan stands on a river, is known for a bridge and lives by its kilns. Here are its gazetteers and yearbooks, "
        "its old photographs and short films, and the stories read out of them.</p>"
        "<p>Qilan is an <b>invented</b> county, made to show what this software does. Only a small part of the museum is in English.</p>"
    ),
}

INDEXES = {
    "book": {"title": "Books", "introduction": "Gazetteers, yearbooks, local histories, journals and oral histories."},
    "video": {"title": "Films", "introduction": "Documentary shorts and filmed memories."},
    "photo": {"title": "Photographs", "introduction": "Old photographs, and a record of today."},
    "story": {"title": "Stories", "introduction": "Stories read out of gazetteers and archives."},
}

ABOUT = {
    "title": "About the museum",
    "body": (
        (
            "text",
            "<h2>A demonstration</h2><p>There is no Qilan County. Every place, person, body, event, figure and quotation in this museum "
            "was written to show a digital chronicle museum at work; photographs, book pages and films were drawn by a program. "
            "Please do not cite them as sources.</p>"
            "<h2>In English</h2><p>A few things of each kind are described in English. Where a field has not been translated the Chinese "
            "is shown and marked. Books are read in Chinese.</p>",
        ),
    ),
}

PLACES = {
    "qilan": ("Qilan County", "A county on the Lan River, in the hills; the invented county of this demonstration."),
    "qicheng": ("Qicheng Town", "The county seat, inside three bends of the Lan River."),
    "changqiao": ("Changqiao Town", "A market town at the head of the Yongji Bridge."),
    "yongjiqiao": ("Yongji Bridge", "A stone bridge of three arches, rebuilt in 1689."),
    "luting": ("Luting Village", "A village of dragon-boat paddlers."),
}

TOPICS = {
    "bridges": ("Bridges and roads", ""),
    "customs": ("Customs and festivals", ""),
    "water": ("Rivers and waterworks", ""),
}

SERIES = {
    "gazetteers": ("County gazetteers of Qilan", "Every gazetteer of the county that survives, from 1689 on."),
    "films": ("Qilan on film", "Short films of the county's landscape, people and crafts."),
}

PAGES = {
    "kangxi": {
        "title": "Gazetteer of Qilan County (Kangxi)",
        "other_titles": "棲瀾縣志",
        "date_written": "1689",
        "description": (
            "The earliest gazetteer of the county to survive, compiled by the magistrate Zhou Tingkai. The preface and the first two "
            "of eight juan remain: history, rivers and hills, customs, walls, bridges and ferries, and above all the rebuilding of the "
            "Yongji Bridge."
        ),
        "compilers": "Zhou Tingkai",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "gazetteer-1985": {
        "title": "Gazetteer of Qilan County, 1911–1985",
        "date_written": "1990",
        "description": "The county's first modern gazetteer: an overview, a chronicle of events, five treatises, biographies and appendices.",
        "publisher": "Qilan County Chronicles Office (invented)",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "films-series": {
        "title": "Qilan on Film",
        "date_written": "2023",
        "description": "The county's landscape, people and crafts in short films, season by season.",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "film-river": {
        "title": "The Lan River",
        "date_written": "2023-03",
        "description": "An ink scroll unrolled: hills, bridge, pagoda and boats pass with the river, from north-west to south-east.",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "film-drums": {
        "title": "Drums",
        "date_written": "2023-06",
        "description": "The last three hundred metres of a dragon-boat race, drawn after a press photograph of 1984 and the memories of the drummer He Ashui.",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "album-shen": {
        "title": "Photographs by Shen Mosheng, 1925–1941",
        "date_written": "1925—1941",
        "description": "Views of the county by the owner of the Zhaoying studio: five of the 186 glass plates that his daughter gave in 1986.",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "yongji-bridge": {
        "title": "Yongji Bridge in the morning mist",
        "date_written": "1936",
        "description": "Three arches lie across the mist, and a small boat is about to pass beneath the middle one. Six people are on the bridge: porters and early travellers.",
        "photographer": "Shen Mosheng",
        "shot_at": "South bank, below the bridge",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "west-street": {
        "title": "West Street after rain",
        "date_written": "1937",
        "description": "Market day after rain. Signs offer kiln ware, medicines, rice and southern goods; the gate tower closes the street.",
        "photographer": "Shen Mosheng",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "north-gate-snow": {
        "title": "Snow at the North Gate",
        "date_written": "1941-01",
        "description": "The gate after three days of heavy snow, the deepest in some decades by the county gazetteer.",
        "photographer": "Shen Mosheng",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "column": {
        "title": "Stories from the Lan",
        "date_written": "2023",
        "description": "Read out of gazetteers, yearbooks, negatives and memories: one story an issue.",
        "credit": "Qilan County Chronicles Office (invented)",
    },
    "story-bridge": {
        "title": "A bridge completed three times",
        "date_written": "1176—1689",
        "description": "The Yongji Bridge has three birthdays. Two have a year; the third has an hour.",
        "byline": "Lu Yun",
        "credit": "Qilan County Chronicles Office (invented)",
        "body": (
            (
                "text",
                "<p>Forty-two posts stand along the bridge, each with a lotus at its head. Children here play an old game: find two that are alike. "
                "Nobody has.</p>"
                "<h2>Timber, then stone</h2><p>The first bridge, of 1176, was of timber and was called simply the Long Bridge. In 1593 it was rebuilt in "
                "stone with three arches and named Yongji, which means that one may cross for ever. After ninety-four years one no longer could.</p>"
                "<p>The magistrate Zhou Tingkai had it rebuilt. Three times the keystone of the middle arch fell. An old mason named He said: on the night "
                "when the water falls it will close. In the eighth month of 1689, at midnight, it did. He took no reward and asked only that his name be cut "
                "on the back of the stone.</p>"
                "<h2>The back of the stone</h2><p>Where it faced the water nobody could see it, and for 333 years it lived in the book alone. In the drought of "
                "2022 a camera went beneath the middle arch. There were nine characters, and the first that could be read was He.</p>",
            ),
        ),
    },
    "story-drums": {
        "title": "Drums on the water",
        "date_written": "1966—1979",
        "description": "For thirteen years the dragon boat lay in the river mud. Each year in the fifth month one man went down to the bank and trod on it: hard, so it was still there.",
        "byline": "Lu Yun",
        "credit": "Qilan County Chronicles Office (invented)",
    },
}
"""Parents before what stands beneath them. A story without a body shows the Chinese one."""
