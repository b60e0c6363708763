// The operators' WebSocket: one connection that comes back by itself, and frames that are answered. It knows nothing
// of what is on the screen, and gets sockets, timers and chance from outside.

import { backoff } from '../../../widget/src/backoff';
import type { Incoming, Ok, Refusal, Welcome } from './wire';

export const kSubprotocol = 'beckon.console.v1';
/** An answer that takes longer means that the line is dead. */
export const kAnswerMs = 15_000;
/** Nothing heard for so long: asks whether the line is alive. */
export const kQuietMs = 25_000;
/** Close codes from here on: do not come back by itself. */
export const kStop = 4500;
/** Close code: the session is over. */
export const kSignedOut = 4505;
/** A connection that lived this long was a good one: the next delay is short again. */
const kGoodLifeMs = 10_000;

export type Status =
  | { state: 'connecting'; attempt: number }
  | { state: 'open' }
  /** `at`: when it will try again. */
  | { state: 'lost'; at: number; attempt: number }
  | { state: 'stopped'; code: number; reason: string };

/** A frame was not answered: the line went first. Whether it was applied is unknown. */
export class Unanswered extends Error {}

export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message ?? refusal.code);
  }
  get code() {
    return this.refusal.code;
  }
}

export interface SocketLike {
  readyState: number;
  send(data: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}

export interface Surroundings {
  open(): SocketLike;
  now(): number;
  random(): number;
  after(ms: number, then: () => void): () => void;
}

export interface Handlers {
  status(status: Status): void;
  welcome(frame: Welcome): void;
  frame(frame: Incoming): void;
  /** A connection ended before it was welcomed: the session may be over. Resolves whether to try again. */
  mayRetry(): Promise<boolean>;
}

interface Pending {
  resolve(ok: Ok): void;
  reject(why: Error): void;
}

export class Connection {
  private socket: SocketLike | undefined;
  private pending = new Map<number, Pending>();
  private nextId = 0;
  private attempt = 0;
  private openedAt = 0;
  private welcomed = false;
  private stopRetry = () => {};
  private stopWatch = () => {};
  /** Whether the watch is for an answer: more questions do not put it off. */
  private waiting = false;
  private running = false;

  constructor(
    private readonly around: Surroundings,
    private readonly handlers: Handlers,
  ) {}

  start() {
    if (this.running) return;
    this.running = true;
    this.attempt = 0;
    this.connect();
  }

  /** For good, until started again. */
  stop() {
    this.running = false;
    this.stopRetry();
    this.hangUp();
  }

  /** Tries now instead of waiting: the network is said to be back, or somebody asked. */
  retryNow() {
    if (this.running && !this.socket) this.connect();
  }

  /** The browser says that the network is gone. */
  offline() {
    if (this.running && this.socket) this.lost(0, '');
  }

  get ready() {
    return this.welcomed;
  }

  /** Sends a frame now. Rejects with Refused, or Unanswered when the line goes first. */
  request(type: string, fields: object = {}): Promise<Ok> {
    if (!this.welcomed) return Promise.reject(new Unanswered('not connected'));
    return this.transmit(type, fields);
  }

  private connect() {
    this.stopRetry();
    this.handlers.status({ state: 'connecting', attempt: this.attempt });
    const socket = this.around.open();
    this.socket = socket;
    this.openedAt = this.around.now();
    this.expectAnswer();
    socket.onopen = () => void this.transmit('hello', {}).catch(() => {});
    socket.onmessage = ({ data }) => this.receive(JSON.parse(String(data)));
    socket.onclose = ({ code, reason }) => this.lost(code, reason);
  }

  private transmit(type: string, fields: object): Promise<Ok> {
    const id = ++this.nextId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.socket!.send(JSON.stringify({ ...fields, type, id }));
      if (!this.waiting) this.expectAnswer();
    });
  }

  private receive(frame: Incoming | Ok | Refusal) {
    if (frame.type === 'ok' || frame.type === 'error') {
      const asked = this.pending.get(frame.id);
      this.pending.delete(frame.id);
      if (frame.type === 'ok') asked?.resolve(frame);
      else asked?.reject(new Refused(frame));
    } else if (frame.type === 'welcome') {
      this.welcomed = true;
      this.handlers.status({ state: 'open' });
      this.handlers.welcome(frame);
    } else {
      this.handlers.frame(frame);
    }
    this.expectAnswer();
  }

  /** Watches for silence: with something unanswered the line is given up, else it is tried. */
  private expectAnswer() {
    this.stopWatch();
    if (!this.socket) return;
    this.waiting = this.pending.size > 0 || !this.welcomed;
    this.stopWatch = this.around.after(this.waiting ? kAnswerMs : kQuietMs, () => {
      if (this.waiting) this.lost(0, '');
      else void this.request('ping').catch(() => {});
    });
  }

  private hangUp() {
    this.stopWatch();
    this.welcomed = false;
    const socket = this.socket;
    this.socket = undefined;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    const unanswered = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of unanswered) reject(new Unanswered('the connection was lost'));
  }

  private lost(code: number, reason: string) {
    const greeted = this.welcomed;
    this.hangUp();
    if (code >= kStop && code < 5000) {
      this.running = false;
      this.handlers.status({ state: 'stopped', code, reason });
      return;
    }
    if (greeted && this.around.now() - this.openedAt >= kGoodLifeMs) this.attempt = 0;
    const delay = backoff(this.attempt++, this.around.random());
    this.handlers.status({ state: 'lost', at: this.around.now() + delay, attempt: this.attempt });
    this.stopRetry = this.around.after(delay, () => this.connect());
    if (!greeted) {
      void this.handlers.mayRetry().then((may) => {
        if (!may && !this.socket) this.stop();
      });
    }
  }
}
