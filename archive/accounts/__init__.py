"""The user model alone, in an app of its own: in the app of the page types it could not be migrated."""
