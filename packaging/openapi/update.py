#!/usr/bin/env python3
"""Writes openapi.json as a freshly built agent gives it: packaging/openapi/update.py

NSCP_BIN_DIR names the built programs (default: build/bin)."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tests"))
from support.agent import Agent  # noqa: E402  (found by the line above)

with Agent(modules=()) as agent:
    status, body, _ = agent.start().get("/api/v2/openapi.json")
if status != 200:
    sys.exit(f"the agent answered {status}: {body}")
with open(os.path.join(HERE, "openapi.json"), "w", encoding="utf-8") as file:
    json.dump(json.loads(body), file, indent=1, ensure_ascii=False)
    file.write("\n")
