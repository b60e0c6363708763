// What the pages show: functions from the catalogue and the bag to HTML. The separate pages are written with them
// (make_pages.mjs), the single-page app renders with them, so both are the same shop.
import { categories, category, goesWith, inCategory, money, product, products, shippingFreeFrom } from './catalogue.js';

const icon = {
  mark: '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M19 3.3a13 13 0 1 0 9.9 16.6A11 11 0 0 1 19 3.3z" fill="currentColor"/><path d="m26 5 1 2.9 2.9 1-2.9 1-1 2.9-1-2.9-2.9-1 2.9-1z" fill="currentColor"/></svg>',
  bag: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5.5 8h13l1 12.5h-15zM9 8V6.5a3 3 0 0 1 6 0V8" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"/></svg>',
  arrow: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12h14m-6-6 6 6-6 6" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/></svg>',
  truck: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2.5 6.5h11v10h-11zM13.5 10h4l3.5 3.5v3h-7.5z" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/><circle cx="7" cy="17.5" r="1.9" fill="var(--paper)" stroke="currentColor" stroke-width="1.5"/><circle cx="17" cy="17.5" r="1.9" fill="var(--paper)" stroke="currentColor" stroke-width="1.5"/></svg>',
  back: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9.5h10.5a5 5 0 0 1 0 10H9M4 9.5 8.5 5M4 9.5 8.5 14" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>',
  hand: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 20.5s-7.5-4.3-7.5-10A4.3 4.3 0 0 1 12 7.7a4.3 4.3 0 0 1 7.5 2.8c0 5.7-7.5 10-7.5 10z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/></svg>',
};

// Two ways of being a shop. `at` turns the path of a page into its address.
export const modes = {
  pages: { name: 'pages', at: (path) => path },
  app: { name: 'app', at: (path) => (path === '/' ? '/app' : `/app${path}`) },
};

const picture = (p, sizes = '') =>
  `<img src="/images/${p.id}.svg" alt="${p.alt}" width="800" height="1000"${sizes ? ' loading="lazy"' : ''} class="tone-${p.category}">`;

const card = (p, mode) => `
  <li class="card">
    <a href="${mode.at(`/product/${p.id}`)}">
      <span class="card-picture">${picture(p, 'lazy')}${p.badge ? `<span class="badge">${p.badge}</span>` : ''}</span>
      <span class="card-text"><span class="card-name">${p.name}</span><span class="card-price">${money(p.price)}</span></span>
      <span class="card-kind">${p.kind}</span>
    </a>
  </li>`;

const cards = (list, mode) => `<ul class="cards">${list.map((p) => card(p, mode)).join('')}\n</ul>`;

// ---- the frame around every page

export function frame(mode) {
  const link = (path, text) => `<a href="${mode.at(path)}">${text}</a>`;
  return {
    header: `
<a class="skip" href="#main">Skip to the content</a>
<aside class="notice" aria-label="About this shop">A demo shop: nothing here is for sale. What Beckon does here is real.</aside>
<header class="header">
  <a class="brand" href="${mode.at('/')}" aria-label="Vesper, home">${icon.mark}<span>vesper</span></a>
  <nav class="nav" aria-label="Shop">
    ${categories.map((c) => link(`/category/${c.id}`, c.name)).join('\n    ')}
    ${link('/contact', 'Contact')}
  </nav>
  <a class="bag" href="${mode.at('/cart')}">${icon.bag}<span class="bag-word">Bag</span><span class="bag-count" data-bag-count hidden>0</span></a>
</header>`,
    footer: `
<footer class="footer">
  <div class="footer-in">
    <div>
      <p class="brand">${icon.mark}<span>vesper</span></p>
      <p class="quiet">Things for the hours after six.<br>Kraanlei 12, Ghent. Not really.</p>
    </div>
    <nav aria-label="Footer">
      ${categories.map((c) => link(`/category/${c.id}`, c.name)).join('\n      ')}
    </nav>
    <nav aria-label="Help">
      ${link('/contact', 'Contact')}
      ${link('/cart', 'Bag')}
      ${link('/checkout', 'Checkout')}
    </nav>
    <div class="switch-box">
      <p id="switch-label">This shop as</p>
      <p class="switch" role="group" aria-labelledby="switch-label">
        <a data-mode="pages" href="/"${mode.name === 'pages' ? ' aria-current="true"' : ''}>separate pages</a>
        <a data-mode="app" href="/app"${mode.name === 'app' ? ' aria-current="true"' : ''}>single-page app</a>
      </p>
      <p class="quiet">Beckon works the same in both.</p>
    </div>
  </div>
</footer>`,
  };
}

