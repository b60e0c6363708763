import { openDialog } from '../store/navigation';
import { t } from '../texts';
import { Dialog } from '../ui/dialog';
import { kShortcuts } from './shortcuts';

export function HelpDialog() {
  return (
    <Dialog title={t('shortcuts')} onClose={() => openDialog(undefined)}>
      <table class="keys">
        <thead class="unseen">
          <tr>
            <th scope="col">{t('keys_column')}</th>
            <th scope="col">{t('does_column')}</th>
          </tr>
        </thead>
        <tbody>
          {kShortcuts.map(({ keys, does }) => (
            <tr key={does}>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
              <td>{t(does)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
