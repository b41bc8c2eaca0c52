NAME = "pipenv"
