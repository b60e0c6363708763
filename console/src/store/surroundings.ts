// The browser's sockets and timers, for a connection that knows neither.

import { kSubprotocol, type SocketLike } from '../protocol/connection';

export function openSocket(): SocketLike {
  const { protocol, host } = location;
  return new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/console/ws`, kSubprotocol) as SocketLike;
}

/** Calls `then` after `ms`; the result takes it back. */
export function later(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
}
