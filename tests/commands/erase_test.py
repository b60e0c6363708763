"""Erasing a visitor who is there: in a chat, with an operator looking on, while the server runs.

usage: BECKON_BIN=… erase_test.py
"""
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hostile"))
from support import BINARY, Operator, Server  # noqa: E402

CANARY = "the words that nobody may keep"


def beckon(server, *arguments):
    data = os.path.join(server.dir, "data")
    return subprocess.run([BINARY, *arguments, "--data", data], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def say(visitor, key, text, **more):
    visitor.last_id += 1
    visitor.send_json({"type": "say", "id": visitor.last_id, "key": key, "text": text, **more})
    while visitor.read_json("ack")["id"] < visitor.last_id:
        pass


class Erase(unittest.TestCase):
    def test_a_visitor_in_a_chat_is_gone_for_everybody_and_goes_on_as_a_new_one(self):
        with Server() as server:
            ada = Operator(server)
            self.assertEqual(ada.set_up()[0], 200)
            console, status = ada.open()
            self.assertEqual(status, 101)
            console.send_json({"type": "hello", "id": 1})
            console.read_json("welcome")

            visitor = server.visitor(consent=True, chat=0)
            old = visitor.welcome["visitor"]
            say(visitor, "k" * 16, CANARY, form={"name": "Somebody", "email": "somebody@shop.example"})
            row = console.read_json("conversation")["conversation"]
            while row["last"] == 0:
                row = console.read_json("conversation")["conversation"]
            self.assertEqual((row["visitor"], row["name"]), (old, "Somebody"))

            erased = beckon(server, "visitors", "erase", old, "--site", row["site"])
            self.assertEqual(erased.returncode, 0, erased.stderr)
            self.assertEqual(console.read_json("conversation_gone")["conversation"], row["id"])

            welcome = visitor.read_json("welcome")
            self.assertNotEqual(welcome["visitor"], old)
            self.assertEqual(welcome["chat"]["state"], "none")
            say(visitor, "m" * 16, "something new")
            fresh = console.read_json("conversation")["conversation"]
            while fresh["last"] == 0:
                fresh = console.read_json("conversation")["conversation"]
            self.assertEqual(fresh["visitor"], welcome["visitor"])
            self.assertNotIn("name", fresh)

            self.assertNotEqual(beckon(server, "visitors", "export", old, "--site", row["site"]).returncode, 0)
            exported = beckon(server, "visitors", "export", welcome["visitor"], "--site", row["site"])
            self.assertIn("something new", exported.stdout)
            self.assertNotIn(CANARY, exported.stdout)
            server.stop()
            for folder, _, files in os.walk(os.path.join(server.dir, "data")):
                for name in files:
                    with open(os.path.join(folder, name), "rb") as file:
                        content = file.read()
                    self.assertNotIn(CANARY.encode(), content, name)
                    self.assertNotIn(old.encode(), content, name)


if __name__ == "__main__":
    unittest.main()
