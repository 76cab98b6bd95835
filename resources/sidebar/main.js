// The RIPE sidebar: what the garden does now. It asks every two seconds while somebody can see it, and not at all else.
import { createBrokers } from './brokers.js';
import { gardens, overview } from './client.js';
import { element, setText } from './dom.js';
import { createFlowNotice } from './flow-notice.js';
import { createJobs } from './jobs.js';
import { createPlugins } from './plugins.js';
import { createSensors } from './sensors.js';
import { text } from './texts.js';

const ASK_EVERY_MS = 2_000;
const DRAW_EVERY_MS = 500;

function createSidebar() {
  const select = element('select');
  const search = element('input');
  search.type = 'search';
  const state = element('div', 'ripe-sidebar-state');
  state.setAttribute('role', 'status');
  const garden = () => select.value;
  const parts = [
    createFlowNotice(),
    createJobs(garden),
    createSensors(garden),
    createPlugins(garden),
    createBrokers(),
  ];
  const head = element('div', 'ripe-sidebar-head', select, search, state);
  const root = element('div', 'ripe-sidebar', head, ...parts.map((part) => part.root));
  let seen = null;
  let isAsking = false;
  let askedAt = 0;

  const say = (message, isBad = false) => {
    setText(state, message);
    state.classList.toggle('is-bad', isBad);
  };
  const draw = () => {
    for (const part of parts) part.root.hidden = seen === null;
    if (seen === null) return;
    const now = seen.body.now + (performance.now() - seen.at);
    for (const part of parts) part.draw(seen.body, now);
  };

  /** The gardens that are deployed; the first one is shown, or that which was. */
  async function findGardens() {
    const found = await gardens();
    const before = select.value;
    select.replaceChildren(
      ...found.map(({ id, name }) => {
        const option = element('option', '', name || id);
        option.value = id;
        return option;
      }),
    );
    if (found.some(({ id }) => id === before)) select.value = before;
    select.hidden = found.length < 2;
    search.hidden = found.length === 0;
    return found.length > 0;
  }

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    askedAt = performance.now();
    try {
      if (select.value === '' && !(await findGardens())) {
        seen = null;
        say(text('noGarden'));
        return;
      }
      const body = await overview(garden(), search.value.trim());
      seen = { body, at: performance.now() };
      say(body.isServed ? '' : text('noRuntime'), !body.isServed);
    } catch (failure) {
      if (failure.status === 404) select.replaceChildren();
      const isForbidden = failure.status === 401 || failure.status === 403;
      say(text(isForbidden ? 'forbidden' : 'unanswered'), true);
      if (isForbidden) seen = null;
    } finally {
      isAsking = false;
      draw();
    }
  }

  const isSeen = () => document.visibilityState === 'visible' && root.offsetParent !== null;
  const tick = () => {
    if (!isSeen()) return;
    if (performance.now() - askedAt >= ASK_EVERY_MS) void ask();
    else draw();
  };
  const askNow = () => {
    if (isSeen()) void ask();
  };

  const begin = () => {
    search.placeholder = text('find');
    search.setAttribute('aria-label', text('find'));
    select.setAttribute('aria-label', text('garden'));
    select.addEventListener('change', askNow);
    search.addEventListener('input', askNow);
    root.addEventListener('click', (event) => {
      // What a button has done shows at once.
      if (event.target instanceof HTMLButtonElement) setTimeout(askNow, 300);
    });
    new IntersectionObserver(askNow).observe(root);
    // A deploy may bring a garden, or take one away.
    RED.events.on('deploy', () => {
      select.replaceChildren();
      setTimeout(askNow, 1_000);
    });
    setInterval(tick, DRAW_EVERY_MS);
    draw();
  };
  return { root, begin };
}

RED.plugins.registerPlugin('ripe-sidebar', {
  type: 'ripe-sidebar',
  onadd() {
    const { root, begin } = createSidebar();
    RED.sidebar.addTab({
      id: 'ripe',
      name: text('title'),
      label: text('title'),
      iconClass: 'fa fa-leaf',
      content: root,
      enableOnEdit: true,
      action: 'ripe:show-sidebar',
    });
    RED.actions.add('ripe:show-sidebar', () => RED.sidebar.show('ripe'));
    begin();
  },
});
