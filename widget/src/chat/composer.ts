// Where the visitor writes: a field that grows, files, emoji. Enter sends, Shift+Enter begins a line.

import type { PanelHost } from '../launcher';
import type { Words } from './words';

const kAttach = 'M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.5 3.5 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l7-7';
const kSmile = 'M12 3a9 9 0 1 0 .01 0zM8.5 14.5q3.5 4 7 0M9 9.5v.5M15 9.500v.5';
const kSend = 'M4 12h15M13 6l6 6-6 6';
const kEmoji = '😀 😊 😍 🙂 😉 😂 🤔 😕 😢 😮 🙏 👍 👎 👋 👏 💪 ❤️ 🎉 🔥 ⭐ ✅ ❌ ⏰ 📦';
/** The server takes 8,192 bytes, of which a character takes at most three. */
const kMaxChars = 2730;
const kTypingEveryMs = 3000;

export interface ComposerScene {
  host: PanelHost;
  words(): Words;
  say(text: string): void;
  upload(file: File): void;
  typing(on: boolean): void;
  changed(draft: string): void;
}

export interface Composer {
  element: HTMLElement;
  focus(): void;
  draft(text: string): void;
  /** Puts its labels into the visitor's language, and offers files where the site takes them. */
  refresh(uploads: boolean): void;
}

export function createComposer({ host, words, say, upload, typing, changed }: ComposerScene): Composer {
  const { make, icon } = host;
  const tool = (name: string, path: string) => make('button', { type: 'button', class: 'tool ' + name }, icon(path));
  const field = make('textarea', { rows: 1, maxlength: kMaxChars, 'data-beckon': 'composer', dir: 'auto' });
  const picker = make('input', {
    type: 'file',
    hidden: '',
    accept: 'image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain',
  });
  const attach = tool('attach', kAttach);
  const smile = tool('smile', kSmile);
  const send = make('button', { class: 'tool send', 'data-beckon': 'send' }, icon(kSend));
  const faces = make('div', { class: 'faces', role: 'group', hidden: '' });
  const element = make('form', { class: 'composer' }, faces, attach, picker, field, smile, send);

  let told = 0; // when the operators were last told that something is being written; 0: they think that nothing is
  const tell = (on: boolean) => {
    const now = Date.now();
    if (on ? now - told < kTypingEveryMs : !told) return;
    told = on ? now : 0;
    typing(on);
  };
  const grow = () => {
    field.rows = Math.min(6, Math.max(1, field.value.split('\n').length, Math.ceil(field.value.length / 36)));
    send.ariaDisabled = String(!field.value.trim());
  };
  const edited = () => {
    grow();
    tell(!!field.value.trim());
    changed(field.value);
  };
  const showFaces = (shown: boolean) => {
    faces.hidden = !shown;
    smile.ariaExpanded = String(shown);
  };
  const insert = (text: string) => {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
    showFaces(false);
    field.focus();
    edited();
  };

  element.onsubmit = (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    tell(false);
    grow();
    changed('');
    say(text);
    field.focus();
  };
  field.oninput = edited;
  field.onblur = () => tell(false);
  field.onkeydown = (event) => {
    // While a word is being composed (Japanese, Chinese), Enter chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    element.requestSubmit();
  };
  const take = (files: FileList | undefined) => {
    if (!files?.length || attach.hidden) return false;
    for (const file of files) upload(file);
    return true;
  };
  field.onpaste = (event) => {
    if (take(event.clipboardData?.files)) event.preventDefault();
  };
  element.ondragover = (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };
  element.ondrop = (event) => {
    if (take(event.dataTransfer?.files)) event.preventDefault();
  };
  attach.onclick = () => picker.click();
  picker.onchange = () => {
    take(picker.files!);
    picker.value = '';
  };
  smile.onclick = () => {
    showFaces(!!faces.hidden);
    (faces.firstElementChild as HTMLElement).focus();
  };
  faces.onkeydown = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    showFaces(false);
    smile.focus();
  };
  for (const face of kEmoji.split(' ')) {
    const button = make('button', { type: 'button' }, face);
    button.onclick = () => insert(face);
    faces.append(button);
  }

  return {
    element,
    focus: () => field.focus(),
    draft(text) {
      field.value = text;
      grow();
    },
    refresh(uploads) {
      const { placeholder, attach: attachWords, emoji, send: sendWords } = words();
      field.placeholder = field.ariaLabel = placeholder;
      attach.ariaLabel = attach.title = attachWords;
      smile.ariaLabel = smile.title = faces.ariaLabel = emoji;
      send.ariaLabel = send.title = sendWords;
      attach.hidden = !uploads;
      smile.ariaExpanded = String(!faces.hidden);
      grow();
    },
  };
}
