// How an offer looks: one labelled, non-modal dialog with the words, what the visitor can do, and a way to close it.

import { clip, icon, make, safeAddress } from './dom';
import type { Settled } from './connection';
import type { Texts } from './texts';
import type { Frame, OfferBody, OfferFrame, Words } from './wire';

const kClose = 'M6 6l12 12M18 6 6 18';
const kCheck = 'M5 12l5 5L19 7';
const kIcons = {
  invite: 'M4 5h16v12H9l-5 4z',
  call: 'M5 4h4l2 5-3 2q2 4 5 5l2-3 5 2v4q0 1-1 1Q6 19 4 5q0-1 1-1z',
  survey: 'M12 3l3 6 6 1-5 4 2 7-6-4-6 4 2-7-5-4 6-1z',
};

// The server's limits.
const kMaxPhoneChars = 64;
const kMaxNameBytes = 256;
const kMaxCommentBytes = 4096;

/** What an offer needs from around it. */
export interface Scene {
  texts: Texts;
  language: string;
  announce(words: string): void;
  /** Sends a frame about this offer. */
  send(frame: Frame, settled: Settled): void;
  /** The visitor says yes; `reply` is the quick reply chosen. Unless the site takes care of what follows, `then` is done. */
  accept(then?: () => void, reply?: string): void;
  /** The visitor closes it, or it is over. */
  close(): void;
}

export function renderOffer({ kind, rule, body }: OfferFrame, scene: Scene): [element: HTMLElement, announcement: string] {
  const { texts } = scene;
  const words = (value?: Words) => String((value as { [language: string]: string })?.[scene.language] ?? value ?? '');
  const name = words(body.from?.name);
  const text = words(body.text);
  const title = name || texts[kind];

  /** Replaces everything by a few last words. */
  const confirm = (last: string) => {
    const focused = element.matches(':focus-within');
    element.dataset.beckon = 'confirmation';
    close.dataset.beckon = 'close';
    element.replaceChildren(head(icon(kCheck)), paragraph(last), close);
    if (focused) close.focus();
    scene.announce(last);
  };

  const close = make('button', { class: 'close', 'aria-label': texts.close, 'data-beckon': 'dismiss' }, icon(kClose));
  close.onclick = scene.close;
  const content = { invite, call, survey }[kind](body, scene, words, confirm, text);
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
    head(face(kind, name, body.from?.picture), name || (body.style === 'open' ? title : '')),
    paragraph(text),
    ...content,
    close,
  );
  element.onkeydown = ({ key }) => key === 'Escape' && scene.close();
  return [element, title + ': ' + text];
}

type Part = (
  body: OfferBody,
  scene: Scene,
  words: (value?: Words) => string,
  confirm: (last: string) => void,
  text: string,
) => Node[];

const head = (mark: Node | string, name = '') =>
  make('div', { class: 'head' }, make('div', { class: 'face' }, mark), make('div', { class: 'name', dir: 'auto' }, name));

const paragraph = (words: string) => make('p', { id: 'text', dir: 'auto' }, words);

const picture = (address: unknown) => {
  const src = safeAddress(address, /^https?:$/);
  return src && make('img', { src, alt: '', referrerpolicy: 'no-referrer' });
};

function face(kind: OfferFrame['kind'], name: string, address?: string): Node | string {
  const plain = [...name][0] || icon(kIcons[kind]);
  const image = picture(address);
  if (!image) return plain;
  image.onerror = () => image.replaceWith(plain);
  return image;
}

/** What accepts the offer: a link where there is an address, else a button. */
function primary(label: string, hook = 'accept', href?: string): HTMLElement {
  return make(href ? 'a' : 'button', { class: 'primary', 'data-beckon': hook, href, dir: 'auto' }, label);
}

