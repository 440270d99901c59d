"""The pages of this app."""

app_name = "assessments"
urlpatterns: list = []
