// The one element that the widget adds to a page, and what stands in its shadow.

import css from './style.css';
import { make } from './dom';
import { themeStyle } from './theme';
import type { Theme } from './wire';

export interface Stage {
  theme(theme?: Theme): void;
  /** Puts an offer on stage, and tells a screen reader about it. */
  put(offer: HTMLElement, announcement: string): void;
  /** Adds an element, once. */
  mount(element: HTMLElement): void;
  /** Another style sheet, behind the widget's own. */
  style(css: string): void;
  announce(words: string): void;
}

/** Screen readers take notice of a status that changes, not of one that comes with its words. */
const kAnnounceAfterMs = 100;

export function createStage(): Stage {
  const host = document.createElement('beckon-widget');
  const root = host.attachShadow({ mode: 'open' });
  const status = make('div', { role: 'status', class: 'unseen' });
  const looks = new CSSStyleSheet();
  const colours = new CSSStyleSheet();
  looks.replaceSync(css);
  root.adoptedStyleSheets = [looks, colours];
  root.append(status);

  const announce = (words: string) => {
    status.textContent = '';
    setTimeout(() => (status.textContent = words), kAnnounceAfterMs);
  };

  const mount = (element: HTMLElement) => {
    // Beside the body: there it survives a body that the site replaces, and no selector of the site counts it.
    if (!host.isConnected) document.documentElement.append(host);
    if (element.parentNode !== root) root.append(element);
  };

  return {
    theme: (theme) => colours.replaceSync(themeStyle(theme)),
    put(offer, announcement) {
      mount(offer);
      announce(announcement);
    },
    mount,
    style(text) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets.push(sheet);
    },
    announce,
  };
}
