"""What a server of several shards decided is what its exported journal gives, replayed: random rules, visitors with several tabs over
real WebSockets, rule files changed under them, connections that drop, a restart and a kill.

usage: BECKON_BIN=… live_replay_test.py
"""

import collections
import json
import os
import pathlib
import random
import select
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hostile"))
from support import BINARY, Server  # noqa: E402

SHARDS = 4
VISITORS = 16
SECONDS = 2.5  # of traffic, three times
KILL_LOSES_MS = 2000  # decisions that were not on disk yet when the server was killed
ORIGIN = "https://shop.example"
PATHS = ["/a", "/b", "/shop/x", "/shop/y"]


NEVER = 10**15


def now_ms():
    return time.time_ns() // 1_000_000


def random_condition(r, depth=2):
    if depth and r.random() < 0.35:
        return {r.choice(["all", "any", "none"]): [random_condition(r, depth - 1) for _ in range(r.randint(1, 3))]}
    span = r.choice(["page", "visit", "visitor", "300ms", "1s", "2s"])
    return r.choice([
        {"page.path": {"glob": r.choice(["/shop/*", "/*", "/a"])}},
        {"page.dwell": {r.choice(["gte", "lt"]): r.choice(["200ms", "700ms", "1s"])}},
        {"page.visible": {"gte": r.choice(["300ms", "900ms"])}},
        {"page.idle": {"gte": r.choice(["250ms", "600ms"])}},
        {"page.scroll": {"gte": r.choice([20, 60])}},
        {"cart.value": {"gte": r.choice([10, 50])}},
        {"cart.idle": {"gte": "400ms"}},
        {"visit.pages": {"gte": r.randint(1, 4)}},
        {"visitor.orders": {"gte": 1}},
        {"visitor.tag.eager": True},
        {"visitor.attr.plan": "gold"},
        {"visitor.pressure": {"lt": 2.5}},
        {"event": r.choice("xy"), "count": {r.choice(["gte", "lt"]): r.randint(1, 3)}, "within": span},
        {"sequence": [{"page": "/a"}, {"event": "x"}], "within": span},
        {"held": {"page.scroll": {"lt": 60}}, "for": "500ms"},
    ])


def random_rules(r):
    def rule(i):
        then = r.choice([{"invite": {"text": "Hello"}}, {"survey": {"type": "nps", "text": "How was it?"}}, {"tag": "eager"}, {"emit": "seen"}])
        limit = r.choice(["none", {"per_visit": 3}, {"every": "400ms"}, {"per_page": 1, "after_dismiss": "800ms"}])
        made = {"id": f"r{i}", "when": random_condition(r), "then": then, "limit": limit, "until": r.choice(["page", "visit", "500ms"]),
                "holdout": r.choice([0, 0, 0.4]), "priority": r.randint(0, 2), "mode": r.choice(["live", "live", "live", "shadow", "off"])}
        if r.random() < 0.3:
            made["ignore_pressure"] = True
        if r.random() < 0.3:
            made["variants"] = [{"weight": 1, "then": made.pop("then")}, {"weight": 2, "then": {"emit": "other"}}]
        return made

    return json.dumps({"pressure": {"half_life": "2s", "over": 4}, "rules": [rule(i) for i in range(8)]})


class Page:
    """One tab of a visitor, which keeps its session over a dropped connection."""

    def __init__(self, r, number, tab):
        self.r, self.tab = r, tab
        self.session = f"session-{number:04}-{tab}-0123456789"
        self.client, self.last, self.offers = None, 1, []

    def connect(self, server, known):
        self.client = server.connect()
        hint = f"&v={known['visitor']}" if known else ""
        assert self.client.upgrade("/ws?site=shop" + hint, origin=ORIGIN) == 101
        resume = self.last > 1
        hello = {"tab": self.tab, "session": self.session, "consent": True, "resume": resume}
        if known.get("token"):
            hello["token"] = known["token"]
        welcome = self.client.hello(**hello)
        known["visitor"], known["token"] = welcome["visitor"], welcome["token"]
        self.last = max(self.last, welcome["last"])

    def send(self, frame):
        self.last += 1
        self.client.send_json({**frame, "id": self.last})

    def hear(self):
        """Takes what has come, keeping offers."""
        while self.client.received or select.select([self.client.socket], [], [], 0)[0]:
            got = self.client.read_json()
            if got["type"] == "offer":
                self.offers.append(got["offer"])

    def act(self):
        r = self.r
        self.hear()
        if self.offers and r.random() < 0.6:
            return self.send({"type": "offer", "offer": self.offers.pop(), "outcome": r.choice(["accepted", "dismissed"])})
        event = r.choice([
            {"type": "page", "url": r.choice(PATHS)}, {"type": "page", "url": r.choice(PATHS), "hidden": True}, {"type": "activity"},
            {"type": "scroll", "percent": r.randint(0, 100)}, {"type": "hidden"}, {"type": "visible"}, {"type": "exit_intent"},
            {"type": "event", "name": r.choice("xy")}, {"type": "event", "name": "x", "data": {"k": r.randint(0, 3)}},
            {"type": "cart", "value": r.randint(0, 80), "items": 1}, {"type": "order", "value": 20, "id": r.choice("mno")},
            {"type": "attr", "name": "plan", "value": r.choice(["gold", "tin", None])}, {"type": "leave"},
        ])
        self.send({"type": "events", "events": [event]})


