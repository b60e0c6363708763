import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Conversation } from '../protocol/wire';
import { loadOlder, tellRead } from '../store/actions';
import { isMine } from '../store/select';
import { addressOf, kEmptyThread, place } from '../store/state';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Icon } from '../ui/icons';
import { dayName, fullTime } from '../ui/time';
import { visitorName } from '../visitor/name';
import { eventText } from './events';
import { blocksOf, entriesOf } from './groups';
import { Group } from './group';
import { Typing } from './typing';

/** The end counts as in view while so much is below it. */
const kNearPx = 80;

/** The messages: the latest in view until the reader scrolls up, older ones on the way there. */
export function Messages({ of: c }: { of: Conversation }) {
  const thread = useStore(({ threads }) => threads[place(c)] ?? kEmptyThread);
  const outbox = useStore((state) => state.outbox);
  const outgoing = outbox.filter(({ site, conversation }) => site === c.site && conversation === c.id);
  const list = useRef<HTMLDivElement>(null);
  const scroll = useFollowing(list, thread.messages.length + outgoing.length, thread.messages[0]?.seq);
  // Looking at what nobody or somebody else has is not reading it: the visitor would take it for an answer to come.
  const mine = useStore((state) => isMine(state, c));
  useReading(c, mine ? (thread.messages.at(-1)?.seq ?? 0) : 0, scroll.atEnd);
  const older = thread.messages.length > 0 && thread.messages[0]!.seq > 1;
  const onScroll = () => {
    scroll.look();
    if (older && list.current!.scrollTop < kNearPx) void loadOlder(addressOf(c));
  };
  return (
    <div class="messages-frame">
      <div class="messages scroll" ref={list} onScroll={onScroll} tabIndex={0} role="region" aria-label={t('messages')}>
        {older && (
          <button
            type="button"
            class="quiet more"
            disabled={thread.loadingOlder}
            onClick={() => void loadOlder(addressOf(c))}
          >
            {t(thread.loadingOlder ? 'loading' : 'older_messages')}
          </button>
        )}
        {!thread.loaded && thread.messages.length === 0 && <p class="system">{t('loading')}</p>}
        {blocksOf(entriesOf(thread.messages, outgoing)).map((block) =>
          block.kind === 'day' ? (
            <p class="day" key={block.key}>
              <span>{dayName(block.at)}</span>
            </p>
          ) : block.kind === 'system' ? (
            <p class="system" key={block.key} title={fullTime(block.message.at)}>
              <bdi>{eventText(block.message)}</bdi>
            </p>
          ) : (
            <Group key={block.key} entries={block.entries} of={c} />
          ),
        )}
        <Typing of={c} name={visitorName(c)} />
      </div>
      {!scroll.atEnd && (
        <button type="button" class="to-end" onClick={scroll.toEnd}>
          <Icon name="back" />
          {t('to_end')}
        </button>
      )}
    </div>
  );
}

/** Keeps the end in view when something is added below, and what is looked at in its place when older ones come above. */
function useFollowing(list: { current: HTMLDivElement | null }, count: number, first: number | undefined) {
  const [atEnd, setAtEnd] = useState(true);
  const following = useRef(true);
  const before = useRef({ first, height: 0 });
  const look = () => {
    const { scrollTop, scrollHeight, clientHeight } = list.current!;
    following.current = scrollHeight - scrollTop - clientHeight < kNearPx;
    setAtEnd(following.current);
  };
  const toEnd = () => list.current!.scrollTo({ top: list.current!.scrollHeight });
  useLayoutEffect(() => {
    const element = list.current!;
    const { first: was, height } = before.current;
    if (following.current) toEnd();
    else if (was !== undefined && first !== undefined && first < was)
      element.scrollTop += element.scrollHeight - height;
    before.current = { first, height: element.scrollHeight };
  }, [count, first]);
  useEffect(() => {
    // Pictures that load and a composer that grows change the height too.
    const watcher = new ResizeObserver(() => following.current && toEnd());
    watcher.observe(list.current!);
    const loaded = () => following.current && toEnd();
    list.current!.addEventListener('load', loaded, true);
    return () => watcher.disconnect();
  }, []);
  return { atEnd, look, toEnd };
}

/** Tells the server what was read: the end in view, in a window that is looked at. */
function useReading(c: Conversation, last: number, atEnd: boolean) {
  const told = useRef(0);
  const ready = useStore(({ status }) => status.state === 'open');
  useEffect(() => {
    const tell = () => {
      if (!ready || !atEnd || last <= told.current || document.hidden || !document.hasFocus()) return;
      told.current = last;
      tellRead(addressOf(c), last);
    };
    tell();
    addEventListener('focus', tell);
    return () => removeEventListener('focus', tell);
  }, [last, atEnd, ready]);
}
