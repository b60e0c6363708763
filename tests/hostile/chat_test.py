"""Chats between people of whom one does not behave: a visitor, an operator, or the machine."""
import os
import secrets
import signal
import threading
import unittest

from support import PING, Operator, Server, eventually, frame, main
from uploads_test import png

API = '/console/api/'
MOST = 2 ** 53 - 1
CANARY = '"><img src=x onerror=window.__x=1>'
NO_LIMIT = {'limits': {'connections_per_address': 0}, 'trusted_proxies': ['127.0.0.1']}


def key():
    return secrets.token_urlsafe(18)


def visitor(server, hint=None, **hello):
    return server.visitor(hint, tab='t' + secrets.token_hex(4), session='s' + secrets.token_hex(12), **hello)


def conversation_of(client, console):
    """What the visitor's conversation is called."""
    listed = console.ask('list', site='shop')['conversations']
    return next(each['id'] for each in listed if each['visitor'] == client.welcome['visitor'])


def first_page(client, **where):
    """The messages that come first after asking for older or newer ones; they may follow the acknowledgement."""
    client.ask('history', **where)
    pages = [each for each in client.meanwhile if each['type'] == 'messages'] or [client.read_json('messages')]
    return pages[0]['messages']


class Chats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(config=NO_LIMIT)
        cls.ada = Operator(cls.server)
        assert cls.ada.set_up()[0] == 200

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def closed_with(self, client, kind, **members):
        client.last_id += 1
        client.send_json({'type': kind, 'id': client.last_id, **members})
        code = client.read_close()[0]
        client.close()
        return code

    def chat(self):
        """(visitor, console, conversation), the operator's since just now."""
        client, console = visitor(self.server), self.ada.console()
        self.assertEqual(client.ask('say', key=key(), text='hello')['type'], 'ack')
        conversation = conversation_of(client, console)
        self.assertEqual(console.ask('take', site='shop', conversation=conversation, version=1)['type'], 'ok')
        return client, console, conversation

    def test_numbers_out_of_range_close_and_numbers_that_are_only_large_find_nothing(self):
        for members in ({'before': -1}, {'before': MOST + 1}, {'before': 1.5}, {'after': -1}, {'before': 1, 'after': 1}, {}):
            self.assertEqual(self.closed_with(visitor(self.server), 'history', **members), 4500, members)
        for members in ({'read': -1}, {'delivered': MOST + 1}, {'read': '1'}):
            self.assertEqual(self.closed_with(visitor(self.server), 'seen', **members), 4500, members)
        client, console, conversation = self.chat()
        client.ask('history', after=MOST)
        eventually(lambda: {'type': 'messages', 'messages': []} in client.meanwhile or client.meanwhile.append(client.read_json('messages')))
        where = {'site': 'shop', 'conversation': conversation}
        self.assertEqual(console.ask('history', after=MOST, **where)['messages'], [])
        self.assertEqual([each['seq'] for each in console.ask('history', before=MOST, **where)['messages']], [1, 2])
        console.close()
        for kind, members in (('history', {'before': 0}), ('history', {}), ('read', {'seq': -1}), ('take', {'version': MOST + 1})):
            self.assertEqual(self.closed_with(self.ada.console(), kind, **where, **members), 4500, (kind, members))

    def test_having_read_what_is_not_yet_said_reads_nothing_that_follows(self):
        client, console, conversation = self.chat()
        where = {'site': 'shop', 'conversation': conversation}
        self.assertEqual(client.ask('seen', delivered=MOST, read=MOST)['type'], 'ack')
        self.assertEqual(console.ask('read', seq=MOST, **where)['type'], 'ok')
        seq = console.ask('say', key=key(), text='read me', **where)['seq']
        client.ask('say', key=key(), text='and me')
        known = eventually(lambda: next((c for c in console.ask('list', site='shop')['conversations']
                                         if c['id'] == conversation and c['last'] == seq + 1), None))
        self.assertEqual(known['unread'], 1)
        client.close()
        console.close()

    def test_texts_arrive_as_they_were_written(self):
        client, console, conversation = self.chat()
        texts = [CANARY, '\u202egnp.exe', 'a\u200b\u200d', 'a' + '\u0301' * 4095, 'a\0b', '😀' * 2048, '=1+1', 'javascript:alert(1)', '\r\n\t ']
        for text in texts:
            self.assertEqual(client.ask('say', key=key(), text=text)['type'], 'ack', text[:20])
        self.assertEqual(console.ask('say', site='shop', conversation=conversation, key=key(), text='é' * 4096)['type'], 'ok')
        got = [each.get('text') for each in console.ask('history', site='shop', conversation=conversation, after=2)['messages']]
        self.assertEqual(got, (texts + ['é' * 4096])[:len(got)])
        self.assertGreater(len(got), 5)  # as many as fit into a frame
        self.assertEqual(console.ask('say', site='shop', conversation=conversation, key=key(), text='é' * 4096 + 'a')['code'], 'too_long')
        self.assertEqual(self.closed_with(client, 'say', key=key(), text='😀' * 2048 + 'a'), 4500)
        for half in ('\\ud800', 'x\\udc00y'):
            lone = visitor(self.server)
            lone.send_frame('{"type":"say","id":2,"key":"%s","text":"%s"}' % (key(), half))
            self.assertEqual(lone.read_close()[0], 4500)

    def test_fields_that_would_make_a_visitor_more(self):
        for members in ({'from': 'operator'}, {'role': 'operator'}, {'operator': 'p_x'}, {'conversation': 'c_x'}, {'seq': 1}, {'at': 1}, {'name': 'Ada'}):
            self.assertEqual(self.closed_with(visitor(self.server), 'say', key=key(), text='x', **members), 4500, members)
        for kind in ('chat_open', 'events', 'seen', 'leave_message'):
            self.assertEqual(self.closed_with(self.ada.console(), kind), 4500, kind)
        self.assertEqual(self.closed_with(self.ada.console(), 'presence', state='online', operator='p_x'), 4500)

    def test_a_key_is_its_visitor_s_alone_and_says_one_thing(self):
        one, other, same = visitor(self.server), visitor(self.server), key()
        for client, text in ((one, 'mine'), (other, 'also mine'), (one, 'something else')):
            self.assertEqual(client.ask('say', key=same, text=text)['type'], 'ack')
        for client, text in ((one, 'mine'), (other, 'also mine')):
            self.assertEqual([each['text'] for each in first_page(client, after=0)], [text])
            client.close()

    def test_files_are_said_by_who_sent_them(self):
        client, console, conversation = self.chat()
        other = visitor(self.server)

        def upload(token):
            at = self.server.connect()
            headers = f'Origin: http://127.0.0.1:{at.port}\r\nAuthorization: Bearer {token}\r\n'
            return at.post('/files?site=shop&name=x.png', png(), headers)
        status, _, body = upload(client.welcome['token'])
        self.assertEqual(status, 200, body)
        visitors = body.decode().split('"')[3]
        operators = self.ada.request('POST', API + 'files?site=shop&name=x.png', raw=png(), headers='Content-Type: image/png\r\n')[2]['file']
        missing = other.ask('say', key=key(), file='f_' + 'A' * 22)
        for who, file in ((other, visitors), (other, operators), (client, operators)):
            got = who.ask('say', key=key(), file=file)
            self.assertEqual({**got, 'id': 0}, {**missing, 'id': 0})
        self.assertEqual(console.ask('say', site='shop', conversation=conversation, key=key(), file=visitors)['code'], 'bad_file')
        self.assertEqual(client.ask('say', key=key(), file=visitors)['type'], 'ack')
        self.assertEqual(console.ask('say', site='shop', conversation=conversation, key=key(), file=operators)['type'], 'ok')

    def test_an_erased_conversation_is_gone_for_who_looks_at_it(self):
        client, console, conversation = self.chat()
        where = {'site': 'shop', 'conversation': conversation}
        self.assertEqual(console.ask('watch', **where)['type'], 'ok')
        self.assertEqual(client.ask('consent', value=False)['type'], 'ack')
        self.assertEqual(console.read_json('conversation_gone')['conversation'], conversation)
        for kind, members in (('watch', {}), ('history', {'after': 0}), ('say', {'key': key(), 'text': 'x'}), ('take', {'version': 2}),
                              ('read', {'seq': 1}), ('typing', {'on': True}), ('close', {'version': 2})):
            self.assertEqual(console.ask(kind, **where, **members)['code'], 'no_conversation', kind)

    def test_floods_of_every_frame_of_a_chat(self):
        floods = {'say': lambda: {'key': key(), 'text': 'x' * 4000}, 'typing': lambda: {'on': True}, 'seen': lambda: {'read': MOST},
                  'history': lambda: {'before': MOST}, 'chat_open': dict, 'chat_close': dict,
                  'leave_message': lambda: {'key': key(), 'email': 'a@b.example', 'text': 'x' * 4000}, 'callback': lambda: {'key': key(), 'phone': '+33 1 23 45'}}
        for kind, members in floods.items():
            self.server.watch()  # anew: one that is silent for half a minute is hung up on
            client = visitor(self.server)
            client.ask('say', key=key(), text='hello')
            before = self.server.memory_kb()
            for number in range(2000):
                client.last_id += 1
                if not client.send_json({'type': kind, 'id': client.last_id, **members()}):
                    break
                if number == 100:
                    self.server.assert_alive()
            self.assertIn(client.read_close()[0], (4003, None), kind)
            self.server.assert_alive()
            self.assertLess(self.server.memory_kb() - before, 8 * 1024, kind)
            client.close()

    def test_a_console_that_floods_pings_or_asks_and_does_not_read(self):
        self.server.watch()
        pings = frame(b'x' * 125, opcode=PING) * 100
        lists = b''.join(frame('{"type":"list","id":%d,"site":"shop"}' % number) for number in range(2, 102))
        for flood in (pings, lists):
            before = self.server.memory_kb()
            client = self.server.connect(receive_buffer=4096)
            self.assertEqual(client.upgrade('/console/ws', extra=f'Cookie: beckon_console={self.ada.cookie}\r\n', protocol='beckon.console.v1'), 101)
            client.send_json({'type': 'hello', 'id': 1})
            client.socket.settimeout(5)
            try:
                while client.send(flood):
                    pass
            except TimeoutError:
                self.fail('a flood went on for ever')
            self.server.assert_alive()
            self.assertLess(self.server.memory_kb() - before, 8 * 1024)
            client.close()


