"""Admin files that change, break and vanish while the server runs: the rules before stay in force, the error names file and
line, /readyz shows it, and nobody is disconnected."""
import os
import signal
import unittest

from support import Server, eventually, main

ORIGIN = 'https://shop.example'


def rules(*entries):
    return '{"rules": [' + ', '.join(entries) + ']}'


def invite(name, dwell):
    return ('{"id": "%s", "when": {"page.dwell": {"gte": "%s"}}, "limit": {"per_page": 1}, '
            '"then": {"invite": {"text": "%s"}}}' % (name, dwell, name))


class Files(unittest.TestCase):
    def setUp(self):
        self.server = Server(config='{"sites": [{"id": "shop", "origins": ["%s"], "consent": "granted", "rules": "rules.json"}]}' % ORIGIN,
                             files={'rules.json': rules(invite('late', '1h'))})
        self.rules = os.path.join(self.server.dir, 'rules.json')

    def tearDown(self):
        self.server.__exit__(None)

    def write(self, text):
        self.server.file('rules.json', text)

    def visitor(self, **more):
        client = self.server.connect()
        self.assertEqual(client.upgrade(origin=ORIGIN), 101)
        client.welcome = client.hello(**more)
        return client

    def problems(self):
        return self.server.ready()['problems']

    def test_new_rules_reach_a_visitor_who_is_there(self):
        client = self.visitor()
        self.write(rules(invite('soon', '500ms')))
        self.assertEqual(client.read_json('offer')['rule'], 'soon')
        client.round_trip()
        self.assertEqual(self.problems(), [])

    def test_a_hangup_signal_reloads_too(self):
        client = self.visitor()
        self.write(rules(invite('soon', '500ms')))
        self.server.process.send_signal(signal.SIGHUP)
        self.assertEqual(client.read_json('offer')['rule'], 'soon')

    def test_an_editor_that_puts_a_new_file_in_the_old_ones_place(self):
        client = self.visitor()
        self.server.file('rules.json.new', rules(invite('soon', '500ms')))
        os.replace(self.rules + '.new', self.rules)
        self.assertEqual(client.read_json('offer')['rule'], 'soon')

    def make_folder(self):
        if os.path.exists(self.rules):
            os.remove(self.rules)
        os.mkdir(self.rules)

    def test_whatever_becomes_of_the_file_the_rules_before_stay(self):
        client = self.visitor()
        breakages = {
            'truncated': lambda: self.write(rules(invite('x', '1s'))[:-20]),
            'empty': lambda: self.write(''),
            'deep': lambda: self.write('[' * 100_000),
            'duplicate keys': lambda: self.write('{"rules": [], "rules": []}'),
            'an unknown fact': lambda: self.write('{"rules": [\n\n{"id": "a", "when": {"page.dwel": {"gte": "1s"}}, "then": {"tag": "t"}}]}'),
            'deleted': lambda: os.remove(self.rules),
            'a folder': self.make_folder,
        }
        for name, breakage in breakages.items():
            with self.subTest(name):
                breakage()
                problem = eventually(lambda: [p for p in self.problems() if p['what'] == 'rules'])[0]
                self.assertEqual(problem['site'], 'shop')
                self.assertTrue(problem['message'].startswith('rules.json:'), problem)
                self.assertNotIn('/', problem['message'])
                self.assertIn(self.rules + ':', self.server.logged())
                if name == 'an unknown fact':
                    self.assertIn(':3:22: error: unknown fact', problem['message'])
                    self.assertIn('^~~~', self.server.logged())
                self.assertEqual(self.server.ready()['status'], 'degraded')
                client.round_trip()
                if os.path.isdir(self.rules):
                    os.rmdir(self.rules)
                self.write(rules(invite('late', '1h')))
                eventually(lambda: not self.problems())
        self.write(rules(invite('soon', '1s')))
        self.assertEqual(client.read_json('offer')['rule'], 'soon')

    def test_a_broken_configuration_stays_out_and_a_good_one_adds_and_removes_a_site(self):
        client = self.visitor()
        with open(self.server.config_file, encoding='utf-8') as config:
            good = config.read()
        self.server.file('beckon.json', good.replace('"origins"', '"origin"'))
        problem = eventually(lambda: [p for p in self.problems() if p['what'] == 'config'])[0]
        self.assertTrue(problem['message'].startswith('beckon.json:1:'), problem)
        client.round_trip()
        second = '{"id": "second", "origins": ["https://second.example"]}'
        self.server.file('beckon.json', good.replace('"sites": [', f'"sites": [{second}, '))
        eventually(lambda: self.server.connect().upgrade('/ws?site=second', 'https://second.example') == 101)
        client.round_trip()
        self.assertEqual(self.problems(), [])
        self.server.file('beckon.json', '{"sites": [%s]}' % second)
        self.assertEqual(client.read_close()[0], 4503)

    def test_logs_hold_no_addresses_and_nothing_that_visitors_sent(self):
        client = self.visitor(page={'url': ORIGIN + '/?secret=canary-1', 'title': 'canary-2', 'referrer': '', 'hidden': False})
        client.send_frame('canary-3')
        client.read_close()
        self.server.stop()
        logged = self.server.logged()
        self.assertNotIn('canary', logged)
        self.assertNotIn('=127.0.0.1 ', logged)


if __name__ == '__main__':
    main()
