"""Who may use the console, and for how long."""
import json
import os
import secrets
import subprocess
import threading
import time
import unittest

from support import BINARY, Operator, Server, eventually, main

API = '/console/api/'
CLOSED_WITHIN = 1.0  # seconds; after a session's end
FOREIGN = ('http://evil.example', 'http://127.0.0.1.evil.example', 'http://evil127.0.0.1', 'http://127.0.0.1', 'https://127.0.0.1', 'null', '', None, '*',
           'file://', 'chrome-extension://abcdef')


def beckon(server, *arguments, password=None):
    command = [BINARY, 'operators', *arguments, '--data', os.path.join(server.dir, 'data')]
    if password is not None:
        command += ['--password-file', server.file('password', password + '\n')]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


class FirstLink(unittest.TestCase):
    def test_the_link_makes_one_admin_once(self):
        with Server() as server:
            self.assertRegex(server.said, r'/console#setup=[A-Za-z0-9_-]{43}\n')
            ada = Operator(server)
            self.assertEqual(ada.set_up(secret=secrets.token_urlsafe(32))[0], 403)
            self.assertEqual(ada.set_up(secret=server.setup_secret[:-1])[0], 403)
            status, headers, body = ada.set_up()
            self.assertEqual((status, body['operator']['role']), (200, 'admin'))
            self.assertEqual(Operator(server).set_up('eve')[0], 403)
            self.assertEqual(ada.session(), 200)

    def test_a_new_start_makes_a_new_link_until_there_is_an_operator(self):
        with Server() as server:
            data = os.path.join(server.dir, 'data')
            server.stop()
            with Server('--data', data) as second:
                self.assertNotEqual(second.setup_secret, server.setup_secret)
                self.assertEqual(Operator(second).set_up(secret=server.setup_secret)[0], 403)
                self.assertEqual(Operator(second).set_up()[0], 200)
            with Server('--data', data) as third:
                self.assertIsNone(third.setup_secret)
                self.assertIn('/console\n', third.said)

    def test_secrets_are_in_no_file_and_no_log(self):
        with Server() as server:
            ada = Operator(server, 'the canary of passwords')
            ada.set_up()
            self.assertEqual(ada.session(), 200)
            kept = [server.setup_secret.encode(), ada.cookie.encode(), ada.password.encode()]
            log = server.logged().encode()
            for folder, _, names in os.walk(os.path.join(server.dir, 'data')):
                for name in names:
                    with open(os.path.join(folder, name), 'rb') as file:
                        log += file.read()
            self.assertIn(b'$argon2id$', log)  # the right files were looked at
            for secret in kept:
                self.assertNotIn(secret, log)


