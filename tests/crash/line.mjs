// A WebSocket of the protocols of Beckon, for load and for crashes: no browser, no patience for silence.
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';

export const randomKey = () => randomBytes(16).toString('hex');

/** Resolves with the socket when it is open; rejects when it cannot be opened. */
export function connect(url, protocol, headers) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocol, { headers, perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** A promise with its handles outside. */
export function deferred() {
  const it = {};
  it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }));
  it.promise.catch(() => {}); // whoever awaits it hears of it
  return it;
}
