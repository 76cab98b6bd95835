import { drawList, element, section, setText } from './dom.js';
import { ago, text } from './texts.js';

/** The brokers of the garden, in order of preference, and why one of them is away. */
export function createBrokers() {
  const part = section(text('brokers.title'));
  return {
    root: part.root,
    draw({ brokers }, now) {
      part.show(String(brokers.length), brokers.length === 0 ? text('brokers.none') : '');
      drawList(
        part.list,
        brokers.map((broker, place) => ({ ...broker, place, now })),
        ({ place }) => place,
        createBroker,
      );
    },
  };
}

function createBroker() {
  const [icon, name, state] = [
    element('i', 'fa'),
    element('span', 'ripe-name'),
    element('span', 'ripe-quiet'),
  ];
  const problem = element('div', 'ripe-bad ripe-text');
  return {
    row: element('li', '', element('div', 'ripe-line', icon, name, state), problem),
    draw(broker) {
      icon.className = `fa ${broker.serves ? 'fa-circle ripe-good' : 'fa-circle-o ripe-quiet'}`;
      setText(name, broker.name);
      const since = broker.serves || broker.since === null ? '' : ` · ${ago(broker.now - broker.since)}`;
      setText(state, `${text(stateOf(broker))}${since}`);
      setText(problem, broker.serves ? '' : (broker.problem ?? ''));
      problem.hidden = problem.textContent === '';
    },
  };
}

function stateOf({ serves, problem }) {
  if (serves) return 'brokers.serving';
  return problem === null ? 'brokers.waiting' : 'brokers.away';
}
