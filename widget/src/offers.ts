// The offer on this tab's screen: at most one, from the server's word to the visitor's answer.

import type { Connection } from './connection';
import { renderOffer, type Forms, type Scene } from './offer_view';
import type { Stage } from './stage';
import type { Texts } from './texts';
import type { OfferFrame } from './wire';

/** Path of the script of forms, put here by the build. */
declare const FORMS_SCRIPT: string;

/** Longer than the style sheet's way out. */
const kLeavingMs = 220;
/** As much of an offer has to be inside the window to count as shown. */
const kShownPart = 0.5;

export interface Offers {
  show(frame: OfferFrame): void;
  withdraw(offer: string, why: string): void;
  /** The server's list of what is on screen, after a reconnect. */
  match(frames: OfferFrame[]): void;
}

export interface Surroundings {
  stage: Stage;
  /** Address of the server, with a slash at its end. */
  server: string;
  send: Connection['frame'];
  tab(): string;
  speak(): { texts: Texts; language: string; side: string };
  /** Goes on in the chat about that offer; false where there is none. */
  chat(offer: string, reply?: string, said?: string): boolean;
  /** Tells the site; true when it takes care of what follows itself. */
  notify(name: string, detail: object): boolean;
}

interface Showing {
  frame: OfferFrame;
  /** The visitor has answered, or is about to: what the server says of it no longer matters here. */
  done?: boolean;
  end(): void;
}

export function createOffers({ stage, server, send, tab, speak, chat, notify }: Surroundings): Offers {
  let showing: Showing | undefined;
  const answered = new Set<string>();
  let forms: Forms | undefined;
  let awaited: string | undefined; // the latest offer that is to be shown, perhaps when they are here

  /** Loads the forms, then shows the offer if it is still wanted. What cannot be loaded now is tried at the next welcome. */
  const loadForms = (frame: OfferFrame) => {
    import(server + FORMS_SCRIPT).then(
      (script) => {
        if (!forms) stage.style((forms = script.forms as Forms).css);
        if (awaited === frame.offer) show(frame);
      },
      () => {},
    );
  };

  const show = (frame: OfferFrame): void => {
    const { offer, rule, kind } = frame;
    const elsewhere = frame.tab && frame.tab !== tab();
    if (elsewhere || answered.has(offer) || showing?.frame.offer === offer) return;
    awaited = offer;
    if (kind !== 'invite' && !forms) return loadForms(frame);
    showing?.end();

    let sent = false; // a form, which counts as accepted by itself
    const report = (outcome: string, reply?: string) => {
      if (!sent) send({ type: 'offer', offer, outcome });
      return notify(outcome, { offer, rule, kind, reply });
    };
    const answer = (outcome: string, reply?: string) => {
      mine.done = true;
      if (answered.has(offer)) return false;
      answered.add(offer);
      return report(outcome, reply);
    };
    const { side, ...words } = speak();
    const scene: Scene = {
      ...words,
      announce: stage.announce,
      send(content, settled) {
        mine.done = sent = true;
        send({ ...content, offer }, settled);
      },
      accept: (then, reply) => (answer('accepted', reply) ? mine.end() : then?.()),
      chat(reply) {
        const opened = chat(offer, reply, frame.body.text);
        if (opened) mine.end();
        return opened;
      },
      close() {
        answer('dismissed');
        mine.end();
      },
    };
    const [element, announcement] = renderOffer(frame, scene, kind === 'invite' ? undefined : forms);
    element.classList.add(side);
    element.dir = getComputedStyle(document.documentElement).direction;
    let cameFrom: HTMLElement | null;
    element.addEventListener('focusin', ({ relatedTarget }) => {
      if (!element.contains(relatedTarget as Node)) cameFrom = relatedTarget as HTMLElement;
    });
    // Tells when the element is really on screen: a tab that is hidden computes no intersections.
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (!entry!.isIntersecting) return;
        watch.disconnect();
        report('shown');
      },
      { threshold: kShownPart },
    );
    const mine: Showing = (showing = {
      frame,
      end() {
        if (showing === mine) showing = undefined;
        watch.disconnect();
        if (element.matches(':focus-within')) cameFrom?.focus();
        element.inert = true;
        delete element.dataset.beckon;
        element.classList.add('leaving');
        setTimeout(() => element.remove(), kLeavingMs);
      },
    });
    stage.put(element, announcement);
    watch.observe(element);
  };

  const withdraw = (offer: string, why: string): void => {
    if (awaited === offer) awaited = undefined;
    if (showing?.frame.offer !== offer || showing.done) return;
    const { rule, kind } = showing.frame;
    showing.end();
    notify('withdrawn', { offer, rule, kind, why });
  };

  return {
    show,
    withdraw,
    match(frames) {
      const offer = showing?.frame.offer;
      if (offer && !frames.some((frame) => frame.offer === offer)) withdraw(offer, 'withdrawn');
      frames.forEach(show);
    },
  };
}
