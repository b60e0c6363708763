import { openFolder } from '../store/navigation';
import type { Folder } from '../store/route';
import { kFolders } from '../store/route';
import { openTasks, unreadMine, waitingCount } from '../store/select';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Icon } from '../ui/icons';
import { AccountMenu } from './account';

/** The folders and the account: at the side, on a phone at the bottom. */
export function Rail() {
  const at = useStore(({ route }) => route.folder);
  const counts: Record<Folder, number> = {
    waiting: useStore(waitingCount),
    mine: useStore(unreadMine),
    all: 0,
    tasks: useStore(openTasks),
  };
  return (
    <nav class="rail" aria-label={t('folders')}>
      <img class="rail-mark" src="/console/icon.svg" alt="" width="32" height="32" />
      <ul>
        {kFolders.map((folder) => (
          <li key={folder}>
            <button type="button" aria-current={at === folder ? 'page' : undefined} onClick={() => openFolder(folder)}>
              <Icon name={folder} />
              <span class="rail-name">{t(folder)}</span>
              {counts[folder] > 0 && (
                <span class="count" data-kind={folder}>
                  <span aria-hidden="true">{counts[folder] > 99 ? '99+' : counts[folder]}</span>
                  <span class="unseen">{t(`count_${folder}` as 'count_mine', { n: counts[folder] })}</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      <AccountMenu />
    </nav>
  );
}
