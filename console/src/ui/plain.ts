// Strangers' words made fit to be shown: whole and as they are, but unable to disturb what is around them.

const kMaxMarks = 6;
const kMarks = new RegExp(`(\\p{M}{${kMaxMarks}})\\p{M}+`, 'gu');
const kDirections = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const kControls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** For running text: no tower of combining marks. Directions are contained by the element (unicode-bidi). */
export const plainText = (text: string) => text.replace(kMarks, '$1');

/** For a name or another label on one line: also without invisible characters and direction overrides. */
export const plainLabel = (text: string | undefined) =>
  plainText((text ?? '').replace(kControls, ' ').replace(kDirections, '')).trim();
