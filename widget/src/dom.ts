// Making elements. Words from outside become text, addresses are checked; nothing is ever parsed as markup.

type Attributes = { [name: string]: unknown };

/** An element with attributes (undefined: left out) and children; strings become text, undefined nothing. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes,
  ...children: (Node | string | undefined)[]
): HTMLElementTagNameMap[Name] {
  return fill(document.createElement(name), attributes, children);
}

/** A picture of one path in a square of 24. */
export function icon(path: string): Element {
  const space = 'http://www.w3.org/2000/svg';
  const shape = fill(document.createElementNS(space, 'path'), { d: path }, []);
  return fill(document.createElementNS(space, 'svg'), { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, [shape]);
}

function fill<T extends Element>(element: T, attributes: Attributes, children: (Node | string | undefined)[]): T {
  for (const name in attributes) {
    if (attributes[name] !== undefined) element.setAttribute(name, attributes[name] as string);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** The address that a link or picture may have: absolute, of a harmless scheme; else undefined. */
export function safeAddress(value: unknown): string | undefined {
  try {
    const { href, protocol } = new URL(value as string, document.baseURI);
    return value && /^(https?|tel|mailto):$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
