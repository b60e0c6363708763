// What the widget says by itself. Sites may put their own words in place of these (welcome.texts), key by key.

const kTexts = {
  en: {
    message: 'Message',
    chat: 'Chat with us',
    accept: 'Yes, please',
    open: 'Have a look',
    close: 'Close',
    accepted: 'Thank you! We have noted it.',
    copy: 'Copy code',
    copied: 'Copied',
    failed: 'That did not work. Please try again.',
  },
  fr: {
    message: 'Message',
    chat: 'Discuter avec nous',
    accept: 'Oui, volontiers',
    open: 'Voir',
    close: 'Fermer',
    accepted: 'Merci ! C’est noté.',
    copy: 'Copier le code',
    copied: 'Copié',
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
