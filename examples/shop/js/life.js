// What brings a page to life, in both modes: the bag's count, forms and buttons. One listener each on the document, so that it
// does not matter when a view is rendered or replaced.
import { bag } from './bag.js';
import { beckon, reportBag, reportOrder } from './beckon.js';
import { product } from './catalogue.js';

const kOrder = 'vesper.order';

// The order that this tab placed last, or null.
export function lastOrder() {
  try {
    return JSON.parse(sessionStorage.getItem(kOrder));
  } catch {
    return null;
  }
}

export function forgetOrder() {
  sessionStorage.removeItem(kOrder);
}

function placeOrder() {
  const order = { id: `V-${Date.now().toString(36).toUpperCase()}`, value: bag.totals().total };
  sessionStorage.setItem(kOrder, JSON.stringify(order));
  return order;
}

function showCount() {
  for (const badge of document.querySelectorAll('[data-bag-count]')) {
    badge.textContent = bag.items();
    badge.hidden = bag.items() === 0;
  }
}

const say = (selector, text) => {
  const place = document.querySelector(selector);
  if (place) place.textContent = text;
};

function fillIn(form) {
  const made = { email: 'mira@evening.example', name: 'Mira Vandael', street: 'Oude Houtlei 40', code: '9000', town: 'Ghent' };
  for (const [name, value] of Object.entries(made)) form.elements[name].value = value;
}

// Puts a page's new look in place of the old one, and keeps what was typed and where the focus was.
export function refresh(main, html) {
  const typed = new Map([...main.querySelectorAll('input[name]')].map((input) => [input.name + (input.type === 'radio' ? input.value : ''), input]));
  const focused = main.contains(document.activeElement) && document.activeElement;
  const label = focused && focused.getAttribute('aria-label');
  main.innerHTML = html;
  for (const input of main.querySelectorAll('input[name]')) {
    const before = typed.get(input.name + (input.type === 'radio' ? input.value : ''));
    if (before && input.type === 'radio') input.checked = before.checked;
    else if (before) input.value = before.value;
  }
  if (focused) ((label && main.querySelector(`[aria-label="${CSS.escape(label)}"]`)) || main).focus();
}

// `go(path)` shows another page; `show()` renders the present one anew.
export function start({ go, show }) {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    event.preventDefault();
    if (form.matches('[data-add]')) {
      const count = Number(form.elements.count.value);
      bag.add(form.dataset.add, count);
      say('[data-added]', `${count > 1 ? `${count} × ` : ''}${product(form.dataset.add).name} is in your bag.`);
    } else if (form.matches('[data-checkout]')) {
      placeOrder();
      go('/thanks');
    } else if (form.matches('[data-code]')) {
      if (!bag.redeem(form.elements.coupon.value)) say('[data-code-said]', 'There is no such code.');
    } else if (form.matches('[data-contact]')) {
      beckon('event', 'contact_form', { topic: form.elements.topic.value });
      form.reset();
      say('[data-sent]', 'Thank you. In a real shop, this would be on its way now.');
    }
  });

  document.addEventListener('click', (event) => {
    const set = event.target.closest('[data-set]');
    if (set) bag.set(set.dataset.set, Number(set.dataset.count));
    const fill = event.target.closest('[data-fill]');
    if (fill) fillIn(fill.form);
  });

  bag.onChange((where) => {
    showCount();
    show();
    if (where === 'here') reportBag(bag);
  });
  showCount();
}

// To be called when a page has been shown. The bag is told again where it matters, for a server that has not heard of it yet;
// an order is told where it is confirmed.
export function shown(path) {
  if ((path === '/cart' || path === '/checkout') && bag.items()) reportBag(bag);
  const order = path === '/thanks' && lastOrder();
  if (order && !order.told) {
    reportOrder(order);
    sessionStorage.setItem(kOrder, JSON.stringify({ ...order, told: true }));
    bag.clear();
  }
}