const invite: Part = ({ card, coupon, link, button, quick_replies = [] }, scene, words, confirm) => {
  const { texts } = scene;
  const choice = (label: string, address: unknown, index = 0, reply?: string) => {
    const href = safeAddress(address);
    const accept = primary(label || texts[href ? 'open' : 'accept'], index ? 'reply' : 'accept', href);
    accept.onclick = () => scene.accept(href ? scene.close : () => confirm(texts.accepted), reply);
    return accept;
  };
  const choices = coupon
    ? couponParts(coupon, scene)
    : quick_replies.map((reply, index) => {
        const { text, link } = typeof reply === 'string' ? { text: reply, link: undefined } : reply;
        return choice(words(text), link, index, words(text));
      });
  if (!choices[0]) choices.push(choice(words(card?.button || button), card?.link || link));
  const parts = [make('div', { class: 'actions' }, ...choices)];
  if (card) {
    const { image, title, price } = card;
    parts.unshift(
      make('div', { class: 'card' }, picture(image) || undefined, make('b', {}, words(title)), make('span', {}, words(price))),
    );
  }
  return parts;
};

function couponParts(code: string, { texts, accept, announce }: Scene): HTMLElement[] {
  const shown = make('code', {}, code);
  const copy = primary(texts.copy);
  copy.onclick = async () => {
    accept();
    // Not every page may copy: then the visitor finds it selected.
    getSelection()!.selectAllChildren(shown);
    await navigator.clipboard.writeText(code);
    announce((copy.textContent = texts.copied));
  };
  return [shown, copy];
}

const call: Part = ({ phone, callback }, scene, _words, confirm) => {
  const { texts } = scene;
  const parts: HTMLElement[] = [];
  if (phone) {
    const link = primary(phone, 'accept', 'tel:' + phone.replace(/[^\d+*#,;]/g, ''));
    link.prepend(icon(kIcons.call));
    link.onclick = () => scene.accept();
    parts.push(make('div', { class: 'actions' }, link));
  }
  if (callback) {
    const number = make('input', { type: 'tel', autocomplete: 'tel', maxlength: kMaxPhoneChars, 'aria-describedby': 'error' });
    const name = make('input', { autocomplete: 'name', maxlength: kMaxNameBytes });
    const answer = () => {
      const good = /^(?=(\D*\d){5})[\d\s+().\/-]+$/.test(number.value);
      number.ariaInvalid = String(!good);
      if (good) return { type: 'callback', phone: number.value, name: clip(name.value, kMaxNameBytes) };
      number.focus();
      return texts.bad_phone;
    };
    const fields = [make('label', {}, texts.phone, number), make('label', {}, texts.name, name)];
    parts.push(form(fields, primary(texts.callback, phone ? 'callback' : 'accept'), answer, () => confirm(texts.called_back), scene));
  }
  return parts;
};

const survey: Part = ({ csat }, scene, _words, confirm, question) => {
  const { texts } = scene;
  const comment = make('textarea', { rows: 3, maxlength: kMaxCommentBytes });
  const more = make('label', { hidden: '' }, texts.comment, comment);
  const send = primary(texts.send);
  send.hidden = true;
  const scores = make('fieldset', { class: csat ? 'stars' : 'scores' }, make('legend', { class: 'unseen' }, question));
  let score = 0;
  for (let value = csat ? 1 : 0; value <= (csat ? 5 : 10); ++value) {
    const input = make('input', { type: 'radio', name: 'score', 'aria-label': value });
    input.onchange = () => {
      score = value;
      more.hidden = send.hidden = false;
    };
    scores.append(make('label', {}, input, csat ? icon(kIcons.survey) : make('span', {}, String(value))));
  }
  const ends = make('div', { class: 'ends' }, make('span', {}, texts.low), make('span', {}, texts.high));
  const answer = () => ({ type: 'survey', score, comment: clip(comment.value, kMaxCommentBytes) });
  return [form([scores, ends, more], send, answer, () => confirm(texts.answered), scene)];
};

/** A form whose thanks come only when the server has what was entered. `answer` gives the frame, or what is wrong. */
function form(fields: HTMLElement[], button: HTMLElement, answer: () => Frame | string, thank: () => void, scene: Scene): HTMLElement {
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
