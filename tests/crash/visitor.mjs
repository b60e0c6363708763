// A visitor who says things and keeps account: what was acknowledged, what was not, and what the server says was said.
//
// As a page does: one frame at a time is never awaited, what was not acknowledged is sent again after a reconnect, under the
// same key.
import { connect, deferred, randomKey } from './line.mjs';

export class Visitor {
  constructor(beckon) {
    this.beckon = beckon;
    this.tab = randomKey().slice(0, 12);
    this.session = randomKey();
    this.lastId = 0;
    this.outbox = []; // {id, frame, settled}: sent, not acknowledged
    this.said = []; // {key, text, acknowledged}, in order
    this.heard = new Map(); // seq → message
    this.doubled = []; // messages that came twice with other words
  }

  /** Until the welcome; throws when there is no server. */
  async connect() {
    const query = new URLSearchParams({ site: 'shop' });
    if (this.visitor) query.set('v', this.visitor);
    const socket = await connect(`${this.beckon.url.replace('http', 'ws')}/ws?${query}`, 'beckon.v1', { origin: this.beckon.url });
    const welcomed = deferred();
    this.socket = socket;
    this.ready = false;
    this.gone = new Promise((resolve) => socket.once('close', resolve));
    socket.once('close', () => {
      if (this.socket === socket) this.ready = false;
      welcomed.reject(new Error('closed before the welcome'));
    });
    socket.on('error', () => {});
    socket.on('message', (data) => this.receive(JSON.parse(data), welcomed));
    this.transmit({
      type: 'hello', site: 'shop', token: this.token, tab: this.tab, session: this.session, resume: this.visitor !== undefined,
      consent: true, chat: this.heard.size ? this.last() : 0, page: { url: this.beckon.url + '/', title: 'Shop', referrer: '', hidden: false },
    });
    await welcomed.promise;
  }

  /** Connects as often as it takes. */
  async comeBack() {
    for (;;) {
      try {
        return await this.connect();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  transmit(frame) {
    this.socket.send(JSON.stringify(frame));
  }

  /** Sends a frame, now and after each reconnect, until it is acknowledged. Resolves then; rejects when it is refused. */
  frame(frame) {
    const item = { id: ++this.lastId, frame, ...deferred() };
    this.outbox.push(item);
    // Ids go up on the wire: before the welcome, what waits from before has not been sent again.
    if (this.ready) this.transmit({ ...frame, id: item.id });
    return item.promise;
  }

  say(text) {
    const message = { key: randomKey(), text, acknowledged: false };
    this.said.push(message);
    return this.frame({ type: 'say', key: message.key, text }).then(() => void (message.acknowledged = true));
  }

  receive(frame, welcomed) {
    if (frame.type === 'welcome') {
      this.visitor = frame.visitor;
      this.token = frame.token;
      this.settle(frame.last);
      if (!this.ready) for (const { id, frame: again } of this.outbox) this.transmit({ ...again, id });
      this.ready = true;
      welcomed.resolve();
    }
    if (frame.type === 'ack') this.settle(frame.id);
    if (frame.type === 'error') this.refused(frame);
    if (frame.type === 'messages') for (const message of frame.messages) this.hear(message);
    if (frame.type === 'chat') this.chat = frame;
  }

  settle(last) {
    while (this.outbox[0]?.id <= last) this.outbox.shift().resolve();
  }

  refused({ id, code, message }) {
    const at = this.outbox.findIndex((item) => item.id === id);
    if (at >= 0) this.outbox.splice(at, 1)[0].reject(Object.assign(new Error(message), { code }));
  }

  hear(message) {
    const before = this.heard.get(message.seq);
    if (before && JSON.stringify(before) !== JSON.stringify(message)) this.doubled.push([before, message]);
    this.heard.set(message.seq, message);
  }

  /** The highest number up to which nothing is missing. */
  last() {
    let seq = 0;
    while (this.heard.has(seq + 1)) ++seq;
    return seq;
  }

  /** Reads the whole conversation anew, as somebody who has forgotten it. */
  async read() {
    this.heard.clear();
    await this.frame({ type: 'chat_open' });
    for (;;) {
      const known = this.last();
      await this.frame({ type: 'history', after: known });
      // The answer comes before the acknowledgement, or shortly after it.
      for (let n = 0; n < 50 && this.last() === known; ++n) await new Promise((resolve) => setTimeout(resolve, 2));
      if (this.last() === known) break;
    }
    return [...this.heard.values()].sort((a, b) => a.seq - b.seq);
  }

  /** What is wrong with the conversation as the server has it; empty: nothing. */
  async faults() {
    const faults = this.doubled.map(([a, b]) => `two messages are number ${a.seq}: ${JSON.stringify([a, b])}`);
    const messages = await this.read();
    messages.forEach(({ seq }, at) => seq === at + 1 || faults.push(`number ${at + 1} is missing`));
    const own = messages.filter(({ from }) => from === 'visitor');
    const keys = own.map(({ key }) => key);
    for (const { key, text, acknowledged } of this.said) {
      const times = keys.filter((each) => each === key).length;
      if (times > 1) faults.push(`"${text}" is there ${times} times`);
      if (acknowledged && !times) faults.push(`"${text}" was acknowledged and is lost`);
    }
    const order = this.said.map(({ key }) => key).filter((key) => keys.includes(key));
    if (order.join() !== keys.join()) faults.push('the order is another: ' + own.map(({ text }) => text));
    return faults;
  }

  close() {
    this.socket?.close();
  }
}
