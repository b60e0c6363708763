// What the page's own script tag says:
//   <script async src="https://chat.example/widget.js" data-site="shop" data-lang="fr"></script>

export interface Config {
  site: string;
  /** Address of the server, with a slash at its end. */
  server: string;
  /** Address of the WebSocket, without a query. */
  socket: string;
  /** The page's language, as the script tag or the document says it; undefined: the browser's is taken. */
  language: string | undefined;
  /** What the site knows of the visitor's consent; undefined: not asked yet. */
  consent: boolean | undefined;
}

/** A BCP 47 tag is no longer. */
const kMaxLanguageChars = 35;

/** Undefined when there is no script tag to read, or it names no site. */
export function readConfig(): Config | undefined {
  const script = (document.currentScript || document.querySelector('script[data-site]')) as HTMLScriptElement | null;
  const { site, server, lang, consent } = script?.dataset || {};
  if (!site) return undefined;
  const address = new URL('/', new URL(server || script!.src, location.href)).href;
  return {
    site,
    server: address,
    socket: address.replace('http', 'ws') + 'ws',
    language: (lang || document.documentElement.lang).slice(0, kMaxLanguageChars) || undefined,
    consent: consent ? /^(granted|true)$/.test(consent) : undefined,
  };
}

/** Global Privacy Control and Do Not Track count as refused, whatever the site says. */
export function refusedByBrowser(): boolean {
  return navigator.globalPrivacyControl === true || navigator.doNotTrack === '1';
}
