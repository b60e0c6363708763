// The panel's outside: who answers, how it stands, the ways to end and to close it, and room for what is inside.

import type { PanelHost } from '../launcher';
import type { ChatState } from '../wire';
import type { Words } from './words';

const kClose = 'M6 6l12 12M18 6 6 18';
const kTalk = 'M4 5h16v12H9l-5 4z';

export interface FrameScene {
  close(): void;
  end(): void;
  /** The form that takes a number, made when it is asked for. */
  callForm(): HTMLElement;
}

/** What changes of it. */
export interface Shown {
  state: ChatState;
  subtitle: string;
  /** The line above the composer: connection, queue, who is writing. */
  status: string;
  talking: boolean;
  /** What the site says before anything is said; empty: something was. */
  greeting: string;
  /** Whether to be called back is offered. */
  call: boolean;
}

export interface Frame {
  element: HTMLElement;
  body: HTMLElement;
  foot: HTMLElement;
  draw(shown: Shown): void;
  /** Language, side and direction of the page. */
  place(language: string, side: string): void;
  /** What went wrong; empty: nothing. */
  trouble(words: string): void;
  /** The number is with the server. */
  called(thanks: string): void;
}

export function createFrame({ make, icon, safeAddress }: PanelHost, words: () => Words, scene: FrameScene): Frame {
  const face = make('div', { class: 'face' });
  const name = make('h2', { id: 'chat-title', dir: 'auto' });
  const subtitle = make('p', { class: 'subtitle', dir: 'auto' });
  const end = make('button', { class: 'end', 'data-beckon': 'end' });
  const close = make('button', { class: 'close', 'data-beckon': 'close-chat' }, icon(kClose));
  const header = make('header', {}, face, make('div', { class: 'title' }, name, subtitle), end, close);
  const greeting = make('p', { class: 'greeting', dir: 'auto' });
  const body = make('div', { class: 'body' }, greeting);
  const summary = make('summary', {});
  const call = make('details', { class: 'call', hidden: '' }, summary);
  const status = make('p', { class: 'status', role: 'status', 'data-beckon': 'status', dir: 'auto' });
  const trouble = make('p', { class: 'error', role: 'alert' });
  const foot = make('div', { class: 'foot' });
  const element = make(
    'section',
    { class: 'chat', role: 'dialog', 'aria-labelledby': 'chat-title', 'data-beckon': 'chat', tabindex: -1, hidden: '' },
    header,
    body,
    status,
    call,
    trouble,
    foot,
  );
  close.onclick = scene.close;
  end.onclick = scene.end;
  element.onkeydown = ({ key }) => {
    if (key === 'Escape') scene.close();
  };
  call.ontoggle = () => {
    if (call.open && call.children.length === 1) call.append(scene.callForm());
  };

  let shownFace: string | undefined;
  const drawFace = (who = '', address?: string) => {
    if (shownFace === (shownFace = who + ' ' + address)) return;
    const plain = [...who][0] || icon(kTalk);
    const src = safeAddress(address);
    const picture = src && make('img', { src, alt: '', referrerpolicy: 'no-referrer' });
    if (picture) picture.onerror = () => picture.replaceWith(plain);
    face.replaceChildren(picture || plain);
  };
  /** Changes what stands there only where it differs: a status that is set again is read out again. */
  const put = (place: HTMLElement, text: string) => {
    if (place.textContent !== text) place.textContent = text;
  };

  return {
    element,
    body,
    foot,
    draw({ state, subtitle: about, status: line, talking, greeting: first, call: callable }) {
      const said = words();
      const operator = talking ? state.operator : undefined;
      drawFace(operator?.name, operator?.picture);
      put(name, operator?.name || said.title);
      put(subtitle, about);
      put(status, line);
      put(greeting, first);
      put(summary, said.rather_call);
      call.hidden = !callable;
      put(end, said.end_chat);
      end.hidden = !talking;
      close.ariaLabel = said.close;
    },
    place(language, side) {
      element.lang = language;
      element.dir = getComputedStyle(document.documentElement).direction;
      element.classList.toggle('left', side === 'left');
    },
    trouble: (said) => put(trouble, said),
    called(thanks) {
      const last = make('p', { class: 'thanks', tabindex: -1, role: 'status' }, thanks);
      call.replaceChildren(summary, last);
      last.focus();
    },
  };
}
