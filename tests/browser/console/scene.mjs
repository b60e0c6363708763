// A desk in the middle of a working day, for the screenshots and the tests of looks.

const kMinute = 60_000;

export function workingDay(desk) {
  const now = Date.now();
  const ada = desk.byLogin('ada');
  desk.sites = [
    {
      id: 'shop',
      uploads: true,
      canned: [
        { title: 'Delivery time', text: 'Orders placed before 14:00 leave the same day and arrive within two working days.' },
        { title: 'Returns', text: 'You can send anything back within 30 days; the label is in the parcel.' },
        { title: 'Thanks', text: 'You are welcome. Have a good evening!' },
      ],
    },
  ];
  Object.assign(ada, { state: 'online', skills: ['returns'], groups: ['Sales'] });
  const noor = desk.addOperator({ login: 'noor', name: 'Noor Haddad', state: 'online', skills: ['returns', 'fr'], groups: ['Support'] });
  desk.addOperator({ login: 'teo', name: 'Teo Marsh', state: 'away', groups: ['Support'], capacity: 6 });
  desk.addOperator({ login: 'iris', name: 'Iris Lund', state: 'offline', groups: ['Sales'] });

  const main = desk.begin({ says: [], name: 'Margot Ellis', email: 'margot@example.com', rule: 'hesitates-at-checkout', language: 'en-GB', created: now - 14 * kMinute, visitor: profile(now) });
  const say = (conversation, minutes, message) => Object.assign(desk.append(conversation, message), { at: now - minutes * kMinute });
  say(main, 14, { from: 'invite', name: 'Ada', text: 'Still deciding? I can tell you how the Ember lamp looks in a small room.' });
  say(main, 13, { from: 'visitor', text: 'Yes please! Is the Ember bright enough to read by?' });
  say(main, 13, { from: 'visitor', text: 'I saw https://vesper.example/product/ember but there is no figure.' });
  desk.assign(main, ada);
  main.messages.at(-1).at = now - 12 * kMinute;
  say(main, 12, { from: 'operator', operator: ada.id, name: 'Ada', text: 'Hello Margot! At full brightness it gives 640 lumen, which is plenty for a reading corner.' });
  say(main, 11, { from: 'operator', operator: ada.id, name: 'Ada', text: 'Under the dimmer it goes down to candle light, so one lamp does both.' });
  say(main, 3, { from: 'visitor', text: 'Lovely. And if I order today, will it be here by Friday?' });
  Object.assign(main.row, { read: 6, delivered: 6, at: now - 3 * kMinute, unread: 0 });

  const wait = (minutes, fields) => {
    const one = desk.begin({ ...fields, waiting_since: now - minutes * kMinute });
    for (const message of one.messages) message.at = now - minutes * kMinute;
    Object.assign(one.row, { waiting_since: now - minutes * kMinute, at: now - minutes * kMinute });
    return one;
  };
  const waiting = wait(4.2, { name: 'Jonas Weber', says: ['My parcel has not arrived, can you look where it is? Order 20417'], rule: 'order-page-help', skill: 'returns' });
  wait(1.6, { says: ['Do you ship to Ireland?'], rule: 'long-stay' });
  wait(0.4, { name: 'Chloé Martin', says: ['Bonjour, la lampe existe en vert ?'], language: 'fr', skill: 'fr' });

  const second = desk.begin({ name: 'Sam Okafor', says: ['Great, I will measure it tonight.'], rule: 'compares-products', online: false });
  desk.assign(second, ada);
  say(second, 22, { from: 'visitor', text: 'One more thing: can I change the colour later?' });
  Object.assign(second.row, { at: now - 22 * kMinute, unread: 2 });
  const theirs = desk.begin({ name: 'Priya Nair', says: ['I would like to return a lamp.'], skill: 'returns' });
  desk.assign(theirs, noor);
  Object.assign(theirs.row, { at: now - 31 * kMinute, unread: 0 });
  const closed = desk.begin({ name: 'Lena Fischer', says: ['Perfect, thank you!'] });
  Object.assign(closed.row, { state: 'closed', at: now - 26 * 60 * kMinute, unread: 0 });

  desk.addTask({ kind: 'callback', name: 'Bruno Keller', phone: '+49 30 5550 123', page: 'https://vesper.example/checkout', rule: 'stuck-at-checkout', at: now - 50 * kMinute });
  desk.addTask({ kind: 'message', name: 'Alice Moreau', email: 'alice@example.com', text: 'Hello, the dimmer of my Moth hums a little. Is that normal? You can write to me here or call in the evening.', page: 'https://vesper.example/contact', at: now - 95 * kMinute });
  return { main, waiting, second, theirs, closed };
}

const profile = (now) => ({
  pages: [
    { url: 'https://vesper.example/', title: 'Vesper: light for evenings', at: now - 19 * kMinute },
    { url: 'https://vesper.example/category/table', title: 'Table lamps', at: now - 18 * kMinute },
    { url: 'https://vesper.example/product/ember', title: 'Ember', at: now - 16 * kMinute },
    { url: 'https://vesper.example/cart', title: 'Your bag', at: now - 9 * kMinute },
    { url: 'https://vesper.example/checkout', title: 'Checkout', at: now - 6 * kMinute },
  ],
  cart: { value: 238, items: 2, currency: 'EUR' },
  facts: [
    { name: 'visits', value: 4 },
    { name: 'days since first visit', value: 12 },
    { name: 'orders', value: 1 },
  ],
  tags: ['returning', 'newsletter'],
  attrs: { plan: 'Home', vip: true },
});
