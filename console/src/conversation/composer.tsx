import { useEffect, useRef } from 'preact/hooks';
import type { Conversation } from '../protocol/wire';
import { say, take } from '../store/actions';
import { keepDraft } from '../store/drafts';
import { isMine } from '../store/select';
import { addressOf, place } from '../store/state';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Icon } from '../ui/icons';
import { plainLabel } from '../ui/plain';
import { visitorName } from '../visitor/name';
import { CannedList, useCanned } from './canned';
import { EmojiPicker } from './emoji';
import { useTyping } from './typing_signal';

/** What a message may weigh in UTF-8. */
export const kMaxMessageBytes = 8192;
const kNearlyFull = kMaxMessageBytes - 500;

const weight = (text: string) => new TextEncoder().encode(text).length;

interface Properties {
  of: Conversation;
  onFiles: ((files: ArrayLike<File>) => void) | undefined;
}

/** Where the answer is written. What is written is kept, whoever has the conversation. */
export function Composer({ of: c, onFiles }: Properties) {
  const draft = useStore(({ drafts }) => drafts[place(c)] ?? '');
  const mine = useStore((state) => isMine(state, c));
  const input = useRef<HTMLTextAreaElement>(null);
  const may = mine || c.state === 'waiting';
  const typing = useTyping(c, mine);
  const size = weight(draft);
  const write = (text: string) => {
    keepDraft(addressOf(c), text);
    typing(text !== '' && !text.startsWith('/'));
  };
  const canned = useCanned(c.site, draft, write);
  const send = () => {
    const text = draft.trim();
    if (!text || !may || size > kMaxMessageBytes) return;
    say(addressOf(c), { text });
    write('');
    input.current?.focus();
  };
  const insert = (text: string) => {
    const { selectionStart: from, selectionEnd: to } = input.current!;
    write(draft.slice(0, from) + text + draft.slice(to));
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(from + text.length, from + text.length);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || canned.onKeyDown(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      send();
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (!files?.length || !onFiles) return;
    event.preventDefault();
    onFiles(files);
  };
  return (
    <div class="composer" data-may={may ? '' : undefined}>
      <Standing of={c} mine={mine} />
      <CannedList of={canned} />
      <div class="composer-box">
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          value={draft}
          placeholder={t(may ? 'write' : 'write_draft')}
          aria-label={t('write_to', { who: visitorName(c) })}
          aria-describedby="composer-hint"
          {...canned.input}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <div class="composer-tools">
          <EmojiPicker onPick={insert} />
          {canned.any && (
            <button
              type="button"
              class="quiet square"
              aria-label={t('canned')}
              title={t('canned')}
              onClick={() => (write('/'), input.current?.focus())}
            >
              <Icon name="canned" />
            </button>
          )}
          {onFiles && <FileButton onFiles={onFiles} />}
          <span class="hint" id="composer-hint">
            {size > kNearlyFull ? (
              <span class={size > kMaxMessageBytes ? 'over' : ''} role={size > kMaxMessageBytes ? 'alert' : undefined}>
                {t(size > kMaxMessageBytes ? 'too_long' : 'room_left', { n: kMaxMessageBytes - size })}
              </span>
            ) : (
              t('composer_hint')
            )}
          </span>
          <button
            type="button"
            class="primary send"
            disabled={!may || !draft.trim() || size > kMaxMessageBytes}
            onClick={send}
          >
            <Icon name="send" />
            {t('send')}
          </button>
        </div>
      </div>
    </div>
  );
}

/** Why an answer cannot be given, or what giving it does. */
function Standing({ of: c, mine }: { of: Conversation; mine: boolean }) {
  if (mine) return null;
  if (c.state === 'closed') return <p class="composer-note">{t('note_closed')}</p>;
  if (c.state === 'assigned') {
    return (
      <p class="composer-note">
        <bdi>{t('note_theirs', { who: plainLabel(c.operator?.name) })}</bdi>
      </p>
    );
  }
  return (
    <p class="composer-note">
      {t('note_waiting')}{' '}
      <button type="button" class="link" onClick={() => void take(c)}>
        {t('take_now')}
      </button>
    </p>
  );
}

function FileButton({ onFiles }: { onFiles: (files: ArrayLike<File>) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.value = '';
  });
  return (
    <>
      <button
        type="button"
        class="quiet square"
        aria-label={t('attach')}
        title={t('attach')}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('attach')}
        onChange={(event) => onFiles(Array.from(event.currentTarget.files ?? []))}
      />
    </>
  );
}
