// The desk of the tests' server: conversations, messages, tasks and operators in memory, as docs/console-protocol.md has them.
// Sequence numbers are dense, client keys make saying idempotent, changes of state compare and set the version.

const kPage = 50;
const kMaxMessageBytes = 8192;

export class Desk {
  sites = [{ id: 'shop', canned: [], uploads: true }];
  operators = new Map(); // id → {id, login, password, name, role, capacity, skills, groups, sites, disabled, version, state}
  conversations = new Map(); // site/id → {row, messages, keys, visitor}
  tasks = new Map(); // site/id → task
  files = new Map(); // id → {type, content, name}
  connections = new Set(); // {operator, send(frame), watched: Set}
  change = 0;
  made = 0;

  addOperator({ login, ...fields }) {
    const id = `p_${login}${'x'.repeat(22 - login.length)}`;
    const one = { id, login, password: 'a long password', name: login, role: 'operator', capacity: 4, skills: [], groups: [], sites: [], disabled: false, version: 1, state: 'offline', ...fields };
    this.operators.set(id, one);
    return one;
  }

  byLogin = (login) => [...this.operators.values()].find((one) => one.login === login);

  /** A visitor begins a conversation. */
  begin({ site = 'shop', says = ['Hello'], visitor: profile, ...fields } = {}) {
    const n = ++this.made;
    const id = `c_${String(n).padStart(22, '0')}`;
    const now = Date.now();
    const row = { site, id, visitor: `v_00000000000000000${1000 + n}`, state: 'waiting', last: 0, version: 1, created: now, waiting_since: now, at: now, preview: '', unread: 0, read: 0, delivered: 0, online: true, ...fields };
    const visitor = { id: row.visitor, online: row.online, pages: [], cart: { value: 0, items: 0 }, facts: [], tags: [], attrs: {}, ...profile };
    const conversation = { row, messages: [], keys: new Map(), visitor };
    this.conversations.set(`${site}/${id}`, conversation);
    for (const text of says) this.append(conversation, { from: 'visitor', text });
    if (fields.waiting_since) Object.assign(row, { waiting_since: fields.waiting_since });
    this.tell(conversation);
    return conversation;
  }

  /** Adds a message, or finds the one with the same key. */
  append(conversation, { key, ...message }) {
    const known = key && conversation.keys.get(key);
    if (known) return known;
    const { row } = conversation;
    const whole = { seq: ++row.last, at: Date.now(), ...(key && message.from === 'operator' ? { key } : {}), ...message };
    conversation.messages.push(whole);
    if (key) conversation.keys.set(key, whole);
    Object.assign(row, { at: whole.at, order: ++this.change });
    if (message.from === 'visitor') row.unread++;
    if (message.from !== 'system') Object.assign(row, { preview: (message.text ?? message.file?.name ?? '').slice(0, 200), preview_from: message.from });
    const { site, id } = row;
    this.toWatchers(conversation, { type: 'messages', site, conversation: id, messages: [whole] });
    return whole;
  }

  visitorSays(conversation, message) {
    const { row } = conversation;
    if (row.state === 'closed') {
      this.append(conversation, { from: 'system', event: 'reopened' });
      this.set(conversation, { state: 'waiting', operator: undefined, waiting_since: Date.now() });
    }
    this.append(conversation, { from: 'visitor', ...(typeof message === 'string' ? { text: message } : message) });
    this.tell(conversation);
  }

  visitorReads(conversation, { read = 0, delivered = read }) {
    Object.assign(conversation.row, { read, delivered });
    this.tell(conversation);
  }

  visitorTypes(conversation, on = true) {
    const { site, id } = conversation.row;
    this.toWatchers(conversation, { type: 'typing', site, conversation: id, who: 'visitor', on });
  }

  visitorIs(conversation, change) {
    Object.assign(conversation.visitor, change);
    if ('online' in change) conversation.row.online = change.online;
    const { site, id } = conversation.row;
    this.toWatchers(conversation, { type: 'visitor', site, conversation: id, visitor: conversation.visitor });
    this.tell(conversation);
  }

  addTask(fields) {
    const task = { site: 'shop', id: `t_${String(++this.made).padStart(22, '0')}`, kind: 'callback', visitor: 'v_0000000000000000007777', at: Date.now(), done: false, ...fields };
    this.tasks.set(`${task.site}/${task.id}`, task);
    this.toAll({ type: 'task', task });
    return task;
  }

  set(conversation, change) {
    Object.assign(conversation.row, change);
    conversation.row.version++;
    conversation.row.order = ++this.change;
  }

  tell = (conversation) => {
    this.toAll({ type: 'conversation', conversation: this.row(conversation) });
    this.tellPresence();
  };
  row = ({ row: { order, ...row } }) => row;
  key = (one) => `${one.row.site}/${one.row.id}`;

  toAll(frame) {
    for (const one of this.connections) one.send(frame);
  }
  toWatchers(conversation, frame) {
    for (const one of this.connections) if (one.watched.has(this.key(conversation))) one.send(frame);
  }
  tellPresence() {
    this.toAll({ type: 'presence', operators: this.people() });
  }

  people() {
    const chats = (id) => [...this.conversations.values()].filter(({ row }) => row.state === 'assigned' && row.operator.id === id).length;
    return [...this.operators.values()]
      .filter(({ disabled, state }) => !disabled && state !== 'offline')
      .map(({ id, name, state, capacity, groups, skills, sites }) => ({ id, name, state, capacity, chats: chats(id), groups, skills, sites }));
  }

