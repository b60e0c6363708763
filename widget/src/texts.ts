// What the widget says by itself. Sites may put their own words in place of these (welcome.texts), key by key.

const kTexts = {
  en: {
    message: 'Message',
    accept: 'Yes, please',
    open: 'Have a look',
    close: 'Close',
    accepted: 'Thank you! We have noted it.',
    copy: 'Copy code',
    copied: 'Copied',
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
    failed: 'That did not work. Please try again.',
  },
  fr: {
    message: 'Message',
    accept: 'Oui, volontiers',
    open: 'Voir',
    close: 'Fermer',
    accepted: 'Merci ! C’est noté.',
    copy: 'Copier le code',
    copied: 'Copié',
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
    failed: 'Cela n’a pas fonctionné. Réessayez.',
  },
};

export type Language = keyof typeof kTexts;
export type Texts = (typeof kTexts)[Language];

/** The language of the table that fits best: the page's own first, then the browser's, then English. */
export function pickLanguage(page: string | undefined, browser: readonly string[]): Language {
  const wanted = [page, ...browser].map((tag) => tag?.slice(0, 2).toLowerCase());
  return (wanted.find((language) => language! in kTexts) || 'en') as Language;
}

/** The table of a language, with the site's own words in it. */
export function textsOf(language: Language, own?: Partial<Texts>): Texts {
  return { ...kTexts[language], ...own };
}