class OtherSites(unittest.TestCase):
    def test_what_an_operator_may_not_see_is_what_does_not_exist(self):
        sites = [{'id': each, 'origins': [f'http://{each}.example'], 'consent': 'granted'} for each in ('shop', 'other')]
        with Server(config={'sites': sites}) as server:
            ada, bob = Operator(server), Operator(server)
            ada.set_up()
            ada.request('POST', API + 'operators', {'login': 'bob', 'name': 'Bob', 'password': ada.password, 'sites': ['other']})
            bob.sign_in('bob')
            admins, bobs = ada.console(), bob.console()
            client = server.connect()
            self.assertEqual(client.upgrade(origin='http://shop.example'), 101)
            client.welcome = client.hello()
            client.ask('say', key=key(), text='not for Bob')
            client.ask('leave_message', key=key(), email='a@b.example', text='not for Bob')
            theirs = conversation_of(client, admins)
            frames = {'watch': {}, 'history': {'after': 0}, 'take': {'version': 1}, 'say': {'key': key(), 'text': 'x'}, 'read': {'seq': 1},
                      'close': {'version': 1}, 'typing': {'on': True}, 'transfer': {'version': 1, 'to': {'operator': bobs.welcome['operator']['id']}}}
            for kind, members in frames.items():
                answers = [bobs.ask(kind, site=site, conversation=name, **members)
                           for site, name in (('shop', theirs), ('shop', 'c_' + 'A' * 22), ('missing', theirs))]
                self.assertEqual([each['code'] for each in answers], ['no_conversation'] * 3, kind)
                self.assertEqual(len({each['message'] for each in answers}), 1, kind)
                self.assertEqual(bobs.ask(kind, site='other', conversation=theirs, **members)['code'], 'no_conversation', kind)
            for site in ('shop', 'missing'):
                self.assertEqual(bobs.ask('list', site=site)['code'], 'no_site')
                self.assertEqual(bobs.ask('task', site=site, task='t_x', done=True)['code'], 'no_site')
            self.assertEqual(bobs.welcome['conversations'], [])
            bobs.ask('ping')
            self.assertNotIn('not for Bob', str(bobs.meanwhile))


