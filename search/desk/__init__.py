"""The desk's search: everything an editor may look for, drafts included, behind Wagtail's own search interface."""
