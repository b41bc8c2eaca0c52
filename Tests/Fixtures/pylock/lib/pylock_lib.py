NAME = "pylock"
