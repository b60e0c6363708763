// Forms of the panel: before a chat, in place of one when nobody is there, and for being called back.

import type { PanelHost } from '../launcher';
import type { Words } from './words';

// The server's limits are in bytes (64, 256, 8,192), of which a character takes at most three.
const kMaxChars = { phone: 64, name: 85, email: 85, text: 2730 };

export type Field = keyof typeof kMaxChars;
export type Values = { [name in Field]?: string };

export interface FormOptions {
  fields: Field[];
  required: Field[];
  button: string;
  /** Does it; then `done(undefined)`, or what went wrong. */
  submit(values: Values, done: (trouble?: string) => void): void;
}

/** Whether a value may be what it should be. */
const kLooksRight: { [name in Field]: (value: string) => boolean } = {
  phone: (value) => /^(?=(\D*\d){5})[\d\s+().\/-]+$/.test(value),
  email: (value) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value),
  name: (value) => !!value,
  text: (value) => !!value,
};

export function createForm({ make }: PanelHost, said: Words, options: FormOptions): HTMLFormElement {
  const labels = { phone: said.phone, email: said.email, name: said.name, text: said.your_message };
  const troubles = { phone: said.bad_phone, email: said.bad_email, name: said.bad_name, text: said.bad_message };
  const inputs = options.fields.map((name) => {
    const shared = { name, maxlength: kMaxChars[name], 'aria-describedby': 'trouble', dir: 'auto' };
    if (name === 'text') return make('textarea', { rows: 3, ...shared });
    const types = { phone: 'tel', email: 'email', name: 'text' };
    const autocomplete = name === 'phone' ? 'tel' : name;
    return make('input', { type: types[name], autocomplete, ...shared });
  });
  const label = (input: HTMLInputElement | HTMLTextAreaElement) => {
    const needed = options.required.includes(input.name as Field);
    return make('label', {}, input.name === 'name' && needed ? said.name_needed : labels[input.name as Field], input);
  };
  const trouble = make('p', { class: 'error', id: 'trouble', role: 'alert' });
  const button = make('button', { class: 'primary', 'data-beckon': 'submit' }, options.button);
  const form = make('form', { class: 'entry', novalidate: '' }, ...inputs.map(label), trouble, button);
  let busy = false;

  form.onsubmit = (event) => {
    event.preventDefault();
    if (busy) return;
    const wrong = inputs.filter((input) => {
      const value = input.value.trim();
      const name = input.name as Field;
      const right = value ? kLooksRight[name](value) : !options.required.includes(name);
      input.ariaInvalid = String(!right);
      return !right;
    });
    trouble.textContent = wrong.map(({ name }) => troubles[name as Field]).join(' ');
    if (wrong[0]) return wrong[0].focus();
    busy = true;
    button.ariaDisabled = 'true';
    const values = Object.fromEntries(inputs.map(({ name, value }) => [name, value.trim()]).filter(([, value]) => value));
    options.submit(values, (why) => {
      busy = false;
      button.ariaDisabled = null;
      trouble.textContent = why || '';
    });
  };
  return form;
}
