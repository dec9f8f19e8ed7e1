"""The host of users' scripts in Python: see README.md."""
