// Questions to the state that more than one view asks.

import type { Conversation, Operator, Task } from '../protocol/wire';
import type { Folder } from './route';
import { place, type State } from './state';

export const isMine = (state: State, { state: now, operator }: Conversation) =>
  now === 'assigned' && operator?.id === state.me?.id;

export function conversationsIn(state: State, folder: Folder): Conversation[] {
  const all = Object.values(state.conversations);
  if (folder === 'waiting') {
    return all.filter((c) => c.state === 'waiting').sort((a, b) => a.waiting_since - b.waiting_since);
  }
  const latestFirst = (a: Conversation, b: Conversation) => b.at - a.at;
  if (folder === 'mine') return all.filter((c) => isMine(state, c)).sort(latestFirst);
  return all.sort(latestFirst);
}

/** Open ones first, oldest first; then those done since the page was loaded. */
export const tasksOf = (state: State): Task[] =>
  Object.values(state.tasks).sort((a, b) => Number(a.done) - Number(b.done) || a.at - b.at);

export const openTasks = (state: State) => Object.values(state.tasks).filter(({ done }) => !done).length;
export const waitingCount = (state: State) => conversationsIn(state, 'waiting').length;
export const unreadMine = (state: State) => conversationsIn(state, 'mine').reduce((sum, { unread }) => sum + unread, 0);

export const self = (state: State): Operator | undefined => state.operators.find(({ id }) => id === state.me?.id);

/** The conversation of the address bar. */
export function current(state: State): Conversation | undefined {
  const { folder, site, id } = state.route;
  return site && id && folder !== 'tasks' ? state.conversations[place({ site, id })] : undefined;
}
