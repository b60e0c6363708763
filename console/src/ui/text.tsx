import { linkParts } from './links';
import { plainText } from './plain';

/** Running text with its links. */
export function Text({ of }: { of: string }) {
  return (
    <>
      {linkParts(plainText(of)).map(({ text, href }) =>
        href ? (
          <a href={href} target="_blank" rel="noopener noreferrer">
            {text}
          </a>
        ) : (
          text
        ),
      )}
    </>
  );
}
