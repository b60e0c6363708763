import { ConversationView } from '../conversation/view';
import { TransferDialog } from '../conversation/transfer';
import { Inbox } from '../inbox/inbox';
import { TaskView } from '../inbox/task_view';
import { OperatorsPage } from '../operators/page';
import { PasswordDialog } from '../session/password';
import { current } from '../store/select';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Empty } from '../ui/empty';
import { VisitorPanel } from '../visitor/panel';
import { Banner } from './banner';
import { HelpDialog } from './help';
import { Notices, Spoken } from './notices';
import { Rail } from './rail';
import { SettingsDialog } from './settings';

/** The panes. Which of them a phone shows is the style sheet's business, by `data-view`. */
export function DeskView() {
  const { folder, id, details } = useStore((state) => state.route);
  const open = useStore(current);
  const view = folder === 'operators' ? 'operators' : !id ? 'list' : details ? 'details' : 'item';
  return (
    <div class="desk" data-view={view} data-details={details && open ? '' : undefined}>
      <Rail />
      <main class="stage">
        <h1 class="unseen">Beckon: {t(folder)}</h1>
        <Banner />
        <div class="panes">
          {folder === 'operators' ? (
            <OperatorsPage />
          ) : (
            <>
              <Inbox folder={folder} />
              <div class="middle">
                {!id ? (
                  <Empty icon="mine" title={t('nothing_open')} text={t('nothing_open_text')} />
                ) : folder === 'tasks' ? (
                  <TaskView key={id} />
                ) : (
                  <ConversationView />
                )}
              </div>
              {folder !== 'tasks' && id && open && <VisitorPanel />}
            </>
          )}
        </div>
      </main>
      <Dialogs />
      <Notices />
      <Spoken />
    </div>
  );
}

function Dialogs() {
  const dialog = useStore((state) => state.dialog);
  if (dialog === 'help') return <HelpDialog />;
  if (dialog === 'settings') return <SettingsDialog />;
  if (dialog === 'password') return <PasswordDialog />;
  if (dialog === 'transfer') return <TransferDialog />;
  return null;
}
