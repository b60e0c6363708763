"""Files that visitors and operators send: what is taken, and what becomes of it for whoever opens it."""
import json
import os
import secrets
import shutil
import struct
import unittest
import zlib

from support import Operator, Server, main

LIMIT = 5 * 1024 * 1024


def png(width=3, height=2, more=b''):
    def chunk(name, data):
        return struct.pack('!I', len(data)) + name + data + struct.pack('!I', zlib.crc32(name + data))
    rows = b''.join(b'\0' + b'\x80' * (3 * width) for _ in range(height))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('!IIBBBBB', width, height, 8, 2, 0, 0, 0)) + more
            + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


class Uploads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Each request has an address of its own, so that only the tests that are about limits meet them.
        cls.server = Server(config={'trusted_proxies': ['127.0.0.1'], 'limits': {'connections_per_address': 0}})
        cls.count = 0

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def address(self):
        type(self).count += 1
        return f'10.{self.count // 250}.{self.count % 250}.1'

    def visitor(self):
        client = self.server.visitor(tab='t' + secrets.token_hex(4), session='s' + secrets.token_hex(12))
        client.close()
        return client.welcome['token']

    def upload(self, content, token=None, name='cat.png', kind='', origin='own', site='shop', address=None):
        client = self.server.connect()
        origin = f'http://127.0.0.1:{client.port}' if origin == 'own' else origin
        headers = f'X-Forwarded-For: {address or self.address()}\r\n'
        headers += f'Origin: {origin}\r\n' if origin is not None else ''
        headers += f'Authorization: Bearer {token}\r\n' if token else ''
        headers += f'Content-Type: {kind}\r\n' if kind else ''
        status, got, body = client.post(f'/files?site={site}&name={name}', content, headers)
        client.close()
        return status, got, json.loads(body)

    def fetch(self, path, method='GET'):
        client = self.server.connect()
        got = client.get(path, method)
        client.close()
        return got

    def test_a_picture_is_kept_and_shown_where_it_can_do_nothing(self):
        content = png(30, 20)
        status, headers, file = self.upload(content, self.visitor(), '..%2F..%2Fcat.png', 'image/png')
        self.assertEqual(status, 200, file)
        self.assertRegex(file['file'], r'^f_[A-Za-z0-9_-]{22}$')
        self.assertEqual({key: file[key] for key in ('name', 'type', 'bytes', 'width', 'height')},
                         {'name': 'cat.png', 'type': 'image/png', 'bytes': len(content), 'width': 30, 'height': 20})
        self.assertEqual(headers['access-control-allow-origin'], f'http://127.0.0.1:{self.server.port}')
        status, headers, body = self.fetch('/files/' + file['file'])
        self.assertEqual((status, body), (200, content))
        self.assertEqual(headers['content-type'], 'image/png')
        self.assertTrue(headers['content-disposition'].startswith('inline;'))
        self.assertEqual(headers['content-security-policy'], "sandbox; default-src 'none'")
        self.assertEqual(headers['x-content-type-options'], 'nosniff')

    def test_everything_else_is_to_be_saved(self):
        for content, name, kind in ((b'%PDF-1.7\n1 0 obj\n%%EOF\n', 'offer.pdf', 'application/pdf'), (b'hello', 'notes.txt', 'text/plain')):
            status, _, file = self.upload(content, self.visitor(), name, kind)
            self.assertEqual((status, file.get('type')), (200, kind))
            _, headers, body = self.fetch('/files/' + file['file'])
            self.assertTrue(headers['content-disposition'].startswith(f"attachment; filename*=UTF-8''{name}"))
            self.assertEqual(body, content)

    def test_pages_drawings_programs_and_polyglots_are_refused(self):
        html, svg = b'<!DOCTYPE html><script>alert(1)</script>', b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
        zip_end = b'PK\x05\x06' + b'\0' * 18
        cases = {'page': html, 'drawing': svg, 'xml drawing': b'<?xml version="1.0"?>' + svg, 'page behind spaces': b' \n\t' + html,
                 'page behind a mark': b'\xef\xbb\xbf' + html, 'program': b'\x7fELF\x02\x01', 'windows program': b'MZ\x90\0\x03', 'archive': b'PK\x03\x04' + zip_end,
                 'picture with a page behind it': png() + html, 'picture with an archive behind it': png() + zip_end,
                 'picture with a page inside': png(more=struct.pack('!I', len(html)) + b'tEXt' + html + b'crc!'),
                 'page in front of a picture': html + png(), 'GIF that is a script': b'GIF89a/*' + b'\0' * 20 + b'*/=1;alert(1)//',
                 'PDF with an archive behind it': b'%PDF-1.7\n%%EOF\n' + zip_end, 'PDF behind a page': html + b'%PDF-1.7\n%%EOF', 'picture cut off': png()[:-3]}
        for what, content in cases.items():
            for name, kind in (('x.png', 'image/png'), ('x.html', 'text/html'), ('x', '')):
                status, _, answer = self.upload(content, self.visitor(), name, kind)
                self.assertEqual((status, answer['error']['code']), (415, 'bad_file'), what)

    def test_what_is_not_what_it_is_said_to_be_is_refused(self):
        for content, kind in ((png(), 'image/jpeg'), (png(), 'text/html'), (png(), 'image/svg+xml'), (b'hello', 'image/png'), (b'hello', 'text/html'),
                              (b'%PDF-1.7\n%%EOF', 'image/png')):
            self.assertEqual(self.upload(content, self.visitor(), 'x', kind)[0], 415, kind)

    def test_names_are_only_names(self):
        for name, shown in (('..%2F..%2Fetc%2Fpasswd', 'passwd.png'), ('%2e%2e%5c%2e%2e%5cx.exe', 'x.exe.png'), ('a%0d%0aSet-Cookie:%20x', 'aSet-Cookie: x.png'),
                            ('x.html', 'x.html.png'), ('cat%E2%80%AEgnp.exe', 'catgnp.exe.png'), ('%00', 'picture.png'), ('', 'picture.png')):
            status, _, file = self.upload(png(), self.visitor(), name)
            self.assertEqual((status, file['name']), (200, shown))
            _, headers, _ = self.fetch('/files/' + file['file'])
            self.assertNotIn('set-cookie', headers)

    def test_a_file_at_the_limit_is_taken_and_one_over_it_refused(self):
        token = self.visitor()
        text = b'a' * LIMIT
        self.assertEqual(self.upload(text, token, 'x.txt')[0], 200)
        client = self.server.connect()
        client.send(f'POST /files?site=shop HTTP/1.1\r\nHost: x\r\nOrigin: http://127.0.0.1:{client.port}\r\nAuthorization: Bearer {token}\r\n'
                    f'Content-Length: {LIMIT + 1}\r\n\r\n')
        self.assertEqual(client.response()[0], 413)  # before a byte of it was sent
        self.assertEqual(self.upload(b'', token)[0], 400)
        self.server.assert_alive()

    def test_only_pages_of_the_site_with_a_visitor_s_token(self):
        token = self.visitor()
        for origin in (None, 'null', 'http://evil.example', f'http://127.0.0.1:{self.server.port}.evil.example', f'https://127.0.0.1:{self.server.port}'):
            status, headers, _ = self.upload(png(), token, origin=origin)
            self.assertEqual(status, 403, origin)
            self.assertNotIn('access-control-allow-origin', headers)
        for site in ('other', '', '..%2Fshop'):
            self.assertEqual(self.upload(png(), token, site=site)[0], 403, site)
        for bad in (None, 'x', token[:-1], token + 'x', token[:-2] + ('AA' if token[-2:] != 'AA' else 'BB'), token.replace('v_', 'v-')):
            self.assertEqual(self.upload(png(), bad)[0], 401, bad)

    def test_guessed_tokens_are_throttled(self):
        statuses = [self.upload(png(), 'x' * 60, address='203.0.113.99')[0] for _ in range(100)]
        self.assertEqual(set(statuses), {401, 429})

    def test_the_browser_s_question_before_an_upload(self):
        def ask(origin):
            return self.fetch_with(f'Origin: {origin}\r\nAccess-Control-Request-Method: POST\r\n')
        own = f'http://127.0.0.1:{self.server.port}'
        status, headers, _ = ask(own)
        self.assertEqual((status, headers['access-control-allow-origin']), (204, own))
        self.assertIn('Authorization', headers['access-control-allow-headers'])
        status, headers, _ = ask('http://evil.example')
        self.assertEqual(status, 403)
        self.assertNotIn('access-control-allow-origin', headers)

    def fetch_with(self, headers):
        client = self.server.connect()
        got = client.get('/files?site=shop', 'OPTIONS', headers)
        client.close()
        return got

    def test_a_visitor_and_an_address_send_so_many_and_no_more(self):
        # A machine that is busy may earn one more meanwhile.
        def taken(most, **by):
            for count in range(most):
                status, headers, _ = self.upload(png(), by.get('token') or self.visitor(), address=by.get('address'))
                if status == 429:
                    self.assertGreater(int(headers['retry-after']), 0)
                    return count
                self.assertEqual(status, 200)
            self.fail('never refused')
        self.assertIn(taken(20, token=self.visitor()), range(10, 15))
        self.assertIn(taken(80, address='203.0.113.50'), range(40, 60))
        self.assertEqual(self.upload(png(), self.visitor())[0], 200)

    def test_megabytes_of_one_address_are_bounded(self):
        text = b'a' * LIMIT
        statuses = [self.upload(text, self.visitor(), 'x.txt', address='203.0.113.60')[0] for _ in range(11)]
        self.assertEqual(statuses, [200] * 10 + [429])

    def test_ids_that_do_not_exist_are_404_whatever_they_look_like(self):
        for path in ('/files/f_' + 'A' * 22, '/files/f_x', '/files/', '/files/../beckon.db', '/files/%2e%2e/beckon.db', '/files/f_' + 'A' * 23, '/files/f_..%2f'):
            status, headers, _ = self.fetch(path)
            self.assertIn(status, (400, 404), path)
        self.assertEqual(self.fetch('/files/f_' + 'A' * 22, 'DELETE')[0], 405)
        self.assertEqual(self.fetch('/files')[0], 405)

    def test_smuggling_by_bodies_is_refused(self):
        for lines in ('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', 'Content-Length: 5\r\nContent-Length: 6\r\n', 'Content-Length: 5\n'):
            client = self.server.connect()
            client.send(f'POST /files?site=shop HTTP/1.1\r\nHost: x\r\nOrigin: http://127.0.0.1:{client.port}\r\n{lines}\r\nhello')
            self.assertEqual(client.response()[0], 400, lines)
            client.close()
        client = self.server.connect()
        client.send(f'POST /files?site=shop HTTP/1.1\r\nHost: x\r\nOrigin: http://127.0.0.1:{client.port}\r\nAuthorization: Bearer {self.visitor()}\r\n'
                    'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')
        self.assertEqual(client.response()[0], 411)
        self.server.assert_alive()

    def test_bodies_that_never_come_cost_no_memory(self):
        token = self.visitor()
        before = self.server.memory_kb()
        clients = []
        for i in range(200):
            client = self.server.connect()
            client.send(f'POST /files?site=shop HTTP/1.1\r\nHost: x\r\nOrigin: http://127.0.0.1:{client.port}\r\nAuthorization: Bearer {token}\r\n'
                        f'X-Forwarded-For: 10.9.{i}.1\r\nContent-Length: {LIMIT}\r\n\r\nsome')
            clients.append(client)
        self.server.assert_alive()
        self.assertLess(self.server.memory_kb() - before, 60 * 1024)
        for client in clients:
            client.close()


