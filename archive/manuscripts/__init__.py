"""The text of a book as an editor works on it: read whole, changed by operations, written back as a difference.

`state` is a book in memory, `writing` makes the database what it says, `changing` is what the desk calls: it keeps a
draft's changes at once and a published book's in a change set, which comes true when its page is published.
"""
