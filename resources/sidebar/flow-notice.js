import { button, element, setText } from './dom.js';
import { text } from './texts.js';

const READ = 'ripe-flow-notice-read';
const MOST_NAMES = 8;

/** Says what a changed copy of the bundled flow lacks of the one that RIPE brings now, until somebody has read it. */
export function createFlowNotice() {
  const [lacks, differs] = [element('div', 'ripe-text'), element('div', 'ripe-text')];
  let version = '';
  const done = button(text('flow.read'), () => {
    localStorage.setItem(READ, version);
    root.hidden = true;
  });
  const open = button(text('flow.import'), () => RED.actions.invoke('core:show-import-dialog'));
  const root = element(
    'div',
    'ripe-flow',
    element('div', 'ripe-name', text('flow.title')),
    lacks,
    differs,
    element('div', 'ripe-quiet', text('flow.how')),
    element('div', 'ripe-line', open, done),
  );
  return {
    root,
    draw({ flow }) {
      version = flow?.version ?? '';
      root.hidden = flow === null || localStorage.getItem(READ) === version;
      if (root.hidden) return;
      drawNames(lacks, 'flow.lacks', flow.lacks);
      drawNames(differs, 'flow.differs', flow.differs);
    },
  };
}

function drawNames(place, key, names) {
  const more = names.length > MOST_NAMES ? ', …' : '';
  setText(place, text(key, { names: names.slice(0, MOST_NAMES).join(', ') + more }));
  place.hidden = names.length === 0;
}
