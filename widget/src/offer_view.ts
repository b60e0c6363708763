// How an offer looks: one labelled, non-modal dialog with the words, what the visitor can do, and a way to close it.

import { icon, make, safeAddress } from './dom';
import type { Settled } from './connection';
import type { Texts } from './texts';
import type { Frame, OfferBody, OfferFrame } from './wire';

const kClose = 'M6 6l12 12M18 6 6 18';
const kCheck = 'M5 12l5 5L19 7';
const kTalk = 'M4 5h16v12H9l-5 4z';
const kPhone = 'M5 4h4l2 5-3 2q2 4 5 5l2-3 5 2v4q0 1-1 1Q6 19 4 5q0-1 1-1z';

// The server's limits are in bytes (64, 256 and 4096), of which a character takes at most three.
const kMaxPhoneChars = 64;
const kMaxNameChars = 85;
const kMaxCommentChars = 1365;

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
  /** The visitor closes it, or it is over. */
  close(): void;
}

export function renderOffer(
  { kind, rule, body }: OfferFrame,
  scene: Scene,
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
  const content = { invite, call, survey }[kind](body, scene, confirm);
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
    head(face(kind, name, from?.picture), name || (body.style === 'open' ? title : '')),
    paragraph(text),
    ...content,
    close,
  );
  element.onkeydown = ({ key }) => {
    if (key === 'Escape') scene.close();
  };
  return [element, title + ': ' + text];
}

type Part = (body: OfferBody, scene: Scene, confirm: (last: string) => void) => Node[];

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

function face(kind: OfferFrame['kind'], name: string, address?: string): Node | string {
  const plain = [...name][0] || icon(kind === 'call' ? kPhone : kTalk);
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
    accept.onclick = () => scene.accept(href ? scene.close : () => confirm(texts.accepted), reply);
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

const call: Part = ({ phone }, scene, confirm) => {
  const { texts } = scene;
  if (phone) {
    const link = primary(phone, 'tel:' + phone.replace(/[^\d+]/g, ''));
    link.prepend(icon(kPhone));
    link.onclick = () => scene.accept();
    return [make('div', { class: 'actions' }, link)];
  }
  const number = make('input', {
    type: 'tel',
    autocomplete: 'tel',
    maxlength: kMaxPhoneChars,
    'aria-describedby': 'error',
  });
  const name = make('input', { autocomplete: 'name', maxlength: kMaxNameChars });
  const answer = () => {
    const good = /^(?=(\D*\d){5})[\d\s+().\/-]+$/.test(number.value);
    number.ariaInvalid = String(!good);
    if (good) return { type: 'callback', phone: number.value, name: name.value };
    number.focus();
    return texts.bad_phone;
  };
  const fields = [make('label', {}, texts.phone, number), make('label', {}, texts.name, name)];
  return [form(fields, primary(texts.callback), answer, () => confirm(texts.called_back), scene)];
};

const survey: Part = ({ text, type }, scene, confirm) => {
  const { texts } = scene;
  const comment = make('textarea', { rows: 3, maxlength: kMaxCommentChars });
  const more = make('label', { hidden: '' }, texts.comment, comment);
  const send = primary(texts.send);
  send.hidden = true;
  const scores = make('fieldset', { 'aria-label': text });
  let score = 0;
  const [first, last] = type === 'csat' ? [1, 5] : [0, 10];
  for (let value = first; value <= last; ++value) {
    const input = make('input', { type: 'radio', name: 'score', 'aria-label': value });
    input.onchange = () => {
      score = value;
      more.hidden = send.hidden = false;
    };
    scores.append(make('label', {}, input, make('span', {}, String(value))));
  }
  const ends = make('div', { class: 'ends' }, make('span', {}, texts.low), make('span', {}, texts.high));
  const answer = () => ({ type: 'survey', score, comment: comment.value });
  return [form([scores, ends, more], send, answer, () => confirm(texts.answered), scene)];
};

/** A form whose thanks come only when the server has what was entered. `answer` gives the frame, or what is wrong. */
function form(
  fields: HTMLElement[],
  button: HTMLElement,
  answer: () => Frame | string,
  thank: () => void,
  scene: Scene,
): HTMLElement {
  const error = make('p', { class: 'error', id: 'error', role: 'alert' });
  const whole = make('form', { novalidate: '' }, ...fields, error, button);
  let busy = false;
  whole.onsubmit = (event) => {
    event.preventDefault();
    const frame = answer();
    const wrong = typeof frame === 'string';
    error.textContent = wrong ? frame : '';
    if (wrong || busy) return;
    busy = true;
    button.ariaDisabled = 'true';
    scene.send(frame, (applied) => {
      busy = false;
      button.ariaDisabled = null;
      if (applied) scene.accept(thank);
      else error.textContent = scene.texts.failed;
    });
  };
  return whole;
}
