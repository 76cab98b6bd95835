import { keyOf, mayWrite, stopAgent } from './client.js';
import { button, drawList, element, section, setText } from './dom.js';
import { ago, metricsOf, text, timeLeft } from './texts.js';

/** Sensors with their last reading, whether they are alive, and what their agents do and why. */
export function createSensors(garden) {
  const part = section(text('sensors.title'));
  return {
    root: part.root,
    draw({ sensors, sensorCount, foundCount, silentMs }, now) {
      const isAll = foundCount === sensorCount && sensors.length === foundCount;
      const found =
        sensors.length < foundCount ? text('sensors.first', { count: sensors.length }) : foundCount;
      part.show(
        isAll ? String(sensorCount) : text('sensors.of', { count: found, all: sensorCount }),
        sensors.length > 0 ? '' : text(sensorCount === 0 ? 'sensors.none' : 'sensors.notFound'),
      );
      const items = sensors.map((sensor) => ({ ...sensor, now, silentMs }));
      drawList(
        part.list,
        items,
        ({ id }) => id,
        (sensor) => createSensor(garden, sensor),
      );
    },
  };
}

function createSensor(garden, { id }) {
  const dot = element('i', 'fa');
  const [name, heard] = [element('span', 'ripe-name'), element('span', 'ripe-quiet')];
  const [metrics, dropped] = [element('div', 'ripe-metrics'), element('div', 'ripe-warning ripe-quiet')];
  const agents = element('ul', 'ripe-agents');
  const key = createKey(garden, id);
  const head = element('div', 'ripe-line', dot, name, heard, key.press);
  const row = element('li', '', head, key.shown, metrics, dropped, agents);
  return {
    row,
    draw(sensor) {
      const { lastSeen, reading, now, silentMs } = sensor;
      // After a start nobody has been heard of yet, but what was read before is known.
      const heardAt = lastSeen ?? reading?.timestamp ?? null;
      const isAlive = heardAt !== null && now - heardAt < silentMs;
      dot.className = `fa ${isAlive ? 'fa-circle ripe-good' : 'fa-circle-o ripe-warning'}`;
      dot.title = text(isAlive ? 'sensors.alive' : 'sensors.silent');
      setText(name, sensor.name);
      name.title = text('sensors.id', { id });
      setText(heard, heardAt === null ? text('sensors.unheard') : ago(now - heardAt));
      drawList(
        metrics,
        metricsOf(sensor.reading).map((figure, place) => ({ figure, place })),
        ({ place }) => place,
        createFigure,
      );
      dropped.hidden = sensor.dropped === 0;
      setText(dropped, sensor.dropped === 0 ? '' : text('sensors.dropped', { count: sensor.dropped }));
      agents.hidden = sensor.agents.length === 0;
      const items = sensor.agents.map((agent) => ({ ...agent, now }));
      drawList(
        agents,
        items,
        ({ domain }) => domain,
        ({ domain }) => createAgent(garden, id, domain),
      );
    },
  };
}

function createFigure() {
  const row = element('span');
  return { row, draw: ({ figure }) => setText(row, figure) };
}

/** The key is shown to who asks for it and may deploy, and is gone again with the next press. */
function createKey(garden, id) {
  const shown = element('div', 'ripe-key');
  const icon = element('i', 'fa fa-key');
  const press = button('', async () => {
    setText(shown, shown.textContent === '' ? ((await keyOf(garden(), id))?.key ?? '') : '');
    name();
  });
  const name = () => {
    const label = text(shown.textContent === '' ? 'sensors.showKey' : 'sensors.hideKey');
    press.title = label;
    press.setAttribute('aria-label', label);
    shown.hidden = shown.textContent === '';
  };
  press.append(icon);
  press.hidden = !mayWrite();
  name();
  return { press, shown };
}

function createAgent(garden, sensor, domain) {
  const [name, state, reason] = [
    element('span', 'ripe-name'),
    element('span'),
    element('div', 'ripe-quiet ripe-text'),
  ];
  const stop = button(text('agents.stop'), () => stopAgent(garden(), sensor, domain));
  stop.setAttribute('aria-label', text('jobs.stopOf', { name: domain }));
  return {
    row: element('li', '', element('div', 'ripe-line', name, state, stop), reason),
    draw(agent) {
      setText(name, domain);
      name.title = `${agent.agentName} ${agent.version}`;
      const { shown, look } = standing(agent);
      setText(state, shown);
      state.className = look;
      setText(reason, [agent.reason, agent.behind].filter(Boolean).join(' · '));
      stop.hidden = !mayWrite() || agent.value === agent.neutral;
    },
  };
}

function standing({ parked, lockout, job, value, neutral, until, now }) {
  if (parked !== null) return { shown: parked, look: 'ripe-warning' };
  if (lockout !== null) return { shown: text('agents.lockedOut'), look: 'ripe-bad' };
  const isOn = value !== neutral;
  const held = value === 1 ? text('agents.on') : String(value);
  const end = until ?? job?.endsAt ?? null;
  if (isOn) return { shown: end === null ? held : `${held} · ${timeLeft(end - now)}`, look: 'ripe-good' };
  return { shown: text(job === null ? 'agents.off' : 'agents.waits'), look: 'ripe-quiet' };
}
