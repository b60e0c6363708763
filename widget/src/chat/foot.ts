// What stands under the conversation: the field to write in, or a form in its place.

import type { PanelHost } from '../launcher';
import type { ChatState } from '../wire';
import type { Composer } from './composer';
import { createForm, type Values } from './entry';
import type { Frame } from './frame';
import { nobodyThere } from './status';
import type { Words } from './words';

type Kind = 'composer' | 'form' | 'leave';

export interface FootScene {
  host: PanelHost;
  words(): Words;
  frame: Frame;
  composer: Composer;
  newKey(): string;
}

export interface Foot {
  draw(state: ChatState, now: { talking: boolean; empty: boolean }): void;
  focus(): void;
  /** What the form before the chat took; undefined: nothing. */
  form(): Values | undefined;
  callForm(): HTMLElement;
}

export function createFoot({ host, words, frame, composer, newKey }: FootScene): Foot {
  const { make, connection } = host;
  const place = frame.foot;
  let shown: Kind | undefined;
  let form: Values | undefined;

  const focus = () => {
    const first = place.querySelector('input,textarea') as HTMLElement | null;
    if (shown === 'composer') composer.focus();
    else (first || frame.element).focus();
  };
  const thank = (said: string) => {
    const last = make('p', { class: 'thanks', tabindex: -1, role: 'status', 'data-beckon': 'thanks' }, said);
    place.replaceChildren(last);
    last.focus();
  };
  const startForm = (fields: ('name' | 'email')[]) =>
    createForm(host, words(), {
      fields,
      required: fields,
      button: words().start,
      submit(values) {
        form = values;
        put('composer');
        focus();
      },
    });
  const leaveForm = () => {
    const key = newKey();
    return createForm(host, words(), {
      fields: ['name', 'email', 'text'],
      required: ['email', 'text'],
      button: words().send,
      submit: (values, done) =>
        connection.frame({ type: 'leave_message', key, ...values }, (applied) =>
          applied ? thank(words().left) : done(words().failed),
        ),
    });
  };
  const put = (kind: Kind, state?: ChatState) => {
    if (kind === shown) return;
    const focused = place.matches(':focus-within');
    shown = kind;
    if (kind === 'composer') place.replaceChildren(composer.element);
    if (kind === 'form') place.replaceChildren(startForm(state!.form!));
    if (kind === 'leave') place.replaceChildren(make('p', {}, words().leave_us), leaveForm());
    if (focused) focus();
  };

  return {
    draw(state, { talking, empty }) {
      if (talking) put('composer');
      else if (nobodyThere(state)) put('leave');
      else put(state.form?.length && !form && empty ? 'form' : 'composer', state);
    },
    focus,
    form: () => form,
    callForm: () =>
      createForm(host, words(), {
        fields: ['phone', 'name'],
        required: ['phone'],
        button: words().callback,
        submit: (values, done) =>
          connection.frame({ type: 'callback', ...values }, (applied) =>
            applied ? frame.called(words().called_back) : done(words().failed),
          ),
      }),
  };
}
