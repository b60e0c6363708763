import { openDialog, openFolder } from '../store/navigation';
import { self } from '../store/select';
import { signOut } from '../store/session';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Avatar } from '../ui/avatar';
import { Icon, type IconName } from '../ui/icons';
import { plainLabel } from '../ui/plain';
import { Popover } from '../ui/popover';

export function AccountMenu() {
  const me = useStore((state) => state.me);
  const state = useStore((all) => (all.status.state === 'open' ? self(all)?.state : 'offline'));
  if (!me) return null;
  const item = (icon: IconName, text: string, act: () => void) => (
    <button type="button" role="menuitem" tabIndex={-1} onClick={act}>
      <Icon name={icon} />
      {text}
    </button>
  );
  return (
    <Popover
      label={t('account')}
      says="label"
      class="account"
      panelClass="menu"
      face={
        <>
          <Avatar name={me.name} state={state ?? 'offline'} />
          <span class="rail-name">{t('account')}</span>
        </>
      }
    >
      {(close) => {
        const then = (act: () => void) => () => (close(), act());
        return (
          <>
            <p class="menu-title" role="presentation">
              <strong>
                <bdi>{plainLabel(me.name)}</bdi>
              </strong>
              <span>
                {me.login} · {t(me.role)}
              </span>
            </p>
            {me.role === 'admin' &&
              item(
                'operators',
                t('operators'),
                then(() => openFolder('operators')),
              )}
            {item(
              'settings',
              t('settings'),
              then(() => openDialog('settings')),
            )}
            {item(
              'help',
              t('shortcuts'),
              then(() => openDialog('help')),
            )}
            {item(
              'key',
              t('change_password'),
              then(() => openDialog('password')),
            )}
            {item(
              'out',
              t('sign_out'),
              then(() => void signOut()),
            )}
          </>
        );
      }}
    </Popover>
  );
}
