import { useEffect, useRef } from 'preact/hooks';
import { takeFocus } from '../store/navigation';
import { current, isMine } from '../store/select';
import { place } from '../store/state';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Empty } from '../ui/empty';
import { Attachments, useUploads } from './attachments';
import { Composer } from './composer';
import { Conflict } from './conflict';
import { Header } from './header';
import { Messages } from './messages';

/** The middle pane: the conversation of the address bar. */
export function ConversationView() {
  const conversation = useStore(current);
  const loaded = useStore((state) => state.welcomed && state.threads[`${state.route.site}/${state.route.id}`]?.loaded);
  if (conversation) return <Open key={place(conversation)} />;
  return loaded ? <Empty icon="mine" title={t('gone_conversation')} text={t('gone_conversation_text')} /> : <Waiting />;
}

function Open() {
  const conversation = useStore(current);
  const mine = useStore((state) => !!conversation && isMine(state, conversation));
  const pane = useRef<HTMLElement>(null);
  const uploads = useUploads(conversation!);
  useEffect(() => {
    // On a phone the keyboard would cover what there is to read.
    const wanted = takeFocus() === 'composer' && matchMedia('(pointer: fine)').matches ? 'textarea' : 'h2';
    pane.current?.querySelector<HTMLElement>(wanted)?.focus({ preventScroll: true });
  }, []);
  if (!conversation) return null;
  const dropped = (event: DragEvent) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    if (uploads.allowed) uploads.add(event.dataTransfer.files);
  };
  return (
    <article
      ref={pane}
      class="conversation"
      aria-labelledby="conversation-title"
      data-mine={mine ? '' : undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={dropped}
    >
      <Header of={conversation} />
      <Conflict of={conversation} />
      <Messages of={conversation} />
      <Attachments of={conversation} />
      <Composer of={conversation} onFiles={uploads.allowed ? uploads.add : undefined} />
    </article>
  );
}

const Waiting = () => (
  <div class="empty" role="status">
    <p>{t('loading')}</p>
  </div>
);
