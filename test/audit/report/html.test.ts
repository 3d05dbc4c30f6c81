import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderAuditHtml } from '../../../src/audit/report/html.ts';
import { sampleReport } from '../sample.ts';

const rendered = async (): Promise<string> => [...renderAuditHtml(await sampleReport())].join('');

describe('The HTML report', () => {
  it('asks nothing of any network', async () => {
    const text = await rendered();
    expect(text).not.toMatch(/(?:src|href)="(?!#)/);
    expect(text).not.toMatch(/url\(|@import/);
    expect(text).toContain("default-src 'none'");
  });

  it('shows a stranger’s text as text', async () => {
    const text = await rendered();
    expect(text).not.toContain('<script>alert(1)');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});

const executablePath = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);
if (executablePath === undefined) {
  console.error('Skipped, the HTML report in a browser: install Chromium (apt-get install chromium), or name it in CHROMIUM.');
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs in the page: the least ratio between a text and its ground, as WCAG 2 counts it. */
const LEAST_CONTRAST = `(() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map((part) => { const c = part / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) { const color = getComputedStyle(at).backgroundColor; if (color !== 'rgba(0, 0, 0, 0)') return color; }
    return 'rgb(255, 255, 255)';
  };
  let worst = { ratio: 21, text: '' };
  for (const element of document.querySelectorAll('main *, header *')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const pair = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: element.textContent.trim().slice(0, 60) };
  }
  return worst;
})()`;

describe.skipIf(executablePath === undefined)('The HTML report, in a browser', () => {
  let folder = '';
  let browser: Browser;
  let context: BrowserContext;
  let tab: Page;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'html-'));
    const file = join(folder, 'probes.html');
    await writeFile(file, await rendered());
    browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: FLAGS });
    context = await browser.newContext();
    tab = await context.newPage();
    tab.on('console', (message) => complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    tab.on('request', (request) => requests.push(request.url()));
    await tab.goto(pathToFileURL(file).href);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const visible = (): Promise<string[]> => tab.locator('.card[data-namespace]:visible h3').allTextContents();

  const choose = async (act: () => Promise<unknown>, told: RegExp): Promise<string[]> => {
    await act();
    await tab.getByRole('status').filter({ hasText: told }).waitFor();
    return visible();
  };

  it('opens from a file without a word in the console, and loads nothing else', () => {
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  it('shows the worst first, and what its probe did', async () => {
    const [worst] = await visible();
    expect(worst).toBe('Deployment shop/orders');
    await expect(tab.locator('.card:visible').first().textContent()).resolves.toContain('restarted 14 times by this probe');
  });

  it('finds by words, severity, namespace and what happened', async () => {
    const reset = () => tab.getByRole('button', { name: 'Show all' }).click();
    expect(await choose(() => tab.getByRole('search').getByLabel('Search').fill('billing pg_isready'), /in 1 workload$/)).toEqual(
      ['Deployment shop/billing'],
    );
    await choose(reset, /in 4 workloads/);
    expect(await choose(() => tab.getByRole('search').getByLabel('Namespace').selectOption('bank'), /in 1 workload$/)).toEqual([
      'Deployment bank/ledger',
    ]);
    await choose(reset, /in 4 workloads/);
    expect(await choose(() => tab.getByRole('search').getByLabel('restarted by a probe').check(), /in 1 workload$/)).toEqual([
      'Deployment shop/orders',
    ]);
    await choose(reset, /in 4 workloads/);
    await choose(() => tab.getByRole('search').getByLabel('Severity').selectOption('Error'), /in 2 workloads|in 3 workloads/);
    const severities = await tab.locator('.findings > li:visible .badge').allTextContents();
    expect(new Set(severities)).toEqual(new Set(['Error']));
    await choose(reset, /in 4 workloads/);
    await choose(() => tab.getByRole('table').getByRole('link', { name: 'tools' }).click(), /in 1 workload$/);
    await choose(reset, /in 4 workloads/);
  });

  it('has a name for every control, one first heading, and a heading for every region', async () => {
    for (const control of await tab.locator('input, select, button').all()) {
      expect(
        await control.evaluate(
          (element) => ('labels' in element && (element.labels?.length ?? 0) > 0) || element.textContent !== '',
        ),
      ).toBe(true);
    }
    expect(await tab.locator('h1').count()).toBe(1);
    for (const region of await tab.locator('[aria-labelledby]').all()) {
      const id = await region.getAttribute('aria-labelledby');
      expect(await tab.locator(`[id="${id}"]`).count()).toBe(1);
    }
    expect(await tab.locator('html').getAttribute('lang')).toBe('en');
  });

  it.each(['light', 'dark'] as const)('has enough contrast in %s', async (colorScheme) => {
    await tab.emulateMedia({ colorScheme });
    const worst = await tab.evaluate<{ ratio: number; text: string }>(LEAST_CONTRAST);
    expect(worst.ratio, worst.text).toBeGreaterThanOrEqual(4.5);
    await tab.emulateMedia({ colorScheme: 'light' });
  });

  it('fits a phone without scrolling sideways', async () => {
    await tab.setViewportSize({ width: 360, height: 740 });
    expect(await tab.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
    await tab.setViewportSize({ width: 1280, height: 800 });
  });

  it('prints without the controls, everything else with it', async () => {
    await tab.emulateMedia({ media: 'print' });
    expect(await tab.locator('form').isVisible()).toBe(false);
    expect((await visible()).length).toBe(4);
    const pdf = await tab.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await tab.emulateMedia({ media: 'screen' });
  });

  it('is readable without scripts', async () => {
    const bare = await browser.newContext({ javaScriptEnabled: false });
    const plain = await bare.newPage();
    await plain.goto(tab.url().replace(/#.*/, ''));
    expect(await plain.locator('.card[data-namespace]:visible').count()).toBe(4);
    expect(await plain.locator('form').isVisible()).toBe(false);
    await bare.close();
  });
});
