"""The real server and clients that do not behave, with nothing but Python's standard library.

    with Server() as server:
        client = server.visitor()                 # a WebSocket that has been welcomed
        server.assert_alive()                     # another visitor gets its reply within 100 ms
"""
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get('BECKON_BIN', os.path.join(ROOT, 'build/release/server/cli/beckon'))
PATIENCE = 20          # seconds; for what must happen at all, on a machine that is busy
ALIVE_WITHIN = 0.100   # seconds; for another client's reply
STOP_WITHIN = 5        # seconds

TEXT, BINARY_FRAME, CLOSE, PING, PONG = 1, 2, 8, 9, 10
FIN = 0x80


def eventually(check, within=PATIENCE):
    """The first true value of check(); fails when none came."""
    deadline = time.monotonic() + within
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f'not within {within} s: {check}')
        time.sleep(0.02)


class Client:
    """A TCP connection, raw."""

    def __init__(self, port, receive_buffer=None):
        self.port = port
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(('127.0.0.1', port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b''

    def close(self):
        self.socket.close()

    def send(self, data):
        """False when the server has hung up."""
        try:
            self.socket.sendall(data if isinstance(data, bytes) else data.encode())
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def fill(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            return False
        self.received += data
        return bool(data)

    def read_to_end(self):
        while self.fill():
            pass
        return self.received

    def response(self):
        """(status, headers, body) of an HTTP response."""
        while b'\r\n\r\n' not in self.received:
            if not self.fill():
                raise AssertionError(f'the connection ended: {self.received[:200]!r}')
        head, rest = self.received.split(b'\r\n\r\n', 1)
        lines = head.decode().split('\r\n')
        pairs = [(name.lower(), value) for name, value in (line.split(': ', 1) for line in lines[1:])]
        headers = dict(pairs)
        self.set_cookies = [value for name, value in pairs if name == 'set-cookie']
        size = int(headers.get('content-length', 0))
        while len(rest) < size and self.fill():
            rest = self.received.split(b'\r\n\r\n', 1)[1]
        self.received = rest[size:]
        return int(lines[0].split()[1]), headers, rest[:size]

    def post(self, path, body=b'', headers=''):
        body = body if isinstance(body, bytes) else body.encode()
        self.send(f'POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{headers}Content-Length: {len(body)}\r\n\r\n'.encode() + body)
        return self.response()

    def get(self, path, method='GET', headers=''):
        self.send(f'{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n')
        return self.response()

    def upgrade(self, target='/ws?site=shop', origin='own', extra='', protocol='beckon.v1'):
        """The status of an upgrade. origin None: no such header."""
        if origin == 'own':
            origin = f'http://127.0.0.1:{self.port}'
        line = '' if origin is None else f'Origin: {origin}\r\n'
        self.send(f'GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
                  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
                  f'Sec-WebSocket-Protocol: {protocol}\r\n{line}{extra}\r\n')
        return self.response()[0]

    def send_frame(self, payload=b'', opcode=TEXT, fin=FIN, announce=None):
        return self.send(frame(payload, opcode, fin, announce))

    def send_json(self, value):
        return self.send_frame(json.dumps(value))

    def read_frame(self):
        """(opcode, payload), or None at the end of the connection."""
        def need(count):
            while len(self.received) < count:
                if not self.fill():
                    return False
            return True
        if not need(2):
            return None
        size, head = self.received[1] & 0x7f, 2
        if size >= 126:
            extra = 2 if size == 126 else 8
            if not need(2 + extra):
                return None
            size, head = int.from_bytes(self.received[2:2 + extra], 'big'), 2 + extra
        if not need(head + size):
            return None
        opcode, payload = self.received[0] & 0x0f, self.received[head:head + size]
        self.received = self.received[head + size:]
        return opcode, payload

    def read_json(self, kind=None):
        """The next text frame, or the next of that type."""
        while True:
            got = self.read_frame()
            if got is None:
                raise AssertionError('the connection ended without a frame')
            if got[0] == CLOSE:
                raise AssertionError(f'closed: {close_of(got[1])}')
            if got[0] == TEXT:
                value = json.loads(got[1])
                if kind in (None, value['type']):
                    return value

    def read_close(self):
        """(code, reason) of the close frame; (None, '') when the connection ended without one."""
        while True:
            got = self.read_frame()
            if got is None:
                return None, ''
            if got[0] == CLOSE:
                return close_of(got[1])

    def hello(self, **more):
        value = {'type': 'hello', 'id': 1, 'site': 'shop', 'tab': 'tab-1', 'session': 'session-0123456789',
                 'page': {'url': f'http://127.0.0.1:{self.port}/', 'title': 'Home', 'referrer': '', 'hidden': False}}
        value.update(more)
        self.send_json(value)
        self.last_id = 1
        return self.read_json('welcome')

    def ask(self, kind, **members):
        """Sends a frame with the next id, a visitor's or a console's: its answer. What came before it is in `meanwhile`."""
        self.last_id += 1
        self.send_json({'type': kind, 'id': self.last_id, **members})
        self.meanwhile = []
        while True:
            got = self.read_json()
            if got['type'] in ('ack', 'ok', 'error') and got['id'] >= self.last_id:
                return got
            self.meanwhile.append(got)

    def round_trip(self):
        """Seconds until an event is acknowledged."""
        self.last_id += 1
        began = time.monotonic()
        self.send_json({'type': 'events', 'id': self.last_id, 'events': [{'type': 'activity'}]})
        while self.read_json('ack')['id'] < self.last_id:
            pass
        return time.monotonic() - began


class Operator:
    """A browser at the console: a cookie, and requests that a page of this server makes."""

    def __init__(self, server, password='correct horse battery'):
        self.server = server
        self.password = password
        self.cookie = None
        self.device = None  # the cookie by which a browser is known that has signed in before

    def request(self, method, path, value=None, origin='own', headers='', raw=None):
        """(status, headers, body): the body read as JSON where it is that."""
        client = self.server.connect()
        if origin == 'own':
            origin = f'http://127.0.0.1:{client.port}'
        lines = headers + 'Connection: close\r\n' + (f'Origin: {origin}\r\n' if origin is not None else '')
        cookies = {'beckon_console': self.cookie, 'beckon_device': self.device if path == '/console/api/login' else None}
        if any(cookies.values()):
            lines += 'Cookie: ' + '; '.join(f'{name}={value}' for name, value in cookies.items() if value) + '\r\n'
        body = raw if raw is not None else b'' if value is None else json.dumps(value).encode()
        if value is not None and 'Content-Type' not in headers:
            lines += 'Content-Type: application/json\r\n'
        if method == 'POST':
            lines += f'Content-Length: {len(body)}\r\n'
        client.send(f'{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n{lines}\r\n'.encode() + body)
        status, got, text = client.response()
        client.close()
        for set_cookie in client.set_cookies:
            name, cookie = set_cookie.split(';')[0].split('=', 1)
            if name == 'beckon_console':
                self.cookie = cookie or None
            elif name == 'beckon_device':
                self.device = cookie
        return status, got, json.loads(text) if text and got.get('content-type') == 'application/json' else text

    def set_up(self, login='ada', secret=None):
        """The first operator, by the link that the server printed."""
        self.login = login
        return self.request('POST', '/console/api/setup', {'secret': secret or self.server.setup_secret, 'login': login,
                                                           'name': login.title(), 'password': self.password})

    def sign_in(self, login=None, password=None):
        self.login = login or self.login
        return self.request('POST', '/console/api/login', {'login': self.login, 'password': password or self.password})

    def session(self):
        return self.request('GET', '/console/api/session')[0]

    def open(self, origin='own', cookie='own', protocol='beckon.console.v1'):
        """(client, status) of the console's WebSocket."""
        client = self.server.connect()
        cookie = self.cookie if cookie == 'own' else cookie
        status = client.upgrade('/console/ws', origin, f'Cookie: beckon_console={cookie}\r\n' if cookie else '', protocol)
        return client, status


    def console(self):
        """The console's WebSocket, welcomed, of an operator who is online."""
        client, status = self.open()
        if status != 101:
            raise AssertionError(f'upgrade: {status}')
        client.send_json({'type': 'hello', 'id': 1})
        client.last_id = 1
        client.welcome = client.read_json('welcome')
        client.ask('presence', state='online')
        return client


def frame(payload=b'', opcode=TEXT, fin=FIN, announce=None):
    """A client's frame, masked with zeros; `announce`: a length other than the payload's."""
    payload = payload if isinstance(payload, bytes) else payload.encode()
    size = len(payload) if announce is None else announce
    if size < 126:
        head = struct.pack('!BB', fin | opcode, 0x80 | size)
    elif size < 65536:
        head = struct.pack('!BBH', fin | opcode, 0x80 | 126, size)
    else:
        head = struct.pack('!BBQ', fin | opcode, 0x80 | 127, size)
    return head + b'\0\0\0\0' + payload


def close_of(payload):
    return (struct.unpack('!H', payload[:2])[0], payload[2:].decode()) if len(payload) >= 2 else (1005, '')


class Server:
    """`beckon serve --demo` on a port of its own, stopped and checked at the end of the with-block."""

    def __init__(self, *options, config=None, files=None, descriptors=None):
        self.dir = tempfile.mkdtemp(prefix='beckon-hostile-')
        self.log = open(os.path.join(self.dir, 'log'), 'w+b')
        for name, text in (files or {}).items():
            self.file(name, text)
        command = [BINARY, 'serve', '--listen', '127.0.0.1:0', *options]
        if '--data' not in options:
            command += ['--data', os.path.join(self.dir, 'data')]
        if config is not None:
            self.config_file = self.file('beckon.json', json.dumps(config) if isinstance(config, dict) else config)
            command += ['--config', self.config_file]
        if not config or 'sites' not in config:
            command.append('--demo')
        if descriptors:
            command = ['sh', '-c', f'ulimit -n {descriptors}; exec "$@"', 'sh', *command]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, cwd=self.dir)
        self.port = None
        self.watcher = None
        self.wait_until_ready()

    def file(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, 'w', encoding='utf-8') as out:
            out.write(text)
        return path

    def wait_until_ready(self):
        """Reads what the server prints when it starts: its port, and the secret of the first operator's link."""
        deadline = time.monotonic() + PATIENCE
        said = b''
        while b'Ctrl-C stops.' not in said:
            readable, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            part = os.read(self.process.stdout.fileno(), 65536) if readable else b''
            if not part:
                raise AssertionError(f'the server did not start:\n{self.logged()}')
            said += part
        self.said = said.decode()
        first = next(line for line in self.said.splitlines() if 'http://' in line)
        self.port = int(first.rsplit(':', 1)[1].rstrip('/'))
        self.setup_secret = self.said.split('#setup=')[1].split()[0] if '#setup=' in self.said else None

    def logged(self):
        self.log.flush()
        with open(self.log.name, encoding='utf-8', errors='replace') as log:
            return log.read()

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        try:
            if self.process.poll() is None:
                code = self.stop()
                if failed is None and code != 0:
                    raise AssertionError(f'exit code {code}:\n{self.logged()}')
            elif failed is None and self.process.returncode < 0:
                raise AssertionError(f'died of signal {-self.process.returncode}:\n{self.logged()}')
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()
            self.log.close()
            shutil.rmtree(self.dir, ignore_errors=True)

    def stop(self, within=STOP_WITHIN):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)

    def connect(self, **options):
        return Client(self.port, **options)

    def open(self, hint=None):
        """A WebSocket before its hello. `hint`: the visitor's id, which a browser that has a token says too."""
        client = self.connect()
        status = client.upgrade('/ws?site=shop' + (f'&v={hint}' if hint else ''))
        if status != 101:
            raise AssertionError(f'upgrade: {status}')
        return client

    def visitor(self, hint=None, **hello):
        client = self.open(hint)
        client.welcome = client.hello(**hello)
        return client

    def watch(self):
        """Opens the other client whose replies assert_alive() measures."""
        self.watcher = self.visitor(tab='watcher', session='session-of-the-watcher')
        self.watcher.round_trip()

    def assert_alive(self):
        """The best of three: a machine that is busy otherwise delays one, a server that hangs delays all."""
        if self.watcher is None:
            self.watch()
        times = [self.watcher.round_trip() for _ in range(3)]
        if min(times) > ALIVE_WITHIN:
            raise AssertionError(f'another client waited {min(times) * 1000:.0f} ms')

    def memory_kb(self):
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as status:
            return next(int(line.split()[1]) for line in status if line.startswith('VmRSS'))

    def cpu_seconds(self):
        with open(f'/proc/{self.process.pid}/stat', encoding='ascii') as stat:
            fields = stat.read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def ready(self):
        client = self.connect()
        try:
            return json.loads(client.get('/readyz')[2])
        finally:
            client.close()


def main():
    """Runs the calling module's tests; the last line is "N passed, N failed"."""
    result = unittest.main(exit=False, verbosity=2, warnings='ignore').result
    failed = len(result.failures) + len(result.errors)
    print(f'{result.testsRun - failed - len(result.skipped)} passed, {failed} failed')
    raise SystemExit(1 if failed else 0)
