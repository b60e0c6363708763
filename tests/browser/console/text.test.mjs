// Strangers' words and the putting together of conversations, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './bundle.mjs';

const { linkParts, safeHref, mailHref, plainText, plainLabel, merge, hole, parseRoute, pathOf, shownFacts } = await load(
  'ui/links.ts',
  'ui/plain.ts',
  'store/threads.ts',
  'store/route.ts',
  'visitor/facts.ts',
);

const links = (text) => linkParts(text).filter(({ href }) => href).map(({ text, href }) => [text, href]);
const whole = (text) => linkParts(text).map(({ text }) => text).join('');

const kLinks = [
  ['see https://shop.example/a?b=c#d now', [['https://shop.example/a?b=c#d', 'https://shop.example/a?b=c#d']]],
  ['(https://shop.example/a).', [['https://shop.example/a', 'https://shop.example/a']]],
  ['https://en.example/wiki/Lamp_(light)', [['https://en.example/wiki/Lamp_(light)', 'https://en.example/wiki/Lamp_(light)']]],
  ['www.shop.example!', [['www.shop.example', 'https://www.shop.example/']]],
  ['write to a.b+c@shop.example, please', [['a.b+c@shop.example', 'mailto:a.b+c@shop.example']]],
  ['mailto:a@b.example', [['mailto:a@b.example', 'mailto:a@b.example']]],
  ['HTTP://SHOP.EXAMPLE', [['HTTP://SHOP.EXAMPLE', 'http://shop.example/']]],
  ['https://a.example https://b.example', [['https://a.example', 'https://a.example/'], ['https://b.example', 'https://b.example/']]],
];
for (const [text, expected] of kLinks) {
  test(`links in: ${text}`, () => {
    assert.deepEqual(links(text), expected);
    assert.equal(whole(text), text);
  });
}

const kNoLinks = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript://%0aalert(1)',
  ' javascript://https',
  'data:text/html,<script>1</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'ftp://shop.example',
  'blob:https',
  'http://',
  'https://[',
  '"><img src=x onerror=window.__x=1>',
  'nothing at all',
  '',
];
for (const text of kNoLinks) {
  test(`no link in: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(links(text), []);
    assert.equal(whole(text), text);
  });
}

test('an address ends where a character that turns directions or is invisible begins', () => {
  for (const odd of ['\u202e', '\u200b', '\u2066', '\ufeff', '\u00ad']) {
    assert.deepEqual(links(`https://a.example/${odd}gpj.exe`), [['https://a.example/', 'https://a.example/']]);
  }
});

test('an address that somebody typed into a form is one address, and no subject, copy or text of a letter', () => {
  assert.equal(mailHref('margot+a@shop.example'), 'mailto:margot%2Ba@shop.example');
  assert.equal(mailHref('a@b.example?bcc=all@shop.example&body=x'), 'mailto:a@b.example%3Fbcc%3Dall%40shop.example%26body%3Dx');
  assert.equal(mailHref('a@b.example,c@d.example'), 'mailto:a@b.example%2Cc%40d.example');
  assert.equal(mailHref(undefined), undefined);
});

test('only http, https and mailto may be followed', () => {
  for (const bad of ['javascript:1', ' javascript:1', 'java\nscript:1', 'data:,', 'vbscript:1', '//evil.example', '/path', 'x', '', undefined]) {
    assert.equal(safeHref(bad), undefined, String(bad));
  }
  for (const good of ['http://a.example/', 'https://a.example/', 'mailto:a@b.example']) assert.equal(safeHref(good), good);
});

test('a search for links takes no time that hurts', () => {
  const long = 'a'.repeat(4000) + '@' + 'b-'.repeat(2000) + ' www.' + 'x.'.repeat(1000) + 'https://'.repeat(500);
  assert.equal(whole(long), long);
  const steps = (text) => {
    const start = process.cpuUsage().user;
    for (let i = 0; i < 5; i++) linkParts(text);
    return process.cpuUsage().user - start;
  };
  const one = steps('a@'.repeat(1000));
  assert.ok(steps('a@'.repeat(4000)) < 40 * one + 50_000, 'not with the square of its length');
});

test('ten thousand combining marks become a few, and other words stay as they are', () => {
  assert.equal(plainText('a' + '\u0301'.repeat(10_000) + 'b').length, 8);
  for (const text of ['déjà vu', 'e\u0301te\u0301', 'नमस्ते', 'ภาษาไทย', '👩‍👩‍👧', 'שָׁלוֹם']) assert.equal(plainText(text), text);
});

test('a label has nothing that turns, hides or breaks', () => {
  assert.equal(plainLabel('\u202eAda\u200b\u2066\n\u0000Linden\ufeff '), 'Ada Linden');
  assert.equal(plainLabel('\u200b\u200b'), '');
  assert.equal(plainLabel(undefined), '');
});

test('messages come together once each and in order, whatever comes when', () => {
  const m = (seq, text = 'x') => ({ seq, text });
  assert.deepEqual(merge([m(1), m(3)], [m(2), m(3, 'y')]), [m(1), m(2), m(3, 'y')]);
  assert.equal(hole([m(4), m(5)]), undefined);
  assert.equal(hole([m(1), m(2), m(5), m(6), m(9)]), 9);
  assert.equal(hole([]), undefined);
});

test('an address names a folder, an item and its details, and bad ones the inbox', () => {
  const routes = [
    ['/console/mine', { folder: 'mine' }],
    ['/console/all/shop/c_1', { folder: 'all', site: 'shop', id: 'c_1', details: false }],
    ['/console/waiting/a%2Fb/c_1/details', { folder: 'waiting', site: 'a/b', id: 'c_1', details: true }],
    ['/console/operators', { folder: 'operators' }],
  ];
  for (const [path, route] of routes) {
    assert.deepEqual(parseRoute(path), route);
    assert.equal(pathOf(route), path);
  }
  for (const path of ['/console', '/console/', '/console/nowhere', '/console/%zz']) assert.equal(parseRoute(path).folder, 'waiting');
});

test('what the rules know is said as a person would, and what is not known or shown elsewhere is left out', () => {
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en'] }, configurable: true });
  const facts = [
    { name: 'visitor.lifetime_value', value: '120.5' },
    { name: 'visitor.language', value: '"en"' },
    { name: 'visitor.identified', value: 'false' },
    { name: 'visit.duration', value: '2m1s898ms' },
    { name: 'visitor.country', value: 'no value' },
    { name: 'page.path', value: '"/x"' },
    { name: 'cart.items', value: '2' },
    { name: 'visits', value: 4 },
  ];
  assert.deepEqual(shownFacts(facts).map(({ name, value }) => [name, value]), [
    ['lifetime value', '120.5'],
    ['language', 'en'],
    ['identified', 'No'],
    ['visit duration', '2m1s'],
    ['visits', '4'],
  ]);
  assert.deepEqual(shownFacts(undefined), []);
});
