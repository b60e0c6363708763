import { useEffect, useState } from 'preact/hooks';
import { api } from '../protocol/api';
import type { OperatorRecord } from '../protocol/wire';
import { openFolder } from '../store/navigation';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Avatar } from '../ui/avatar';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { plainLabel } from '../ui/plain';
import { OperatorForm } from './form';

/** Who may sign in, for admins. */
export function OperatorsPage() {
  const role = useStore((state) => state.me?.role);
  const [records, setRecords] = useState<OperatorRecord[]>();
  const [failed, setFailed] = useState('');
  const [editing, setEditing] = useState<OperatorRecord | 'new'>();
  const load = () =>
    api.operators().then(
      (found) => setRecords([...found].sort((a, b) => a.name.localeCompare(b.name))),
      (error) => setFailed(error.message || t('unreachable')),
    );
  useEffect(() => {
    if (role === 'admin') void load();
  }, [role]);
  if (role !== 'admin') return <Empty icon="operators" title={t('admins_only')} />;
  return (
    <section class="operators">
      <header class="pane-header">
        <button
          type="button"
          class="quiet square narrow-only"
          aria-label={t('back')}
          onClick={() => openFolder('waiting')}
        >
          <Icon name="back" />
        </button>
        <h2 id="operators-title">{t('operators')}</h2>
        <button type="button" class="primary" onClick={() => setEditing('new')}>
          <Icon name="add" />
          {t('add_operator')}
        </button>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="operators-title">
        {failed && (
          <p class="problem" role="alert">
            {failed}
          </p>
        )}
        {records && <Table of={records} onEdit={setEditing} />}
      </div>
      {editing && (
        <OperatorForm
          of={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onSaved={() => (setEditing(undefined), void load())}
        />
      )}
    </section>
  );
}

function Table({ of: records, onEdit }: { of: OperatorRecord[]; onEdit(record: OperatorRecord): void }) {
  const live = useStore((state) => state.operators);
  return (
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">{t('name')}</th>
          <th scope="col">{t('role')}</th>
          <th scope="col">{t('capacity')}</th>
          <th scope="col">{t('groups_skills')}</th>
          <th scope="col">{t('sites')}</th>
          <th scope="col">
            <span class="unseen">{t('edit')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {records.map((one) => (
          <tr key={one.id} data-disabled={one.disabled ? '' : undefined}>
            <th scope="row">
              <span class="person">
                <Avatar name={one.name} state={live.find(({ id }) => id === one.id)?.state ?? 'offline'} />
                <span>
                  <bdi>{plainLabel(one.name)}</bdi>
                  <small>{plainLabel(one.login)}</small>
                </span>
              </span>
            </th>
            <td data-label={t('role')}>
              {t(one.role)}{' '}
              {one.disabled && (
                <span class="tag" data-kind="bad">
                  {t('disabled')}
                </span>
              )}
            </td>
            <td data-label={t('capacity')}>{one.capacity}</td>
            <td data-label={t('groups_skills')}>
              <span class="tags">
                {[...one.groups, ...one.skills].map((name) => (
                  <span class="tag" key={name}>
                    <bdi>{plainLabel(name)}</bdi>
                  </span>
                ))}
              </span>
            </td>
            <td data-label={t('sites')}>{one.sites.length ? one.sites.join(', ') : t('all_sites')}</td>
            <td>
              <button
                type="button"
                class="quiet square"
                aria-label={t('edit_who', { who: plainLabel(one.name) })}
                onClick={() => onEdit(one)}
              >
                <Icon name="edit" />
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
