// The frames of protocol beckon.v1 (docs/protocol.md) as the widget sends and receives them.

export type Json = string | number | boolean | null;

export interface PageFacts {
  url: string;
  title: string;
  referrer: string;
}

/** One thing that happened; `type` and the fields of docs/protocol.md. */
export interface Event {
  type: string;
  [field: string]: unknown;
}

/** A frame without its id, which the connection gives it when it is first sent. */
export interface Frame {
  type: string;
  [field: string]: unknown;
}

/** An action of a rule (invite, call or survey), its texts in the visitor's language. */
export interface OfferBody {
  text: string;
  from?: { name: string; picture?: string };
  style?: 'bubble' | 'panel' | 'open' | 'bar';
  quick_replies?: (string | { text: string; link?: string })[];
  card?: { image?: string; title: string; price?: string; link?: string; button?: string };
  coupon?: string;
  phone?: string;
  callback?: true;
  /** Of a survey. */
  type?: 'nps' | 'csat';
}

export interface OfferFrame {
  type: 'offer';
  offer: string;
  rule: string;
  kind: 'invite' | 'call' | 'survey';
  /** The tab that the rule fired for; absent: every tab may show it. */
  tab?: string;
  body: OfferBody;
}

export interface Theme {
  accent?: string;
  side?: string;
}

/** How the chat stands: in a welcome whole, in `chat` frames what has changed. */
export interface ChatState {
  launcher: 'always' | 'open' | 'never';
  form?: ('name' | 'email')[] | undefined;
  uploads?: boolean | undefined;
  state: 'none' | 'waiting' | 'assigned' | 'closed';
  unread: number;
  last: number;
  /** The highest message that operators have read. */
  read?: number;
  operator?: { name: string; picture?: string; away?: boolean };
  desk: { state: 'open' | 'busy' | 'away' | 'closed'; position?: number; wait?: number; opens?: number };
}

export interface Welcome {
  type: 'welcome';
  visitor?: string;
  token?: string;
  last?: number;
  resumed?: boolean;
  tracking?: boolean;
  offers?: OfferFrame[];
  texts?: { [key: string]: string };
  theme?: Theme;
  chat?: ChatState;
}

export interface Incoming {
  type: string;
  id?: number;
  offer?: string;
  name?: string;
  why?: string;
  code?: string;
  message?: string;
}
