// The operator's line to the server: what comes in goes into the state, what is wanted goes out.

import { Connection, kSignedOut, Refused, type Status } from '../protocol/connection';
import { Outbox } from '../protocol/outbox';
import type { Address, FileInfo, Incoming, Ok, Welcome } from '../protocol/wire';
import { applyFrame, applyWelcome, withConversation, withMessages, withThread } from './apply';
import { conflicted } from './conflicts';
import { loadDrafts } from './drafts';
import { self } from './select';
import { placeOf, type State } from './state';
import { getState, setState } from './store';
import { later, openSocket } from './surroundings';
import { hole } from './threads';

export type Frame = Exclude<Incoming, Welcome>;

/** Who looks after the session. */
export interface Door {
  stillSignedIn(): Promise<boolean>;
  sessionEnded(): Promise<void>;
}

const kWanted = 'beckon.console.presence';

let door: Door;
let heard: (before: State, after: State, frame: Frame) => void = () => {};
let outbox: Outbox | undefined;
let watched: Address | undefined;
const filling = new Set<string>();

const connection = new Connection(
  { open: openSocket, now: Date.now, random: Math.random, after: later },
  { status: statusChanged, welcome, frame: receive, mayRetry: () => door.stillSignedIn() },
);

/** Somebody is signed in: connects as them. */
export function openDesk(by: Door) {
  door = by;
  const { me } = getState();
  outbox = new Outbox({
    operator: me!.id,
    shelf: localStorage,
    send: ({ site, conversation, key, text, file }) =>
      connection.request('say', { site, conversation, key, ...(file ? { file: file.id } : { text }) }),
    after: later,
    changed: (items) => setState({ outbox: items }),
    delivered: said,
    refused: (item, why) => conflicted(item, why),
  });
  setState({ stage: 'desk', outbox: outbox.all, drafts: loadDrafts(me!.id), wanted: wantedPresence() });
  connection.start();
}

export function wantedPresence(): State['wanted'] {
  return localStorage.getItem(kWanted) === 'away' ? 'away' : 'online';
}

export function keepPresence(wanted: State['wanted']) {
  try {
    localStorage.setItem(kWanted, wanted);
  } catch {
    // It is remembered as long as the page lasts.
  }
  setState({ wanted });
}

export function closeDesk() {
  connection.stop();
  outbox = undefined;
  watched = undefined;
  setState({ welcomed: false, conversations: {}, tasks: {}, threads: {}, paging: {}, outbox: [], uploads: [] });
}

/** Sends a frame now; rejects with Refused or Unanswered. */
export const ask = (type: string, fields: object = {}): Promise<Ok> => connection.request(type, fields);

/** For what is worth nothing later: a failure is no news. */
export const quietly = (asked: Promise<Ok>): Promise<Ok | undefined> => asked.catch(() => undefined);

export const tell = (type: string, fields: object = {}) => void quietly(ask(type, fields));

export const connected = () => connection.ready;
export const theOutbox = () => outbox;

/** Calls `listener` with every frame and the state before and after it. */
export const onFrame = (listener: typeof heard) => void (heard = listener);

export const retryNow = () => connection.retryNow();
export const wentOffline = () => connection.offline();

function statusChanged(status: Status) {
  setState({ status });
  // Of the other codes that stop, the banner tells.
  if (status.state === 'stopped' && status.code === kSignedOut) void door.sessionEnded();
}

function welcome(frame: Welcome) {
  setState(applyWelcome(getState(), frame));
  const me = self(getState());
  if (!me || me.state === 'offline') tell('presence', { state: getState().wanted });
  watched = undefined;
  follow();
  outbox?.flush();
}

function receive(frame: Frame) {
  const before = getState();
  setState(applyFrame(before, frame));
  heard(before, getState(), frame);
  if (frame.type === 'messages') void fillHole(frame);
}

/** Watches the conversation of the address bar, and no other. */
export function follow() {
  const { route } = getState();
  const wanted =
    route.site && route.id && route.folder !== 'tasks' ? { site: route.site, conversation: route.id } : undefined;
  if (watched && (!wanted || placeOf(watched) !== placeOf(wanted))) tell('unwatch', watched);
  if (!wanted || !connection.ready || (watched && placeOf(watched) === placeOf(wanted))) return;
  watched = wanted;
  void watch(wanted);
}

async function watch(address: Address) {
  try {
    const ok = await ask('watch', address);
    absorb(ok);
    setState(withMessages(getState(), placeOf(address), ok.messages ?? [], { loaded: true }));
    await fillHole(address);
  } catch (error) {
    if (error instanceof Refused) setState(withThread(getState(), placeOf(address), { loaded: true }));
  }
}

async function fillHole({ site, conversation }: Address) {
  const address = { site, conversation };
  const at = placeOf(address);
  if (filling.has(at)) return;
  filling.add(at);
  try {
    for (;;) {
      const before = hole(getState().threads[at]?.messages ?? []);
      if (before === undefined) break;
      const { messages = [] } = await ask('history', { ...address, before });
      if (!messages.some(({ seq }) => seq < before)) break;
      setState(withMessages(getState(), at, messages));
    }
  } catch {
    // The next connection's watch asks again.
  } finally {
    filling.delete(at);
  }
}

function said(item: Address & { key: string; text?: string; file?: FileInfo }, ok: Ok) {
  absorb(ok);
  const { me } = getState();
  if (ok.seq === undefined) return;
  const { text, file, key } = item;
  const message = {
    seq: ok.seq,
    at: ok.at ?? Date.now(),
    from: 'operator' as const,
    name: me!.name,
    operator: me!.id,
    key,
  };
  setState(withMessages(getState(), placeOf(item), [{ ...message, ...(file ? { file } : { text: text ?? '' }) }]));
  void fillHole(item);
}

export function absorb({ conversation }: Ok) {
  if (conversation) setState(withConversation(getState(), conversation));
}
