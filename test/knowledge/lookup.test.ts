import { describe, expect, it } from 'vitest';
import { lookupCommand, lookupImage, lookupImageCommands, lookupPath } from '../../src/knowledge/lookup.ts';

describe('lookupPath', () => {
  it('gives the source and the safe alternative', () => {
    expect(lookupPath('/actuator/health')[0]?.entry).toMatchObject({
      asks: 'aggregate',
      safe: '/actuator/health/liveness',
      source: expect.stringMatching(/^https:/),
    });
  });

  it('gives only what holds for an image, and marks that the image speaks for it', () => {
    expect(lookupPath('/api/health', { image: 'metabase/metabase:v1' })).toMatchObject([
      { entry: { id: 'metabase-health' }, hinted: true },
    ]);
  });

  it('gives every product that serves the path where no image is named', () => {
    const ids = lookupPath('/api/health').map(({ entry }) => entry.id);
    expect(ids).toEqual(expect.arrayContaining(['metabase-health', 'grafana-api-health']));
  });

  it('knows nothing of a path that nobody has written down', () => {
    expect(lookupPath('/my/own/thing')).toEqual([]);
  });
});

describe('lookupImage', () => {
  it('lists what is known of an image by path', () => {
    const paths = lookupImage('docker.io/grafana/grafana:11').map(({ entry }) => entry.path);
    expect(paths).toContain('/healthz');
  });

  it('is empty for an image that is not known', () => {
    expect(lookupImage('example/app')).toEqual([]);
  });
});

describe('lookupCommand', () => {
  it('tells each program and the verdict on all', () => {
    const { verdict, programs } = lookupCommand('curl -f localhost:8080/livez && pg_isready -h db');
    expect(verdict).toMatchObject({ asks: 'dependency', confidence: 'high' });
    expect(programs.map(({ program }) => program)).toEqual(['curl', 'pg_isready']);
  });

  it('takes the image into account', () => {
    expect(lookupCommand('pg_isready', 'postgres:16').verdict).toMatchObject({ asks: 'process', confidence: 'high' });
  });
});

it('says of the commands that are usual in an image what each asks there', () => {
  const asks = lookupImageCommands('docker.io/library/redis:7').map(({ command, verdict }) => [command, verdict.asks]);
  expect(asks).toEqual([
    ['redis-cli ping', 'process'],
    ['redis-cli -h redis-master ping', 'dependency'],
  ]);
  expect(lookupImageCommands('example/shop:1')).toEqual([]);
});
