// What a frame of the server changes in the state. Pure: the state before and the frame give the change.

import type { Conversation, Incoming, Message, Task, Welcome } from '../protocol/wire';
import { kEmptyThread, place, placeOf, type State, type Thread } from './state';
import { merge } from './threads';

type Change = Partial<State>;

export function applyFrame(state: State, frame: Exclude<Incoming, Welcome>): Change {
  switch (frame.type) {
    case 'conversation':
      return withConversation(state, frame.conversation);
    case 'task':
      return withTask(state, frame.task);
    case 'messages':
      return withMessages(state, placeOf(frame), frame.messages);
    case 'typing':
      return frame.who === 'visitor'
        ? withThread(state, placeOf(frame), { typing: frame.on ? { who: frame.who, at: Date.now() } : undefined })
        : {};
    case 'visitor':
      return withThread(state, placeOf(frame), { visitor: frame.visitor });
    case 'conversation_gone':
      return withoutConversation(state, placeOf(frame));
    case 'task_gone':
      return { tasks: without(state.tasks, `${frame.site}/${frame.task}`) };
    case 'presence':
      return { operators: frame.operators };
    default:
      return {};
  }
}

/** The welcome has all that is open: what was open before and is not in it has ended meanwhile. */
export function applyWelcome(state: State, frame: Welcome): Change {
  const closed = Object.values(state.conversations).filter((c) => c.state === 'closed');
  const watched = state.route.site && state.route.id ? state.conversations[place(state.route as never)] : undefined;
  const rows = [...(watched ? [watched] : []), ...closed, ...frame.conversations];
  const done = Object.values(state.tasks).filter((task) => task.done);
  return {
    me: { ...state.me, ...frame.operator },
    welcomed: true,
    more: !!frame.more,
    sites: frame.sites,
    operators: frame.operators,
    conversations: Object.fromEntries(rows.map((c) => [place(c), c])),
    tasks: Object.fromEntries([...done, ...frame.tasks].map((task) => [place(task), task])),
    paging: {},
  };
}

/** Frames may overtake each other: an older version of a conversation does not replace a newer one. */
export function withConversation(state: State, fresh: Conversation): Change {
  const known = state.conversations[place(fresh)];
  if (known && (known.version > fresh.version || known.last > fresh.last)) return {};
  const conversations = { ...state.conversations, [place(fresh)]: fresh };
  const conflicts = { ...state.conflicts };
  if (fresh.operator?.id === state.me?.id) delete conflicts[place(fresh)];
  return { conversations, conflicts };
}

/** Erased: nothing of it stays, here either. */
function withoutConversation(state: State, at: string): Change {
  return {
    conversations: without(state.conversations, at),
    threads: { ...state.threads, [at]: { ...kEmptyThread, loaded: true } },
  };
}

function without<T>(table: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = table;
  return rest;
}

export function withConversations(state: State, rows: Conversation[]): Change {
  const fresh = Object.fromEntries(rows.map((c) => [place(c), c]));
  return { conversations: { ...state.conversations, ...fresh } };
}

export const withTask = (state: State, task: Task): Change => ({ tasks: { ...state.tasks, [place(task)]: task } });

export function withThread(state: State, at: string, change: Partial<Thread>): Change {
  return { threads: { ...state.threads, [at]: { ...kEmptyThread, ...state.threads[at], ...change } } };
}

export function withMessages(state: State, at: string, fresh: Message[], more: Partial<Thread> = {}): Change {
  const known = state.threads[at]?.messages ?? [];
  const said = fresh.some(({ from }) => from === 'visitor');
  return withThread(state, at, {
    messages: merge(known, fresh),
    ...(said ? { typing: undefined } : {}),
    ...more,
  });
}
