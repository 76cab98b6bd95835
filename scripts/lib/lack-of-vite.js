/**
 * What a person reads whose npm has left out a part of vite. It leaves out optional packages that want a newer Node.js than the one
 * that npm runs on, without a word, and each system has a package of its own with the compiled part of vite.
 */
export function lackOfVite(error, userAgent = '') {
  const [first = ''] = String(error.message).split(/\.\s|\n/);
  const [, version = 'its Node.js'] = / (node\/v\S+)/.exec(userAgent) ?? [];
  const remedy = 'Install Node.js 22, delete the folder node_modules, and run npm install again.';
  return `RIPE cannot be built: npm, on ${version}, has not installed all of vite, which wants 20.19, 22.12 or newer.\n${remedy}\n(${first})`;
}
