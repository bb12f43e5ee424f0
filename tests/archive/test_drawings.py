"""The drawings of the server: years, places, names. Pure, so without a database."""

import pytest
from django.utils.translation import override

from archive.dates import OPEN_END, OPEN_START, year_range
from archive.models.holdings import FIRST_DECADE, Stretch, place_levels, stretches_of
from archive.reading import map_drawing, names_drawing, years_drawing
from archive.reading.map_drawing import Spot


def span(kind: str, first: int, last: int, count: int = 1):
    return (kind, *year_range(first, last), count)


class TestStretches:
    def test_a_day_counts_in_its_decade_and_a_span_in_all_that_it_touches(self):
        found = stretches_of([span("photo", 1936, 1936, 3), span("book", 1911, 1935)], 2026)
        assert found == [
            Stretch(1910, 1929, {"book": 1}),
            Stretch(1930, 1939, {"photo": 3, "book": 1}),
        ]

    def test_decades_of_which_there_is_nothing_are_left_out(self):
        found = stretches_of([span("photo", 1689, 1689), span("book", 1936, 1936)], 2026)
        assert [stretch.first_year for stretch in found] == [1680, 1930]

    def test_two_that_change_places_at_a_decade_are_no_one_stretch(self):
        found = stretches_of([span("photo", 1900, 1909), span("photo", 1910, 1919)], 2026)
        assert [(stretch.first_year, stretch.tally) for stretch in found] == [
            (1900, {"photo": 1}),
            (1910, {"photo": 1}),
        ]

    def test_open_ends_reach_to_this_year_and_to_the_first_that_is_counted(self):
        since = ("photo", year_range(1985, 1985)[0], OPEN_END, 1)
        until = ("photo", OPEN_START, year_range(1368, 1368)[0], 1)
        assert stretches_of([since], 2026) == [Stretch(1980, 2029, {"photo": 1})]
        assert stretches_of([until], 2026)[0].first_year == FIRST_DECADE

    def test_years_before_our_era_are_decades_too(self):
        assert stretches_of([span("book", -213, -213)], 2026) == [Stretch(-220, -211, {"book": 1})]

    def test_what_lies_before_all_counting_is_not_counted(self):
        assert stretches_of([span("book", -9000, -8000)], 2026) == []


class TestPlaceLevels:
    def test_each_place_comes_with_all_that_lies_in_it(self):
        parents = {1: None, 2: 1, 3: 1, 4: 2}
        levels = place_levels(parents)
        assert [{pk: set(ids) for pk, ids in level.items()} for level in levels] == [
            {1: {1, 2, 3, 4}},
            {2: {2, 4}, 3: {3}},
            {4: {4}},
        ]


class TestYears:
    def drawing(self):
        stretches = [Stretch(FIRST_DECADE, 1359, {"story": 1}), Stretch(1930, 1939, {"photo": 8, "story": 2})]
        return years_drawing.draw(stretches, lambda kind, first, last: f"/{kind}/?{first}-{last}")

    def test_each_kind_has_a_lane_and_each_number_its_address(self):
        drawing = self.drawing()
        assert [lane.kind for lane in drawing.lanes] == ["photo", "story"]
        assert [(bar.count, bar.address) for bar in drawing.lanes[1].bars] == [
            (1, "/story/?-3000-1359"),
            (2, "/story/?1930-1939"),
        ]

    def test_the_table_says_what_the_bars_say(self):
        drawing = self.drawing()
        drawn = {(lane.kind, bar.address): bar.count for lane in drawing.lanes for bar in lane.bars}
        written = {(k, address): n for column in drawing.columns for k, n, address in column.cells if n}
        assert drawn == written

    def test_years_are_written_for_readers(self):
        with override("zh-hans"):
            words = [years_drawing.words_of(Stretch(*years, {})) for years in
                 ((FIRST_DECADE, 1359), (1930, 1939), (1690, 1909), (-220, -211))]  # fmt: skip
        assert words == ["1359 年以前", "1930 年代", "1690—1909 年", "前 221—前 212 年"]

    def test_bars_stay_within_the_drawing(self):
        stretches = [Stretch(year, year + 9, {"photo": year % 7 * 900 + 1}) for year in range(1000, 2020, 10)]
        drawing = years_drawing.draw(stretches, lambda *given: "")
        for bar in drawing.lanes[0].bars:
            assert 0 <= bar.y < bar.y + bar.height <= drawing.height
            assert bar.x + drawing.bar_width <= drawing.width


