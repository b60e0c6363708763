"""A start that cannot be: one clear line or the place in the file, exit code 1 for what was met, 2 for how it was called. And
the stop."""
import os
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

from support import BINARY, STOP_WITHIN, Server, main


def start(*options, cwd=None):
    """(exit code, standard error) of a start that ends by itself."""
    done = subprocess.run([BINARY, *options], capture_output=True, text=True, timeout=30, cwd=cwd)
    return done.returncode, done.stderr


class Start(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.data = os.path.join(self.dir.name, 'data')

    def tearDown(self):
        self.dir.cleanup()

    def file(self, name, text):
        path = os.path.join(self.dir.name, name)
        with open(path, 'w', encoding='utf-8') as out:
            out.write(text)
        return path

    def serve(self, *options):
        return start('serve', '--listen', '127.0.0.1:0', *(() if '--data' in options else ('--data', self.data)), *options, cwd=self.dir.name)

    def refused_in_one_line(self, got, *parts):
        code, err = got
        self.assertEqual((code, err.count('\n')), (1, 1), err)
        self.assertTrue(err.startswith('beckon: '), err)
        for part in parts:
            self.assertIn(part, err)

    def test_a_port_in_use(self):
        with Server() as server:
            got = start('serve', '--demo', '--listen', f'127.0.0.1:{server.port}', '--data', self.data)
        self.refused_in_one_line(got, f'cannot listen on 127.0.0.1:{server.port}: the address is already in use')

    def test_data_in_use(self):
        with Server() as server:
            self.refused_in_one_line(self.serve('--demo', '--data', os.path.join(server.dir, 'data')))

    def test_a_data_directory_that_cannot_be(self):
        in_the_way = self.file('in-the-way', '')
        self.refused_in_one_line(self.serve('--demo', '--data', os.path.join(in_the_way, 'data')), 'in-the-way')

    def test_a_database_that_is_none(self):
        os.mkdir(self.data)
        with open(os.path.join(self.data, 'beckon.db'), 'wb') as out:
            out.write(b'this is no database ' * 1000)
        self.refused_in_one_line(self.serve('--demo'), 'beckon.db')

    def test_a_database_of_a_later_version(self):
        with Server() as server:
            server.stop()
            database = sqlite3.connect(os.path.join(server.dir, 'data', 'beckon.db'))
            database.execute('PRAGMA user_version = 9999')
            database.commit()
            database.close()
            self.refused_in_one_line(self.serve('--demo', '--data', os.path.join(server.dir, 'data')))

    def test_a_configuration_that_is_not_there(self):
        code, err = self.serve('--config', os.path.join(self.dir.name, 'missing.json'))
        self.assertEqual(code, 1)
        self.assertIn('missing.json', err)

    def test_a_wrong_configuration_shows_every_place(self):
        config = self.file('beckon.json', '{\n  "listn": "127.0.0.1:1",\n  "shards": "two"\n}\n')
        code, err = self.serve('--config', config)
        self.assertEqual(code, 1)
        self.assertIn(f'{config}:2:3: error: ', err)
        self.assertIn(f'{config}:3:13: error: ', err)
        self.assertIn('^', err)
        self.assertIn('did you mean "listen"?', err)

    def test_a_missing_rules_file_and_a_wrong_one(self):
        config = self.file('beckon.json', '{"sites": [{"id": "a", "origins": ["https://a.example"], "rules": "a.rules.json"}]}')
        code, err = self.serve('--config', config)
        self.assertEqual(code, 1)
        self.assertIn('a.rules.json: No such file or directory', err)
        rules = self.file('a.rules.json', '{"rules": [\n  {"id": "x", "when": {"page.dwel": {"gte": "45s"}}, "then": {"tag": "y"}}\n]}\n')
        code, err = self.serve('--config', config)
        self.assertEqual(code, 1)
        self.assertIn(f'{rules}:2:24: error: ', err)
        self.assertIn('^', err)

    def test_wrong_options(self):
        for options in (('--listen', 'localhost'), ('--listen', '1.2.3.4:99999'), ('--shards', '0'), ('--shards', 'many'),
                        ('--log-format', 'xml'), ('--nonsense',)):
            self.assertEqual(start('serve', '--demo', *options)[0], 2, options)


class Stop(unittest.TestCase):
    def test_every_client_is_told_to_come_back_and_the_exit_code_is_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Server() as server:
                visitors = [server.visitor(tab=f'tab-{i}') for i in range(20)]
                silent, half = server.connect(), server.connect()
                half.send('GET / HTTP/1.1\r\nHo')
                server.process.send_signal(number)
                self.assertEqual(server.process.wait(STOP_WITHIN), 0, server.logged())
                for visitor in visitors:
                    self.assertEqual(visitor.read_close()[0], 4000)
                self.assertEqual(silent.read_to_end() + half.read_to_end(), b'')

    def test_clients_that_do_not_take_their_close_frame_are_not_waited_for(self):
        with Server() as server:
            held = [server.visitor(tab=f'tab-{i}') for i in range(20)]  # open, and nobody reads
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, STOP_WITHIN)
            self.assertEqual(len(held), 20)

    def test_a_visitor_is_known_after_a_restart(self):
        with Server() as server:
            first = server.visitor().welcome
            server.stop()
            with Server('--data', os.path.join(server.dir, 'data')) as again:
                welcome = again.visitor(first['visitor'], token=first['token'], session='another-session-0123').welcome
                self.assertEqual(welcome['visitor'], first['visitor'])

    def test_a_connection_that_is_lost_is_resumed_where_it_was(self):
        with Server() as server:
            client = server.visitor()
            for _ in range(3):
                client.round_trip()
            client.close()
            again = server.visitor(client.welcome['visitor'], token=client.welcome['token'], resume=True)
            self.assertTrue(again.welcome['resumed'])
            self.assertEqual(again.welcome['last'], 4)


if __name__ == '__main__':
    main()
