import type { Task } from '../protocol/wire';
import { setDone } from '../store/actions';
import { openItem } from '../store/navigation';
import { place } from '../store/state';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Icon } from '../ui/icons';
import { plainLabel } from '../ui/plain';
import { fullTime, shortTime, useNow } from '../ui/time';
import { visitorName } from '../visitor/name';

/** A callback or a left message in the list. */
export function TaskRow({ of: task }: { of: Task }) {
  const here = useStore(({ route }) => route.site === task.site && route.id === task.id);
  const now = useNow(60_000);
  return (
    <li class="task-item" data-done={task.done ? '' : undefined}>
      <input
        type="checkbox"
        checked={task.done}
        aria-label={t('done_label', { who: visitorName(task) })}
        onChange={() => void setDone(task, !task.done)}
      />
      <button
        type="button"
        class="row task"
        data-place={place(task)}
        aria-current={here ? 'true' : undefined}
        onClick={() => openItem(task.site, task.id)}
      >
        <span class="row-name">
          <Icon name={task.kind === 'callback' ? 'phone' : 'mail'} />
          <bdi>{visitorName(task)}</bdi>
        </span>
        <time class="row-time" dateTime={new Date(task.at).toISOString()} title={fullTime(task.at)}>
          {shortTime(task.at, now)}
        </time>
        <span class="row-preview">
          <bdi>{plainLabel(task.kind === 'callback' ? task.phone : task.text)}</bdi>
        </span>
      </button>
    </li>
  );
}
