"""Users with the roles that an agent has by itself, with roles of their own, and without one."""
ROLES = """[/settings/WEB/server/roles]
legacy = legacy, login.get
loader = modules.load, modules.get
all_modules = modules.*
[/settings/WEB/server/users/carla]
password = client-pass
role = client
[/settings/WEB/server/users/lena]
password = legacy-pass
role = legacy
[/settings/WEB/server/users/moni]
password = monitoring-pass
role = monitoring
[/settings/WEB/server/users/lou]
password = loader-pass
role = loader
[/settings/WEB/server/users/alma]
password = all-pass
role = all_modules
[/settings/WEB/server/users/nora]
password = none-pass
[/settings/WEB/server/users/nopass]
role = full
"""
PASSWORDS = {"carla": "client-pass", "lena": "legacy-pass", "moni": "monitoring-pass",
             "lou": "loader-pass", "alma": "all-pass", "nora": "none-pass"}
