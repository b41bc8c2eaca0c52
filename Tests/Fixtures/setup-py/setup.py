from setuptools import setup

setup(
    name="py-sample",
    version="3.1",
    py_modules=[],
    install_requires=open("needs.txt").read().split(),
    extras_require={"test": ["iniconfig"]},
)
