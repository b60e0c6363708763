// Who this is: the visitor's token, shared by all tabs, and the tab's own id. Both live in memory; the browser's
// storage holds them only when the server says that they may be stored (its welcome carries a token).
//
// The tab's id is in the session storage only while no page of the tab is alive: a page takes it out and puts it back
// when it goes away. A duplicated tab, which gets a copy of the session storage, so gets an id of its own.

export interface Identity {
  readonly tab: string;
  token: string | undefined;
  /** The visitor's public id: a routing hint, no secret. */
  visitor: string | undefined;
  /** Takes over what another tab may have stored since. */
  refresh(): void;
  /** Keeps what a welcome gave. Without a token nothing may be stored, and what was is taken away. */
  keep(visitor?: string, token?: string): void;
  /** Forgets the visitor on this device; the next hello is a stranger's. */
  forget(): void;
  /** What the chat keeps for the next page of this tab: given back, or set to `value`. Gone with the visitor. */
  note(value?: string): string;
  /** The page goes away, or comes back. */
  park(): void;
  unpark(): void;
}

/** `length` random characters of [a-z0-9]; more than 5 bits each. */
export function randomName(length: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => (byte % 36).toString(36)).join('');
}

export function createIdentity(site: string): Identity {
  const place = 'beckon:' + site;
  // Gives what is stored, and stores `value` in its place (null: nothing). Storage may be full, turned off, or
  // forbidden (a sandboxed frame throws on access): then memory has to do.
  const swap = (area: 'localStorage' | 'sessionStorage', value?: string | null, key = place): string | null => {
    try {
      const storage = window[area];
      const before = storage.getItem(key);
      if (value) storage.setItem(key, value);
      else if (value === null) storage.removeItem(key);
      return before;
    } catch {
      return null;
    }
  };
  const identity: Identity = {
    tab: swap('sessionStorage', null) || randomName(12),
    token: undefined,
    visitor: undefined,
    refresh() {
      const [visitor, token] = swap('localStorage')?.split(' ') || [];
      if (token) {
        identity.visitor = visitor;
        identity.token = token;
      }
    },
    keep(visitor, token) {
      identity.visitor = visitor;
      identity.token = token;
      swap('localStorage', token ? visitor + ' ' + token : null);
    },
    note(value) {
      const kept = value === undefined ? swap('sessionStorage', value, place + ':chat') : value;
      if (value !== undefined) swap('sessionStorage', (identity.token && value) || null, place + ':chat');
      return kept || '';
    },
    forget() {
      identity.keep();
      identity.note('');
    },
    park: () => swap('sessionStorage', identity.token ? identity.tab : null),
    unpark: () => swap('sessionStorage', null),
  };
  return identity;
}
