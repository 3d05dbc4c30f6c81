const DATE = /^(\d{4}-\d{2}-\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d{1,9})?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

const MINUTE = 60_000;

/**
 * Milliseconds since the epoch of an RFC 3339 time, or of the start of a date in UTC; undefined for anything else. `Date` alone
 * would take "1", "May" and the 30th of February. Fractions of a second are dropped.
 */
export function parseTime(text: string): number | undefined {
  const upper = text.toUpperCase();
  const date = DATE.exec(upper)?.[1];
  if (date !== undefined) return dayStart(date);
  const [, day, hours, minutes, seconds, sign, offsetHours = '0', offsetMinutes = '0'] = DATE_TIME.exec(upper) ?? [];
  const start = day === undefined ? undefined : dayStart(day);
  if (start === undefined) return undefined;
  const clock = (Number(hours) * 60 + Number(minutes)) * MINUTE + Number(seconds) * 1000;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE;
  return start + clock + (sign === '-' ? offset : -offset);
}

function dayStart(date: string): number | undefined {
  const start = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(date)) return undefined;
  return start;
}

/** An RFC 3339 time in UTC, to the second. */
export const showTime = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');
