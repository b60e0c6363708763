import { setDone } from '../store/actions';
import { back, openConversation } from '../store/navigation';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { mailHref, safeHref } from '../ui/links';
import { plainLabel } from '../ui/plain';
import { Text } from '../ui/text';
import { dateTime } from '../ui/time';
import { visitorName } from '../visitor/name';

const kPhone = /^\+?[\d\s().\/-]{3,40}$/;

/** A task by itself: whom to call or write to, and about what. */
export function TaskView() {
  const task = useStore(({ route, tasks }) => tasks[`${route.site}/${route.id}`]);
  const loaded = useStore((state) => state.welcomed);
  if (!task) return loaded ? <Empty icon="tasks" title={t('gone_task')} /> : null;
  const call = task.phone && kPhone.test(task.phone) ? `tel:${task.phone.replace(/[^\d+]/g, '')}` : undefined;
  const write = mailHref(task.email);
  return (
    <article class="task-view" aria-labelledby="task-title">
      <header class="pane-header">
        <button type="button" class="quiet square narrow-only" aria-label={t('back')} onClick={back}>
          <Icon name="back" />
        </button>
        <h2 id="task-title" tabIndex={-1}>
          {t(task.kind === 'callback' ? 'callback' : 'left_message')}
        </h2>
        <button type="button" class={task.done ? '' : 'primary'} onClick={() => void setDone(task, !task.done)}>
          <Icon name={task.done ? 'retry' : 'check'} />
          {t(task.done ? 'mark_undone' : 'mark_done')}
        </button>
      </header>
      <div class="scroll task-body" tabIndex={0} role="region" aria-labelledby="task-title">
        <p class="task-who">
          <bdi>{visitorName(task)}</bdi>
        </p>
        {task.text && (
          <p class="task-text" dir="auto">
            <Text of={task.text} />
          </p>
        )}
        <dl class="facts">
          <Fact name={t('phone')} value={task.phone} href={call} />
          <Fact name={t('email')} value={task.email} href={write} />
          <Fact name={t('page')} value={task.page} href={safeHref(task.page)} />
          <Fact name={t('rule')} value={task.rule} />
          <Fact name={t('asked_at')} value={dateTime(task.at)} />
          <Fact name={t('site')} value={task.site} />
          {task.done && <Fact name={t('done_by')} value={task.by} />}
        </dl>
        {task.conversation && (
          <button type="button" onClick={() => openConversation(task.site, task.conversation!)}>
            <Icon name="mine" />
            {t('open_conversation')}
          </button>
        )}
      </div>
    </article>
  );
}

function Fact({ name, value, href }: { name: string; value: string | undefined; href?: string | undefined }) {
  if (!value) return null;
  const shown = <bdi>{plainLabel(value)}</bdi>;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {href ? (
          <a href={href} target="_blank" rel="noopener noreferrer">
            {shown}
          </a>
        ) : (
          shown
        )}
      </dd>
    </div>
  );
}
