"""Letters by mail: what waits for a reviewer, what a campaign asks for, what became of a submission.

`occasions` says who should be written to now, `post` sends each letter once. Without a mail server (EMAIL_URL) nothing
is sent.
"""
