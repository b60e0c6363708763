// All that the console shows is in one value, which is replaced and never changed.

import type { Status } from '../protocol/connection';
import type { Outgoing } from '../protocol/outbox';
import type { Address, Conversation, Me, Message, Operator, Site, Task, Visitor } from '../protocol/wire';
import type { Route } from './route';
import { loadSettings, type Settings } from './settings';

export interface Thread {
  /** Ascending; holes are asked for and filled. */
  messages: Message[];
  loaded: boolean;
  loadingOlder: boolean;
  typing?: { who: string; at: number } | undefined;
  visitor?: Visitor | undefined;
}

/** The list of all conversations of a site, as far as it was asked for. */
export interface Paging {
  loading: boolean;
  next?: number | undefined;
  ended: boolean;
}

export interface Upload {
  id: number;
  place: string;
  file: File;
  part: number;
  failed?: string;
  /** Of one that failed: trying again may help. */
  again?: boolean;
}

export interface Notice {
  id: number;
  text: string;
  kind: 'info' | 'bad';
}

export type Dialog = 'help' | 'settings' | 'password' | 'transfer';

export interface State {
  stage: 'loading' | 'unreachable' | 'setup' | 'login' | 'desk';
  /** Of `login`: why somebody who was signed in sees it. */
  ended: boolean;
  secret: string;
  me: Me | undefined;
  status: Status;
  welcomed: boolean;
  /** More is open than the welcome held. */
  more: boolean;
  sites: Site[];
  operators: Operator[];
  conversations: Record<string, Conversation>;
  tasks: Record<string, Task>;
  threads: Record<string, Thread>;
  paging: Record<string, Paging>;
  outbox: Outgoing[];
  /** What is written and not said, by place. */
  drafts: Record<string, string>;
  uploads: Upload[];
  /** By place: who else has a conversation that was wanted. */
  conflicts: Record<string, string>;
  /** What the operator chose last; away without having been chosen came by itself. */
  wanted: 'online' | 'away';
  route: Route;
  settings: Settings;
  dialog: Dialog | undefined;
  notices: Notice[];
  /** For screen readers: the latest news. */
  spoken: string;
}

export const placeOf = ({ site, conversation }: Address) => `${site}/${conversation}`;
export const place = ({ site, id }: { site: string; id: string }) => `${site}/${id}`;
export const addressOf = ({ site, id }: { site: string; id: string }): Address => ({ site, conversation: id });

export const kEmptyThread: Thread = { messages: [], loaded: false, loadingOlder: false };

export function initialState(route: Route): State {
  return {
    stage: 'loading',
    ended: false,
    secret: '',
    me: undefined,
    status: { state: 'connecting', attempt: 0 },
    welcomed: false,
    more: false,
    sites: [],
    operators: [],
    conversations: {},
    tasks: {},
    threads: {},
    paging: {},
    outbox: [],
    drafts: {},
    uploads: [],
    conflicts: {},
    wanted: 'online',
    route,
    settings: loadSettings(),
    dialog: undefined,
    notices: [],
    spoken: '',
  };
}
