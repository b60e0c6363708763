// What the console says, in the operator's language.

import { en } from './en';
import { fr } from './fr';

export type TextKey = keyof typeof en;

const kTables: Record<string, Record<TextKey, string>> = { en, fr };
let chosen = 'en';
let tag = 'en';

/** Chooses the table: the one that was set, else the first of the browser's languages that there is. */
export function setLanguage(setting: string): string {
  const browser = navigator.languages.find((wanted) => short(wanted) in kTables);
  chosen = setting === 'auto' ? short(browser ?? 'en') : setting;
  // Dates and numbers follow the browser's region when its language is the one that is shown.
  tag = browser && short(browser) === chosen ? browser : chosen;
  return chosen;
}

const short = (wanted: string) => wanted.slice(0, 2).toLowerCase();

/** For dates and numbers. */
export const language = () => tag;

/** A text with its gaps filled: {name}. */
export function t(key: TextKey, gaps: Record<string, string | number> = {}): string {
  return kTables[chosen]![key].replace(/\{(\w+)\}/g, (_, name: string) => String(gaps[name] ?? ''));
}
