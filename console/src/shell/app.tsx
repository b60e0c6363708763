import { useEffect } from 'preact/hooks';
import { Door } from '../session/frame';
import { Login } from '../session/login';
import { Setup } from '../session/setup';
import { unreadMine, waitingCount } from '../store/select';
import { useStore } from '../store/store';
import { setLanguage, t } from '../texts';
import { DeskView } from './desk_view';

export function App() {
  const stage = useStore((state) => state.stage);
  const { theme, language } = useStore((state) => state.settings);
  document.documentElement.lang = setLanguage(language);
  document.documentElement.dataset.theme = theme;
  return (
    <>
      <Title />
      <Stage key={language} at={stage} />
    </>
  );
}

function Stage({ at }: { at: string }) {
  if (at === 'desk') return <DeskView />;
  if (at === 'login') return <Login />;
  if (at === 'setup') return <Setup />;
  if (at === 'unreachable') return <Door title={t('unreachable_title')} lead={t('unreachable')} />;
  return null;
}

/** The tab's title counts who waits and what is unread. */
function Title() {
  const n = useStore((state) => (state.stage === 'desk' ? waitingCount(state) + unreadMine(state) : 0));
  useEffect(() => {
    document.title = n ? `(${n}) Beckon` : 'Beckon';
  }, [n]);
  return null;
}