def browse(server, r, crowd):
    """Traffic for SECONDS; with connections that drop and come back."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        known, pages = r.choice(crowd)
        page = r.choice(pages)
        if page.client is None:
            page.connect(server, known)
        elif r.random() < 0.03:
            page.client.close()
            page.client = None
        else:
            page.act()
        time.sleep(0.004)


def disconnect(crowd):
    for _, pages in crowd:
        for page in pages:
            if page.client:
                page.client.close()
            page.client, page.offers = None, []


class LiveReplay(unittest.TestCase):
    def serve(self):
        return Server("--data", str(self.folder / "data"), "--shards", str(SHARDS), config={"sites": [
            {"id": "shop", "origins": [ORIGIN], "rules": str(self.folder / "rules.json"), "consent": "granted"}]})

    def beckon(self, *words):
        done = subprocess.run([BINARY, *words], cwd=self.folder, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def change_rules(self, r):
        made = self.folder / "next.json"
        made.write_text(random_rules(r))
        os.replace(made, self.folder / "rules.json")

    def journal(self):
        return self.beckon("journal", "export", "--data", "data")

    def replayed(self, journal):
        """visitor → (t, tab, rule, verdict) in order."""
        (self.folder / "journal.jsonl").write_text(journal)
        (self.folder / "empty.json").write_text('{"rules": []}')
        self.beckon("rules", "replay", "empty.json", "--events", "journal.jsonl", "--rules-from", "journal", "--site", "shop",
                    "--decisions", "decisions.jsonl")
        made = collections.defaultdict(list)
        for line in (self.folder / "decisions.jsonl").read_text().splitlines():
            one = json.loads(line)
            made[one["visitor"]].append((one["t"], one["tab"], one["rule"], one["verdict"]))
        return made

    def stored(self, visitors):
        made = {}
        for visitor in visitors:
            known = json.loads(self.beckon("visitors", "export", visitor, "--data", "data"))
            made[visitor] = [(one["t"], one["tab"], one["rule"], one["verdict"]) for one in known["decisions"]]
        return made

    def run_seed(self, seed):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)
        r = random.Random(seed)
        (self.folder / "rules.json").write_text(random_rules(r))
        crowd = [({}, [Page(r, i, f"t{k}") for k in range(r.randint(1, 3))]) for i in range(VISITORS)]
        lost = range(0)  # the instants whose decisions a kill may have taken with it
        for ending in ("stop", "kill", "stop"):
            with self.serve() as server:
                if lost and lost.stop == NEVER:
                    lost = range(lost.start, now_ms())
                changing = threading.Timer(SECONDS / 2, self.change_rules, [r])
                changing.start()
                browse(server, r, crowd)
                changing.join()
                disconnect(crowd)
                if ending == "kill":
                    lost = range(now_ms() - KILL_LOSES_MS, NEVER)
                    server.process.kill()
                    server.process.wait()
                    server.process.returncode = 0
        journal = self.journal()
        shards = {line.get("shard") for line in map(json.loads, journal.splitlines()) if line["type"] == "rules"}
        self.assertEqual(shards, set(range(SHARDS)), "traffic on every shard")
        replayed, stored = self.replayed(journal), self.stored([known["visitor"] for known, _ in crowd])
        self.assertGreater(sum(map(len, stored.values())), 200)
        self.assertEqual(set(replayed) - set(stored), set())
        for visitor, made in stored.items():
            again = replayed[visitor]
            kept = collections.Counter(made)
            extra = collections.Counter(again) - kept
            self.assertEqual(list((kept - collections.Counter(again)).elements()), [], f"seed {seed}: {visitor} got these live only")
            self.assertEqual([one for one in extra.elements() if one[0] not in lost], [], f"seed {seed}: {visitor} got these in the replay only")
            # In order as well: by time, and within an instant as they were considered.
            for one in extra.elements():
                again.remove(one)
            self.assertEqual(sorted(again, key=lambda one: one[0]), sorted(made, key=lambda one: one[0]), f"seed {seed}: {visitor}")

    def test_replaying_what_several_shards_wrote_gives_what_they_decided(self):
        for seed in (1, 2):
            with self.subTest(seed=seed):
                self.run_seed(seed)


if __name__ == "__main__":
    unittest.main()