class Consent(unittest.TestCase):
    def test_a_chat_under_global_privacy_control_stores_the_conversation_and_no_more(self):
        with Server(config=NO_LIMIT) as server:
            client = server.connect()
            self.assertEqual(client.upgrade(extra='Sec-GPC: 1\r\n'), 101)
            welcome = client.hello(consent=True, page={'url': f'http://127.0.0.1:{client.port}/canary-page', 'title': 'canary-title',
                                                       'referrer': 'http://canary-referrer.example/', 'hidden': False})
            self.assertEqual((welcome['tracking'], welcome['consent'], 'token' in welcome), (False, False, False))
            self.assertEqual(client.ask('events', events=[{'type': 'attr', 'name': 'canary-name', 'value': 'canary-value'}])['type'], 'ack')
            self.assertEqual(client.ask('say', key=key(), text='kept-text')['type'], 'ack')
            self.assertIn('token', next(each for each in client.meanwhile if each['type'] == 'welcome'))
            server.stop()
            kept = b''
            for folder, _, names in os.walk(os.path.join(server.dir, 'data')):
                for name in names:
                    with open(os.path.join(folder, name), 'rb') as file:
                        kept += file.read()
            self.assertIn(b'kept-text', kept)
            self.assertNotIn(b'canary', kept)


