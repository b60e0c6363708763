// One stroke, one size: drawn on a grid of 20.

const kPaths = {
  waiting: 'M10 5.5V10l3 2M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z',
  mine: 'M3.5 5.5A1.5 1.5 0 0 1 5 4h10a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 15 14H9l-4 3v-3a1.5 1.5 0 0 1-1.5-1.5z',
  all: 'M3 11h3.5l1 2h5l1-2H17M3 11l2-6.5h10L17 11v4.5H3z',
  tasks: 'm3.5 5.5 1 1 2-2M3.5 11l1 1 2-2M9.5 5.5h7M9.5 11h7M9.5 16h7M4 16h1.5',
  operators:
    'M7.5 9.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM2.5 16c.3-2.7 2.4-4 5-4s4.7 1.3 5 4M13 9.5a2.25 2.25 0 1 0-.8-4.3M14.5 12.2c1.7.4 2.8 1.7 3 3.8',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  help: 'M7.5 7.7c.2-1.4 1.2-2.2 2.5-2.2 1.5 0 2.5 1 2.5 2.2 0 1.8-2.5 2-2.5 3.8M10 14.3v.2M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0Z',
  back: 'M12.5 4.5 7 10l5.5 5.5',
  close: 'm5 5 10 10M15 5 5 15',
  check: 'm4 10.5 4 4 8-9',
  checks: 'm2 10.5 3.5 4L12 6M9.5 13.3l1 1.2L17.5 6',
  transfer: 'M4 7h11l-3-3M16 13H5l3 3',
  details: 'M3.5 4.5h13v11h-13zM12 4.5v11',
  send: 'M3.5 10 16.5 4l-4 12.5-3-5zM9.5 11.5l7-7.5',
  attach: 'M14.5 9.5 9 15a3 3 0 0 1-4.3-4.3l6-6a2 2 0 0 1 2.9 2.9l-5.8 5.8a1 1 0 0 1-1.4-1.4l5-5',
  emoji: 'M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM7.5 8v.5M12.5 8v.5M7 12c1.6 2 4.4 2 6 0',
  canned: 'M11 3 5 11h4.5L9 17l6-8h-4.5z',
  phone: 'M6.5 3.5 8 7 6.3 8.5c1 2.2 3 4.2 5.2 5.2L13 12l3.5 1.5v2.5c0 .6-.4 1-1 1C9.2 17 3 10.8 3 4.5c0-.6.4-1 1-1z',
  mail: 'M3 5h14v10H3zM3 5.5l7 5.5 7-5.5',
  file: 'M5.5 3h6l3 3v11h-9zM11.5 3v3h3',
  rule: 'M10 3v2M10 15v2M3 10h2M15 10h2M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z',
  cart: 'M2.5 4h2l2 8.5h8L16.5 6.5H5.2M7.5 16.2v.1M13.5 16.2v.1',
  search: 'm13 13 4 4M14.5 9a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0Z',
  more: 'M5 10v.1M10 10v.1M15 10v.1',
  edit: 'M4 16l.7-3.3L13 4.4l2.6 2.6-8.3 8.3z',
  add: 'M10 4v12M4 10h12',
  out: 'M8 4H4v12h4M8.5 10H17M14 7l3 3-3 3',
  key: 'M8 12a3.5 3.5 0 1 1 2.5-1L17 4.5M14.5 7l2 2',
  warning: 'M10 3.5 17.5 16h-15zM10 8.5v3.5M10 14v.1',
  retry: 'M16 10a6 6 0 1 1-2-4.5M14.5 2.5v3.5H11',
  globe: 'M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM3 10h14M10 3c2.5 2 2.5 12 0 14M10 3c-2.5 2-2.5 12 0 14',
} as const;

export type IconName = keyof typeof kPaths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={kPaths[name]} />
    </svg>
  );
}
