"""Names in an inventory matched to the records of the museum: by every name they have, without the differences of
script, width and case."""

from collections import Counter
from difflib import get_close_matches

from wagtail.models import Locale

from archive.models import Agent, Place, PlaceName, Series, Topic

from .columns import plain

MODELS = {"places": Place, "topics": Topic, "agents": Agent, "series": Series}
CREATE, OMIT, FORBIDDEN = "create", "omit", "forbidden"
LISTED = 200
SUGGESTIONS = 3


class Vocabulary:
    """One of the four kinds of authority record. `choices` says what a person wants of names that are not known:
    `{plain name: CREATE | OMIT | key of a record}`, and "" for all others. Without `may_create` no record is made."""

    def __init__(self, field: str, choices: dict, may_create: bool = True):
        self.model = MODELS[field]
        self.may_create = may_create
        self._choices = choices
        self.names: dict[int, str] = {}
        self.created: list[int] = []
        self._by_name: dict[str, int] = {}
        records = self.model.objects.filter(locale=Locale.get_default()).order_by("-pk")
        for record in records.only("pk", "name", "other_names"):
            self._add(record.pk, record.all_names)
        if field == "places":
            former = PlaceName.objects.filter(place__locale=Locale.get_default())
            for pk, name in former.values_list("place_id", "name"):
                self._by_name.setdefault(plain(name), pk)

    def _add(self, pk: int, names: list[str]) -> None:
        self.names[pk] = names[0]
        for name in names:
            self._by_name[plain(name)] = pk

    def find(self, name: str) -> int | str:
        """The key of the record, CREATE, OMIT for what is to be left out, or FORBIDDEN for what is to be a record that
        this person may not make."""
        key = plain(name)
        if (known := self._by_name.get(key)) is not None:
            return known
        choice = self._choices.get(key, self._choices.get("", OMIT))
        if choice == CREATE:
            return CREATE if self.may_create else FORBIDDEN
        return choice if choice in self.names else OMIT

    def record_of(self, name: str) -> int:
        """The key of the record of this name, which is made if there is none yet."""
        if (known := self._by_name.get(plain(name))) is not None:
            return known
        record = self.model(name=name[:120])
        record.save()
        self._add(record.pk, [record.name, name])
        self.created.append(record.pk)
        return record.pk

    def suggestions(self, name: str) -> list[tuple[int, str]]:
        near = get_close_matches(plain(name), self._by_name, SUGGESTIONS, 0.6)
        return list({self._by_name[each]: self.names.get(self._by_name[each], each) for each in near}.items())


def may_create(user, field: str) -> bool:
    """Whether this person may add records of this kind; without a person (on the command line) all may be added."""
    return user is None or user.has_perm(f"archive.add_{MODELS[field]._meta.model_name}")


def vocabularies(choices: dict, user=None) -> dict[str, Vocabulary]:
    return {field: Vocabulary(field, choices.get(field, {}), may_create(user, field)) for field in MODELS}


class Unknown:
    """Counts the names that no record has, spelled as they first came."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter] = {field: Counter() for field in MODELS}
        self._spelling: dict[str, str] = {}

    def add(self, field: str, name: str) -> None:
        self.counts[field][plain(name)] += 1
        self._spelling.setdefault(plain(name), name)

    def listed(self, known: dict[str, Vocabulary]) -> dict:
        """The commonest of each kind with what they may mean, and how many there are."""
        return {
            field: {
                "count": len(counter),
                "names": [
                    {"name": self._spelling[key], "key": key, "rows": rows, "near": known[field].suggestions(key)}
                    for key, rows in counter.most_common(LISTED)
                ],
            }
            for field, counter in self.counts.items()
            if counter
        }
