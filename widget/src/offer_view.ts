// How an offer looks: one labelled, non-modal dialog with the words, what the visitor can do, and a way to close it.

import { icon, make, safeAddress } from './dom';
import type { Settled } from './connection';
import type { Texts } from './texts';
import type { Frame, OfferBody, OfferFrame } from './wire';

const kClose = 'M6 6l12 12M18 6 6 18';
const kCheck = 'M5 12l5 5L19 7';
export const kTalk = 'M4 5h16v12H9l-5 4z';

/** Last words leave by themselves; they have been announced, and nothing depends on them. */
const kLastWordsMs = 10_000;

/** What an offer needs from around it. */
export interface Scene {
  texts: Texts;
  language: string;
  announce(words: string): void;
  /** Sends a frame about this offer. */
  send(frame: Frame, settled: Settled): void;
  /** The visitor says yes, with a quick reply perhaps. Unless the site takes care of what follows, `then` is done. */
  accept(then?: () => void, reply?: string): void;
  /** Goes on in the chat, with these words; false where there is none. */
  chat(reply?: string): boolean;
  /** The visitor closes it, or it is over. */
  close(): void;
}

type Confirm = (last: string) => void;

/** What the script of the forms is given, so that it need not have it a second time. */
export interface Tools {
  make: typeof make;
  icon: typeof icon;
  primary: typeof primary;
}

/** The script of offers that are more than words: call buttons and surveys. */
export interface Forms {
  css: string;
  /** The path of a telephone. */
  phone: string;
  parts(kind: OfferFrame['kind'], body: OfferBody, scene: Scene, confirm: Confirm, tools: Tools): Node[];
}

/** `forms`: the parts of offers with one, where this is such an offer. */
export function renderOffer(
  { kind, rule, body }: OfferFrame,
  scene: Scene,
  forms?: Forms,
): [element: HTMLElement, announcement: string] {
  const { texts } = scene;
  const { text, from } = body;
  const name = from?.name || '';
  const title = name || texts.message;

  /** Replaces everything by a few last words. */
  const confirm = (last: string) => {
    const focused = element.matches(':focus-within');
    element.dataset.beckon = 'confirmation';
    close.dataset.beckon = 'close';
    element.replaceChildren(head(icon(kCheck)), paragraph(last), close);
    if (focused) close.focus();
    scene.announce(last);
    setTimeout(scene.close, kLastWordsMs);
  };

  const close = make('button', { class: 'close', 'aria-label': texts.close, 'data-beckon': 'dismiss' }, icon(kClose));
  close.onclick = scene.close;
  const content = forms ? forms.parts(kind, body, scene, confirm, { make, icon, primary }) : invite(body, scene, confirm);
  const element = make(
    'section',
    {
      class: `offer ${kind} ${body.style || 'bubble'}`,
      role: 'dialog',
      'aria-label': title,
      'aria-describedby': 'text',
      'data-beckon': kind === 'invite' ? 'invitation' : kind,
      'data-rule': rule,
      lang: scene.language,
    },
    head(face((kind === 'call' && forms?.phone) || kTalk, name, from?.picture), name || (body.style === 'open' ? title : '')),
    paragraph(text),
    ...content,
    close,
  );
  element.onkeydown = ({ key }) => {
    if (key === 'Escape') scene.close();
  };
  return [element, title + ': ' + text];
}

type Part = (body: OfferBody, scene: Scene, confirm: Confirm) => Node[];

const head = (mark: Node | string, name = '') =>
  make(
    'div',
    { class: 'head' },
    make('div', { class: 'face' }, mark),
    make('div', { class: 'name', dir: 'auto' }, name),
  );

const paragraph = (words: string) => make('p', { id: 'text', dir: 'auto' }, words);

const picture = (address: unknown) => {
  const src = safeAddress(address);
  return src ? make('img', { src, alt: '', referrerpolicy: 'no-referrer' }) : undefined;
};

function face(path: string, name: string, address?: string): Node | string {
  const plain = [...name][0] || icon(path);
  const image = picture(address);
  if (!image) return plain;
  image.onerror = () => image.replaceWith(plain);
  return image;
}

/** What accepts the offer: a link where there is an address, else a button. */
function primary(label: string, href?: string): HTMLElement {
  return make(href ? 'a' : 'button', { class: 'primary', 'data-beckon': 'accept', href, dir: 'auto' }, label);
}

const invite: Part = ({ card, coupon, quick_replies = [] }, scene, confirm) => {
  const { texts } = scene;
  const choice = (label?: string, address?: string, reply?: string) => {
    const href = safeAddress(address);
    const accept = primary(label || texts[href ? 'open' : 'accept'], href);
    accept.onclick = () =>
      scene.accept(href ? scene.close : () => scene.chat(reply) || confirm(texts.accepted), reply);
    return accept;
  };
  const choices = coupon
    ? couponParts(coupon, scene)
    : quick_replies.map((reply) => {
        const { text, link } = typeof reply === 'string' ? { text: reply, link: undefined } : reply;
        return choice(text, link, text);
      });
  if (!choices[0]) choices.push(choice(card?.button, card?.link));
  const parts = [make('div', { class: 'actions' }, ...choices)];
  if (card) {
    const { image, title, price } = card;
    parts.unshift(make('div', { class: 'card' }, picture(image), make('b', {}, title), make('span', {}, price)));
  }
  return parts;
};

function couponParts(code: string, { texts, accept, announce }: Scene): HTMLElement[] {
  const shown = make('code', {}, code);
  const copy = primary(texts.copy);
  copy.onclick = () => {
    accept();
    // Not every page may copy. A click on the code selects it all.
    navigator.clipboard?.writeText(code).then(
      () => announce((copy.textContent = texts.copied)),
      () => {},
    );
  };
  return [shown, copy];
}
