"""Who may connect, and what one who may not learns: nothing."""
import secrets
import unittest

from support import Server, eventually, main


def site(name, origins):
    return {'id': name, 'origins': origins, 'consent': 'granted'}


class Origins(unittest.TestCase):
    def test_only_listed_origins_of_that_site(self):
        config = {'sites': [site('good', ['https://good.com', 'http://localhost:3000']), site('other', ['https://other.com'])]}
        with Server(config=config) as server:
            def status(target, origin):
                client = server.connect()
                got = client.upgrade(target, origin)
                client.close()
                return got
            self.assertEqual(status('/ws?site=good', 'https://good.com'), 101)
            self.assertEqual(status('/ws?site=good', 'http://localhost:3000'), 101)
            for origin in ('https://good.com.evil.com', 'https://evilgood.com', 'https://good.com:8443', 'http://good.com', 'https://good.com/',
                           'https://www.good.com', 'http://localhost', 'http://localhost:3001', 'https://other.com', 'null', None, '', '*',
                           'https://good.com https://evil.com', 'file://', 'chrome-extension://abcdef'):
                self.assertEqual(status('/ws?site=good', origin), 403, origin)
            for target in ('/ws?site=missing', '/ws', '/ws?site=', '/ws?site=good%00', '/ws?site=../good'):
                self.assertEqual(status(target, 'https://good.com'), 403, target)

    def test_the_demo_allows_its_own_pages_by_both_names(self):
        with Server() as server:
            for host in ('127.0.0.1', 'localhost'):
                self.assertEqual(server.connect().upgrade(origin=f'http://{host}:{server.port}'), 101)
            self.assertEqual(server.connect().upgrade(origin=f'http://127.0.0.1:{server.port + 1}'), 403)

    def test_a_hello_for_another_site_than_the_upgrade(self):
        with Server() as server:
            client = server.open()
            client.send_json({'type': 'hello', 'id': 1, 'site': 'other', 'tab': 't', 'session': 'session-0123456789',
                              'page': {'url': '/', 'title': '', 'referrer': '', 'hidden': False}})
            self.assertGreaterEqual(client.read_close()[0], 4500)
            server.assert_alive()


class Tokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(config={'limits': {'connections_per_address': 0}})

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def welcome(self, token=None, hint=None, tab='t', session='session-0123456789'):
        client = self.server.connect()
        self.assertEqual(client.upgrade('/ws?site=shop' + (f'&v={hint}' if hint else '')), 101)
        welcome = client.hello(tab=tab, session=session, **({'token': token} if token else {}))
        client.close()
        return welcome

    def test_a_good_token_is_the_same_visitor(self):
        first = self.welcome()
        again = self.welcome(first['token'], first['visitor'], tab='u', session='session-9876543210')
        self.assertEqual(again['visitor'], first['visitor'])

    def test_a_token_cut_flipped_or_made_up_is_a_new_visitor_without_a_hint(self):
        first = self.welcome()
        token, visitor = first['token'], first['visitor']
        flipped = token[:-2] + ('A' if token[-2] != 'A' else 'B') + token[-1]
        for bad in (token[:-1], token[:20], flipped, token + 'x', visitor, visitor + '.99999.' + secrets.token_urlsafe(32), '.', 'x' * 256):
            got = self.welcome(bad, visitor)
            self.assertNotEqual(got['visitor'], visitor, bad)
            self.assertEqual(got['last'], 0)
            self.assertFalse(got['resumed'])

    def test_a_hint_without_the_token_is_worth_nothing(self):
        first = self.welcome()
        self.assertNotEqual(self.welcome(None, first['visitor'])['visitor'], first['visitor'])

    def test_guessed_tokens_do_not_work_and_are_throttled(self):
        with Server(config={'limits': {'connections_per_address': 0}}) as server:
            first = server.visitor().welcome
            day = first['token'].split('.')[1]
            throttled = 0
            for _ in range(300):
                client = server.open(first['visitor'])
                try:
                    got = client.hello(token=f"{first['visitor']}.{day}.{secrets.token_urlsafe(32)}")
                    self.assertNotEqual(got['visitor'], first['visitor'])
                except AssertionError as refused:
                    self.assertIn('4003', str(refused))
                    throttled += 1
                client.close()
            self.assertGreater(throttled, 0)

    def test_a_token_of_128_bits_at_least(self):
        self.assertGreaterEqual(len(self.welcome()['token'].split('.')[-1]) * 6, 128)


class Crowds(unittest.TestCase):
    def test_a_thousand_sockets_of_one_address_are_throttled(self):
        with Server('--shards', '2') as server:
            server.watch()
            clients = [server.connect() for _ in range(1000)]
            served = 0
            for client in clients:
                client.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
                served += client.response()[0] == 200
            self.assertLessEqual(served, 200)  # a hundred of each shard
            server.assert_alive()
            for client in clients:
                client.close()
            eventually(lambda: server.connect().get('/healthz')[0] == 200)

    def test_websockets_of_one_address_are_bounded_too(self):
        with Server('--shards', '1', config={'limits': {'connections_per_address': 20}}) as server:
            clients = [server.open() for _ in range(25)]
            for client in clients[20:]:
                self.assertEqual(client.read_close()[0], 4003)
            for client in clients[:20]:
                client.hello()


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def request(self, path, method='GET', host='127.0.0.1'):
        client = self.server.connect()
        client.send(f'{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n')
        got = client.response()
        client.close()
        return got

    def test_a_change_through_any_other_method_is_405(self):
        for path in ('/', '/widget.js', '/healthz', '/readyz', '/metrics', '/ws'):
            for method in ('POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'):
                status, headers, _ = self.request(path, method)
                self.assertEqual((status, headers.get('allow')), (405, 'GET, HEAD'), (method, path))

    def test_the_host_header_makes_no_links_and_paths_no_redirects(self):
        for path in ('/', '//evil.example', '/\\evil.example', '/cart', '/nothing', '/app/x'):
            status, headers, body = self.request(path, host='evil.example')
            self.assertNotIn('location', headers)
            self.assertNotIn(b'evil.example', body)
            self.assertIn(status, (200, 400, 404))

    def test_files_outside_the_shop_are_not_served(self):
        for path in ('/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/js/../../rules.json', '/rules.json', '/.git/config',
                     '/widget/../shop/rules.json', '/widget/%2e%2e/shop/rules.json', '/\0', '/beckon.db'):
            self.assertIn(self.request(path)[0], (400, 404), path)

    def test_pages_cannot_be_framed_and_the_widget_loads_anywhere(self):
        page = self.request('/')[1]
        self.assertIn("frame-ancestors 'none'", page['content-security-policy'])
        self.assertEqual(page['x-content-type-options'], 'nosniff')
        status, widget, _ = self.request('/widget.js')
        if status == 200:  # a build without npm has none
            self.assertEqual(widget['cross-origin-resource-policy'], 'cross-origin')
            self.assertEqual(widget['access-control-allow-origin'], '*')


if __name__ == '__main__':
    main()
