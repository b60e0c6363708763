// What an operator has set in this browser.

export interface Settings {
  theme: 'system' | 'light' | 'dark';
  language: 'auto' | 'en' | 'fr';
  sound: boolean;
  notify: boolean;
  /** Shortcuts of a single letter: they can be in the way of speech input. */
  keys: boolean;
}

const kName = 'beckon.console.settings';
const kDefaults: Settings = { theme: 'system', language: 'auto', sound: false, notify: false, keys: true };

export function loadSettings(): Settings {
  try {
    return { ...kDefaults, ...JSON.parse(localStorage.getItem(kName) ?? '{}') };
  } catch {
    return kDefaults;
  }
}

export function keepSettings(settings: Settings) {
  try {
    localStorage.setItem(kName, JSON.stringify(settings));
  } catch {
    // They last as long as the page.
  }
}
