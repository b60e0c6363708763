// A conversation for the tests' server: what docs/protocol.md says of chat, with the operator in the test's hands.
import { randomUUID } from 'node:crypto';
import { until, visit } from './support.mjs';

/** The chat of a welcome: somebody is there, nothing was said. */
export const kChat = { launcher: 'always', uploads: true, state: 'none', unread: 0, last: 0, desk: { state: 'open' } };

/** Lets `server` chat. The test says what the operator does; `chat.settings` is the welcome's `chat`. */
export function chatOn(server, settings = {}) {
  const chat = {
    settings: { ...kChat, ...settings },
    messages: [],
    files: new Map(),
    keys: new Map(),
    /** Called for a `say`; gives the code of an error, or nothing. */
    refuse: () => undefined,
    state(changes) {
      Object.assign(chat.settings, changes);
      const { launcher, form, uploads, ...state } = chat.settings;
      broadcast({ type: 'chat', ...state });
    },
    add(message, to = broadcast) {
      const whole = { seq: chat.messages.length + 1, at: Date.now(), ...message };
      chat.messages.push(whole);
      chat.settings.last = whole.seq;
      to({ type: 'messages', messages: [whole] });
      return whole;
    },
    /** An operator joins. */
    join(name = 'Mara') {
      chat.state({ state: 'assigned', operator: { name } });
      chat.add({ from: 'system', event: 'joined', name });
    },
    operator: (text, more = {}) => chat.add({ from: 'operator', name: 'Mara', text, ...more }),
  };
  const broadcast = (frame) => {
    for (const socket of server.sockets) if (socket.readyState === 1) socket.send(JSON.stringify(frame));
  };
  const answer = (socket, frame) => socket.send(JSON.stringify(frame));

  server.welcome = () => ({ chat: { ...chat.settings } });
  server.onFrame = (frame, socket) => {
    if (frame.type === 'chat_open') {
      const { launcher, form, uploads, ...state } = chat.settings;
      answer(socket, { type: 'chat', ...state });
      answer(socket, { type: 'messages', messages: chat.messages.slice(-50) });
    }
    if (frame.type === 'history') {
      const found = chat.messages.filter(({ seq }) => seq > (frame.after || 0) && seq < (frame.before || Infinity));
      const messages = frame.after === undefined ? found.slice(-50) : found.slice(0, 50);
      answer(socket, { type: 'messages', messages, more: found.length > messages.length });
    }
    if (frame.type === 'say') {
      const code = chat.refuse(frame);
      if (code) return answer(socket, { type: 'error', id: frame.id, code, message: code });
      if (chat.keys.has(frame.key)) return answer(socket, { type: 'messages', messages: [chat.keys.get(frame.key)] });
      const content = frame.file ? { file: chat.files.get(frame.file) } : { text: frame.text };
      if (chat.settings.state === 'none' || chat.settings.state === 'closed') chat.state({ state: 'waiting' });
      chat.keys.set(frame.key, chat.add({ from: 'visitor', key: frame.key, ...content }));
    }
    if (frame.type === 'chat_close') {
      chat.state({ state: 'closed' });
      chat.add({ from: 'system', event: 'closed', by: 'visitor' });
    }
    return undefined;
  };
  server.file = async (request, response) => {
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' };
    if (request.method === 'OPTIONS') return response.writeHead(204, cors).end();
    if (request.method === 'GET') {
      const found = chat.files.get(request.url.split('/').at(-1));
      return response.writeHead(found ? 200 : 404, { ...cors, 'content-type': found?.type }).end(found?.content);
    }
    const parts = [];
    for await (const part of request) parts.push(part);
    const content = Buffer.concat(parts);
    chat.upload = { headers: request.headers, url: request.url, content };
    const png = content.subarray(1, 4).toString() === 'PNG';
    if (!png) return response.writeHead(415, cors).end('{}');
    const id = 'f_' + randomUUID().replaceAll('-', '').slice(0, 22);
    const name = new URL(request.url, 'http://x').searchParams.get('name');
    const file = { name, type: 'image/png', bytes: content.length, width: 1, height: 1 };
    chat.files.set(id, { id, ...file, content });
    return response.writeHead(200, { ...cors, 'content-type': 'application/json' }).end(JSON.stringify({ file: id, ...file }));
  };
  return chat;
}

/** As visit(), with a chat: `settings` is the welcome's. */
export async function visitWithChat(t, browser, { settings, ...given } = {}) {
  let chat;
  const world = await visit(t, browser, {
    ...given,
    prepare: (server) => (chat = chatOn(server, settings)),
  });
  return { ...world, chat };
}

export const launcher = (tab) => tab.locator('[data-beckon=launcher]');
export const panel = (tab) => tab.locator('[data-beckon=chat]');
export const composer = (tab) => tab.locator('[data-beckon=composer]');
export const log = (tab) => tab.locator('[data-beckon=log]');
export const status = (tab) => tab.locator('[data-beckon=status]');

export async function openChat(tab) {
  await launcher(tab).click();
  await panel(tab).waitFor();
}

export async function write(tab, text) {
  await composer(tab).fill(text);
  await composer(tab).press('Enter');
}

/** The texts of the messages on screen, top to bottom. */
export const said = (tab) => log(tab).locator('.words').allInnerTexts();
export const untilSaid = (tab, texts) =>
  until(async () => JSON.stringify(await said(tab)) === JSON.stringify(texts), 'the messages ' + texts);
