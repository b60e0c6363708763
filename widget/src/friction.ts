// Trouble that can be seen from outside: events of their own, found without the site's help. They say where, never
// what: no text, no value of a field.

import type { Event } from './wire';

const kRageClicks = 3;
const kRageMs = 1000;
const kRagePx = 30;
/** One attempt to send a form may complain about a field in several ways at once. */
const kSameErrorMs = 1000;
/** A form that was begun, where nothing was entered for this long and the focus is elsewhere, is left. */
const kAbandonedMs = 30_000;
const kMaxElementChars = 64;

type Listen = (names: string, listener: (event: any) => void) => void;
type Found = (name: string, element: Element) => void;

/** Returns what to call when the page ends: forms that were begun and not sent are left then. */
export function watchFriction(report: (event: Event) => void, listen: Listen, until: AbortSignal): () => void {
  const found: Found = (name, target) => {
    if (target.localName !== 'beckon-widget') report({ type: 'event', name, data: { element: describe(target) } });
  };
  watchClicks(listen, found);
  watchErrors(listen, found, until);
  listen('copy', ({ target }) => found('text_copied', target));
  return watchForms(listen, found);
}

function watchClicks(listen: Listen, found: Found): void {
  let burst: MouseEvent[] = [];
  listen('click', (click: MouseEvent) => {
    const near = (other: MouseEvent) =>
      click.timeStamp - other.timeStamp < kRageMs &&
      Math.hypot(click.clientX - other.clientX, click.clientY - other.clientY) < kRagePx;
    burst = [...burst.filter(near), click];
    // Three clicks on a text select a paragraph; that is no anger.
    if (burst.length === kRageClicks && !String(getSelection())) found('rage_click', click.target as Element);
  });
}

function watchErrors(listen: Listen, found: Found, until: AbortSignal): void {
  const errors = new WeakMap<Element, number>(); // when each field was last wrong
  const wrong = (field: Element) => {
    const now = Date.now();
    const last = errors.get(field);
    if (last && now - last < kSameErrorMs) return;
    errors.set(field, now);
    if (last) found('form_error', field);
  };
  listen('invalid', ({ target }) => wrong(target));
  const observer = new MutationObserver((changes) => {
    for (const { target, oldValue } of changes) {
      const field = target as Element;
      if (field.getAttribute('aria-invalid') === 'true' && oldValue !== 'true') wrong(field);
    }
  });
  observer.observe(document, { subtree: true, attributeFilter: ['aria-invalid'], attributeOldValue: true });
  until.onabort = () => observer.disconnect();
}

function watchForms(listen: Listen, found: Found): () => void {
  // Each form with something entered and not sent, and when to call it left.
  const begun = new Map<HTMLFormElement, number>();
  const done = (form: HTMLFormElement) => {
    clearTimeout(begun.get(form));
    begun.delete(form);
  };
  const left = (form: HTMLFormElement) => {
    done(form);
    found('form_abandoned', form);
  };
  const wait = (form: HTMLFormElement) => {
    done(form);
    const late = () => (form.contains(document.activeElement) ? wait : left)(form);
    begun.set(form, setTimeout(late, kAbandonedMs));
  };
  listen('input', ({ target }) => {
    if (target.form && target.type !== 'search' && !target.closest('[role=search]')) wait(target.form);
  });
  listen('submit reset', ({ target }) => done(target));
  return () => begun.forEach((_timer, form) => left(form));
}

/** What a developer would call it: "button#pay", "input[email]". Markup only. */
function describe(element: Element): string {
  const { localName, id } = element;
  const name = element.getAttribute('name');
  return (localName + (id ? '#' + id : name ? `[${name}]` : '')).slice(0, kMaxElementChars);
}