// ---- the pages

function home(mode) {
  const cover = (c) => product(c.cover);
  return {
    title: 'Vesper: things for the hours after six',
    html: `
<section class="hero">
  <div class="hero-text">
    <h1>For the hours <em>after six.</em></h1>
    <p>Lamps, stoneware and linen for the part of the day that belongs to you. Made slowly, in small numbers, by people we know by name.</p>
    <p class="actions"><a class="button" href="${mode.at('/product/aurora')}">Meet Aurora ${icon.arrow}</a> <a class="button ghost" href="#tonight">What is new</a></p>
  </div>
  <div class="hero-picture"><img src="/images/evening.svg" alt="An evening table with a glowing lamp, a vase, bowls and a cup of tea; dusk in the window" width="1600" height="1100"></div>
</section>
<ul class="promises">
  <li>${icon.hand}<span><b>Made by hand</b> in workshops near Ghent</span></li>
  <li>${icon.truck}<span><b>Free delivery</b> from ${money(shippingFreeFrom)}, in three days</span></li>
  <li>${icon.back}<span><b>Sixty days</b> to change your mind</span></li>
</ul>
<section class="band">
  <h2>Three rooms</h2>
  <ul class="rooms">
    ${categories.map((c) => `<li><a href="${mode.at(`/category/${c.id}`)}"><img src="/images/${cover(c).id}.svg" alt="" width="800" height="1000" loading="lazy"><span class="room-text"><b>${c.name}</b><span>${c.line}</span></span></a></li>`).join('\n    ')}
  </ul>
</section>
<section class="band" id="tonight">
  <div class="band-head"><h2>For this evening</h2><p>Six things that people come back for.</p></div>
  ${cards(['pebble', 'tide', 'moss', 'moth', 'dune', 'fjord'].map(product), mode)}
</section>
<section class="voice">
  <blockquote><p>We turned the ceiling light off in March and have not missed it since.</p></blockquote>
  <p>Ines and Tom, who bought one Aurora and came back for two</p>
</section>`,
  };
}

function categoryPage(mode, c) {
  const count = ['no', 'one', 'two', 'three', 'four'][inCategory(c.id).length];
  return {
    title: `${c.name} · Vesper`,
    html: `
<section class="band top">
  <p class="crumbs"><a href="${mode.at('/')}">Home</a><span aria-hidden="true">/</span><span aria-current="page">${c.name}</span></p>
  <div class="category-head">
    <h1>${c.name}</h1>
    <p>${c.about} We make ${count}, and make them well.</p>
  </div>
  ${cards(inCategory(c.id), mode)}
</section>
<section class="band">
  <h2>In the other rooms</h2>
  <ul class="rooms two">
    ${categories.filter((o) => o !== c).map((o) => `<li><a href="${mode.at(`/category/${o.id}`)}"><img src="/images/${o.cover}.svg" alt="" width="800" height="1000" loading="lazy"><span class="room-text"><b>${o.name}</b><span>${o.line}</span></span></a></li>`).join('\n    ')}
  </ul>
</section>`,
  };
}

function productPage(mode, p) {
  const c = category(p.category);
  return {
    title: `${p.name}, ${p.kind.toLowerCase()} · Vesper`,
    html: `
<section class="band top">
  <p class="crumbs"><a href="${mode.at('/')}">Home</a><span aria-hidden="true">/</span><a href="${mode.at(`/category/${c.id}`)}">${c.name}</a><span aria-hidden="true">/</span><span aria-current="page">${p.name}</span></p>
  <div class="product">
    <div class="product-picture">${picture(p)}${p.badge ? `<span class="badge">${p.badge}</span>` : ''}</div>
    <div class="product-text">
      <p class="kind">${p.kind}</p>
      <h1>${p.name}</h1>
      <p class="price">${money(p.price)}</p>
      <p class="lead">${p.line}</p>
      <form class="buy" data-add="${p.id}">
        <label class="count"><span>How many</span>
          <select name="count">${[1, 2, 3, 4].map((n) => `<option value="${n}">${n}</option>`).join('')}</select></label>
        <button class="button" type="submit">Add to bag</button>
      </form>
      <p class="added" role="status" data-added></p>
      <ul class="assurances">
        <li>${icon.truck}<span>${p.price >= shippingFreeFrom ? 'Delivery is free' : `Free delivery from ${money(shippingFreeFrom)}`}, with you in three days</span></li>
        <li>${icon.back}<span>Sixty days to change your mind</span></li>
      </ul>
      <p>${p.story}</p>
      <dl class="facts">${p.facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
    </div>
  </div>
</section>
<section class="band">
  <h2>Goes well with</h2>
  ${cards(goesWith(p.id, 3), mode)}
</section>`,
  };
}

