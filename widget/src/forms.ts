// Offers with something to fill in or to call: their parts, loaded when the first of them is to be shown.

import { formWordsOf } from './form_words';
import type { Forms, Scene, Tools } from './offer_view';
import type { Frame, OfferBody } from './wire';
import css from './forms.css';

const kPhone = 'M5 4h4l2 5-3 2q2 4 5 5l2-3 5 2v4q0 1-1 1Q6 19 4 5q0-1 1-1z';

// The server's limits are in bytes (64, 256 and 4096), of which a character takes at most three.
const kMaxPhoneChars = 64;
const kMaxNameChars = 85;
const kMaxCommentChars = 1365;

type Part = (body: OfferBody, scene: Scene, confirm: (last: string) => void, tools: Tools) => Node[];

const call: Part = ({ phone }, scene, confirm, tools) => {
  const texts = formWordsOf(scene.language, scene.texts);
  const { make, icon, primary } = tools;
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
  return [form(fields, primary(texts.callback), answer, () => confirm(texts.called_back), scene, tools)];
};

const survey: Part = ({ text, type }, scene, confirm, tools) => {
  const texts = formWordsOf(scene.language, scene.texts);
  const { make, primary } = tools;
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
  return [form([scores, ends, more], send, answer, () => confirm(texts.answered), scene, tools)];
};

/** A form whose thanks come only when the server has what was entered. `answer` gives the frame, or what is wrong. */
function form(
  fields: HTMLElement[],
  button: HTMLElement,
  answer: () => Frame | string,
  thank: () => void,
  scene: Scene,
  { make }: Tools,
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

export const forms: Forms = {
  css,
  phone: kPhone,
  parts: (kind, body, scene, confirm, tools) => (kind === 'call' ? call : survey)(body, scene, confirm, tools),
};
