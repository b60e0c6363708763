// The tests' server: serves dist/console as the real one does, with its headers, /console/api, /files and the WebSocket.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { Desk } from './mock_desk.mjs';

const kDist = new URL('../../../dist/console/', import.meta.url);
const kTypes = { html: 'text/html;charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
const kCsp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const kMaxFileBytes = 5 * 1024 * 1024;
const kTakenTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf', 'text/plain'];
const kOperatorFields = ['name', 'password', 'role', 'picture', 'capacity', 'skills', 'groups', 'sites'];
const kCookie = 'beckon_console';

export class Server {
  desk = new Desk();
  sessions = new Map(); // cookie → operator's id
  setupSecret = '';
  frames = []; // what the consoles sent, oldest first, with `operator`
  requests = [];
  refuse = false; // whether upgrades are refused
  down = false; // whether nothing is answered at all
  /** Looks at a frame before it is handled: 'lose' it, 'mute' (handle it, do not answer) or 'cut' (handle it, then cut the line). */
  meddle = () => undefined;

  async start() {
    this.http = createServer((request, response) => void this.serve(request, response));
    this.sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'beckon.console.v1' });
    this.http.on('upgrade', (request, stream, head) => this.upgrade(request, stream, head));
    await new Promise((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${this.http.address().port}`;
    return this;
  }

  async stop() {
    this.cut();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  of = (type) => this.frames.filter((frame) => frame.type === type);

  /** All lines go, at once and without a word. */
  cut() {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  signIn(operator) {
    const cookie = randomBytes(16).toString('hex');
    this.sessions.set(cookie, operator.id);
    return cookie;
  }

  endSessions(operator, code = 4505) {
    for (const [cookie, id] of this.sessions) if (id === operator.id) this.sessions.delete(cookie);
    for (const one of this.desk.connections) if (one.operator === operator) one.socket.close(code, 'signed_out');
  }

  operatorOf({ headers }) {
    const cookie = new RegExp(`${kCookie}=(\\w+)`).exec(headers.cookie ?? '')?.[1];
    return this.desk.operators.get(this.sessions.get(cookie));
  }

  upgrade(request, stream, head) {
    const operator = this.operatorOf(request);
    if (this.refuse || this.down) return stream.destroy();
    if (request.headers.origin !== this.origin) return stream.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    if (!operator) return stream.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    this.sockets.handleUpgrade(request, stream, head, (socket) => this.connected(socket, operator));
    return undefined;
  }

  connected(socket, operator) {
    const send = (frame) => socket.readyState === 1 && socket.send(JSON.stringify(frame));
    const connection = { socket, operator, send, watched: new Set() };
    socket.on('close', () => this.desk.connections.delete(connection));
    socket.on('message', (data) => {
      const frame = JSON.parse(data);
      this.frames.push({ ...frame, operator: operator.login });
      const how = this.meddle(frame);
      if (how === 'lose') return;
      if (frame.type === 'hello') {
        this.desk.connections.add(connection);
        send({ type: 'ok', id: frame.id });
        return send(this.desk.welcome(connection));
      }
      const { error, ...more } = this.desk.answer(connection, frame);
      if (how === 'cut') socket.terminate();
      else if (!how) send(error ? { type: 'error', id: frame.id, code: error, message: error, ...more } : { type: 'ok', id: frame.id, ...more });
    });
  }

  async serve(request, response) {
    const { pathname, searchParams } = new URL(request.url, 'http://x');
    this.requests.push(`${request.method} ${request.url}`);
    if (this.down) return request.socket.destroy();
    const body = Buffer.concat(await request.toArray());
    const answer = (status, value, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(value === undefined ? '' : JSON.stringify(value));
    if (pathname.startsWith('/console/api/')) return this.api({ request, path: pathname.slice(13), searchParams, body, answer });
    if (pathname.startsWith('/files/')) return this.file(pathname.slice(7), response);
    if (pathname === '/console' || pathname.startsWith('/console/')) return asset(pathname.slice(9), response);
    return response.writeHead(404).end();
  }

  file(id, response) {
    const file = this.desk.files.get(id);
    if (!file) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': file.info.type, 'x-content-type-options': 'nosniff', 'content-security-policy': "sandbox; default-src 'none'" }).end(file.content);
  }

  api(call) {
    const { request, path, answer } = call;
    const operator = this.operatorOf(request);
    const fail = (status, code, headers) => answer(status, { error: { code, message: code } }, headers);
    if (request.method === 'POST' && request.headers.origin !== this.origin) return fail(403, 'bad_origin');
    const [name, id] = path.split('/');
    const open = { login: this.login, setup: this.setup, session: this.session };
    if (open[name]) return open[name].call(this, { ...call, operator, fail });
    if (!operator) return fail(401, 'signed_out');
    return { logout: this.logout, password: this.password, operators: this.operators, files: this.upload }[name].call(this, { ...call, operator, id, fail });
  }

  enter(operator, answer) {
    const { id, login, name, role } = operator;
    answer(200, { operator: { id, login, name, role } }, { 'set-cookie': `${kCookie}=${this.signIn(operator)}; HttpOnly; SameSite=Strict; Path=/console` });
  }

  login({ body, answer, fail }) {
    const { login, password } = JSON.parse(body);
    if (this.throttled) return fail(429, 'throttled', { 'retry-after': '300' });
    const operator = this.desk.byLogin(login);
    return operator?.password === password && !operator.disabled ? this.enter(operator, answer) : fail(401, 'bad_login');
  }

  session({ operator, answer, fail }) {
    if (!operator) return fail(401, 'signed_out');
    const { id, login, name, role } = operator;
    return answer(200, { operator: { id, login, name, role } });
  }

  setup({ body, answer, fail }) {
    const { secret, login, name, password } = JSON.parse(body);
    if (!this.setupSecret || secret !== this.setupSecret) return fail(403, 'forbidden');
    this.setupSecret = '';
    return this.enter(this.desk.addOperator({ login, name, password, role: 'admin' }), answer);
  }

  logout({ operator, answer }) {
    this.endSessions(operator);
    answer(204);
  }

  password({ body, operator, answer, fail }) {
    const { old, new: fresh } = JSON.parse(body);
    if (operator.password !== old) return fail(401, 'bad_login');
    operator.password = fresh;
    this.endSessions(operator);
    return answer(204, undefined, { 'set-cookie': `${kCookie}=${this.signIn(operator)}; HttpOnly; SameSite=Strict; Path=/console` });
  }

  operators({ request, body, id, operator, answer, fail }) {
    if (operator.role !== 'admin') return fail(403, 'forbidden');
    const record = ({ password, state, ...rest }) => rest;
    if (request.method === 'GET') return answer(200, { operators: [...this.desk.operators.values()].map(record) });
    const given = JSON.parse(body);
    const known = [...kOperatorFields, id ? 'disabled' : 'login'];
    if (!Object.keys(given).every((field) => known.includes(field))) return fail(400, 'invalid');
    if (!id && this.desk.byLogin(given.login)) return fail(409, 'conflict');
    const one = id ? this.desk.operators.get(id) : this.desk.addOperator(given);
    Object.assign(one, given, { version: one.version + 1 });
    if (one.disabled) this.endSessions(one);
    return answer(200, { operator: record(one) });
  }

  upload({ request, searchParams, body, answer, fail }) {
    const type = request.headers['content-type'] ?? 'text/plain';
    if (body.length > kMaxFileBytes) return fail(413, 'too_large');
    if (!kTakenTypes.includes(type)) return fail(415, 'bad_type');
    const info = { id: `f_${randomBytes(11).toString('hex')}`, name: searchParams.get('name'), type, bytes: body.length };
    this.desk.files.set(info.id, { info, content: body });
    const { id, ...rest } = info;
    return answer(200, { file: id, ...rest });
  }
}

function asset(name, response) {
  const known = /^(console\.(js|css)|icon\.svg)$/.test(name) ? name : 'index.html';
  const headers = { 'content-type': kTypes[known.split('.').pop()], 'content-security-policy': kCsp, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };
  response.writeHead(200, headers).end(readFileSync(new URL(known, kDist)));
}
