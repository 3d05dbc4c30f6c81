import { describe, expect, it } from 'vitest';
import { parseTime, showTime } from '../../src/core/time.ts';

describe('parseTime', () => {
  it.each([
    ['2027-01-31', Date.UTC(2027, 0, 31)],
    ['2027-01-31T12:30:15Z', Date.UTC(2027, 0, 31, 12, 30, 15)],
    ['2027-01-31t12:30:15z', Date.UTC(2027, 0, 31, 12, 30, 15)],
    ['2027-01-31T12:30:15.987654321Z', Date.UTC(2027, 0, 31, 12, 30, 15)],
    ['2027-01-31T12:30:15+05:30', Date.UTC(2027, 0, 31, 7, 0, 15)],
    ['2027-01-31T23:30:15-05:30', Date.UTC(2027, 1, 1, 5, 0, 15)],
    ['2028-02-29', Date.UTC(2028, 1, 29)],
  ])('reads %s', (text, time) => {
    expect(parseTime(text)).toBe(time);
  });

  it.each([
    '',
    '1',
    'May',
    '2027',
    '2027-1-31',
    '2027-13-01',
    '2027-00-01',
    '2027-02-29',
    '2027-02-30T00:00:00Z',
    '2027-01-31T12:30Z',
    '2027-01-31T12:30:15',
    '2027-01-31 12:30:15Z',
    '2027-01-31T24:00:00Z',
    '2027-01-31T12:60:00Z',
    '2027-01-31T12:30:15+24:00',
    '2027-01-31T12:30:15+0530',
    '20270131T123015Z',
    '+002027-01-31',
    ' 2027-01-31',
    '2027-01-31\n',
    '31/01/2027',
  ])('does not read %j', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('reads what showTime writes', () => {
    expect(parseTime(showTime(Date.UTC(2027, 0, 31, 1, 2, 3)))).toBe(Date.UTC(2027, 0, 31, 1, 2, 3));
  });
});