class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(config={'limits': {'connections_per_address': 0}})
        cls.ada = Operator(cls.server)
        assert cls.ada.set_up()[0] == 200

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def another(self):
        other = Operator(self.server)
        self.assertEqual(other.sign_in('ada')[0], 200)
        return other

    def test_the_cookie_is_http_only_strict_and_of_the_console(self):
        status, headers, _ = Operator(self.server).sign_in('ada')
        self.assertEqual(status, 200)
        self.assertRegex(headers['set-cookie'],
                         r'^beckon_console=[A-Za-z0-9_-]{43}; Path=/console; HttpOnly; SameSite=Strict; Max-Age=\d+$')
        self.assertEqual(headers['cache-control'], 'no-store')

    def test_a_login_replaces_the_cookie_and_ends_the_session_before(self):
        ada = self.another()
        before = ada.cookie
        ada.sign_in()
        self.assertNotEqual(ada.cookie, before)
        stale = Operator(self.server)
        stale.cookie = before
        self.assertEqual(stale.session(), 401)
        self.assertEqual(ada.session(), 200)

    def test_a_cookie_chosen_before_the_login_is_worth_nothing_after_it(self):
        fixed = secrets.token_urlsafe(32)
        ada = Operator(self.server)
        ada.cookie = fixed
        self.assertEqual(ada.sign_in('ada')[0], 200)
        self.assertNotEqual(ada.cookie, fixed)
        attacker = Operator(self.server)
        attacker.cookie = fixed
        self.assertEqual(attacker.session(), 401)

    def test_wrong_and_unknown_are_told_the_same(self):
        nobody = Operator(self.server).sign_in('nobody', 'correct horse battery')
        wrong = Operator(self.server).sign_in('ada', 'wrong horse battery')
        for answer in (nobody, wrong):
            self.assertEqual(answer[0], 401)
            self.assertEqual(answer[2], {'error': {'code': 'bad_login', 'message': 'the login or the password is wrong'}})
            self.assertNotIn('set-cookie', answer[1])

    def test_foreign_origins_may_change_nothing_even_with_a_good_cookie(self):
        ada = self.another()
        for origin in FOREIGN:
            for path in ('login', 'logout', 'setup', 'password', 'operators', 'operators/p_x', 'files?site=shop'):
                status, headers, _ = ada.request('POST', API + path, {}, origin=origin)
                self.assertEqual(status, 403, (origin, path))
                self.assertNotIn('access-control-allow-origin', headers)
        self.assertEqual(ada.session(), 200)

    def test_form_posts_of_other_sites_are_refused(self):
        ada = self.another()
        for kind in ('application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', ''):
            header = f'Content-Type: {kind}\r\n' if kind else ''
            for origin, wanted in (('http://evil.example', 403), (None, 403), ('own', 415)):
                status, _, _ = ada.request('POST', API + 'logout', origin=origin, headers=header, raw=b'{}')
                self.assertEqual(status, wanted, (kind, origin))
        self.assertEqual(ada.session(), 200)

    def test_a_change_through_get_is_405(self):
        ada = self.another()
        for path in ('login', 'logout', 'setup', 'password', 'operators/p_x', 'files'):
            for method in ('GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'):
                status, headers, _ = ada.request(method, API + path)
                self.assertEqual((status, headers.get('allow')), (405, 'POST'), (method, path))
        self.assertEqual(ada.request('POST', API + 'session', {})[0], 405)
        self.assertEqual(ada.session(), 200)

    def test_bodies_are_json_of_known_fields_and_bounded(self):
        ada = Operator(self.server)
        bad = ('', '{', '[]', '{"login":"ada"}', '{"login":"ada","password":1}', '{"login":"ada","login":"eve","password":"x"}',
               '{"login":"ada","password":"correct horse battery","role":"admin"}', '{"login":"ada\\u0000","password":"x"}',
               '{"login":"' + 'a' * 65 + '","password":"x"}', '{"login":"ada","password":"' + 'x' * 257 + '"}', '[' * 60000)
        for body in bad:
            status = ada.request('POST', API + 'login', headers='Content-Type: application/json\r\n', raw=body.encode())[0]
            self.assertEqual(status, 400, body[:60])
        large = json.dumps({'login': 'ada', 'password': 'x' * 70000}).encode()
        self.assertEqual(ada.request('POST', API + 'login', headers='Content-Type: application/json\r\n', raw=large)[0], 413)
        self.server.assert_alive()

    def test_the_console_socket_needs_own_origin_and_good_cookie(self):
        ada = self.another()
        for origin in FOREIGN + (f'http://127.0.0.1:{self.server.port + 1}', f'https://127.0.0.1:{self.server.port}'):
            client, status = ada.open(origin)
            self.assertEqual(status, 403, origin)
            client.close()
        for cookie in (None, '', 'x', secrets.token_urlsafe(32), ada.cookie[:-1], ada.cookie + 'A'):
            client, status = ada.open(cookie=cookie)
            self.assertEqual(status, 401, cookie)
            client.close()
        client, status = ada.open(protocol='beckon.v1')
        self.assertEqual(status, 400)
        client.close()
        client, status = ada.open()
        self.assertEqual(status, 101)
        client.close()

    def test_operator_frames_from_a_visitor_are_refused(self):
        for value in ({'type': 'presence', 'id': 2, 'state': 'online'}, {'type': 'take', 'id': 2, 'site': 'shop', 'conversation': 'c_x', 'version': 1},
                      {'type': 'close', 'id': 2, 'site': 'shop', 'conversation': 'c_x', 'version': 1}, {'type': 'watch', 'id': 2, 'site': 'shop'}):
            visitor = self.server.visitor()
            visitor.send_json(value)
            self.assertGreaterEqual(visitor.read_close()[0], 4500, value)
            visitor.close()

    def test_10_000_guessed_cookies_do_not_work_and_are_throttled(self):
        with Server(config={'trusted_proxies': ['127.0.0.1']}) as server:
            Operator(server).set_up()
            client, statuses = server.connect(), {}
            for i in range(10_000):
                if i % 100 == 0:
                    client.close()
                    client = server.connect()
                status, _, _ = client.get(API + 'session', headers=f'Cookie: beckon_console={secrets.token_urlsafe(32)}\r\nX-Forwarded-For: 203.0.113.7\r\n')
                statuses[status] = statuses.get(status, 0) + 1
            self.assertEqual(set(statuses), {401, 429})
            self.assertGreater(statuses[429], statuses[401])
            server.assert_alive()

    def test_pages_cannot_be_framed_and_run_nothing_of_others(self):
        for path in ('/console', '/console/', '/console/conversations/c_x', '/console/nothing.js'):
            client = self.server.connect()
            status, headers, body = client.get(path)
            client.close()
            policy = headers['content-security-policy']
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn('unsafe-inline', policy)
            self.assertEqual(headers['x-frame-options'], 'DENY')
            self.assertEqual(headers['x-content-type-options'], 'nosniff')

    def test_the_host_header_makes_no_links_and_paths_no_redirects(self):
        for path in ('/console', '/console//evil.example', '/console/\\evil.example', '//evil.example/console', '/console/%2f%2fevil.example',
                     '/console?next=//evil.example', '/console/api/session', '/files/f_x'):
            client = self.server.connect()
            client.send(f'GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n')
            status, headers, body = client.response()
            client.close()
            self.assertNotIn('location', headers, path)
            self.assertLess(status // 100, 5)
            self.assertNotEqual(status // 100, 3, path)
            self.assertNotIn(b'evil.example', body)

    def test_files_outside_the_console_are_not_served(self):
        for path in ('/console/../shop/rules.json', '/console/%2e%2e/shop/rules.json', '/console/..%2f..%2fetc/passwd', '/console/beckon.db'):
            client = self.server.connect()
            status, _, body = client.get(path)
            client.close()
            self.assertNotIn(b'root:', body)
            self.assertNotIn(b'"rules"', body)
            self.assertNotIn(b'SQLite', body)
            # A path of the console's own gives its page, whatever is in it.
            self.assertTrue(status in (400, 404) or b'id="app"' in body, path)


class Throttle(unittest.TestCase):
    def test_20_wrong_passwords_are_429_also_for_the_right_one_and_for_unknown_logins(self):
        with Server() as server:
            Operator(server).set_up()
            for login in ('ada', 'nobody'):
                server_again = Operator(server)
                answers = [server_again.sign_in(login, 'wrong horse battery') for _ in range(21)]
                statuses = [status for status, _, _ in answers]
                if login == 'ada':
                    self.assertEqual(statuses, [401] * 20 + [429])
                    self.assertGreater(int(answers[-1][1]['retry-after']), 0)
                else:
                    self.assertEqual(set(statuses), {429})  # by now the address has used up its tries
            self.assertEqual(Operator(server).sign_in('ada')[0], 429)
            server.assert_alive()

    def test_another_address_is_not_kept_out_of_another_login(self):
        with Server(config={'trusted_proxies': ['127.0.0.1']}) as server:
            Operator(server).set_up()

            def status(login, password, address):
                origin = f'http://127.0.0.1:{server.port}'
                client = server.connect()
                got = client.post(API + 'login', json.dumps({'login': login, 'password': password}),
                                  f'Origin: {origin}\r\nContent-Type: application/json\r\nX-Forwarded-For: {address}\r\n')[0]
                client.close()
                return got
            for i in range(20):
                self.assertEqual(status(f'guess-{i}', 'wrong horse battery', '203.0.113.7'), 401)
            self.assertEqual(status('ada', 'correct horse battery', '203.0.113.7'), 429)
            self.assertEqual(status('ada', 'correct horse battery', '198.51.100.7'), 200)
            for i in range(100):  # one login, guessed from everywhere
                self.assertEqual(status('eve', 'wrong horse battery', f'192.0.2.{i}'), 401)
            self.assertEqual(status('eve', 'wrong horse battery', '192.0.2.199'), 429)

    def test_guesses_of_strangers_keep_nobody_out_where_they_have_signed_in_before(self):
        with Server() as server:
            ada = Operator(server)
            ada.set_up()
            stranger = Operator(server)
            self.assertEqual([stranger.sign_in('ada', 'wrong horse battery')[0] for _ in range(21)], [401] * 20 + [429])
            status, headers, _ = ada.sign_in()
            self.assertEqual(status, 200)
            self.assertRegex(headers['set-cookie'], '^beckon_console=')
            stranger.device = ada.device[:-1] + ('0' if ada.device[-1] != '0' else '1')
            self.assertEqual(stranger.sign_in('ada', ada.password)[0], 429)
            # The cookie lets a password be tried, and opens nothing.
            stranger.device = ada.device
            self.assertEqual(stranger.session(), 401)
            self.assertEqual([stranger.sign_in('ada', 'wrong horse battery')[0] for _ in range(21)], [401] * 20 + [429])
            self.assertEqual(stranger.sign_in('eve', 'wrong horse battery')[0], 429)

    def test_an_unknown_login_takes_as_long_as_a_wrong_password(self):
        with Server(config={'trusted_proxies': ['127.0.0.1']}) as server:
            Operator(server).set_up()
            origin = f'http://127.0.0.1:{server.port}'

            def seconds(login, address):
                client = server.connect()
                began = time.monotonic()
                status, _, _ = client.post(API + 'login', json.dumps({'login': login, 'password': 'wrong horse battery'}),
                                           f'Origin: {origin}\r\nContent-Type: application/json\r\nX-Forwarded-For: {address}\r\n')
                self.assertEqual(status, 401)
                client.close()
                return time.monotonic() - began
            known = min(seconds('ada', f'203.0.113.{i}') for i in range(8))
            unknown = min(seconds(f'nobody-{i}', f'198.51.100.{i}') for i in range(8))
            self.assertLess(abs(known - unknown), 0.5 * max(known, unknown))

    def test_more_logins_at_once_than_can_be_checked_are_503_and_others_are_served(self):
        with Server(config={'trusted_proxies': ['127.0.0.1'], 'limits': {'connections_per_address': 0}}) as server:
            Operator(server).set_up()
            server.watch()
            origin = f'http://127.0.0.1:{server.port}'
            body = json.dumps({'login': 'ada', 'password': 'wrong horse battery'})
            clients = [server.connect() for _ in range(90)]
            for i, client in enumerate(clients):
                body = json.dumps({'login': f'ada-{i}', 'password': 'wrong horse battery'})
                client.send(f'POST {API}login HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: {origin}\r\nContent-Type: application/json\r\n'
                            f'X-Forwarded-For: 203.0.{i}.7\r\nContent-Length: {len(body)}\r\n\r\n{body}')
            server.assert_alive()
            statuses = [client.response()[0] for client in clients]
            self.assertEqual(set(statuses) - {401, 503}, set())
            self.assertIn(503, statuses)
            self.assertIn(401, statuses)


class Ends(unittest.TestCase):
    """What ends a session closes its sockets."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.ada = Operator(cls.server)
        assert cls.ada.set_up()[0] == 200
        for login in ('bob', 'cy', 'dee'):
            assert cls.ada.request('POST', API + 'operators', {'login': login, 'name': login, 'password': cls.ada.password})[0] == 201

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def signed_in(self, login):
        operator = Operator(self.server)
        self.assertEqual(operator.sign_in(login)[0], 200)
        client, status = operator.open()
        self.assertEqual(status, 101)
        client.send_json({'type': 'hello', 'id': 1})
        client.read_json('welcome')
        return operator, client

    def assert_signed_out(self, client, since):
        code, _ = client.read_close()
        self.assertEqual(code, 4505)
        self.assertLess(time.monotonic() - since, CLOSED_WITHIN)
        client.close()

    def test_logout(self):
        here, socket = self.signed_in('bob')
        there, other = self.signed_in('bob')
        began = time.monotonic()
        self.assertEqual(here.request('POST', API + 'logout', {})[0], 204)
        self.assert_signed_out(socket, began)
        self.assertEqual(here.session(), 401)
        self.assertEqual(there.session(), 200)
        other.send_json({'type': 'ping', 'id': 2})
        self.assertEqual(other.read_json('ok')['id'], 2)
        other.close()

    def test_a_new_password(self):
        here, socket = self.signed_in('bob')
        there, other = self.signed_in('bob')
        began = time.monotonic()
        status, _, _ = here.request('POST', API + 'password', {'old': here.password, 'new': 'battery staple horse'})
        self.assertEqual(status, 204)
        self.assert_signed_out(socket, began)
        self.assert_signed_out(other, began)
        self.assertEqual(here.session(), 200)  # with its new cookie
        self.assertEqual(there.session(), 401)
        self.assertEqual(here.request('POST', API + 'password', {'old': 'battery staple horse', 'new': here.password})[0], 204)

    def test_a_disabled_operator(self):
        cy, socket = self.signed_in('cy')
        operators = self.ada.request('GET', API + 'operators')[2]['operators']
        cys_id = next(who['id'] for who in operators if who['login'] == 'cy')
        began = time.monotonic()
        self.assertEqual(self.ada.request('POST', f'{API}operators/{cys_id}', {'disabled': True})[0], 200)
        self.assert_signed_out(socket, began)
        self.assertEqual(cy.session(), 401)
        self.assertEqual(cy.sign_in()[0], 401)

    def test_a_command_while_the_server_runs(self):
        dee, socket = self.signed_in('dee')
        began = time.monotonic()
        done = beckon(self.server, 'disable', 'dee')
        self.assertEqual((done.returncode, done.stdout), (0, 'Disabled dee\n'), done.stderr)
        self.assertEqual(socket.read_close()[0], 4505)
        self.assertEqual(dee.session(), 401)


class Roles(unittest.TestCase):
    def test_operators_may_not_do_what_admins_may(self):
        with Server() as server:
            ada = Operator(server)
            ada.set_up()
            status, _, body = ada.request('POST', API + 'operators', {'login': 'Bob', 'name': 'Bob', 'password': ada.password})
            self.assertEqual((status, body['operator']['login'], body['operator']['role']), (201, 'bob', 'operator'))
            self.assertNotIn('password', json.dumps(body))
            bob = Operator(server)
            bob.sign_in('bob')
            bobs_path = f"{API}operators/{body['operator']['id']}"
            self.assertEqual(bob.request('GET', API + 'operators')[0], 403)
            self.assertEqual(bob.request('POST', API + 'operators', {'login': 'eve', 'name': 'Eve', 'password': ada.password})[0], 403)
            self.assertEqual(bob.request('POST', bobs_path, {'role': 'admin'})[0], 403)
            self.assertEqual(Operator(server).request('GET', API + 'operators')[0], 401)
            self.assertEqual(ada.request('POST', API + 'operators', {'login': 'BOB', 'name': 'B', 'password': ada.password})[0], 409)
            self.assertEqual(ada.request('POST', bobs_path, {'login': 'ada'})[0], 400)
            self.assertEqual(ada.request('POST', API + 'operators/p_' + 'x' * 22, {'name': 'X'})[0], 404)
            self.assertEqual(ada.request('POST', bobs_path, {'role': 'admin'})[0], 200)
            self.assertEqual(bob.request('GET', API + 'operators')[0], 200)


    def test_of_two_admins_who_end_each_other_s_role_at_once_one_stays(self):
        with Server() as server:
            ada, eve = Operator(server), Operator(server)
            adas = ada.set_up()[2]['operator']['id']
            eves = ada.request('POST', API + 'operators', {'login': 'eve', 'name': 'Eve', 'password': ada.password, 'role': 'admin'})[2]['operator']['id']
            eve.sign_in('eve')
            for _ in range(10):
                ends = [threading.Thread(target=who.request, args=('POST', f'{API}operators/{whom}', {'role': 'operator'}))
                        for who, whom in ((ada, eves), (eve, adas))]
                for each in ends:
                    each.start()
                for each in ends:
                    each.join()
                admins = [who for who in (ada, eve) if who.request('GET', API + 'operators')[0] == 200]
                self.assertEqual(len(admins), 1)
                other = eves if admins[0] is ada else adas
                self.assertEqual(admins[0].request('POST', f'{API}operators/{other}', {'role': 'admin'})[0], 200)


class Counted(unittest.TestCase):
    def test_logins_are_counted_by_what_became_of_them(self):
        with Server() as server:
            ada = Operator(server)
            ada.set_up()
            ada.sign_in()
            stranger = Operator(server)
            for _ in range(20):
                stranger.sign_in('ada', 'wrong horse battery')
            self.assertEqual(stranger.sign_in('nobody')[0], 429)
            metrics = ada.request('GET', '/metrics')[2].decode()
            for line in ('{result="ok"} 1', '{result="refused"} 20', '{result="throttled"} 1', '{result="failed"} 0'):
                self.assertIn(f'beckon_logins_total{line}\n', metrics)


class CommandLine(unittest.TestCase):
    def test_operators_while_a_server_runs_and_while_none_does(self):
        with Server() as server:
            added = beckon(server, 'add', 'Ada', '--role', 'admin', '--skill', 'returns', password='correct horse battery')
            self.assertEqual((added.returncode, added.stdout), (0, 'Added Ada\n'), added.stderr)
            ada = Operator(server)
            self.assertEqual(ada.sign_in('ada')[0], 200)
            self.assertEqual(ada.set_up()[0], 403)
            self.assertEqual(beckon(server, 'password', 'ada', password='battery staple horse').returncode, 0)
            self.assertEqual(ada.session(), 401)
            self.assertEqual(ada.sign_in('ada', 'battery staple horse')[0], 200)
            again = beckon(server, 'add', 'ada', password='correct horse battery')
            self.assertEqual(again.returncode, 1)
            self.assertRegex(again.stderr, r'^beckon operators add: .+\n$')
            server.stop()
            self.assertEqual(beckon(server, 'add', 'bob', password='correct horse battery').returncode, 0)
            listed = beckon(server, 'list')
            self.assertRegex(listed.stdout, r'(?s)^ada +admin +Ada, 4 chats, skills: returns\nbob +operator +bob, 4 chats\n$')
            self.assertEqual(beckon(server, 'disable', 'bob').returncode, 0)
            self.assertRegex(beckon(server, 'list').stdout, r'bob +disabled')
            self.assertEqual(beckon(server, 'disable', 'nobody').returncode, 1)

    def test_a_site_that_is_not_there_is_named_with_those_that_are(self):
        why = 'beckon operators add: there is no site "shpo"; there is shop\n'
        with Server() as server:
            answer = beckon(server, 'add', 'ada', '--site', 'shpo', password='correct horse battery')
            self.assertEqual((answer.returncode, answer.stderr), (1, why))
            self.assertEqual(beckon(server, 'add', 'ada', '--site', 'shop', password='correct horse battery').returncode, 0)
            server.stop()
            config = server.file('offline.json', json.dumps({'data': 'data', 'sites': [{'id': 'shop', 'origins': ['https://shop.example']}]}))
            answer = beckon(server, 'add', 'bob', '--site', 'shpo', '--config', config, password='correct horse battery')
            self.assertEqual((answer.returncode, answer.stderr), (1, why))
            self.assertNotIn('bob', beckon(server, 'list').stdout)

    def test_a_password_is_asked_for_on_a_terminal_or_read_from_a_file(self):
        with Server() as server:
            short = beckon(server, 'add', 'ada', password='short')
            self.assertEqual(short.returncode, 1)
            self.assertIn('at least 10', short.stderr)
            command = [BINARY, 'operators', 'add', 'ada', '--data', os.path.join(server.dir, 'data')]
            without = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, start_new_session=True)
            self.assertEqual(without.returncode, 1)
            self.assertIn('--password-file', without.stderr)

    def test_the_prompt_shows_nothing(self):
        import pty
        with Server() as server:
            pid, terminal = pty.fork()
            if pid == 0:
                os.execv(BINARY, [BINARY, 'operators', 'add', 'ada', '--data', os.path.join(server.dir, 'data')])
            shown = b''

            def until(text):
                nonlocal shown
                while text not in shown:
                    shown += os.read(terminal, 1024)
            until(b'Password: ')
            os.write(terminal, b'correct horse battery\n')
            until(b'The same again: ')
            os.write(terminal, b'correct horse battery\n')
            until(b'Added ada')
            self.assertEqual(os.waitpid(pid, 0)[1], 0)
            os.close(terminal)
            self.assertNotIn(b'horse', shown)
            self.assertEqual(Operator(server).sign_in('ada')[0], 200)


if __name__ == '__main__':
    main()
