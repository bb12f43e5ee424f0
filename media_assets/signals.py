"""The news that this app sends, so that whoever must act on a file need not be known to the models."""

from django.dispatch import Signal

file_stored = Signal()
"""Sent after an asset was saved with a new original. Arguments: `sender` (its class), `instance`."""

pictures_made = Signal()
"""Sent in the transaction that gives an asset other display pictures. Arguments: `sender` (its class), `instance`."""

removal_failed = Signal()
"""Sent when a file is to be deleted later: because it could not be now (`reason` says why), or because it is a master
(no `reason`). Arguments: `alias` of its storage, `name`, `reason`."""

upload_accepted = Signal()
"""Sent in the transaction that makes an asset of a finished upload. Arguments: `sender` (Upload), `upload`, `asset`."""
