// What was said, as this page knows it: a stretch of the conversation without gaps, and the visitor's own words that the
// server does not have yet.

export interface FileInfo {
  id: string;
  name: string;
  type: string;
  bytes: number;
  width?: number;
  height?: number;
}

/** A message of docs/protocol.md. */
export interface Message {
  seq: number;
  at: number;
  from: 'visitor' | 'operator' | 'system' | 'invite';
  name?: string;
  /** Of the visitor's own. */
  key?: string;
  text?: string;
  file?: FileInfo;
  event?: string;
  by?: string;
}

/** Said, but not known to be on the server's disk. */
export interface Unsent {
  key: string;
  text?: string;
  file?: FileInfo;
  /** The invitation that it accepts. */
  offer?: string;
  /** Why the server did not take it. */
  failed?: string;
}

export interface Messages {
  /** Ascending and dense. */
  readonly known: Message[];
  readonly unsent: Unsent[];
  /** Takes what came, in any order and more than once; false when something in between is missing. */
  add(came: Message[]): boolean;
  /** The highest and the lowest number known; 0 when nothing is. */
  last(): number;
  first(): number;
  /** Forgets everything that the server knows. */
  clear(): void;
}

export function createMessages(): Messages {
  let known: Message[] = [];
  const unsent: Unsent[] = [];
  const last = () => known.at(-1)?.seq || 0;
  const first = () => known[0]?.seq || 0;

  return {
    get known() {
      return known;
    },
    unsent,
    add(came) {
      const sorted = [...came].sort((a, b) => a.seq - b.seq);
      for (const { key } of sorted) {
        const at = unsent.findIndex((each) => each.key === key);
        if (key && at >= 0) unsent.splice(at, 1);
      }
      const older = sorted.filter(({ seq }) => known[0] && seq < first());
      // What does not reach what is known would leave a hole.
      if (older.at(-1)?.seq === first() - 1) known = [...older, ...known];
      let whole = true;
      for (const message of sorted) {
        if (!known[0] || message.seq === last() + 1) known.push(message);
        else if (message.seq > last()) whole = false;
      }
      return whole;
    },
    last,
    first,
    clear: () => void (known = []),
  };
}
