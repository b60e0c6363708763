// What forms say by themselves: of offers, and of the chat's panel. A site's own texts go before these.

import type { Texts } from './texts';

export const kFormWords = {
  en: {
    phone: 'Phone number',
    name: 'Name (optional)',
    callback: 'Call me back',
    bad_phone: 'Please enter a phone number.',
    called_back: 'Thank you! We will call you back.',
    low: 'Not at all',
    high: 'Very much',
    comment: 'Why this score? (optional)',
    send: 'Send',
    answered: 'Thank you for your answer!',
  },
  fr: {
    phone: 'Numéro de téléphone',
    name: 'Nom (facultatif)',
    callback: 'Rappelez-moi',
    bad_phone: 'Saisissez un numéro de téléphone.',
    called_back: 'Merci ! Nous vous rappellerons.',
    low: 'Pas du tout',
    high: 'Tout à fait',
    comment: 'Pourquoi cette note ? (facultatif)',
    send: 'Envoyer',
    answered: 'Merci de votre réponse !',
  },
};

export type FormWords = (typeof kFormWords)['en'] & Texts;

export function formWordsOf(language: string, texts: Texts): FormWords {
  return { ...kFormWords[language as keyof typeof kFormWords], ...texts };
}
