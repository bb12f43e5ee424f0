"""The address of a shared draft; to be mounted at /share/."""

from django.urls import path

from . import views

urlpatterns = [path("<slug:secret>/", views.shared, name="shared_draft")]
