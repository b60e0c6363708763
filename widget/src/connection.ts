// The way to the server: one WebSocket that comes back by itself, and what is to be sent.
//
// What happens on the page goes into `outbox`, in order. A frame gets its id when it is first sent, and stays until the
// server says that it applied it. After a reconnect the welcome names the last frame that was, and the rest is sent
// again: nothing is lost, nothing applied twice.

import { backoff } from './backoff';
import { refusedByBrowser, type Config } from './config';
import { randomName, type Identity } from './identity';
import type { Event, Frame, Incoming, PageFacts, Welcome } from './wire';

export const kBatchMs = 250;
/** The server takes 50, of 64 KiB together; this many of the largest (16 long values, or two long addresses) fit. */
const kMaxEventsPerFrame = 10;
/** Frames that wait, for a connection or an acknowledgement; beyond it the oldest is given up. */
const kMaxFrames = 64;
/** A welcome or an acknowledgement that takes longer means that the connection is dead. */
const kAnswerMs = 20_000;
/** A connection that lived this long was a good one: the next delay is short again. */
const kGoodLifeMs = 10_000;
const kOnlineSpreadMs = 1000;
/** Close codes: signed in as somebody known, come back as that visitor; from here to 4999: do not come back. */
const kStartOver = 4005;
const kStop = 4500;

/**
 * Called once: true when the server applied the frame, false when it refused it (with the code of the error) or will not
 * come to know it.
 */
export type Settled = (applied: boolean, code?: string) => void;

export interface Connection {
  connect(): void;
  /** Something happened on the page. Urgent: it leaves at once, with what waits before it. */
  event(event: Event, urgent?: 1): void;
  /** A frame of its own, sent at once. */
  frame(frame: Frame, settled?: Settled): void;
  consent(value: boolean): void;
  /** The page goes away (it may come back from the back/forward cache), or is back. */
  leave(): void;
  comeBack(): void;
  /** Forgets the visitor and starts as a new one, in whose name nothing of before is sent. */
  startOver(): void;
}

export interface Handlers {
  page(): PageFacts;
  welcome(welcome: Welcome): void;
  frame(frame: Incoming): void;
  /** The highest message of the chat that this page has; undefined while the chat was not opened. */
  chat(): number | undefined;
  lost(): void;
  /** The server wants no more connections from this page load. */
  stopped(code: number, reason: string): void;
}

interface Item {
  frame: Frame & { events?: Event[] };
  /** 0 until it was sent. */
  id: number;
  settled?: Settled | undefined;
}

