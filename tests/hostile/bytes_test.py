"""Bytes that no browser sends: each is refused as documented, costs bounded memory, and nobody else notices."""
import unittest

from support import BINARY_FRAME, PING, PONG, Server, frame, main

HELLO = '{"type":"hello","id":1,"site":"shop","tab":"t","session":"session-0123456789","page":{"url":"/","title":"","hidden":false}}'
MEGABYTE = 1024 * 1024


class Bytes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(config={'limits': {'connections_per_address': 0}})
        cls.server.watch()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def tearDown(self):
        self.server.assert_alive()

    def refused(self, text, code=4500, reason=None):
        """What a visitor's frame is closed with."""
        client = self.server.visitor()
        client.send_frame(text)
        got = client.read_close()
        self.assertEqual(got[0], code, (text[:80], got))
        if reason:
            self.assertIn(reason, got[1])
        client.close()

    def event(self, members):
        return '{"type":"events","id":2,"events":[' + members + ']}'

    def test_numbers_that_are_none(self):
        for number in ('NaN', 'Infinity', '-Infinity', '1e400', '0x10', '01', '1.', '.5', '+1', '--1', '1e', '18446744073709551616e999'):
            self.refused(self.event('{"type":"cart","value":' + number + '}'))

    def test_the_number_that_kills_rapidjson(self):
        # CVE-2024-38517. A number for all that, only a very small one: either answer is fine, dying is not.
        client = self.server.visitor()
        client.send_frame(self.event('{"type":"cart","value":0.0000000001e-2147483639}'))
        self.assertIn(client.read_frame()[0], (1, 8))

    def test_ids_beyond_what_a_browser_counts(self):
        for number in ('18446744073709551616', '9007199254740992', '1.5', '-1', '0', 'null', '"2"'):
            self.refused('{"type":"events","id":' + number + ',"events":[{"type":"activity"}]}')

    def test_deep_nesting(self):
        self.refused('[' * 60_000)
        self.refused('{"a":' * 10_000)
        self.refused(self.event('{"type":"event","name":"x","data":' + '[' * 5_000 + ']' * 5_000 + '}'))

    def test_every_field_of_a_wrong_type(self):
        for kind, field in (('page', 'url'), ('page', 'title'), ('cart', 'value'), ('cart', 'currency'), ('order', 'id'),
                            ('event', 'name'), ('event', 'data'), ('attr', 'name'), ('scroll', 'percent')):
            for value in ('{}', '[]', '[[]]', 'true'):
                self.refused(self.event('{"type":"' + kind + '","' + field + '":' + value + '}'))

    def test_no_json_at_all(self):
        for text in ('', ' ', 'null', '[]', '"hello"', '{', '{"type":"events"', '{"type":"events","id":2,"id":3}', '\0', HELLO + HELLO,
                     "{'type':'events'}"):
            self.refused(text)

    def test_fields_that_only_the_server_may_set(self):
        for member in ('"role":"operator"', '"operator":true', '"status":"ended"', '"__proto__":{}', '"visitor":"v_x"'):
            self.refused('{"type":"events","id":2,' + member + ',"events":[{"type":"activity"}]}')
            self.refused(self.event('{"type":"activity",' + member + '}'))

    def test_frames_that_a_visitor_may_not_send(self):
        for kind in ('welcome', 'ack', 'offer_', 'assign', 'operator', 'message', 'withdraw', ''):
            self.refused('{"type":"' + kind + '","id":2}')

    def test_bytes_that_are_no_utf8(self):
        for payload in (b'\xff', b'{"type":"\xc0\x80"}', b'\xed\xa0\x80', b'\xf4\x90\x80\x80'):
            client = self.server.visitor()
            client.send_frame(payload)
            self.assertEqual(client.read_close()[0], 1007)

    def test_binary_frames(self):
        client = self.server.visitor()
        client.send_frame(HELLO, opcode=BINARY_FRAME)
        self.assertEqual(client.read_close()[0], 4500)

    def test_no_hello_first(self):
        client = self.server.open()
        client.send_frame('{"type":"events","id":1,"events":[{"type":"activity"}]}')
        self.assertEqual(client.read_close()[0], 4501)

    def test_an_announced_length_of_a_terabyte(self):
        before = self.server.memory_kb()
        for announced in (2 ** 40, 2 ** 63 - 1, 65537):
            client = self.server.visitor()
            client.send_frame(b'x' * 100, announce=announced)
            self.assertEqual(client.read_close()[0], 4502)
        self.assertLess(self.server.memory_kb() - before, 4 * 1024)

    def test_a_million_empty_continuations(self):
        before = self.server.memory_kb()
        client = self.server.visitor()
        client.send_frame(b'', fin=0)
        some = frame(b'', opcode=0, fin=0) * 10_000
        for _ in range(100):
            if not client.send(some):
                break
        self.assertEqual(client.read_close()[0] or 4003, 4003)
        self.assertLess(self.server.memory_kb() - before, 4 * 1024)

    def test_compression_is_not_spoken(self):
        client = self.server.connect()
        self.assertEqual(client.upgrade(extra='Sec-WebSocket-Extensions: permessage-deflate\r\n'), 101)
        client.send(bytes([0xc1, 0x85]) + b'\0\0\0\0' + b'\xaa\x56\x4a\x2a\x49')  # a compressed frame: a reserved bit
        self.assertEqual(client.read_close()[0], 1002)

    def test_frames_against_the_websocket_standard(self):
        for raw in (frame('{}', opcode=3), frame('{}', opcode=11), frame(b'x' * 126, opcode=PING), frame(b'', opcode=PING, fin=0),
                    frame(b'', opcode=0), b'\x81\x02{}'):
            client = self.server.visitor()
            client.send(raw)
            self.assertEqual(client.read_close()[0], 1002, raw)

    def test_a_ping_flood_by_a_peer_that_does_not_read(self):
        before = self.server.memory_kb()
        client = self.server.connect(receive_buffer=4096)
        client.upgrade()
        client.socket.settimeout(5)
        pings = frame(b'x' * 125, opcode=PING) * 1000
        try:
            while client.send(pings):
                pass
        except TimeoutError:
            self.fail('a ping flood went on for ever')
        self.assertLess(self.server.memory_kb() - before, 4 * 1024)

    def test_pings_at_a_fair_rate_are_answered(self):
        client = self.server.visitor()
        for number in range(20):
            client.send_frame(str(number), opcode=PING)
            self.assertEqual(client.read_frame(), (PONG, str(number).encode()))

    def test_five_hundred_messages_a_second_from_one_visitor(self):
        client = self.server.visitor()
        for number in range(2, 2002):
            if not client.send_frame('{"type":"events","id":%d,"events":[{"type":"activity"}]}' % number):
                break
        self.assertEqual(client.read_close()[0] or 4003, 4003)

    def test_upgrades_that_are_none(self):
        own = f'Origin: http://127.0.0.1:{self.server.port}\r\n'
        base = 'GET /ws?site=shop HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' + own
        protocol = 'Sec-WebSocket-Protocol: beckon.v1\r\n'
        for rest in (protocol, protocol + 'Sec-WebSocket-Key: short\r\n', protocol + 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
                     'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'):
            client = self.server.connect()
            client.send(base + rest + '\r\n')
            self.assertIn(client.response()[0], (400, 426), rest)

    def test_requests_that_smuggle(self):
        get = 'GET /healthz HTTP/1.1\r\nHost: x\r\n'
        for raw in (get + 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n', get + 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n',
                    'GET /healthz HTTP/1.1\nHost: x\n\n', get + 'A: b\n\r\n', get + 'A: b\r\n c\r\n\r\n', get + 'A\0: b\r\n\r\n', get + ': b\r\n\r\n',
                    get + 'Transfer-Encoding: x, chunked, y\r\nContent-Length: 1\r\n\r\n', 'GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
                    'GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n', 'GET /healthz\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'):
            client = self.server.connect()
            client.send(raw.encode('latin-1'))
            self.assertTrue(client.read_to_end().startswith(b'HTTP/1.1 400 '), raw)

    def test_a_header_of_nine_kilobytes(self):
        client = self.server.connect()
        client.send('GET / HTTP/1.1\r\nHost: x\r\nX: ' + 'x' * 9 * 1024)
        self.assertTrue(client.read_to_end().startswith(b'HTTP/1.1 431 '))

    def test_bodies(self):
        client = self.server.connect()
        client.send(b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n' + b'x' * MEGABYTE)
        self.assertTrue(client.read_to_end().startswith(b'HTTP/1.1 413 '))

    def test_slow_headers_and_silence_cost_others_nothing(self):
        slow = [self.server.connect() for _ in range(50)]
        silent = [self.server.open() for _ in range(50)]
        for client in slow:
            client.send('GET / HTTP/1.1\r\nHo')
        self.server.assert_alive()
        for client in silent:
            code = client.read_close()[0]  # within the 10 s of the hello
            self.assertEqual(code, 4501)
        for client in slow:
            self.assertEqual(client.read_to_end(), b'')  # hung up on, after 10 s too


if __name__ == '__main__':
    main()
