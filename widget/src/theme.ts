// The colour of a site, and one for the text upon it.

import type { Theme } from './wire';

const kAccent = '#0b5fff';
/** Here white and black contrast alike: (1.05 · 0.05)^½ − 0.05. */
const kEvenLuminance = 0.179;

/** A style sheet's text that sets --tone and, readable upon it, --on. */
export function themeStyle({ accent }: Theme = {}): string {
  const colour = /^#[\da-f]{6}$/i.test(accent!) ? accent! : kAccent;
  return `:host{--tone:${colour};--on:${textOn(colour)}}`;
}

/** White or black, whichever stands out more: by at least 4.58 to 1, where WCAG 2.2 AA asks for 4.5. */
function textOn(colour: string): string {
  // sRGB's curve taken as a power of 2.2: off by less than what lies between 4.58 and 4.5.
  const light = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * light[0]! + 0.7152 * light[1]! + 0.0722 * light[2]! < kEvenLuminance ? '#fff' : '#000';
}