export function createConnection(config: Config, identity: Identity, handlers: Handlers): Connection {
  let socket: WebSocket | undefined;
  let ready = false; // this socket had its welcome
  let welcomed = false; // this page was welcomed, and has not gone away since: a reconnect goes on with it
  let ended = false; // stopped for good, or the page is away
  let tracking = true;
  let consent = refusedByBrowser() ? false : config.consent;
  let session = randomName(32);
  let lastId = 0;
  let attempt = 0;
  let openedAt = 0;
  let flushTimer: number | undefined;
  let retryTimer: number | undefined;
  let answerTimer: number | undefined;
  let letNextTabIn = () => {};
  let outbox: Item[] = [];
  // The page that the server knows of while those in the outbox are not applied.
  let knownPage = handlers.page();

  const connect = () => {
    if (socket || ended) return;
    identity.refresh();
    // Two tabs opened at once would become two visitors: without a token one tab at a time may ask for one.
    if (identity.token || !navigator.locks) open();
    else navigator.locks.request('beckon:' + config.site, open).catch(open);
  };

  /** Resolves when the server has answered, or the socket is gone. */
  const open = () => {
    if (socket || ended) return;
    identity.refresh();
    const query = new URLSearchParams({ site: config.site });
    if (identity.visitor) query.set('v', identity.visitor);
    socket = new WebSocket(config.socket + '?' + query, 'beckon.v1');
    openedAt = Date.now();
    expectAnswer();
    socket.onopen = hello;
    socket.onmessage = ({ data }) => receive(JSON.parse(data));
    socket.onclose = ({ code, reason }) => lost(code, reason);
    return new Promise<void>((resolve) => (letNextTabIn = resolve));
  };

  const hello = () => {
    const news = outbox.some(({ frame }) => frame.events?.some(({ type }) => type === 'page'));
    if (!news) knownPage = handlers.page();
    transmit({
      type: 'hello',
      site: config.site,
      token: identity.token,
      tab: identity.tab,
      session,
      consent,
      resume: welcomed,
      chat: handlers.chat(),
      language: config.language,
      page: { ...knownPage, hidden: document.hidden },
    });
  };

  const transmit = (frame: Frame) => socket!.send(JSON.stringify(frame, wellFormed));

  const expectAnswer = () => {
    clearTimeout(answerTimer);
    answerTimer = setTimeout(lost, kAnswerMs);
  };

  const hangUp = () => {
    ready = false;
    clearTimeout(answerTimer);
    letNextTabIn();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = undefined;
  };

  /** The socket is gone, or as good as gone. */
  const lost = (code = 0, reason = '') => {
    hangUp();
    handlers.lost();
    if (code >= kStop && code < 5000) {
      ended = true;
      giveUp();
      handlers.stopped(code, reason);
    } else {
      if (Date.now() - openedAt > kGoodLifeMs || code === kStartOver) attempt = 0;
      retryIn(backoff(attempt++, Math.random()));
    }
  };

  const retryIn = (delay: number) => {
    clearTimeout(retryTimer);
    retryTimer = setTimeout(connect, delay);
  };

  /** What waits will never be sent. */
  const giveUp = () => outbox.splice(0).forEach(({ settled }) => settled?.(false));

  const receive = (frame: Incoming) => {
    if (frame.type === 'welcome') {
      welcome(frame as Welcome);
    } else if (frame.type === 'ack') {
      settle(frame.id!);
    } else if (frame.type === 'error') {
      console.warn('Beckon: refused', frame.code, frame.message);
      const at = outbox.findIndex(({ id }) => id === frame.id);
      if (at >= 0) outbox.splice(at, 1)[0]!.settled?.(false, frame.code);
    } else {
      handlers.frame(frame);
    }
  };

  const welcome = (frame: Welcome) => {
    identity.keep(frame.visitor, frame.token);
    track(consent !== false && frame.tracking !== false);
    letNextTabIn();
    settle(frame.last!);
    const first = !ready;
    ready = welcomed = true;
    if (first) for (const { frame, id } of outbox) id && transmit({ ...frame, id });
    flush();
    handlers.welcome(frame);
  };

  /** Where the visitor is not followed, what has not been sent yet of the page's events will not be. */
  const track = (value: boolean) => {
    tracking = value;
    if (!value) outbox = outbox.filter(({ id, frame }) => id || !frame.events);
  };

  /** Every frame up to `last` is applied. */
  const settle = (last: number) => {
    clearTimeout(answerTimer);
    while (outbox[0]?.id && outbox[0].id <= last) {
      const { frame, settled } = outbox.shift()!;
      for (const event of frame.events || []) if (event.type === 'page') knownPage = event as unknown as PageFacts;
      settled?.(true);
    }
    if (outbox[0]?.id) expectAnswer();
  };

  const flush = () => {
    clearTimeout(flushTimer);
    flushTimer = 0;
    if (!ready) return;
    for (const item of outbox) {
      if (item.id) continue;
      if (!outbox[0]!.id) expectAnswer();
      transmit({ ...item.frame, id: (item.id = ++lastId) });
    }
  };

  const push = (frame: Item['frame'], settled?: Settled) => {
    if (ended) return settled?.(false);
    outbox.push({ frame, id: 0, settled });
    if (outbox.length > kMaxFrames) outbox.shift()!.settled?.(false);
  };

  const pushEvent = (event: Event) => {
    if (!tracking) return;
    const last = outbox.at(-1);
    const events = last?.frame.events;
    if (!events || last.id || events.length >= kMaxEventsPerFrame) push({ type: 'events', events: [event] });
    else events.push(event);
  };

  const frame = (content: Frame, settled?: Settled) => {
    push(content, settled);
    flush();
  };

  addEventListener('online', () => {
    attempt = 0;
    if (!socket) retryIn(Math.random() * kOnlineSpreadMs);
  });
  addEventListener('offline', () => socket && lost());

  return {
    connect,
    event(event, urgent) {
      pushEvent(event);
      if (urgent) flush();
      else flushTimer ||= setTimeout(flush, kBatchMs);
    },
    frame,
    consent(value) {
      if (refusedByBrowser()) return;
      consent = value;
      if (!value) {
        track(false);
        identity.forget();
      }
      frame({ type: 'consent', value });
    },
    leave() {
      pushEvent({ type: 'leave' });
      flush();
      ended = true;
      welcomed = false;
      clearTimeout(retryTimer);
      identity.park();
      // A page with an open socket may not be kept for the way back. What was sent before still arrives.
      hangUp();
    },
    comeBack() {
      identity.unpark();
      // The hello starts the page again: a leave that may not have arrived must not end it.
      for (const { frame } of outbox) {
        if (frame.events) frame.events = frame.events.filter(({ type }) => type !== 'leave');
      }
      outbox = outbox.filter(({ frame }) => !frame.events || frame.events[0]);
      ended = false;
      connect();
    },
    startOver() {
      identity.forget();
      hangUp();
      giveUp();
      session = randomName(32);
      lastId = attempt = 0;
      welcomed = false;
      tracking = consent !== false;
      retryIn(0);
    },
  };
}

/** Half a surrogate pair is no text; the server would refuse the frame. */
function wellFormed(_key: string, value: unknown): unknown {
  return (value as { toWellFormed?(): string } | undefined)?.toWellFormed?.() ?? value;
}
