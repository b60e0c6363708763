// What the console and the server say to each other: beckon.console.v1 and /console/api. Times are milliseconds since
// 1970.

export type Role = 'operator' | 'admin';
export type Presence = 'online' | 'away' | 'offline';
export type ConversationState = 'waiting' | 'assigned' | 'closed';
export type Author = 'visitor' | 'operator' | 'system' | 'invite';
export type EventName = 'joined' | 'transferred' | 'closed' | 'reopened' | 'unanswered';

export interface Me {
  id: string;
  login: string;
  name: string;
  role: Role;
}

export interface Operator {
  id: string;
  name: string;
  picture?: string;
  state: Presence;
  capacity: number;
  chats: number;
  groups: string[];
  skills: string[];
  /** Empty or absent: all. */
  sites?: string[];
}

export interface Canned {
  title: string;
  text: string;
}

export interface Site {
  id: string;
  canned: Canned[];
  uploads: boolean;
}

export interface Conversation {
  site: string;
  id: string;
  visitor: string;
  state: ConversationState;
  operator?: { id: string; name: string };
  skill?: string;
  group?: string;
  rule?: string;
  last: number;
  version: number;
  created: number;
  waiting_since: number;
  /** The last change. */
  at: number;
  preview: string;
  preview_from?: Author;
  unread: number;
  /** What the visitor has read, and what has reached them: sequence numbers. */
  read: number;
  delivered: number;
  name?: string;
  email?: string;
  language?: string;
  online: boolean;
}

export interface FileInfo {
  id: string;
  name: string;
  type: string;
  bytes: number;
  width?: number;
  height?: number;
}

export interface Message {
  seq: number;
  at: number;
  from: Author;
  name?: string;
  operator?: string;
  key?: string;
  text?: string;
  file?: FileInfo;
  event?: EventName;
  by?: string;
}

export interface Task {
  site: string;
  id: string;
  kind: 'callback' | 'message';
  visitor: string;
  conversation?: string;
  rule?: string;
  name?: string;
  phone?: string;
  email?: string;
  text?: string;
  page?: string;
  at: number;
  done: boolean;
  by?: string;
}

export interface Visitor {
  id: string;
  online: boolean;
  pages?: { url: string; title?: string; at: number }[];
  cart?: { value?: number; items?: number; currency?: string };
  facts?: { name: string; value: unknown }[];
  tags?: string[];
  attrs?: Record<string, unknown>;
}

/** A conversation's name: ids are unique within a site. */
export interface Address {
  site: string;
  conversation: string;
}

export interface Welcome {
  type: 'welcome';
  operator: Me;
  sites: Site[];
  operators: Operator[];
  conversations: Conversation[];
  tasks: Task[];
  /** More is open than a welcome holds: `list` has the rest. */
  more?: boolean;
}

export type Incoming =
  | Welcome
  | { type: 'conversation'; conversation: Conversation }
  | { type: 'task'; task: Task }
  | ({ type: 'messages'; messages: Message[] } & Address)
  | ({ type: 'typing'; who: 'visitor' | 'operator'; name?: string; on: boolean } & Address)
  | { type: 'presence'; operators: Operator[] }
  | ({ type: 'visitor'; visitor: Visitor } & Address)
  | ({ type: 'conversation_gone' } & Address)
  | { type: 'task_gone'; site: string; task: string };

/** The answer to a frame: what it adds to `ok` depends on the frame. */
export interface Ok {
  type: 'ok';
  id: number;
  conversation?: Conversation;
  conversations?: Conversation[];
  messages?: Message[];
  task?: Task;
  seq?: number;
  at?: number;
  next?: number;
}

export interface Refusal {
  type: 'error';
  id: number;
  code: string;
  message?: string;
  /** With `conflict`: the name of who was quicker, and how the conversation is now. */
  operator?: string;
  conversation?: Conversation;
}

export type TransferTarget = { operator: string } | { group: string } | { skill: string };

/** An operator as the admin page has them. */
export interface OperatorRecord {
  id: string;
  login: string;
  name: string;
  role: Role;
  picture?: string;
  capacity: number;
  skills: string[];
  groups: string[];
  sites: string[];
  disabled?: boolean;
}
