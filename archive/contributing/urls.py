"""The addresses of the contributors' pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path, reverse_lazy

from . import views

urlpatterns = [
    path("", views.overview, name="contribute"),
    path("password/", views.change_password, name="contribute_password"),
    path("sign-out/", LogoutView.as_view(next_page=reverse_lazy("contribute")), name="contribute_sign_out"),
    path("campaigns/<int:pk>/", views.campaign, name="contribute_campaign"),
    path("<str:receipt>/", views.submission, name="contribute_submission"),
    path("<str:receipt>/files/", views.files, name="contribute_files"),
    path("<str:receipt>/files/remove/", views.remove_file, name="contribute_remove"),
    path("<str:receipt>/withdraw/", views.withdraw, name="contribute_withdraw"),
]
