// The conversation as the visitor sees it. Elements stay as long as what they show, so that a screen reader hears each
// message once and the reader's place does not move.

import type { PanelHost } from '../launcher';
import type { FileInfo, Message, Messages, Unsent } from './messages';
import { linked, timeIn } from './text';
import { filled, type Words } from './words';

/** Messages of one person this close together are one group. */
const kGroupMs = 5 * 60_000;
/** This close to the end counts as reading along. */
const kNearEndPx = 80;

export interface LogScene {
  host: PanelHost;
  words(): Words;
  language(): string;
  messages: Messages;
  /** The highest message that operators have read. */
  read(): number;
  retry(unsent: Unsent): void;
  older(): void;
}

export interface Log {
  element: HTMLElement;
  draw(follow?: 'follow'): void;
}

export function createLog(scene: LogScene): Log {
  const { host, words, messages } = scene;
  const { make } = host;
  const elements = new Map<string, HTMLElement>();
  const list = make('div', { class: 'log', role: 'log', 'data-beckon': 'log', tabindex: 0 });
  const newer = make('button', { class: 'newer', hidden: '' });
  const element = make('div', { class: 'logbox' }, list, newer);

  const nearEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < kNearEndPx;
  const toEnd = () => (list.scrollTop = list.scrollHeight);
  newer.onclick = toEnd;
  list.onscroll = () => {
    if (nearEnd()) newer.hidden = true;
  };

  const time = (at: number) => timeIn(scene.language(), { timeStyle: 'short' })(at);
  const day = (at: number) => {
    const date = new Date(at);
    if (date.toDateString() === new Date().toDateString()) return words().today;
    return timeIn(scene.language(), { weekday: 'long', day: 'numeric', month: 'long' })(at);
  };
  const content = ({ text, file }: { text?: string; file?: FileInfo }) =>
    file ? fileView(file, host) : make('div', { class: 'words', dir: 'auto' }, ...linked(text || '', host));
  const author = ({ from, name, at }: Message) => {
    // An invitation in which nobody is named is the site's word, not somebody's.
    const who = { visitor: words().you, invite: name, operator: name || words().someone, system: '' }[from];
    const when = make('time', { datetime: new Date(at).toISOString() }, time(at));
    return make('div', { class: 'who' }, who ? make('bdi', {}, who) : '', when);
  };

  const messageView = (message: Message) => {
    if (message.from !== 'system') return make('div', { class: message.from }, author(message), content(message));
    const line = systemLine(message, words());
    return make('div', { class: 'system', hidden: line ? undefined : '' }, line);
  };
  const unsentView = (unsent: Unsent) => {
    const again = make('button', { class: 'retry' }, words().retry);
    again.onclick = () => scene.retry(unsent);
    const trouble = make('div', { class: 'trouble' }, make('span', {}), again);
    return make('div', { class: 'visitor unsent' }, content(unsent), trouble);
  };

  /** The element of that id, made when it is not there yet, at place `at`. */
  const place = (id: string, at: number, create: () => HTMLElement): HTMLElement => {
    let found = elements.get(id);
    if (!found) elements.set(id, (found = create()));
    if (list.children[at] !== found) list.insertBefore(found, list.children[at] || null);
    return found;
  };

  const draw = (follow?: 'follow') => {
    const { known, unsent } = messages;
    const atEnd = follow || nearEnd();
    const height = list.scrollHeight;
    const had = elements.get('m' + messages.last());
    const firstBefore = list.dataset.first;
    const grew = firstBefore !== undefined && Number(firstBefore) > messages.first();
    list.ariaBusy = String(grew); // what was said before is no news
    const drawn = new Set<string>();
    let at = 0;
    const put = (id: string, create: () => HTMLElement) => {
      drawn.add(id);
      return place(id, at++, create);
    };
    if (messages.first() > 1) {
      put('older', () => {
        const button = make('button', { class: 'older' }, words().older);
        button.onclick = scene.older;
        return button;
      });
    }
    let before: Message | undefined;
    for (const message of known) {
      if (!before || day(before.at) !== day(message.at))
        put('d' + day(message.at), () => make('div', { class: 'day' }, day(message.at)));
      const grouped =
        before?.from === message.from && before.name === message.name && message.at - before.at < kGroupMs;
      put('m' + message.seq, () => messageView(message)).classList.toggle('grouped', grouped);
      before = message;
    }
    for (const each of unsent) {
      const view = put('u' + each.key, () => unsentView(each));
      view.classList.toggle('failed', !!each.failed);
      view.querySelector('.trouble span')!.textContent = each.failed || words().sending;
      (view.querySelector('.retry') as HTMLElement).hidden = !each.failed;
    }
    const own = [...known].reverse().find(({ from }) => from === 'visitor');
    if (own && !unsent[0] && before === own) {
      const mark = put('mark', () => make('div', { class: 'mark' }));
      const said = scene.read() >= own.seq ? words().read : words().sent;
      if (mark.textContent !== said) mark.textContent = said;
    }
    for (const [id, old] of elements) {
      if (drawn.has(id)) continue;
      old.remove();
      elements.delete(id);
    }
    list.dataset.first = String(messages.first());
    if (atEnd) toEnd();
    else if (grew) list.scrollTop += list.scrollHeight - height;
    else if (!had && messages.last()) {
      newer.textContent = words().newer;
      newer.hidden = false;
    }
  };
  return { element, draw };
}

function systemLine({ event, name, by }: Message, words: Words): string {
  const text = {
    joined: words.joined,
    transferred: words.transferred,
    closed: by === 'quiet' ? words.closed_quiet : words.chat_closed,
    reopened: words.reopened,
    unanswered: words.unanswered,
  }[event!];
  return text ? filled(text, { name: name || words.someone }) : '';
}

function fileView({ id, name, type, bytes, width, height }: FileInfo, host: PanelHost): HTMLElement {
  const { make, config } = host;
  const href = config.server + 'files/' + encodeURIComponent(id);
  const link = make('a', { class: 'file', href, target: '_blank', rel: 'noopener noreferrer' });
  const label = () => link.replaceChildren(make('bdi', {}, name), make('span', {}, sizeOf(bytes)));
  if (/^image\//.test(type)) {
    const picture = make('img', { src: href, alt: name, width, height, loading: 'lazy' });
    // A page's policy may not allow the picture; a link is never forbidden.
    picture.onerror = label;
    link.append(picture);
  } else label();
  return link;
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? Math.max(1, Math.round(bytes / 1000)) + ' kB' : (bytes / 1_000_000).toFixed(1) + ' MB';
}