class Killed(unittest.TestCase):
    def test_what_an_operator_was_told_is_said_and_kept_outlives_kills(self):
        said, files, cookie, conversation = [], [], None, None
        with Server(config=NO_LIMIT) as first:
            data = os.path.join(first.dir, 'data')
            ada = Operator(first)
            ada.set_up()
            console, client = ada.console(), visitor(first)
            client.ask('say', key=key(), text='hello')
            conversation, cookie = conversation_of(client, console), ada.cookie
            console.ask('take', site='shop', conversation=conversation, version=1)
            console.close()
            first.stop()
            for turn in range(5):
                server = Server('--data', data, config=NO_LIMIT)
                ada = Operator(server)
                ada.cookie = cookie
                self.until_killed(server, ada, conversation, said, files, turn)
            with Server('--data', data, config=NO_LIMIT) as last:
                ada = Operator(last)
                ada.cookie = cookie
                self.assertEqual(self.missing(ada, conversation, said, files), ([], []))
                self.assertGreater(len(said), 10)
                self.assertGreater(len(files), 5)

    def until_killed(self, server, ada, conversation, said, files, turn):
        console = ada.console()

        def talk():
            try:
                while True:
                    text = secrets.token_hex(8)
                    answer = console.ask('say', site='shop', conversation=conversation, key=key(), text=text)
                    if answer['type'] == 'ok':
                        said.append((answer['seq'], text))
            except (AssertionError, OSError):
                pass  # killed

        def send():
            try:
                for number in range(250):
                    content = secrets.token_hex(5000).encode()
                    headers = f'Content-Type: text/plain\r\nX-Forwarded-For: 10.{turn}.{number}.1\r\n'
                    status, _, answer = ada.request('POST', API + 'files?site=shop&name=x.txt', raw=content, headers=headers)
                    if status == 200:
                        files.append((answer['file'], content))
            except (AssertionError, OSError, ValueError):
                pass
        before = len(said), len(files)
        threads = [threading.Thread(target=each) for each in (talk, send)]
        for each in threads:
            each.start()
        eventually(lambda: len(said) >= before[0] + 3 + turn and len(files) > before[1] + 1)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        for each in threads:
            each.join()
        server.process.stdout.close()
        server.log.close()

    def missing(self, ada, conversation, said, files):
        console, kept = ada.console(), {}
        while True:
            page = console.ask('history', site='shop', conversation=conversation, after=max(kept, default=0))['messages']
            if not page:
                break
            kept.update({each['seq']: each.get('text') for each in page})
        self.assertEqual(sorted(kept), list(range(1, len(kept) + 1)))
        lost = []
        for name, content in files:
            client = ada.server.connect()
            if client.get('/files/' + name)[2] != content:
                lost.append(name)
            client.close()
        return [each for each in said if kept.get(each[0]) != each[1]], lost


if __name__ == '__main__':
    main()
