// What an operator can do.

import { Refused } from '../protocol/connection';
import { newKey } from '../protocol/outbox';
import type { Address, Conversation, FileInfo, Task, TransferTarget } from '../protocol/wire';
import { t } from '../texts';
import { withConversations, withMessages, withTask, withThread } from './apply';
import { conflicted, inWords } from './conflicts';
import { absorb, ask, connected, keepPresence, quietly, tell, theOutbox } from './desk';
import { notify } from './notices';
import { addressOf, placeOf, type State } from './state';
import { getState, setState } from './store';

export function say(address: Address, what: { text: string } | { file: FileInfo }) {
  theOutbox()?.add({ ...address, ...what, key: newKey(), operator: getState().me!.id, at: Date.now() });
}

export const retry = (key: string) => theOutbox()?.retry(key);
export const discard = (key: string) => theOutbox()?.discard(key);

export const take = (c: Conversation) => change('take', c);
export const close = (c: Conversation) => change('close', c);
export const transfer = (c: Conversation, to: TransferTarget) => change('transfer', c, { to });

/** A change of state by compare-and-set; who was slower is told. Resolves whether it came about. */
async function change(type: string, c: Conversation, fields: object = {}): Promise<boolean> {
  const address = addressOf(c);
  try {
    absorb(await ask(type, { ...address, version: c.version, ...fields }));
    return true;
  } catch (error) {
    if (error instanceof Refused) conflicted(address, error);
    else notify(t('failed_offline'), 'bad');
    return false;
  }
}

export async function setDone(task: Task, done: boolean) {
  try {
    const ok = await ask('task', { site: task.site, task: task.id, done });
    setState(withTask(getState(), ok.task ?? { ...task, done }));
  } catch (error) {
    notify(error instanceof Refused ? inWords(error.refusal) : t('failed_offline'), 'bad');
  }
}

export async function setPresence(state: 'online' | 'away') {
  keepPresence(state);
  const ok = await quietly(ask('presence', { state }));
  const { operators, me } = getState();
  if (ok) setState({ operators: operators.map((one) => (one.id === me?.id ? { ...one, state } : one)) });
}

export async function loadOlder(address: Address) {
  const at = placeOf(address);
  const thread = getState().threads[at];
  const first = thread?.messages[0];
  if (!thread || thread.loadingOlder || !first || first.seq <= 1) return;
  setState(withThread(getState(), at, { loadingOlder: true }));
  const ok = await quietly(ask('history', { ...address, before: first.seq }));
  setState(withMessages(getState(), at, ok?.messages ?? [], { loadingOlder: false }));
}

/** The next page of all conversations of every site. */
export async function listMore() {
  await Promise.all(getState().sites.map(({ id }) => listSite(id)));
}

async function listSite(site: string) {
  const known = getState().paging[site];
  if (known?.loading || known?.ended || !connected()) return;
  const page = (change: State['paging'][string]) => setState({ paging: { ...getState().paging, [site]: change } });
  page({ loading: true, ended: false, next: known?.next });
  const ok = await quietly(ask('list', { site, ...(known?.next ? { before: known.next } : {}) }));
  if (!ok) return page({ loading: false, ended: false, next: known?.next });
  setState(withConversations(getState(), ok.conversations ?? []));
  page({ loading: false, ended: ok.next === undefined, next: ok.next });
}

export const tellActivity = () => tell('activity');
export const tellTyping = (address: Address, on: boolean) => tell('typing', { ...address, on });
export const tellRead = (address: Address, seq: number) => tell('read', { ...address, seq });
