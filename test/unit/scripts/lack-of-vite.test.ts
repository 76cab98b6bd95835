import assert from 'node:assert/strict';
import { lackOfVite } from '../../../scripts/lib/lack-of-vite.js';

describe('A build without vite, as npm on an old Node.js leaves it', () => {
  const error = new Error('Cannot find native binding. npm has a bug\n    at …');

  it('names the Node.js, and what to do', () => {
    const text = lackOfVite(error, 'npm/9.2.0 node/v18.20.4 linux arm64 workspaces/false');
    assert.match(
      text,
      /^RIPE cannot be built: npm, on node\/v18\.20\.4, .* 20\.19, 22\.12 or newer\.\nInstall Node\.js 22, /,
    );
    assert.match(text, /\n\(Cannot find native binding\)$/);
  });

  it('says so as well where nobody knows the Node.js', () => {
    assert.match(lackOfVite(error), /npm, on its Node\.js, has not/);
  });
});
