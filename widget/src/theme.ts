// The colour of a site, and one for the text upon it.

import type { Theme } from './wire';

const kAccent = '#0b5fff';
/** WCAG 2.2 AA for text. */
const kMinContrast = 4.5;

/** A style sheet's text that sets --accent and, readable upon it, --on-accent. */
export function themeStyle({ accent }: Theme = {}): string {
  const colour = /^#[0-9a-f]{6}$/i.test(accent!) ? accent! : kAccent;
  return `:host{--accent:${colour};--on-accent:${textOn(colour)}}`;
}

/** White where it can be read, else black; one of both always can. */
function textOn(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  return 1.05 / (luminance + 0.05) >= kMinContrast ? '#fff' : '#000';
}