def spot(pk: int, latitude: float, longitude: float, count: int = 1, **fields) -> Spot:
    return Spot(pk, fields.pop("name", f"第{pk}镇"), latitude, longitude, count, f"/places/{pk}/", **fields)


class TestMap:
    def test_north_is_up_and_east_is_right(self):
        drawing = map_drawing.draw([spot(1, 27.5, 115.8), spot(2, 27.3, 116.0)])
        north_west, south_east = sorted(drawing.points, key=lambda point: point.spot.pk)
        assert north_west.y < south_east.y
        assert north_west.x < south_east.x

    def test_more_things_make_a_larger_point(self):
        few, many = sorted(map_drawing.draw([spot(1, 27.5, 115.8, 1), spot(2, 27.3, 116.0, 400)]).points,
                           key=lambda point: point.spot.count)  # fmt: skip
        assert few.radius < many.radius <= map_drawing.MOST_RADIUS

    def test_no_name_lies_on_another(self):
        drawing = map_drawing.draw([spot(n, 27.3 + n % 9 / 30, 115.8 + n % 11 / 40, n) for n in range(80)])
        boxes = [
            next(box for x, y, anchor, box in map_drawing._positions(point) if anchor == point.anchor
                 and round(x, 1) == point.label_x and round(y, 1) == point.label_y)
            for point in drawing.points if point.anchor
        ]  # fmt: skip
        assert len(boxes) > 10
        assert not any(one.meets(other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])

    def test_everything_lies_inside(self):
        drawing = map_drawing.draw([spot(n, 20 + n, 110 + n * n % 17) for n in range(20)])
        for point in drawing.points:
            assert point.radius <= point.x <= drawing.width - point.radius
            assert point.radius <= point.y <= drawing.height - point.radius

    @pytest.mark.parametrize("spots", [[spot(1, 27.4, 115.9)], [spot(1, 0, 0), spot(2, 0, 0)], [spot(1, 90, 180)]])
    def test_one_place_or_all_at_one_point_is_drawn(self, spots):
        assert len(map_drawing.draw(spots).points) == len(spots)

    def test_nothing_is_no_drawing_and_thousands_are_bounded(self):
        assert map_drawing.draw([]) is None
        thousands = [spot(n, n % 90, n % 180, n) for n in range(5000)]
        assert len(map_drawing.draw(thousands).points) == map_drawing.MOST_POINTS

    def test_squares_are_a_round_number_of_kilometres(self):
        """One degree of latitude is 111 km: two places ten of them apart."""
        drawing = map_drawing.draw([spot(1, 20, 110), spot(2, 30, 110)])
        square = drawing.grid_y[1] - drawing.grid_y[0]
        distance = abs(drawing.points[0].y - drawing.points[1].y)
        assert float(drawing.square_kilometres) == pytest.approx(1113.2 * square / distance, rel=0.01)


class Name:
    """As much of a PlaceName as the drawing reads."""

    def __init__(self, name: str, earliest: int | None, latest: int | None):
        self.name, self.date_earliest, self.date_latest, self.sort_order = name, earliest, latest, 0


class TestNames:
    def test_bars_are_in_the_order_and_the_proportion_of_the_years(self):
        early = Name("澜川县", *year_range(621, 983))
        late = Name("栖澜县", year_range(984, 984)[0], OPEN_END)
        unknown = Name("某县", None, None)
        drawing = names_drawing.draw([late, unknown, early], 2026)
        assert [bar.name.name for bar in drawing.bars] == ["澜川县", "栖澜县", "某县"]
        assert (drawing.first_year, drawing.last_year) == (621, 2026)
        assert drawing.bars[0].x == 0
        assert drawing.bars[0].width < drawing.bars[1].width
        assert drawing.bars[1].x + drawing.bars[1].width == pytest.approx(drawing.width, abs=0.2)
        assert drawing.bars[2].x is None

    def test_names_without_any_years_have_no_scale(self):
        drawing = names_drawing.draw([Name("旧名", None, None)], 2026)
        assert drawing.first_year is None
        assert len(drawing.bars) == 1
