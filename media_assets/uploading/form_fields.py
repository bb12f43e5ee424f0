"""The way in without JavaScript: a form's field for several files."""

from django import forms


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files of one field, as a list; where none need be chosen, none are an empty list."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        files = data or ([None] if self.required else [])
        return [super(ManyFilesField, self).clean(file, initial) for file in files]
