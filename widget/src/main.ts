// Beckon's widget: reports what happens on the page, shows what the rules decide. docs/widget.md is its manual.

import { createApi, type Listener } from './api';
import { readConfig, type Config } from './config';
import { createConnection, type Connection } from './connection';
import { watchFriction } from './friction';
import { createIdentity } from './identity';
import { createLauncher, type Launcher } from './launcher';
import { createOffers, type Offers } from './offers';
import { watchPages, type Pages } from './pages';
import { watchSignals } from './signals';
import { createStage } from './stage';
import { pickLanguage, textsOf } from './texts';
import type { Event, Incoming, OfferFrame, Welcome } from './wire';

type Global = { (...args: unknown[]): void; q?: ArrayLike<unknown>[]; loaded?: true };

const scope = window as unknown as { Beckon?: Global };
const config = readConfig();
if (!config) console.warn('Beckon: no data-site');
else if (!scope.Beckon?.loaded) start(config);

function start(config: Config): void {
  const identity = createIdentity(config.site);
  const stage = createStage();
  const listeners: [name: string, listener: Listener][] = [];
  const panels: Listener[] = [];
  const life = new AbortController();
  const { signal } = life;
  const language = pickLanguage(config.language, navigator.languages);
  let texts = textsOf(language);
  let side = 'right';

  const tell = (listener: Listener, detail: unknown): unknown => {
    try {
      return listener(detail);
    } catch (error) {
      console.error(error);
      return undefined;
    }
  };

  /** Tells the site; true when it says that it takes care of what follows. */
  const notify = (name: string, detail: object): boolean => {
    const answers = listeners.map(([wanted, listener]) => wanted !== name || tell(listener, detail));
    const event = new CustomEvent('beckon:' + name, { detail, cancelable: true });
    return !dispatchEvent(event) || answers.includes(false);
  };

  const speak = () => ({ texts, language, side });
  const askForPanel = () => connection.frame({ type: 'panel', on: true });

  const welcome = (frame: Welcome): void => {
    texts = textsOf(language, frame.texts);
    side = frame.theme?.side === 'left' ? 'left' : 'right';
    stage.theme(frame.theme);
    launcher.welcome(frame.chat);
    offers.match(frame.offers || []);
    if (panels[0]) askForPanel();
    notify('ready', { visitor: frame.visitor, tracking: frame.tracking });
  };

  const receive = (frame: Incoming): void => {
    if (frame.type === 'offer') offers.show(frame as OfferFrame);
    if (frame.type === 'withdraw') offers.withdraw(frame.offer!, frame.why!);
    if (frame.type === 'emit') notify(frame.name!, {});
    if (frame.type === 'panel') for (const panel of panels) tell(panel, frame);
    launcher.receive(frame);
  };

  const stopped = (code: number, reason: string): void => {
    life.abort();
    pages.stop();
    offers.match([]);
    console.warn('Beckon: stopped', code, reason);
    notify('stopped', { code, reason });
  };

  const pages: Pages = watchPages(
    () => {
      leaveForms();
      newPage();
    },
    (page) => connection.event({ type: 'page', ...page, hidden: document.hidden }, 1),
  );
  const connection: Connection = createConnection(config, identity, {
    page: pages.current,
    welcome,
    frame: receive,
    chat: () => launcher.last(),
    lost: () => launcher.lost(),
    stopped,
  });
  const offers: Offers = createOffers({
    stage,
    server: config.server,
    send: connection.frame,
    tab: () => identity.tab,
    speak,
    chat: (...about) => launcher.open(...about),
    notify,
  });
  const launcher: Launcher = createLauncher({
    connection,
    identity,
    stage,
    config,
    speak,
  });

  const report = (event: Event, urgent?: 1) => {
    pages.settle();
    connection.event(event, urgent);
  };
  const listen = (names: string, listener: (event: any) => void) => {
    for (const name of names.split(' '))
      document.addEventListener(name, listener, { capture: true, passive: true, signal });
  };
  const leaveForms = watchFriction(report, listen, signal);
  const newPage = watchSignals(report, listen);

  const run = createApi({
    connection,
    pages,
    event: report,
    on: (name, listener) => listeners.push([name, listener]),
    panel(listener) {
      if (panels.push(listener) === 1) askForPanel();
    },
  });
  const call = (args: ArrayLike<unknown>) => {
    if (!run(args)) console.warn('Beckon: not understood', args);
  };
  const waiting = scope.Beckon?.q || [];
  scope.Beckon = (...args) => call(args);
  scope.Beckon.loaded = true;
  for (const args of waiting) call(args);

  const leave = () => {
    pages.settle();
    leaveForms();
    connection.leave();
  };
  addEventListener('pagehide', leave, { signal });
  addEventListener('pageshow', ({ persisted }) => persisted && connection.comeBack(), { signal });
  if (document.prerendering) document.addEventListener('prerenderingchange', connection.connect);
  else connection.connect();
}
