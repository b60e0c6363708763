"""The facts that the server itself supplies, over real connections: the country by a database, browser, system and device by client
hints and user agents, the language by Accept-Language.

usage: BECKON_BIN=… facts_test.py
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hostile"))
from country_database import country_database  # noqa: E402
from support import BINARY, Server  # noqa: E402

ORIGIN = "https://shop.example"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
IPHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 "
          "Safari/604.1")
FACEBOOK = ("Mozilla/5.0 (Linux; Android 15; SM-S931B Build/AP3A.240905.015.A2; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
            "Chrome/139.0.7258.143 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/526.0.0.0.0;]")
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

# (headers, what the page line says)
VISITORS = [
    ({"X-Forwarded-For": "203.0.113.7", "User-Agent": IPHONE, "Accept-Language": "fr-BE,fr;q=0.9"},
     {"country": "BE", "language": "fr-BE", "device": "mobile", "browser": "safari", "os": "ios"}),
    ({"X-Forwarded-For": "203.0.113.129", "User-Agent": CHROME}, {"country": "FR", "device": "desktop", "browser": "chrome", "os": "windows"}),
    ({"X-Forwarded-For": "2001:db8:77::1", "User-Agent": FACEBOOK}, {"country": "DE", "device": "mobile", "browser": "chrome", "os": "android"}),
    ({"X-Forwarded-For": "::ffff:203.0.113.7"}, {"country": "BE"}),
    ({"X-Forwarded-For": "198.51.100.1", "User-Agent": GOOGLEBOT}, {}),
    # Hints count more than the agent that claims to be somebody else.
    ({"User-Agent": CHROME, "Sec-CH-UA": '"Microsoft Edge";v="140", "Chromium";v="140", "Not=A?Brand";v="24"', "Sec-CH-UA-Mobile": "?0",
      "Sec-CH-UA-Platform": '"macOS"'}, {"device": "desktop", "browser": "edge", "os": "macos"}),
]
SUPPLIED = {"country", "language", "device", "browser", "os"}


class Facts(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)
        self.database = self.folder / "country.mmdb"
        self.database.write_bytes(country_database({"203.0.113.0/25": "BE", "203.0.113.128/25": "FR", "2001:db8::/32": "DE"}))

    def config(self):
        (self.folder / "rules.json").write_text(json.dumps({"rules": [
            {"id": "belgian", "when": {"visitor.country": "BE"}, "then": {"invite": {"text": "Bonjour"}}}]}))
        return {"country_database": str(self.database), "trusted_proxies": ["127.0.0.1"],
                "sites": [{"id": "shop", "origins": [ORIGIN], "rules": str(self.folder / "rules.json"), "consent": "granted"}]}

    def test_what_the_server_knows_of_a_browser_stands_in_the_journal_and_counts(self):
        seen = {}
        with Server("--data", str(self.folder / "data"), config=self.config()) as server:
            for i, (headers, _) in enumerate(VISITORS):
                client = server.connect()
                extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                self.assertEqual(client.upgrade(origin=ORIGIN, extra=extra), 101)
                welcome = client.hello(session=f"session-{i}-0123456789", consent=True)
                seen[welcome["visitor"]] = i
                rules = [offer["rule"] for offer in welcome["offers"]]
                self.assertEqual(rules, ["belgian"] if VISITORS[i][1].get("country") == "BE" else [], headers)
                client.round_trip()
                client.close()
        journal = subprocess.run([BINARY, "journal", "export", "--data", "data"], cwd=self.folder, capture_output=True, text=True, check=True)
        pages = [line for line in map(json.loads, journal.stdout.splitlines()) if line["type"] == "page"]
        self.assertEqual(len(pages), len(VISITORS))
        for page in pages:
            headers, expected = VISITORS[seen[page["visitor"]]]
            self.assertEqual({name: page[name] for name in SUPPLIED & page.keys()}, expected, headers)

    def test_a_database_that_is_none_is_refused_by_name(self):
        self.database.write_bytes(b"not a database")
        (self.folder / "beckon.json").write_text(json.dumps(self.config()))
        done = subprocess.run([BINARY, "serve", "--listen", "127.0.0.1:0", "--data", "data"], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "country database .*country.mmdb")


if __name__ == "__main__":
    unittest.main()
