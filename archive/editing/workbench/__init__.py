"""The book workbench of the CMS: contents beside scan beside text, changed by operations, one at a time.

`views` answers the page and its questions, `history` shows what a passage was, `repairs` and `gaps` what looks damaged.
"""

from django.urls import path

from . import gaps, history, repairs, views


def urls() -> list:
    base = "archive/workbench/<int:book_id>/"
    return [
        path(base, views.workbench, name="archive_workbench"),
        path(f"{base}state/", views.state, name="archive_workbench_state"),
        path(f"{base}passage/<str:ref>/", views.passage, name="archive_workbench_passage"),
        path(f"{base}do/", views.do, name="archive_workbench_do"),
        path(f"{base}undo/", views.undo, name="archive_workbench_undo"),
        path(f"{base}labels/", views.label_leaves, name="archive_workbench_labels"),
        path(f"{base}changes/", history.changes, name="archive_workbench_changes"),
        path(f"{base}changes/close/", history.close, name="archive_workbench_close"),
        path(f"{base}history/<str:ref>/", history.passage_history, name="archive_workbench_history"),
        path(f"{base}repairs/", repairs.repairs, name="archive_workbench_repairs"),
        path(f"{base}gaps/", gaps.gaps, name="archive_workbench_gaps"),
    ]
