import type { Browser, Page } from 'playwright-core';
import { LOGIN, RIPE } from './palette.ts';

const MODULES = '#red-ui-palette-module-list';

/** Node-RED's editor in a browser, used as a person would. */
export class EditorPage {
  readonly page: Page;
  /** What the page has asked of other hosts. */
  readonly strangers: string[] = [];
  /** What has gone wrong in the page. */
  readonly troubles: string[] = [];

  static async open(browser: Browser, url: string): Promise<EditorPage> {
    const editor = new EditorPage(await browser.newPage({ viewport: { width: 1400, height: 900 } }), url);
    await editor.page.goto(`${url}/`);
    return editor;
  }

  private constructor(page: Page, url: string) {
    this.page = page;
    page.on('pageerror', ({ message }) => this.troubles.push(message));
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(url))
        this.strangers.push(request.url());
    });
  }

  async logIn(user = LOGIN): Promise<void> {
    await this.page.fill('#node-dialog-login-username', user.username);
    await this.page.fill('#node-dialog-login-password', user.password);
    await this.page.click('#node-dialog-login-submit');
    await this.page.waitForSelector('.red-ui-palette-node');
  }

  /** Shows the tab in which the loader is; its badge tells how many agent types there are. */
  async showFlow(tab: string): Promise<void> {
    // After a reload it is not there at once.
    await this.page.waitForFunction('window.RED?.workspaces?.active?.()');
    await this.page.evaluate(`RED.workspaces.show(${JSON.stringify(tab)})`);
  }

  async untilBadge(text: string): Promise<void> {
    await this.page
      .locator('.red-ui-flow-node-status-label', { hasText: text })
      .first()
      .waitFor({ state: 'attached' });
  }

  /** Import → Examples → RIPE → this one. */
  async importExample(name: string): Promise<void> {
    const count = 'RED.nodes.createCompleteNodeSet().length';
    const before = await this.page.evaluate(count);
    await this.page.evaluate("RED.actions.invoke('core:show-import-dialog')");
    await this.page.locator('#red-ui-clipboard-dialog-import-tabs a', { hasText: 'Examples' }).click();
    const tree = this.page.locator('#red-ui-clipboard-dialog-import-tab-examples');
    const label = (text: string) => tree.locator('.red-ui-treeList-label', { hasText: text }).first();
    await label(RIPE).click();
    await tree.getByText(name, { exact: true }).click();
    await this.page.click('#red-ui-clipboard-dialog-ok');
    await this.page.waitForSelector('#red-ui-clipboard-dialog-ok', { state: 'hidden' });
    // The editor asks for the example's nodes when the dialog has closed.
    await this.page.waitForFunction(`${count} > ${before}`);
  }

  /** Once there is something to deploy: the editor notices an import a moment after its dialog has closed. */
  async deploy(): Promise<void> {
    await this.page.waitForSelector('#red-ui-header-button-deploy:not(.disabled)');
    const answered = this.page.waitForResponse(
      (response) => response.request().method() === 'POST' && /\/flows$/.test(response.url()),
    );
    await this.page.evaluate("RED.actions.invoke('core:deploy-flows')");
    await answered;
  }

  /** Presses the button of an inject node, which is on the tab that is shown. */
  async pressInject(id: string): Promise<void> {
    await this.page.locator(`[id="${id}"] .red-ui-flow-node-button-button`).click();
  }

  /** Opens the dialog of a node, does something in it, and presses Done. */
  async edit(id: string, work: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    await this.page.evaluate(`{
      const node = RED.nodes.node('${id}');
      if (node._def.category === 'config') RED.editor.editConfig('', node.type, node.id);
      else RED.editor.edit(node);
    }`);
    const done = this.page.locator('#node-dialog-ok:visible, #node-config-dialog-ok:visible');
    await done.first().waitFor();
    // Its buttons are there before its credentials are, and take no press until it is open: then the editor raises it.
    await this.page.waitForFunction("document.querySelector('#red-ui-editor-stack').style.zIndex === '13'");
    await work();
    await done.first().click();
    await done.first().waitFor({ state: 'hidden' });
  }

  /** The RIPE sidebar, in sight. */
  async sidebar() {
    await this.page.evaluate("RED.actions.invoke('ripe:show-sidebar')");
    const sidebar = this.page.locator('.ripe-sidebar');
    await sidebar.waitFor();
    return sidebar;
  }

  /** Manage palette → Install → upload. */
  async install(tarball: string): Promise<void> {
    await this.#openPalette('install');
    await this.page.setInputFiles('#red-ui-palette-editor-upload-form input[type=file]', tarball);
    const answered = this.page.waitForResponse((response) => response.request().method() === 'POST');
    await this.page.click('.red-ui-palette-editor-upload-buttons .primary');
    await answered;
  }

  /** The version that the list of installed modules shows. */
  async installedVersion(module: string): Promise<string> {
    await this.#openPalette('nodes');
    return (await this.#row(module).locator('.red-ui-palette-module-version span').textContent()) ?? '';
  }

  async remove(module: string): Promise<void> {
    await this.#openPalette('nodes');
    const row = this.#row(module);
    await row.locator('.red-ui-palette-module-button-group a:visible', { hasText: 'remove' }).click();
    const answered = this.page.waitForResponse((response) => response.request().method() === 'DELETE');
    await this.page.click('.red-ui-palette-module-install-confirm-button-remove');
    await answered;
  }

  async closeDialog(): Promise<void> {
    await this.page.click('#node-dialog-ok');
    await this.page.waitForSelector('#red-ui-settings-tab-palette', { state: 'detached' });
  }

  /** What the editor wants to be read. */
  notices(): Promise<string[]> {
    return this.page.locator('.red-ui-notification').allTextContents();
  }

  async #openPalette(tab: 'nodes' | 'install'): Promise<void> {
    if (!(await this.page.locator('#red-ui-settings-tab-palette').isVisible()))
      await this.page.evaluate("RED.actions.invoke('core:manage-palette')");
    await this.page.click(`#red-ui-settings-tab-palette a[href="#${tab}"]`);
  }

  #row(module: string) {
    return this.page.locator(`${MODULES} li`, { hasText: module });
  }
}