  welcome({ operator: { id, login, name, role, state } }) {
    const open = [...this.conversations.values()].filter(({ row }) => row.state !== 'closed').map(this.row);
    const tasks = [...this.tasks.values()].filter(({ done }) => !done);
    return { type: 'welcome', operator: { id, login, name, role, state }, sites: this.sites, operators: this.people(), conversations: open, tasks };
  }

  /** The answer to a frame: what `ok` adds, or {error, …}. */
  answer(connection, frame) {
    const conversation = this.conversations.get(`${frame.site}/${frame.conversation}`);
    const needs = frame.conversation && !conversation ? { error: 'no_conversation' } : undefined;
    return needs ?? this.orders[frame.type]?.(connection, frame, conversation) ?? { error: 'bad_frame', message: frame.type };
  }

  orders = {
    ping: () => ({}),
    activity: () => ({}),
    presence: ({ operator }, { state }) => {
      operator.state = state;
      this.tellPresence();
      return {};
    },
    watch: (connection, frame, conversation) => {
      connection.watched.add(this.key(conversation));
      const { row: { site, id }, visitor } = conversation;
      queueMicrotask(() => connection.send({ type: 'visitor', site, conversation: id, visitor }));
      return { conversation: this.row(conversation), messages: conversation.messages.slice(-kPage) };
    },
    unwatch: (connection, frame, conversation) => {
      connection.watched.delete(this.key(conversation));
      return {};
    },
    history: (connection, { before }, { messages }) => ({ messages: messages.filter(({ seq }) => seq < before).slice(-kPage) }),
    list: (connection, { site, before = Infinity }) => {
      const rows = [...this.conversations.values()].filter(({ row }) => row.site === site && row.order < before).sort((a, b) => b.row.order - a.row.order);
      const page = rows.slice(0, kPage);
      return { conversations: page.map(this.row), ...(rows.length > kPage ? { next: page.at(-1).row.order } : {}) };
    },
    take: ({ operator }, { version }, conversation) => this.compare(conversation, version, operator) ?? this.assign(conversation, operator),
    say: ({ operator }, frame, conversation) => this.say(operator, frame, conversation),
    typing: () => ({}),
    read: (connection, { seq }, conversation) => {
      conversation.row.unread = conversation.messages.filter((m) => m.from === 'visitor' && m.seq > seq).length;
      this.tell(conversation);
      return {};
    },
    close: ({ operator }, { version }, conversation) => {
      const refused = this.compare(conversation, version);
      if (refused) return refused;
      this.append(conversation, { from: 'system', event: 'closed', by: operator.name });
      return this.became(conversation, { state: 'closed', operator: undefined });
    },
    transfer: ({ operator }, { version, to }, conversation) => {
      const refused = this.compare(conversation, version);
      if (refused) return refused;
      const other = this.operators.get(to.operator);
      if (to.operator && (!other || other.state === 'offline')) return { error: 'bad_target', message: 'not online' };
      const name = other?.name ?? to.group ?? to.skill;
      const full = other && this.people().some(({ id, chats, capacity }) => id === other.id && chats >= capacity);
      if (full) return { error: 'bad_target', message: 'no free slot' };
      this.append(conversation, { from: 'system', event: 'transferred', name, by: operator.name });
      if (other) return this.became(conversation, { operator: { id: other.id, name: other.name } });
      return this.became(conversation, { state: 'waiting', operator: undefined, waiting_since: Date.now(), ...to });
    },
    task: ({ operator }, { site, task: id, done }) => {
      const task = this.tasks.get(`${site}/${id}`);
      if (!task) return { error: 'no_task' };
      Object.assign(task, { done, by: done ? operator.name : undefined });
      this.toAll({ type: 'task', task });
      return { task };
    },
  };

  say(operator, { key, text, file }, conversation) {
    const { row } = conversation;
    const known = conversation.keys.get(key);
    if (known) return { seq: known.seq, at: known.at };
    if (text !== undefined && Buffer.byteLength(text) > kMaxMessageBytes) return { error: 'too_long' };
    if (row.state === 'closed') return { error: 'closed' };
    if (row.state === 'assigned' && row.operator.id !== operator.id) return { error: 'not_yours', operator: row.operator.name, conversation: this.row(conversation) };
    if (row.state === 'waiting') this.assign(conversation, operator);
    const said = this.files.get(file);
    if (file && !said) return { error: 'bad_file' };
    const body = file ? { file: said.info } : { text };
    const { seq, at } = this.append(conversation, { from: 'operator', name: operator.name, operator: operator.id, key, ...body });
    this.tell(conversation);
    return { seq, at };
  }

  /** The refusal when the version is another, or somebody else has it. */
  compare(conversation, version, operator) {
    const { row } = conversation;
    const theirs = operator && row.state === 'assigned' && row.operator.id !== operator.id;
    if (row.version === version && !theirs) return undefined;
    return { error: 'conflict', message: 'it has changed', operator: row.operator?.name, conversation: this.row(conversation) };
  }

  assign(conversation, operator) {
    this.append(conversation, { from: 'system', event: 'joined', name: operator.name });
    return this.became(conversation, { state: 'assigned', operator: { id: operator.id, name: operator.name } });
  }

  became(conversation, change) {
    this.set(conversation, change);
    this.tell(conversation);
    return { conversation: this.row(conversation) };
  }
}
