"""The pages of this app."""

app_name = "commitments"
urlpatterns: list = []
