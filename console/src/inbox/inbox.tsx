import { useEffect, useRef, useState } from 'preact/hooks';
import type { Conversation } from '../protocol/wire';
import { listMore } from '../store/actions';
import type { Folder } from '../store/route';
import { conversationsIn, tasksOf } from '../store/select';
import { place } from '../store/state';
import { useStore } from '../store/store';
import { t, type TextKey } from '../texts';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { visitorName } from '../visitor/name';
import { PresenceSwitch } from '../shell/presence';
import { Row } from './row';
import { TaskRow } from './task_row';

/** The list pane: one folder of the inbox. */
export function Inbox({ folder }: { folder: Folder }) {
  const [filter, setFilter] = useState('');
  useEffect(() => setFilter(''), [folder]);
  return (
    <section class="inbox" aria-labelledby="folder-title">
      <header class="pane-header">
        <h2 id="folder-title">{t(folder)}</h2>
        <PresenceSwitch />
      </header>
      {folder !== 'tasks' && (
        <div class="filter">
          <Icon name="search" />
          <input
            type="search"
            placeholder={t('filter')}
            aria-label={t('filter')}
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </div>
      )}
      {folder === 'tasks' ? <Tasks /> : <Conversations folder={folder} filter={filter.trim().toLowerCase()} />}
    </section>
  );
}

function Conversations({ folder, filter }: { folder: Folder; filter: string }) {
  const state = useStore((all) => all);
  const rows = conversationsIn(state, folder).filter((c) => matches(c, filter));
  return (
    <div class="scroll" tabIndex={-1}>
      {rows.length > 0 ? (
        <ul class="rows">
          {rows.map((c) => (
            <Row key={place(c)} of={c} />
          ))}
        </ul>
      ) : (
        state.welcomed && <Nothing folder={folder} filtered={filter !== ''} />
      )}
      {folder === 'all' ? <More /> : state.more && <p class="hint note">{t('more_open')}</p>}
    </div>
  );
}

function Tasks() {
  const state = useStore((all) => all);
  const rows = tasksOf(state);
  return (
    <div class="scroll" tabIndex={-1}>
      {rows.length > 0 ? (
        <ul class="rows">
          {rows.map((task) => (
            <TaskRow key={place(task)} of={task} />
          ))}
        </ul>
      ) : (
        state.welcomed && <Nothing folder="tasks" filtered={false} />
      )}
    </div>
  );
}

function Nothing({ folder, filtered }: { folder: Folder; filtered: boolean }) {
  if (filtered) return <Empty icon="search" title={t('nothing_found')} />;
  return <Empty icon={folder} title={t(`empty_${folder}` as TextKey)} text={t(`empty_${folder}_text` as TextKey)} />;
}

/** Older conversations: the next page comes when the end of the list comes into view. */
function More() {
  const paging = useStore((state) => state.paging);
  const ready = useStore((state) => state.welcomed && state.status.state === 'open');
  const button = useRef<HTMLButtonElement>(null);
  const pages = Object.values(paging);
  const ended = pages.length > 0 && pages.every((page) => page.ended);
  const loading = pages.some((page) => page.loading);
  useEffect(() => {
    if (!button.current || ended || loading || !ready) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && void listMore());
    watcher.observe(button.current);
    return () => watcher.disconnect();
  }, [ended, loading, ready]);
  if (ended) return null;
  return (
    <button ref={button} type="button" class="quiet more" disabled={loading || !ready} onClick={() => void listMore()}>
      {t(loading ? 'loading' : 'older_conversations')}
    </button>
  );
}

function matches(c: Conversation, filter: string): boolean {
  if (!filter) return true;
  const words = [visitorName(c), c.email, c.preview, c.rule, c.skill, c.operator?.name, c.site];
  return words.some((word) => word?.toLowerCase().includes(filter));
}
