import { useState } from 'preact/hooks';
import type { Operator, TransferTarget } from '../protocol/wire';
import { transfer } from '../store/actions';
import { openDialog } from '../store/navigation';
import { notify } from '../store/notices';
import { current } from '../store/select';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Avatar } from '../ui/avatar';
import { Dialog } from '../ui/dialog';
import { plainLabel } from '../ui/plain';

interface Team {
  name: string;
  free: number;
  online: number;
}

/** To whom the conversation goes: somebody, a group, or whoever has a skill. */
export function TransferDialog() {
  const c = useStore(current);
  const me = useStore((state) => state.me?.id);
  const serves = ({ sites }: Operator) => !sites?.length || sites.includes(c?.site ?? '');
  const operators = useStore((state) => state.operators).filter((one) => one.id !== me && serves(one));
  const [busy, setBusy] = useState(false);
  const close = () => openDialog(undefined);
  if (!c) return null;
  const give = async (to: TransferTarget, name: string) => {
    if (busy) return;
    setBusy(true);
    if (await transfer(c, to)) notify(t('transferred_to', { name }));
    close();
  };
  const groups = teams(operators, (one) => one.groups);
  const skills = teams(operators, (one) => one.skills);
  return (
    <Dialog title={t('transfer')} onClose={close}>
      <Choice title={t('to_operator')} empty={t('no_colleagues')}>
        {[...operators].sort(byState).map((one) => (
          <li key={one.id}>
            <button
              type="button"
              disabled={busy || one.chats >= one.capacity}
              onClick={() => void give({ operator: one.id }, one.name)}
            >
              <Avatar name={one.name} state={one.state} />
              <bdi>{plainLabel(one.name)}</bdi>
              <span class="hint">
                {t(one.state)} · {t('chats_of', { n: one.chats, max: one.capacity })}
              </span>
            </button>
          </li>
        ))}
      </Choice>
      {groups.length > 0 && (
        <Choice title={t('to_group')}>
          {groups.map((team) => (
            <TeamRow key={team.name} of={team} onPick={() => void give({ group: team.name }, team.name)} />
          ))}
        </Choice>
      )}
      {skills.length > 0 && (
        <Choice title={t('to_skill')}>
          {skills.map((team) => (
            <TeamRow key={team.name} of={team} onPick={() => void give({ skill: team.name }, team.name)} />
          ))}
        </Choice>
      )}
    </Dialog>
  );
}

function Choice({ title, empty, children }: { title: string; empty?: string; children: preact.ComponentChild[] }) {
  return (
    <section class="choice">
      <h3>{title}</h3>
      {children.length ? <ul>{children}</ul> : <p class="hint">{empty}</p>}
    </section>
  );
}

function TeamRow({ of: team, onPick }: { of: Team; onPick(): void }) {
  return (
    <li>
      <button type="button" onClick={onPick}>
        <bdi>{plainLabel(team.name)}</bdi>
        <span class="hint">{t('team_state', { online: team.online, free: team.free })}</span>
      </button>
    </li>
  );
}

const kOrder = ['online', 'away', 'offline'];
const byState = (a: Operator, b: Operator) =>
  kOrder.indexOf(a.state) - kOrder.indexOf(b.state) || a.name.localeCompare(b.name);

function teams(operators: Operator[], of: (one: Operator) => string[]): Team[] {
  const names = [...new Set(operators.flatMap(of))].sort();
  return names.map((name) => {
    const online = operators.filter((one) => one.state === 'online' && of(one).includes(name));
    const free = online.reduce((sum, { capacity, chats }) => sum + Math.max(0, capacity - chats), 0);
    return { name, online: online.length, free };
  });
}
