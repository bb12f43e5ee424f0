"""Addresses of stored files, and what a queued task is told of a storage."""

import json

import pytest
from django.core.files.storage import storages
from django.utils.module_loading import import_string


def test_every_private_storage_leads_to_a_checked_view_or_nowhere():
    assert storages["default"].url("originals/ab/cd.jpg") == "/media/f/originals/ab/cd.jpg"
    assert storages["renditions"].url("renditions/ab/cd.jpg") == "/media/cms/renditions/ab/cd.jpg"
    with pytest.raises(ValueError, match="address"):
        storages["derivatives"].url("derivatives/ab/cd.jpg")


@pytest.mark.parametrize("alias", ["default", "derivatives", "renditions", "public"])
def test_a_queued_task_is_told_the_alias_and_no_secret(alias):
    path, args, kwargs = json.loads(json.dumps(storages[alias].deconstruct()))

    assert (args, kwargs) == ([alias], {})
    assert import_string(path)(*args, **kwargs) is storages[alias]
