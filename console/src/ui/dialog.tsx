import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../texts';
import { Icon } from './icons';

interface Properties {
  title: string;
  wide?: 'wide';
  onClose(): void;
  children: ComponentChildren;
}

/** A modal dialog of the browser's own: focus stays inside, Esc closes, focus returns. */
export function Dialog({ title, wide, onClose, children }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close(); // which gives the focus back
  }, []);
  return (
    <dialog
      ref={dialog}
      class={wide}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === dialog.current && onClose()}
    >
      <div class="dialog-body">
        <header>
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="quiet square" aria-label={t('close_dialog')} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
