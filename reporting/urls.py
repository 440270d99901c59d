"""The pages of this app, and home."""

app_name = "reporting"
urlpatterns: list = []
