import { describe, expect, it } from 'vitest';
import { observers } from '../../src/observe/observer.ts';
import { recordOf } from '../http/support/start.ts';

describe('several observers', () => {
  it('hear everything, also when one of them throws', () => {
    const heard: string[] = [];
    const fails = (): never => {
      throw new Error('disk full');
    };
    const broken = { decided: fails, refused: fails, failed: fails, distrusted: fails };
    const sound = {
      decided: () => void heard.push('decided'),
      refused: () => void heard.push('refused'),
      failed: () => void heard.push('failed'),
      distrusted: () => void heard.push('distrusted'),
    };
    const both = observers(broken, sound);
    both.decided(recordOf({}), 0);
    both.refused({ status: 400, sentence: 'x' }, '/');
    both.failed('mutate', 'u', new Error('x'));
    both.distrusted('x');
    expect(heard).toEqual(['decided', 'refused', 'failed', 'distrusted']);
  });
});