const empty = (mode) => `
<section class="band top narrow centred">
  <div class="moon">${icon.mark}</div>
  <h1>Your bag is empty</h1>
  <p>The evening is young. Some begin with a light.</p>
  <p class="actions"><a class="button" href="${mode.at('/category/lamps')}">See the lamps ${icon.arrow}</a></p>
</section>`;

const sums = ({ value, code, off, sent, total }) => `
<dl class="sums">
  <div><dt>Things</dt><dd>${money(value)}</dd></div>
  ${off ? `<div><dt>Code ${code}</dt><dd>−${money(off)}</dd></div>` : ''}
  <div><dt>Delivery</dt><dd>${sent ? money(sent) : 'free'}</dd></div>
  <div class="total"><dt>Total</dt><dd data-total>${money(total)}</dd></div>
</dl>`;

const codeForm = ({ off }) => (off ? '' : `
<form class="code" data-code>
  <label><span class="unseen">Code</span><input name="coupon" placeholder="Code" autocomplete="off" required></label>
  <button class="button ghost" type="submit">Redeem</button>
  <p class="added" role="status" data-code-said></p>
</form>`);

function cart(mode, bag) {
  const title = 'Your bag · Vesper';
  if (!bag.items()) return { title, html: empty(mode) };
  const sum = bag.totals();
  return {
    title,
    html: `
<section class="band top">
  <h1>Your bag</h1>
  <div class="two-columns">
    <ul class="lines">
      ${bag.lines().map(({ product: p, count }) => `
      <li class="line">
        <a class="line-picture" href="${mode.at(`/product/${p.id}`)}" tabindex="-1" aria-hidden="true"><img src="/images/${p.id}.svg" alt="" width="800" height="1000"></a>
        <div class="line-text"><a href="${mode.at(`/product/${p.id}`)}">${p.name}</a><span>${p.kind}</span></div>
        <div class="stepper" role="group" aria-label="How many ${p.name}">
          <button type="button" data-set="${p.id}" data-count="${count - 1}" aria-label="One ${p.name} less">−</button>
          <span aria-live="polite">${count}</span>
          <button type="button" data-set="${p.id}" data-count="${count + 1}" aria-label="One ${p.name} more">+</button>
        </div>
        <p class="line-price">${money(p.price * count)}</p>
      </li>`).join('')}
    </ul>
    <aside class="summary" aria-label="Summary">
      ${sums(sum)}
      <p class="free">${sum.sent ? `${money(shippingFreeFrom - sum.value)} more and delivery is free` : 'Delivery is on us'}</p>
      <progress max="${shippingFreeFrom}" value="${Math.min(sum.value, shippingFreeFrom)}" aria-label="Way to free delivery"></progress>
      <a class="button wide" href="${mode.at('/checkout')}">To the checkout ${icon.arrow}</a>
    </aside>
  </div>
</section>`,
  };
}

const field = (name, label, type, complete, more = '') =>
  `<label class="field ${more}"><span>${label}</span><input name="${name}" type="${type}" autocomplete="${complete}" required></label>`;

