NAME = "uv-sample"
