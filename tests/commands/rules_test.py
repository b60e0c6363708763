"""The `beckon rules` commands from outside: what an admin types, what stands on the terminal, and the exit code.

usage: rules_test.py BECKON
"""

import gzip
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import unittest

BECKON = pathlib.Path(sys.argv[1]).resolve()

RULES = {
    "rules": [
        {"id": "welcome", "when": {"page.path": "/"}, "then": {"emit": "hello"}, "limit": "none"},
        {"id": "linger", "when": {"page.dwell": {"gte": "5s"}}, "then": {"emit": "still"}, "limit": "none"},
    ]
}


def page(t, visitor, **more):
    return json.dumps({"t": t, "visitor": visitor, "type": "page", "url": "/", **more})


class Commands(unittest.TestCase):
    def setUp(self):
        self.made = tempfile.TemporaryDirectory()
        self.addCleanup(self.made.cleanup)
        self.folder = pathlib.Path(self.made.name)
        self.write("rules.json", json.dumps(RULES))

    def write(self, name, text):
        data = text if isinstance(text, bytes) else text.encode()
        (self.folder / name).write_bytes(data)

    def run_rules(self, *words, given=None):
        done = subprocess.run([BECKON, "rules", *words], cwd=self.folder, input=given, capture_output=True, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def on_terminal(self, *words, env=None):
        """Everything that is written to a terminal."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([BECKON, "rules", *words], cwd=self.folder, stdin=theirs, stdout=theirs, stderr=theirs,
                                   env={**os.environ, **(env or {})})
        os.close(theirs)
        seen = b""
        while True:
            try:
                some = os.read(ours, 65536)
            except OSError:
                break
            if not some:
                break
            seen += some
        os.close(ours)
        process.wait(timeout=60)
        return seen.decode()

    def replay(self, journal, *more):
        self.write("journal", journal)
        return self.run_rules("replay", "rules.json", "--events", "journal", *more)

    # Usage

    def test_a_command_that_does_not_exist_is_named_with_the_nearest(self):
        code, _, err = self.run_rules("chek", "rules.json")
        self.assertEqual(code, 2)
        self.assertIn('"beckon rules" has no command "chek"; did you mean "check"?', err)

    def test_a_wrong_word_for_an_option_is_answered_with_the_right_ones(self):
        code, _, err = self.run_rules("check", "rules.json", "--format", "xml")
        self.assertEqual(code, 2)
        self.assertIn('--format: "xml" is not "json" or "text"', err)

    def test_every_command_has_help_with_its_exit_codes(self):
        for command in ("check", "test", "replay", "explain"):
            code, out, _ = self.run_rules(command, "--help")
            self.assertEqual(code, 0)
            self.assertIn("Exit code: 0", out)

    # check

    def test_check_reads_standard_input_and_ends_with_0_where_nothing_is_found(self):
        self.assertEqual(self.run_rules("check", "-", given=json.dumps(RULES).encode()), (0, "-: 2 rules, no findings\n", ""))

    def test_what_cannot_be_read_is_a_finding(self):
        for name, why in (("missing.json", "No such file"), (".", "is a directory")):
            code, _, err = self.run_rules("check", name)
            self.assertEqual(code, 1)
            self.assertIn(why, err)

    def test_colours_are_for_terminals_that_want_them(self):
        self.write("wrong.json", '{"rules":[{"id":"a"}]}')
        self.assertNotIn("\x1b[", self.run_rules("check", "wrong.json")[1])
        self.assertIn("\x1b[", self.on_terminal("check", "wrong.json"))
        self.assertNotIn("\x1b[", self.on_terminal("check", "wrong.json", env={"NO_COLOR": "1"}))

    # replay

    def test_line_ends_marks_and_empty_lines_of_other_systems_are_welcome(self):
        lines = [page(1000, "a"), page(2000, "b")]
        plain = self.replay("\n".join(lines))
        self.assertEqual(plain[0], 0)
        for other in ("\r\n".join(lines) + "\r\n", "\ufeff" + "\n".join(lines), "\n \t\n" + "\n\n  \n".join(lines) + "\n\n"):
            self.assertEqual(self.replay(other), plain)
        self.assertEqual(self.replay(gzip.compress("\n".join(lines).encode())), plain)

    def test_standard_input_may_be_gzip(self):
        data = gzip.compress((page(1000, "a") + "\n").encode())
        code, out, _ = self.run_rules("replay", "rules.json", "--events", "-", given=data)
        self.assertEqual((code, out.splitlines()[0]), (0, "1 lines, 1 visitors, 1 visits, 2 decisions"))

    def test_bad_lines_are_named_by_line_and_column_and_the_others_count(self):
        code, out, err = self.replay("\n".join(["{nope", page(1000, "a"), '{"t":-1,"visitor":"a","type":"page","url":"/"}', page(2000, "a")]))
        self.assertEqual(code, 1)
        self.assertIn("journal:1:2: error: ", err)
        self.assertIn("journal:3:6: error: ", err)
        self.assertTrue(out.startswith("2 lines"))

    def test_a_journal_that_was_cut_while_compressed_is_named_so(self):
        lines = "".join(page(1000 + i * 977, f"visitor-{i * 7919 % 1000}") + "\n" for i in range(1000))
        code, out, err = self.replay(gzip.compress(lines.encode())[:4000])
        self.assertEqual(code, 1)
        self.assertEqual(err, "journal: error: the gzip data ends in the middle; what is missing was not read\n")
        self.assertRegex(out, r"^[1-9]\d* lines")

    def test_what_stands_behind_compressed_lines_is_read_or_named(self):
        first, second = ((page(t, "a") + "\n").encode() for t in (1000, 2000))
        both = self.replay(first + second)
        self.assertEqual(both[0], 0)
        self.assertEqual(self.replay(gzip.compress(first) + gzip.compress(second)), both)
        self.assertEqual(self.replay(gzip.compress(first) + gzip.compress(second) + bytes(700)), both)
        packed = gzip.compress(first)
        for rest in (b"x", second, b"\x1f", bytes(3) + b"x"):
            code, out, err = self.replay(packed + rest)
            at = len(packed) + 1 + (3 if rest[0] == 0 else 0)
            self.assertEqual((code, err), (1, f"journal: error: the gzip data ends before byte {at} of the file, and what follows is none; "
                                              "it was not read\n"))
            self.assertTrue(out.startswith("1 lines"))
        code, _, err = self.run_rules("explain", "rules.json", "--events", "journal", "--visitor", "a")
        self.assertIn("journal: warning: the gzip data ends before byte", err)

    def test_compressed_data_that_is_damaged_is_named_with_its_place(self):
        lines = "".join(page(1000 + i * 977, f"visitor-{i * 7919 % 1000}") + "\n" for i in range(5000)).encode()
        packed = bytearray(gzip.compress(lines))
        packed[len(packed) // 2:len(packed) // 2 + 64] = bytes(64)
        code, out, err = self.replay(bytes(packed))
        self.assertEqual(code, 1)
        self.assertRegex(err, r"(?m)^journal: error: the gzip data is damaged before byte \d+ of the file \(.+\); what follows was not read$")

    def test_lines_out_of_order_are_mentioned(self):
        code, _, err = self.replay(page(2000, "a") + "\n" + page(1000, "a"))
        self.assertEqual(code, 0)
        self.assertIn("1 lines claim an earlier instant", err)

    def test_decisions_on_standard_output_leave_it_to_them(self):
        code, out, err = self.replay(page(1000, "a"), "--decisions", "-")
        self.assertEqual(code, 0)
        self.assertEqual([json.loads(line)["t"] for line in out.splitlines()], [1000, 6000])
        self.assertIn("1 lines", err)

    def test_decisions_that_cannot_be_kept_are_an_error(self):
        if not pathlib.Path("/dev/full").is_char_device():
            self.skipTest("no /dev/full")
        (self.folder / "full").symlink_to("/dev/full")
        code, _, err = self.replay(page(1000, "a") + "\n", "--decisions", "full")
        self.assertEqual((code, err), (1, "beckon rules replay: cannot write full\n"))
        self.assertTrue((self.folder / "full").is_symlink())

    def test_decisions_go_into_a_pipe_and_through_a_link(self):
        os.mkfifo(self.folder / "pipe")
        reader = os.open(self.folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.assertEqual(self.replay(page(1000, "a") + "\n", "--decisions", "pipe")[0], 0)
        self.assertIn(b'"verdict":"fire"', os.read(reader, 65536))
        self.write("kept.jsonl", "old")
        (self.folder / "link").symlink_to("kept.jsonl")
        self.assertEqual(self.replay(page(1000, "a") + "\n", "--decisions", "link")[0], 0)
        self.assertTrue((self.folder / "link").is_symlink())
        self.assertIn("fire", (self.folder / "kept.jsonl").read_text())

    def test_decisions_never_take_the_place_of_what_they_are_made_from(self):
        journal = page(1000, "a") + "\n"
        (self.folder / "alias").symlink_to("journal")
        for name, lost in (("journal", "journal"), ("alias", "journal"), ("rules.json", "rules.json")):
            code, _, err = self.replay(journal, "--decisions", name)
            self.assertEqual((code, err), (1, f"beckon rules replay: --decisions would overwrite {lost}\n"))
        self.assertEqual((self.folder / "journal").read_text(), journal)

    def test_what_visitors_sent_cannot_command_the_terminal(self):
        evil = "\x1b[2J\u202e"
        self.write("rules.json", json.dumps({"rules": [{"id": "r", "when": {"page.title": "x"}, "then": {"tag": "t"}}]}))
        self.write("journal", page(1000, "v" + evil, title=evil, tab="t" + evil) + "\n")
        asked = ["explain", "rules.json", "--events", "journal", "--visitor"]
        for words in (["v" + evil], ["v" + evil, "--tab", "0"], ["w" + evil]):
            _, out, err = self.run_rules(*asked, *words)
            self.assertNotIn("\x1b", out + err)
            self.assertNotIn("\u202e", out + err)
        self.assertIn("\\u001B[2J", self.run_rules(*asked, "v" + evil)[1])
        _, out, _ = self.run_rules("replay", "rules.json", "--events", "journal", "--against", "rules.json")
        self.assertNotIn("\x1b", out)

    def test_long_work_shows_how_far_it_is_on_a_terminal_alone(self):
        lines = "".join(page(1000 + i * 1000, f"visitor-{i}") + "\n" for i in range(40_000))
        self.assertNotIn("replaying", "".join(map(str, self.replay(lines))))
        seen = self.on_terminal("replay", "rules.json", "--events", "journal")
        self.assertRegex(seen, r"\rreplaying \[#*\.*\] +\d+ %")
        self.assertIn("40000 lines", seen)

    # explain

    def explain(self, journal, *more):
        self.write("journal", journal)
        return self.run_rules("explain", "rules.json", "--events", "journal", *more)

    def test_explain_looks_before_the_leave_that_a_visitor_ends_with(self):
        journal = page(1000, "a") + "\n" + json.dumps({"t": 9000, "visitor": "a", "type": "leave"})
        code, out, _ = self.explain(journal, "--visitor", "a", "--rule", "linger")
        self.assertEqual(code, 0)
        self.assertIn("a at 1970-01-01 00:00:08.999 UTC", out)
        self.assertIn("page.dwell ≥ 5s   7s999ms", out)

    def test_explain_finds_a_visitor_whose_id_is_written_with_escapes(self):
        self.assertEqual(self.explain(page(1000, "zoë"), "--visitor", "zoë")[0], 0)

    def test_explain_says_what_it_was_asked_for_in_vain(self):
        journal = page(1000, "anna") + "\n" + page(2000, "ben") + "\n" + json.dumps({"t": 9000, "visitor": "ben", "type": "leave"})
        for words, answer in (
            (["--visitor", "anne"], 'visitor "anne" is not in journal; did you mean "anna"?'),
            (["--visitor", "anna", "--rule", "welcom"], 'there is no rule "welcom" in rules.json; did you mean "welcome"?'),
            (["--visitor", "anna", "--tab", "7"], 'visitor "anna" has no page open in tab "7", but in "0"'),
            (["--visitor", "anna", "--at", "soon"], "--at must be an instant such as"),
            (["--visitor", "ben", "--at", "1500"], 'visitor "ben" is not there yet: the first line is of 1970-01-01 00:00:02.000'),
            (["--visitor", "ben", "--at", "9500"], 'visitor "ben" has no page open; the last event with one was at 1970-01-01 00:00:07.000'),
        ):
            code, _, err = self.explain(journal, *words)
            self.assertEqual(code, 1, words)
            self.assertIn(answer, err)

    # schema

    def test_the_schema_is_json(self):
        code, out, _ = self.run_rules("schema")
        self.assertEqual(code, 0)
        self.assertIn("properties", json.loads(out))

    # test

    def test_a_failing_test_ends_with_1(self):
        file = {"rules": "rules.json", "tests": [{"name": "one", "timeline": [{"at": "0s", "type": "page", "url": "/"}],
                                                  "expect": [{"at": "4s", "fires": "linger"}]}]}
        self.write("a.test.json", json.dumps(file))
        code, out, err = self.run_rules("test", "a.test.json")
        self.assertEqual(code, 1)
        self.assertIn("page.dwell ≥ 5s", out + err)

    def test_a_name_that_no_test_has_is_no_success(self):
        file = {"rules": "rules.json", "tests": [{"name": "one", "timeline": [], "expect": [{"at": "4s", "not_fired": "*"}]}]}
        self.write("a.test.json", json.dumps(file))
        self.assertEqual(self.run_rules("test", "a.test.json", "--only", "on")[0], 0)
        for form in ("text", "json"):
            code, _, err = self.run_rules("test", "a.test.json", "--only", "two", "--format", form)
            self.assertEqual((code, err), (1, 'beckon rules test: no test\'s name holds "two"\n'))

    def test_a_verdict_that_does_not_exist_is_answered_with_those_that_do(self):
        file = {"rules": "rules.json", "tests": [{"name": "one", "timeline": [], "expect": [{"at": "4s", "rule": "linger", "verdict": "fired"}]}]}
        self.write("a.test.json", json.dumps(file))
        code, _, err = self.run_rules("test", "a.test.json")
        self.assertEqual(code, 1)
        self.assertIn('unknown verdict "fired"', err)
        self.assertIn("it is one of off, limit, ", err)

    def test_explain_does_not_offer_a_pipe_that_it_cannot_read_twice(self):
        self.assertIn("- is standard input", self.run_rules("replay", "--help")[1])
        self.assertNotIn("- is standard input", self.run_rules("explain", "--help")[1])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
