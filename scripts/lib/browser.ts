import { type Browser, chromium } from 'playwright-core';

const QUIET = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium, without a window, and without calls home. */
export function launchBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', ...QUIET];
  return chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args });
}