class Unwritable(unittest.TestCase):
    def test_who_cannot_be_served_does_not_learn_where_the_server_keeps_its_files(self):
        with Server() as server:
            folder = os.path.join(server.dir, 'data', 'files')
            shutil.rmtree(folder, ignore_errors=True)
            with open(folder, 'w', encoding='ascii'):
                pass
            token = server.visitor().welcome['token']
            client = server.connect()
            status, headers, body = client.post('/files?site=shop&name=x.png', png(), f'Origin: http://127.0.0.1:{client.port}\r\nAuthorization: Bearer {token}\r\n')
            self.assertEqual((status, json.loads(body)['error']['code']), (503, 'unavailable'))
            self.assertIn('retry-after', headers)
            self.assertNotIn(server.dir.encode(), body)
            server.assert_alive()


class Operators(unittest.TestCase):
    def test_operators_send_files_to_their_sites_alone(self):
        sites = [{'id': id, 'origins': [f'http://{id}.example'], 'consent': 'granted'} for id in ('shop', 'elsewhere')]
        with Server(config={'sites': sites}) as server:
            ada = Operator(server)
            ada.set_up()

            def upload(site='shop', origin='own', who=ada):
                return who.request('POST', f'/console/api/files?site={site}&name=x.png', origin=origin, raw=png(), headers='Content-Type: image/png\r\n')
            status, _, file = upload()
            self.assertEqual((status, file['type']), (200, 'image/png'))
            self.assertEqual(upload('other')[0], 404)
            self.assertEqual(upload(origin='http://evil.example')[0], 403)
            self.assertEqual(upload(origin=None)[0], 403)
            self.assertEqual(upload(who=Operator(server))[0], 401)
            stranger = Operator(server)
            stranger.cookie = secrets.token_urlsafe(32)
            self.assertEqual(upload(who=stranger)[0], 401)
            bobs = {'login': 'bob', 'name': 'Bob', 'password': ada.password, 'sites': ['elsewhere']}
            self.assertEqual(ada.request('POST', '/console/api/operators', bobs)[0], 201)
            bob = Operator(server)
            bob.sign_in('bob')
            self.assertEqual(upload(who=bob)[0], 404)

    def test_a_site_without_uploads_takes_none(self):
        config = {'sites': [{'id': 'shop', 'origins': ['http://shop.example'], 'consent': 'granted', 'chat': {'uploads': False}}]}
        with Server(config=config) as server:
            client = server.connect()
            status, _, body = client.post('/files?site=shop', png(), 'Origin: http://shop.example\r\n')
            self.assertEqual((status, json.loads(body)['error']['code']), (403, 'not_allowed'))


if __name__ == '__main__':
    main()
