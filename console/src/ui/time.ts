// Times and amounts in words, in the operator's language.

import { useEffect, useState } from 'preact/hooks';
import { language, t } from '../texts';

const kDay = 24 * 3600_000;

/** The time now, again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

const format = (at: number, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(language(), options).format(at);

export const clock = (at: number) => format(at, { hour: '2-digit', minute: '2-digit' });
export const dateTime = (at: number) => format(at, { dateStyle: 'medium', timeStyle: 'short' });
export const fullTime = (at: number) => format(at, { dateStyle: 'full', timeStyle: 'medium' });

const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);
export const sameDay = (a: number, b: number) => midnight(a) === midnight(b);

export function dayName(at: number, now = Date.now()): string {
  if (sameDay(at, now)) return t('today');
  if (sameDay(at, now - kDay)) return t('yesterday');
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const };
  return format(at, { weekday: 'long', day: 'numeric', month: 'long', ...year });
}

/** For a list: the time of today, else the day. */
export function shortTime(at: number, now: number): string {
  if (sameDay(at, now)) return clock(at);
  if (sameDay(at, now - kDay)) return t('yesterday');
  return format(at, { day: 'numeric', month: 'short' });
}

/** 45 s, 3:07, 1:02:00: for a clock that ticks. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  if (hours >= 24) return t('days', { n: Math.floor(hours / 24) });
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function bytes(n: number): string {
  const [value, unit] = n < 1000 ? [n, 'byte'] : n < 1e6 ? [n / 1e3, 'kilobyte'] : [n / 1e6, 'megabyte'];
  const style = {
    style: 'unit',
    unit,
    unitDisplay: n < 1000 ? 'long' : 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(language(), style).format(value);
}

export function money(value: number, currency: string | undefined): string {
  try {
    return new Intl.NumberFormat(language(), currency ? { style: 'currency', currency } : {}).format(value);
  } catch {
    return `${new Intl.NumberFormat(language()).format(value)} ${currency}`;
  }
}
