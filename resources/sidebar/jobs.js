import { mayWrite, stopJob } from './client.js';
import { button, drawList, element, section, setText } from './dom.js';
import { text, timeLeft } from './texts.js';

/** Running jobs: whose, how much time is left, and a button that ends them. */
export function createJobs(garden) {
  const part = section(text('jobs.title'));
  const create = ({ id }) => {
    const [name, left, state] = [element('span', 'ripe-name'), element('span'), element('div', 'ripe-quiet')];
    const bar = element('div', 'ripe-bar', element('i'));
    const stop = button(text('jobs.stop'), () => stopJob(garden(), id));
    stop.hidden = !mayWrite();
    const row = element('li', '', element('div', 'ripe-line', name, left, stop), state, bar);
    return {
      row,
      draw(job) {
        const label = job.name === null ? job.owner : `${job.name} · ${job.domain}`;
        setText(name, label);
        stop.setAttribute('aria-label', text('jobs.stopOf', { name: label }));
        const isRunning = job.state === 'running' && job.endsAt !== null;
        setText(left, isRunning ? timeLeft(job.endsAt - job.now) : '');
        setText(state, stateText(job));
        state.hidden = state.textContent === '';
        bar.hidden = !isRunning;
        const share = (job.now - job.startedAt) / Math.max(1, job.endsAt - job.startedAt);
        bar.firstChild.style.width = `${Math.min(100, Math.max(0, share * 100))}%`;
      },
    };
  };
  return {
    root: part.root,
    draw({ jobs }, now) {
      part.show(String(jobs.length), jobs.length === 0 ? text('jobs.none') : '');
      drawList(
        part.list,
        jobs.map((job) => ({ ...job, now })),
        ({ id }) => id,
        create,
      );
    },
  };
}

function stateText({ state, supply }) {
  if (state === 'waiting') return text('jobs.waiting', { supply: supply ?? '' });
  return state === 'running' ? '' : text(`jobs.${state}`);
}
