import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Properties {
  label: string;
  /** Whether the face says the label itself, or only shows a picture. */
  says?: 'label';
  class?: string;
  panelClass?: string;
  /** What the button shows. */
  face: ComponentChildren;
  role?: 'menu' | 'dialog';
  children: (close: () => void) => ComponentChildren;
}

/** A button with a small panel that closes on Esc, on a click elsewhere and when a choice is made. Arrows go through its buttons. */
export function Popover({ label, says, face, role = 'menu', children, ...classes }: Properties) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const items = () => [...(root.current?.querySelectorAll<HTMLElement>('.popover button, .popover a') ?? [])];
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    items()[0]?.focus();
    const outside = ({ target }: Event) => {
      if (!root.current?.contains(target as Node)) setOpen(false);
    };
    addEventListener('pointerdown', outside);
    return () => removeEventListener('pointerdown', outside);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
    else if (step) move(items(), step);
    else return;
    event.stopPropagation();
    if (event.key !== 'Tab') event.preventDefault();
  };
  return (
    <div class="popover-root" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        ref={button}
        class={classes.class}
        aria-label={says ? undefined : label}
        title={says ? undefined : label}
        aria-haspopup={role}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div class={`popover ${classes.panelClass ?? ''}`} role={role} aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

function move(items: HTMLElement[], step: number) {
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}
