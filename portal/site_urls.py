"""The pages of people, organisations and help."""

app_name = "portal"
urlpatterns: list = []
