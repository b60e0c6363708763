import type { Conversation } from '../protocol/wire';
import { discard, retry } from '../store/actions';
import { useStore } from '../store/store';
import { t, type TextKey } from '../texts';
import { Icon } from '../ui/icons';
import { plainLabel } from '../ui/plain';
import { Text } from '../ui/text';
import { clock, fullTime } from '../ui/time';
import { visitorName } from '../visitor/name';
import { Attachment } from './attachment';
import type { Entry } from './groups';

const kKnownWhys = ['not_yours', 'conflict', 'bad_file', 'no_conversation', 'closed', 'too_long'];

/** What one person said in a row. */
export function Group({ entries, of: c }: { entries: Entry[]; of: Conversation }) {
  const me = useStore((state) => state.me?.id);
  const first = entries[0]!.message;
  const mine = first.from === 'operator' && first.operator === me;
  // An invitation in which nobody is named is the site's word, not an operator's.
  const other = plainLabel(first.name) || (first.from === 'invite' ? '' : t('operator'));
  return (
    <div class="group" data-from={first.from} data-mine={mine ? '' : undefined}>
      <p class="author">
        <bdi>{first.from === 'visitor' ? visitorName(c) : mine ? t('you') : other}</bdi>
        {first.from === 'invite' && <span class="tag">{t('invitation')}</span>}
        <time dateTime={new Date(first.at).toISOString()} title={fullTime(first.at)}>
          {clock(first.at)}
        </time>
      </p>
      {entries.map((entry, i) => (
        <Line key={entry.message.key ?? entry.message.seq} entry={entry} next={entries[i + 1]} of={c} />
      ))}
    </div>
  );
}

interface LineProperties {
  entry: Entry;
  next: Entry | undefined;
  of: Conversation;
}

function Line({ entry: { message, out }, next, of: c }: LineProperties) {
  // One mark for several in a row that have come equally far.
  const marked =
    message.from === 'operator' && (!next || !!next.out || far(c, next.message.seq) !== far(c, message.seq));
  return (
    <div class="line" data-seq={message.seq === Infinity ? undefined : message.seq} data-state={out?.state}>
      {message.file ? (
        <Attachment of={message.file} />
      ) : (
        <p class="bubble" dir="auto" title={fullTime(message.at)}>
          <Text of={message.text ?? ''} />
        </p>
      )}
      {out ? <Sending of={out} /> : marked && <Mark how={far(c, message.seq)} />}
    </div>
  );
}

const far = (c: Conversation, seq: number) => (seq <= c.read ? 'read' : seq <= c.delivered ? 'delivered' : 'sent');

/** How far a message has come: sent, on the visitor's screen, read. */
function Mark({ how }: { how: ReturnType<typeof far> }) {
  return (
    <span class="mark" data-mark={how} title={t(how)}>
      <Icon name={how === 'sent' ? 'check' : 'checks'} />
      <span class="unseen">{t(how)}</span>
    </span>
  );
}

function Sending({ of: out }: { of: NonNullable<Entry['out']> }) {
  const offline = useStore(({ status }) => status.state !== 'open');
  if (out.state !== 'failed') {
    return (
      <span class="mark" data-mark="sending">
        {t(offline ? 'queued' : 'sending')}
      </span>
    );
  }
  const why = kKnownWhys.includes(out.why ?? '') ? t(`why_${out.why}` as TextKey) : t('why_failed');
  return (
    <span class="failure" role="alert">
      <span>{why}</span>
      <button type="button" onClick={() => retry(out.key)}>
        {t('retry')}
      </button>
      <button type="button" onClick={() => discard(out.key)}>
        {t('discard')}
      </button>
    </span>
  );
}
