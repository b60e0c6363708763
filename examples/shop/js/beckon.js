// Everything the shop ever says to Beckon. Pages, time, scrolling and the rest it finds out by itself.

// Calls made before the widget has loaded wait in a queue, so it can load whenever it likes.
window.Beckon ||= function () {
  (window.Beckon.q ||= []).push(arguments);
};

export const beckon = (...call) => window.Beckon(...call);

// The whole bag, each time it changes: rules read cart.value and cart.items.
export const reportBag = (bag) => beckon('cart', { value: bag.value(), items: bag.items(), currency: 'EUR' });

// An order counts once, however often its page is loaded again: the id makes sure of that.
export const reportOrder = (order) => beckon('order', { value: order.value, id: order.id });
