// What Vesper sells. Everything that a page says about a product or a category is here; how it looks is in views.js.

export const categories = [
  { id: 'lamps', name: 'Lamps', line: 'Light you can sit next to', cover: 'aurora',
    about: 'Warm, low and dimmable to almost nothing. Every lamp takes an ordinary bulb and comes with a spare.' },
  { id: 'ceramics', name: 'Ceramics', line: 'Thrown on Mondays, fired on Fridays', cover: 'ember',
    about: 'Stoneware for every day, glazed by hand. No two are alike, and all of them go into the dishwasher.' },
  { id: 'textiles', name: 'Textiles', line: 'Linen and wool, washed soft', cover: 'linden',
    about: 'Woven an hour from here, on looms older than we are. Meant to be used, washed and handed on.' },
];

// `tone` is the colour behind the picture while it loads.
export const products = [
  { id: 'aurora', category: 'lamps', name: 'Aurora', kind: 'Table lamp', price: 148, tone: '#54405c', badge: 'Most loved',
    alt: 'A table lamp with a glowing dome of opal glass on a copper stem, before a window at dusk',
    line: 'A dome of opal glass that turns any table into the good table.',
    story: 'Blown in one breath and set on a stem of brushed copper. Touch the base to dim it in four steps, from reading to the last half hour of the day.',
    facts: [['Size', '38 × 46 cm'], ['Glass', 'Opal, mouth-blown'], ['Stem', 'Brushed copper'], ['Bulb', 'E14, one spare included'], ['Cable', '2.2 m, linen-covered']] },
  { id: 'moth', category: 'lamps', name: 'Moth', kind: 'Hanging lamp', price: 96, tone: '#3a4a5a', badge: '',
    alt: 'A pleated paper lamp hanging low over a round wooden table with a bowl of pears',
    line: 'Pleated paper over a round table, and dinner takes an hour longer.',
    story: 'Twenty-two folds of mulberry paper, each pressed by hand. It weighs less than an apple, and hangs as low as you dare.',
    facts: [['Size', '46 × 24 cm'], ['Paper', 'Mulberry, flame-retardant'], ['Bulb', 'E27, one spare included'], ['Cable', '3 m, shortens with a knot']] },
  { id: 'pebble', category: 'lamps', name: 'Pebble', kind: 'Night light', price: 42, tone: '#5d6265', badge: 'New',
    alt: 'A softly glowing lamp in the shape of a round stone, next to two real stones on a shelf',
    line: 'For the way to the kitchen, and for those who sleep better with a light.',
    story: 'Porcelain so thin that it glows. It charges on its saucer, lasts three nights and goes wherever it is carried.',
    facts: [['Size', '16 × 14 cm'], ['Body', 'Unglazed porcelain'], ['Lasts', '30 hours'], ['Charging', 'USB-C saucer']] },
  { id: 'tide', category: 'ceramics', name: 'Tide', kind: 'Set of three bowls', price: 84, tone: '#d8cdbe', badge: '',
    alt: 'Three nested stoneware bowls glazed from pale to deep sea green, with a lemon',
    line: 'Three bowls, three depths of one glaze.',
    story: 'Dipped one, two and three times into the same bucket. The smallest holds olives, the largest a salad for six.',
    facts: [['Sizes', '18, 23 and 27 cm'], ['Clay', 'Stoneware from Raeren'], ['Care', 'Dishwasher and oven']] },
  { id: 'dune', category: 'ceramics', name: 'Dune', kind: 'Vase', price: 68, tone: '#d9a985', badge: '',
    alt: 'A round terracotta vase with a pale band of glaze, holding ears of wheat',
    line: 'A narrow neck, so that three stems are a bouquet.',
    story: 'Thrown in two halves and joined while wet. The band is left from the one finger that glazes it.',
    facts: [['Size', '24 × 31 cm'], ['Clay', 'Terracotta, glazed inside'], ['Holds', '1.4 litres']] },
  { id: 'ember', category: 'ceramics', name: 'Ember', kind: 'Pair of mugs', price: 38, tone: '#6d4139', badge: 'A good present',
    alt: 'Two steaming mugs with running glaze, in front of a small stove',
    line: 'One is yours. Glaze that ran the way it wanted.',
    story: 'A heavy foot, a thin lip and a handle for three fingers. They keep tea hot for as long as a chapter takes.',
    facts: [['Holds', '0.3 litres each'], ['Clay', 'Stoneware'], ['Care', 'Dishwasher and microwave']] },
  { id: 'moss', category: 'textiles', name: 'Moss', kind: 'Throw', price: 119, tone: '#c3c8b2', badge: '',
    alt: 'A green woollen throw with pale stripes and a fringe, draped over a wooden bench',
    line: 'Wool from one flock, in the green of the north side of trees.',
    story: 'Spun, dyed and woven within forty kilometres. It softens for two years and then stays that way for thirty.',
    facts: [['Size', '140 × 200 cm'], ['Wool', 'Undyed and plant-dyed, 100 %'], ['Care', 'Air it; wash it rarely']] },
  { id: 'linden', category: 'textiles', name: 'Linden', kind: 'Pair of cushions', price: 54, tone: '#bcc6c8', badge: '',
    alt: 'A striped linen cushion and a terracotta one leaning on a blue sofa',
    line: 'Washed linen, for leaning on while somebody finishes a story.',
    story: 'Stone-washed four times, so that they are creased from the first day and nobody has to iron. Filled with lambswool.',
    facts: [['Sizes', '60 and 45 cm'], ['Linen', 'Belgian, 240 g/m²'], ['Care', '60 °C, covers come off']] },
  { id: 'fjord', category: 'textiles', name: 'Fjord', kind: 'Woven rug', price: 210, tone: '#e4d8c9', badge: 'One a week',
    alt: 'A woven rug with waves in blues and one line of orange, hanging from a wooden pole',
    line: 'Seven waves and one evening sun, on the wall or underfoot.',
    story: 'One weaver, one loom, five days. The orange line is hers to place, so yours will sit a little elsewhere.',
    facts: [['Size', '90 × 140 cm'], ['Wool', 'New wool on a linen warp'], ['Pole', 'Ash, included']] },
];

export const product = (id) => products.find((p) => p.id === id);
export const category = (id) => categories.find((c) => c.id === id);
export const inCategory = (id) => products.filter((p) => p.category === id);

// The next `count` products after this one, other categories first: what a product page suggests.
export function goesWith(id, count) {
  const at = products.findIndex((p) => p.id === id);
  const rest = [...products.slice(at + 1), ...products.slice(0, at)];
  const own = products[at].category;
  return [...rest.filter((p) => p.category !== own), ...rest.filter((p) => p.category === own)].slice(0, count);
}

export const currency = 'EUR';
export const money = (amount) => `€${amount}`;
// Codes and what they take off, in percent.
export const codes = { DUSK10: 10 };

export const shippingFreeFrom = 100;
export const shipping = (value) => (value === 0 || value >= shippingFreeFrom ? 0 : 6);
