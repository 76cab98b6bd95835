// Mocha's spec output; the counts go to a file, so that several runs can be added up.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

const END_WITHIN_MS = 30_000;

/** What a test has left open keeps the process alive for ever: that is a failure of its own, and says so. */
function endSoon(file, { passes, failures, pending }) {
  const fail = () => {
    const open = process.getActiveResourcesInfo().join(', ');
    console.error(`The tests are over, but something that one of them has opened is not closed: ${open}.`);
    // Mocha has its own opinion of the exit code: the count tells.
    writeFileSync(file, JSON.stringify({ passes, failures: failures + 1, pending }));
    process.exit(1);
  };
  setTimeout(fail, END_WITHIN_MS).unref();
}

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const { file } = options.reporterOptions;
      writeFileSync(file, JSON.stringify({ passes, failures, pending }));
      endSoon(file, this.stats);
    });
  }
};