function checkout(mode, bag) {
  const title = 'Checkout · Vesper';
  if (!bag.items()) return { title, html: empty(mode) };
  const sum = bag.totals();
  return {
    title,
    html: `
<section class="band top">
  <h1>Checkout</h1>
  <div class="two-columns">
    <form class="form" data-checkout>
      <p class="form-note">Nothing is sent anywhere and nobody is charged. <button type="button" class="text-button" data-fill>Fill it in for me</button></p>
      <fieldset><legend>You</legend>
        ${field('email', 'Email', 'email', 'email', 'whole')}
      </fieldset>
      <fieldset><legend>Where to</legend>
        ${field('name', 'Name', 'text', 'name', 'whole')}
        ${field('street', 'Street and number', 'text', 'street-address', 'whole')}
        ${field('code', 'Postcode', 'text', 'postal-code')}
        ${field('town', 'Town', 'text', 'address-level2')}
      </fieldset>
      <fieldset><legend>Payment</legend>
        <label class="choice whole"><input type="radio" name="payment" value="pretend" checked><span><b>Pretend money</b><span>Accepted in all good demos</span></span></label>
        <label class="choice whole"><input type="radio" name="payment" value="door"><span><b>At the door</b><span>In coins, to a driver who does not exist</span></span></label>
      </fieldset>
      <button class="button wide" type="submit">Place the order · ${money(sum.total)}</button>
    </form>
    <aside class="summary" aria-label="Your order">
      <ul class="small-lines">
        ${bag.lines().map(({ product: p, count }) => `<li><img src="/images/${p.id}.svg" alt="" width="800" height="1000"><span><b>${p.name}</b>${count > 1 ? ` × ${count}` : ''}<br><span class="quiet">${p.kind}</span></span><span>${money(p.price * count)}</span></li>`).join('\n        ')}
      </ul>
      ${sums(sum)}
      ${codeForm(sum)}
    </aside>
  </div>
</section>`,
  };
}

function thanks(mode, bag, order) {
  return {
    title: 'Thank you · Vesper',
    html: `
<section class="band top narrow centred">
  <div class="moon">${icon.mark}</div>
  <h1>Thank you</h1>
  ${order
    ? `<p>Your order <b data-order>${order.id}</b> over <b>${money(order.value)}</b> is on the workbench. If this were a real shop, it would be with you in three days.</p>`
    : '<p>There is no order yet. When there is one, it says so here.</p>'}
  <p class="actions"><a class="button" href="${mode.at('/')}">Back to the shop ${icon.arrow}</a></p>
</section>`,
  };
}

function contact() {
  return {
    title: 'Contact · Vesper',
    html: `
<section class="band top">
  <div class="contact">
    <div class="contact-text">
      <h1>Talk to us</h1>
      <p class="lead">There are five of us, and whoever reads your letter has also held what you are asking about.</p>
      <dl class="facts">
        <div><dt>Workshop</dt><dd>Kraanlei 12, 9000 Ghent</dd></div>
        <div><dt>Open</dt><dd>Tuesday to Saturday, 14 to 20 h</dd></div>
        <div><dt>Letters</dt><dd>hello@vesper.example</dd></div>
        <div><dt>Telephone</dt><dd>+32 9 555 01 88</dd></div>
      </dl>
      <img class="contact-picture" src="/images/evening.svg" alt="" width="1600" height="1100" loading="lazy">
    </div>
    <form class="form" data-contact>
      <label class="field whole"><span>Your name</span><input name="name" autocomplete="name" required></label>
      <label class="field whole"><span>Email</span><input name="email" type="email" autocomplete="email" required></label>
      <label class="field whole"><span>It is about</span><select name="topic"><option value="order">an order</option><option value="product">something in the shop</option><option value="else">something else</option></select></label>
      <label class="field whole"><span>Message</span><textarea name="message" rows="5" required></textarea></label>
      <button class="button" type="submit">Send</button>
      <p class="added" role="status" data-sent></p>
    </form>
  </div>
</section>`,
  };
}

const missing = (mode) => ({
  title: 'Not here · Vesper',
  html: `
<section class="band top narrow centred">
  <div class="moon">${icon.mark}</div>
  <h1>Nothing here but the evening</h1>
  <p>The page you asked for does not exist, or no longer does.</p>
  <p class="actions"><a class="button" href="${mode.at('/')}">Back to the shop ${icon.arrow}</a></p>
</section>`,
});

// The view of a path such as "/product/aurora". `bag` and `order` may be those of nobody.
export function view(path, mode, bag, order) {
  const [, kind = '', id = ''] = path.split('/');
  if (path === '/') return home(mode);
  if (kind === 'category' && category(id)) return categoryPage(mode, category(id));
  if (kind === 'product' && product(id)) return productPage(mode, product(id));
  if (path === '/cart') return cart(mode, bag);
  if (path === '/checkout') return checkout(mode, bag);
  if (path === '/thanks') return thanks(mode, bag, order);
  if (path === '/contact') return contact(mode);
  return missing(mode);
}

// Pages that depend on the bag or the order, so that only a browser can show them.
export const isPersonal = (path) => ['/cart', '/checkout', '/thanks'].includes(path);
export const paths = ['/', ...categories.map((c) => `/category/${c.id}`), ...products.map((p) => `/product/${p.id}`), '/cart', '/checkout', '/contact', '/thanks'];
