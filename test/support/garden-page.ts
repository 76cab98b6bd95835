import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { eventually } from './eventually.ts';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const HEIGHT = 900;
/** Waits for what moves, but for what moves for ever. */
const SETTLED = `Promise.allSettled(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().endTime !== Infinity && each.playState === 'running')
  .map((each) => each.finished))`;

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

export interface GardenPageOptions {
  readonly url: string;
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly locale?: string;
}

/** The garden page in a browser, used as a plant owner would. */
export class GardenPage {
  readonly page: Page;
  /** What the page has asked of other hosts. */
  readonly strangers: string[] = [];
  readonly errors: string[] = [];
  readonly #context: BrowserContext;
  readonly #url: string;

  static async open(browser: Browser, options: GardenPageOptions): Promise<GardenPage> {
    const { width = 390, scheme = 'light', locale = 'en-US' } = options;
    const context = await browser.newContext({
      viewport: { width, height: HEIGHT },
      colorScheme: scheme,
      locale,
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    });
    return new GardenPage(context, await context.newPage(), options.url);
  }

  private constructor(context: BrowserContext, page: Page, url: string) {
    this.#context = context;
    this.#url = url;
    this.page = page;
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(url))
        this.strangers.push(request.url());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      // A wrong password is answered with 403, which browsers write down.
      const isExpected = message.location().url.endsWith('/login');
      if (message.type() === 'error' && !isExpected) this.errors.push(message.text());
    });
  }

  async goto(place = '/dashboard/garden'): Promise<void> {
    await this.page.goto(this.#url + place);
  }

  async logIn(password: string): Promise<void> {
    await this.page.fill('#password', password);
    await this.page.click('button[type=submit]');
  }

  /** The cards that are drawn, with the sensors' names. */
  get cards() {
    return this.page.locator('[data-test=sensor-card]');
  }

  byTest(name: string) {
    return this.page.locator(`[data-test=${name}]`);
  }

  async openSensor(name: string): Promise<void> {
    await this.cards.filter({ hasText: name }).click();
    await this.page.locator('h1', { hasText: name }).waitFor();
  }

  /** In the menu of the page. */
  async choose(text: string): Promise<void> {
    await this.page.click('.ripe-menu__button');
    await this.page.locator('.ripe-menu__sheet').waitFor();
    await eventually(() => this.#checkSeen('.ripe-menu__sheet'));
    await this.page.locator('.ripe-menu__sheet').getByText(text, { exact: true }).click();
    await this.page.keyboard.press('Escape');
  }

  /** By the Tab key alone. */
  async tabTo(selector: string): Promise<void> {
    for (let tries = 0; tries < 40; tries += 1) {
      if (await this.isFocused(selector)) return;
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`${selector} is not to be reached by the Tab key`);
  }

  async isFocused(selector: string): Promise<boolean> {
    return (await this.page.evaluate(`document.activeElement?.matches('${selector}') === true`)) as boolean;
  }

  /** Nothing lies over it, or cuts it off. What Playwright clicks it would scroll into sight first, also where no person can. */
  async #checkSeen(selector: string): Promise<void> {
    const isSeen = await this.page.evaluate(`(() => {
      const sheet = document.querySelector('${selector}');
      const { left, right, top, bottom } = sheet.getBoundingClientRect();
      return sheet.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    })()`);
    assert.ok(isSeen, `${selector} is in sight`);
  }

  /** As a hand moves it: it is let go of at the value. */
  async slide(setting: string, value: number, within = ''): Promise<void> {
    await this.page
      .locator(`${within}[data-setting=${setting}] input[type=range]`)
      .evaluate((input, wanted) => {
        (input as unknown as { value: string }).value = String(wanted);
        input.dispatchEvent(new Event('input'));
        input.dispatchEvent(new Event('change'));
      }, value);
  }

  async setWidth(width: number): Promise<void> {
    await this.page.setViewportSize({ width, height: HEIGHT });
  }

  /** Nothing has to be scrolled sideways. */
  async checkWidth(): Promise<void> {
    const [content, window] = (await this.page.evaluate(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )) as [number, number];
    assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
  }

  /** Everything that is pressed is as high as a finger is wide; of a switch more than its picture is. */
  async checkTargets(): Promise<void> {
    const small = await this.page.evaluate(`[...document.querySelectorAll(
      '.ripe :is(a, button, select, summary, input:not(.ripe-switch)), .ripe-menu :is(button, label)',
    )]
      .filter((each) => each.offsetParent !== null && each.getBoundingClientRect().height < 44)
      .map((each) => each.outerHTML.slice(0, 120))`);
    assert.deepEqual(small, []);
  }

  /** axe-core finds nothing serious. Of the dashboard around the page, closed tooltips are none of ours. */
  async checkAccess(): Promise<void> {
    await this.page.evaluate(AXE);
    // What is half faded in has the contrast of neither.
    await this.page.evaluate(SETTLED);
    const { violations } = (await this.page.evaluate(`axe.run({ exclude: [['.v-tooltip']] })`)) as {
      violations: Finding[];
    };
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(
      serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      [],
    );
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}
