// A small server that speaks beckon.v1 as docs/protocol.md says, with its answers in the test's hands; the pages that the
// widget sits on; and a browser to look at them.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { WebSocketServer } from 'ws';

const dist = new URL('../../../dist/', import.meta.url);
export const widgetSource = readFileSync(new URL('widget.js', dist), 'utf8');
/** The scripts that the widget loads when it needs them, by their path on the server. */
const laterScripts = Object.fromEntries(
  readdirSync(dist)
    .filter((name) => /^(chat|forms)-.*\.js$/.test(name))
    .map((name) => ['/widget/' + name, readFileSync(new URL(name, dist), 'utf8')]),
);

const kChromium = process.env.BECKON_CHROMIUM || '/usr/bin/chromium';
const kChromiumFlags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(options = {}) {
  return chromium.launch({ executablePath: kChromium, chromiumSandbox: false, args: kChromiumFlags, ...options });
}

export const kSnippet = '<script async src="/widget.js" data-site="shop"></script>';

/** A page of the tests' shop: long enough to scroll, with the snippet unless `head` says otherwise. */
export function page({ head = kSnippet, body = '', title = 'Shop', lang = 'en' } = {}) {
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width">${head}</head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;
}

/**
 * Serves `pages` (path → HTML, or {html, headers}) and /ws. Frames of all connections are in `frames`, oldest first, each
 * with `connection`, its number. What the server answers can be changed at any time:
 *   welcome(hello)  the fields of the welcome, or undefined for none
 *   apply(frame), acknowledge(frame)   whether a frame is applied, and whether the client is told
 *   refuse          whether upgrades are refused
 */
export async function startServer(pages = {}) {
  const server = {
    pages: { '/': page(), ...pages },
    frames: [],
    requests: [],
    sockets: [],
    applied: new Map(), // session → highest id
    log: [], // events and frames as they were applied, each once
    apply: () => true,
    acknowledge: () => true,
    refuse: false,
    welcome: () => ({}),
    async stop() {
      for (const socket of this.sockets) socket.terminate();
      sockets.close();
      http.closeAllConnections?.();
      await new Promise((resolve) => http.close(resolve));
    },
    /** The open socket that connected last. */
    get socket() {
      return this.sockets.filter((socket) => socket.readyState === 1).at(-1);
    },
    send(frame) {
      this.socket.send(JSON.stringify(frame));
    },
    offer(kind, body, more = {}) {
      const offer = 'o_' + ++this.offers;
      this.send({ type: 'offer', offer, rule: 'test-rule', kind, body, ...more });
      return offer;
    },
    offers: 0,
    /** Answers uploads and downloads. */
    file: (_request, response) => response.writeHead(404).end(),
    /** Called with each frame that is applied, and the socket it came by. */
    onFrame() {},
    of: (type) => server.frames.filter((frame) => frame.type === type),
    /** All events, in order, of frames and of hellos (as page). */
    get events() {
      return server.frames.flatMap((frame) =>
        frame.type === 'hello' ? [{ ...frame.page, type: 'hello' }] : frame.events || [],
      );
    },
  };
  const http = createServer((request, response) => {
    const path = request.url.split('?')[0];
    server.requests.push(request.url);
    const script = path === '/widget.js' ? widgetSource : laterScripts[path];
    const found = script ? { html: script, type: 'text/javascript' } : server.pages[path];
    if (path === '/files' || path.startsWith('/files/')) return server.file(request, response);
    if (path === '/favicon.ico') return response.writeHead(204).end();
    if (found === undefined) return response.writeHead(404).end();
    const { html, headers, type = 'text/html' } = typeof found === 'string' ? { html: found } : found;
    response.writeHead(200, { 'content-type': type + ';charset=utf-8', ...headers }).end(html);
    return undefined;
  });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has('beckon.v1') ? 'beckon.v1' : false),
  });
  http.on('upgrade', (request, stream, head) => {
    server.requests.push(request.url);
    if (server.refuse) return stream.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    sockets.handleUpgrade(request, stream, head, (socket) => serve(server, socket, request));
    return undefined;
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  server.origin = `http://127.0.0.1:${http.address().port}`;
  return server;
}

function serve(server, socket, request) {
  const connection = server.sockets.push(socket);
  let session;
  socket.hint = new URL(request.url, 'http://x').searchParams.get('v');
  socket.on('message', (data) => {
    if (socket.readyState !== 1) return;
    const frame = JSON.parse(data);
    server.frames.push({ ...frame, connection });
    if (frame.type === 'hello') {
      session = frame.session;
      const welcome = server.welcome(frame);
      const last = server.applied.get(session) || 0;
      if (welcome) {
        socket.send(
          JSON.stringify({
            type: 'welcome',
            visitor: 'v_1',
            token: 'token-1',
            last,
            resumed: !!frame.resume,
            tracking: true,
            offers: [],
            texts: {},
            theme: {},
            ...welcome,
          }),
        );
      }
    } else if (server.apply(frame)) {
      if (frame.id > (server.applied.get(session) || 0)) {
        server.applied.set(session, frame.id);
        server.log.push(...(frame.events || [frame]));
        server.onFrame(frame, socket);
      }
      if (server.acknowledge(frame)) socket.send(JSON.stringify({ type: 'ack', id: frame.id }));
    }
  });
}

/** Waits until `probe` gives something true, and returns it. */
export async function until(probe, what = String(probe), timeoutMs = 8000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error('waited in vain: ' + what);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A test's surroundings, gone when it ends: a server with `pages`, a browser context with `options`, and a tab that is at
 * `path` and connected. `prepare` may change the server before. What the page writes to the console is in `tab.said`.
 */
export async function visit(t, browser, { pages = {}, options = {}, path = '/', welcome, before, prepare } = {}) {
  const server = await startServer(pages);
  if (welcome) server.welcome = welcome;
  prepare?.(server);
  const context = await browser.newContext(options);
  t.after(async () => {
    await context.close();
    await server.stop();
  });
  const tab = await open(context, server, path, before);
  await until(() => server.of('hello').length, 'the hello');
  await settled(tab);
  return { server, context, tab };
}

/** A tab of the context at `path`. */
export async function open(context, server, path = '/', before) {
  const tab = await context.newPage();
  tab.said = [];
  tab.on('console', (message) => tab.said.push(message.text()));
  tab.on('pageerror', (error) => tab.said.push('error: ' + error.message));
  await before?.(tab);
  await tab.goto(server.origin + path);
  return tab;
}

/** Lets a tab get what the server has sent it. */
export const settled = (tab) => tab.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));

export const call = (tab, ...args) => tab.evaluate((given) => window.Beckon(...given), args);
